/** The sub-steps of a training step, each with its equations: what is shown, and where each number came from. */
import { backwardStep } from "./steps-backward.js";
import { forwardStep } from "./steps-forward.js";
import { factor, said } from "./steps-grid.js";
import { lossStep } from "./steps-loss.js";
import { optimizerStep, updateStep } from "./steps-update.js";

/** @typedef {import("./steps-grid.js").Grid} Grid */
/** @typedef {{text: string, cells?: [number, number, number][], at?: {layer: number, unit: number, source?: number}}} Trace cells: part, row and column of the numbers it is made of; at: in the diagram, layer 0 for the inputs */
/** @typedef {{parts: (Grid|string)[], trace: (i: number, j: number) => Trace}} Block parts: the first grid is the result */
/** @typedef {{kind: string, layer: number, title: string, words: string[], blocks: Block[], short: string}} SubStep */
/** @typedef {{data: any, picks: number[], lone: boolean, many: number, t: (key: string) => string}} About picks: the samples shown; lone: one of them, not the batch; many: samples in the batch */

/** @param {any} data the message @param {number} sample -1 for the whole batch @param {(key: string) => string} t @returns {SubStep[]} */
export function plan(data, sample, t) {
  const lone = sample >= 0;
  const picks = lone ? [Math.min(sample, data.x.length - 1)] : [...data.x.keys()].slice(0, data.shown);
  /** @type {About} */
  const about = { data, picks, lone, many: data.samples, t };
  const layers = [...data.layers.keys()];
  return [
    samplesStep(about),
    ...layers.map((i) => forwardStep(about, i)),
    lossStep(about),
    ...layers.reverse().map((i) => backwardStep(about, i)),
    optimizerStep(about),
    updateStep(about),
  ];
}

/** Samples as columns, units as rows. @param {About} about @param {string} name @param {(number|null)[][]} rows one a sample @param {number} width of all units @returns {Grid} */
export function columns({ picks, lone, many, data }, name, rows, width) {
  const units = [...(rows[0] || []).keys()];
  return { name, values: units.map((unit) => picks.map((pick) => rows[pick][unit])), rows: width - units.length, columns: lone ? 0 : many - picks.length };
}

/** A column of one number a unit. @param {string} name @param {(number|null)[]} values @param {number} width @returns {Grid} */
export const column = (name, values, width) => ({ name, values: values.map((value) => [value]), rows: width - values.length });

/**
 * A sum of products with the numbers put in; what is not shown is told by what is missing.
 * @param {[number|null, number|null][]} pairs @param {number|null} result @param {number} more how many terms are not shown @param {number|null} [plus] @param {string} [other] what else is in the sum
 */
export function products(pairs, result, more, plus = null, other = "") {
  let sum = plus || 0;
  const terms = pairs.map(([a, b]) => {
    sum += (a ?? NaN) * (b ?? NaN);
    return `${factor(a)} · ${factor(b)}`;
  });
  if (more > 0 || other) terms.push(`${factor((result ?? NaN) - sum)} [${[more > 0 ? `${more} more` : "", other].filter(Boolean).join(", ")}]`);
  if (plus !== null) terms.push(factor(plus));
  return `${terms.join(" + ")} = ${said(result)}`;
}

/** @param {About} about @returns {SubStep} */
function samplesStep(about) {
  const { data, lone, many, t } = about;
  const x = columns(about, "x", data.x, data.widths[0]);
  const y = columns(about, t("target"), data.y, data.widths[data.widths.length - 1]);
  const place = (/** @type {number} */ i) => data.features[i] || "";
  const one = many > 1 ? `${t("The step sees a batch of")} ${many} ${t("samples; here is")} ${lone ? t("one of them") : t("how the first of them look")}.` : t("The step sees one sample.");
  const features = `${t("Features, from the top")}: ${data.features.slice(0, data.shown).join(", ")}${data.features.length > data.shown ? " …" : ""}.`;
  const meaning = data.classes.length ? [`${t("Classes")}: ${data.classes.join(", ")}.`] : [];
  return {
    kind: "samples", layer: 0, short: "x", title: t(lone ? "The sample" : "The batch"), words: [one, features, ...meaning],
    blocks: [
      { parts: [x], trace: (i, j) => ({ text: `${place(i)} = ${said(x.values[i][j])}: ${t("this feature of the sample, as the network receives it (standardised where that is on)")}`, at: { layer: 0, unit: i } }) },
      { parts: [y], trace: (i, j) => ({ text: `${said(y.values[i][j])}: ${t("what the network should answer, in the numbers that the loss compares")}` }) },
    ],
  };
}
