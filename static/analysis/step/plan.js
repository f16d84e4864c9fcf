/** The sub-steps of a training step, each with its equations: what is shown, and where each number came from. */
import { backwardStep } from "./backward.js";
import { forwardStep } from "./forward.js";
import { number } from "./grid.js";
import { joinItems, mark } from "../../lib/i18n.js";
import { lossStep } from "./loss.js";
import { columns } from "./equations.js";
import { optimizerStep, updateStep } from "./update.js";

/** @typedef {import("./grid.js").Grid} Grid */
/**
 * @typedef {object} Trace where a number came from
 * @property {string} text
 * @property {[number, number, number][]} [cells] part, row and column of the numbers that it is made of
 * @property {{layer: number, unit: number, source?: number}} [at] in the diagram, layer 0 for the inputs
 *
 * @typedef {object} Block an equation
 * @property {(Grid|string)[]} parts the first grid is the result
 * @property {(i: number, j: number) => Trace} trace
 *
 * @typedef {{kind: string, layer: number, title: string, words: string[], blocks: Block[], short: string}} SubStep
 *
 * @typedef {object} About
 * @property {any} data the message
 * @property {number[]} picks the samples shown
 * @property {boolean} lone one sample, not the batch
 * @property {number} many samples in the batch
 * @property {import("../../lib/i18n.js").Words["t"]} t
 * @property {import("../../lib/i18n.js").Words["n"]} n
 */

/** The chapters of a step, by the kind of their sub-steps, in order. @type {[string, string][]} */
export const CHAPTERS = [
  ["samples", mark("Input")],
  ["forward", mark("Forward")],
  ["loss", mark("Loss")],
  ["backward", mark("Backward")],
  ["optimizer", mark("Optimizer")],
  ["update", mark("Update")],
];

/**
 * @param {any} data the message
 * @param {number} sample -1 for the whole batch
 * @param {Pick<import("../../lib/i18n.js").Words, "t"|"n">} words
 * @returns {SubStep[]}
 */
export function plan(data, sample, { t, n }) {
  const lone = sample >= 0;
  const picks = lone ? [Math.min(sample, data.x.length - 1)] : [...data.x.keys()].slice(0, data.shown);
  /** @type {About} */
  const about = { data, picks, lone, many: data.samples, t, n };
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

/** @param {About} about @returns {SubStep} */
function samplesStep(about) {
  const { data, lone, many, t, n } = about;
  const x = columns(about, "x", data.x, data.widths[0]);
  const y = columns(about, t("target"), data.y, data.widths[data.widths.length - 1]);
  const place = (/** @type {number} */ i) => data.features[i] || "";
  const batch =
    many > 1
      ? lone
        ? n(
            "The step sees a batch of {count} sample; here is one of them.",
            "The step sees a batch of {count} samples; here is one of them.",
            many,
          )
        : n(
            "The step sees a batch of {count} sample; here is how the first of them look.",
            "The step sees a batch of {count} samples; here is how the first of them look.",
            many,
          )
      : t("The step sees one sample.");
  const names = joinItems(t, data.feature_words.slice(0, data.shown));
  const features =
    data.features.length > data.shown
      ? t("Features, from the top: {names} ….", { names })
      : t("Features, from the top: {names}.", { names });
  const meaning = data.target;
  return {
    kind: "samples",
    layer: 0,
    short: "x",
    title: lone ? t("The sample") : t("The batch"),
    words: [batch, features, meaning],
    blocks: [
      {
        parts: [x],
        trace: (i, j) => ({
          text: t(
            "{name} = {value}: this feature of the sample, as the network receives it (standardised where that is on)",
            { name: place(i), value: number(x.values[i][j]) },
          ),
          at: { layer: 0, unit: i },
        }),
      },
      {
        parts: [y],
        trace: (i, j) => ({
          text: t("{value}: what the network should answer, in the numbers that the loss compares", {
            value: number(y.values[i][j]),
          }),
        }),
      },
    ],
  };
}
