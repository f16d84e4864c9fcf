/** The loss: each sample's, their mean, and its derivative by the network's output. */
import { factor, number, sub } from "./grid.js";
import { columns } from "./equations.js";

const sigmoid = (/** @type {number} */ o) => 1 / (1 + Math.exp(-o));

/**
 * Losses with their numbers put in: of outputs and targets.
 * @type {Record<string, (o: number[], t: number[]) => string>}
 */
const WRITTEN = {
  mse: (o, t) => o.map((v, k) => `½ (${number(v)} − ${factor(t[k])})²`).join(" + "),
  binary_cross_entropy: ([o], [t]) =>
    `p = σ(${number(o)}) = ${number(sigmoid(o))}; −${number(t)} · ln ${number(sigmoid(o))} − ${number(1 - t)} · ln ` +
    `${number(1 - sigmoid(o))}`,
  softmax_cross_entropy: (o, t) => {
    const most = Math.max(...o);
    const sum = o.reduce((all, v) => all + Math.exp(v - most), 0);
    const p = o.map((v) => Math.exp(v - most) / sum);
    return `p = softmax = ${p.map((v) => number(v)).join(", ")}; ${t
      .map((v, k) => (v ? `−${number(v)} · ln ${number(p[k])}` : ""))
      .filter(Boolean)
      .join(" ")}`;
  },
  hinge: ([o], [t]) => `max(0, 1 − ${factor(t)} · ${factor(o)})`,
  squared_hinge: ([o], [t]) => `max(0, 1 − ${factor(t)} · ${factor(o)})²`,
  log_cosh: (o, t) => o.map((v, k) => `ln cosh(${number(v)} − ${factor(t[k])})`).join(" + "),
};
/** Derivatives by one output. @type {Record<string, (o: number[], t: number[], k: number) => string>} */
const SLOPES = {
  mse: (o, t, k) => `${number(o[k])} − ${factor(t[k])}`,
  binary_cross_entropy: (o, t) => `σ(${number(o[0])}) − ${number(t[0])}`,
  softmax_cross_entropy: (o, t, k) => `p${sub(k + 1)} − ${number(t[k])}`,
  log_cosh: (o, t, k) => `tanh(${number(o[k])} − ${factor(t[k])})`,
};

/** The batch's loss with its samples' put in. @param {import("./plan.js").About} about */
function meanWords({ data, picks, many, t }) {
  const loss = number(data.loss.value);
  if (many === 1) return `L = ℓ = ${loss}`;
  const terms = picks.map((pick) => number(data.each[pick])).join(" + ");
  const values = { terms, count: many, loss };
  return many > picks.length
    ? t("({terms} + … over all {count}) / {count} = {loss}", values)
    : `(${terms}) / ${many} = ${loss}`;
}

/** @param {import("./plan.js").About} about @returns {import("./plan.js").SubStep} */
export function lossStep(about) {
  const { data, picks, lone, many, t } = about;
  const last = data.layers.length - 1;
  const width = data.widths[last + 1];
  const outputName = t("output");
  const o = columns(about, outputName, data.layers[last].training.h, width);
  const target = columns(about, t("target"), data.y, width);
  const each = { name: "ℓ", values: [picks.map((pick) => data.each[pick])], columns: o.columns };
  const slope = columns(about, `∂L/∂${outputName}`, data.output, width);
  const isComplete = width <= data.shown && !data.knobs.label_smoothing;
  const of = (/** @type {any} */ grid, /** @type {number} */ j) =>
    grid.values.map((/** @type {number[]} */ line) => line[j]);
  const written = isComplete ? WRITTEN[data.loss.name] : undefined;
  const sloped = isComplete ? SLOPES[data.loss.name] : undefined;
  const mean = { name: "L", values: [[data.loss.value]] };
  const share = (/** @type {number} */ j) => data.share[picks[j]];
  /** @type {import("./plan.js").Block[]} */
  const blocks = [
    {
      parts: [each, "= loss(", o, ",", target, ")"],
      trace: (_, j) => ({
        text: `ℓ: ${written ? `${written(of(o, j), of(target, j))} = ` : ""}${number(each.values[0][j])}`,
        cells: o.values.flatMap(
          (_, k) =>
            /** @type {[number, number, number][]} */ ([
              [2, k, j],
              [4, k, j],
            ]),
        ),
      }),
    },
    {
      parts: [mean],
      trace: () => ({
        text: meanWords(about),
      }),
    },
    {
      parts: [
        slope,
        "= ∂ℓ/∂o ·",
        {
          name: t("share"),
          values: [picks.map((pick) => data.share[pick])],
          columns: o.columns,
          why: () => t("each sample's share of the mean: 1 / {count}", { count: many }),
        },
      ],
      trace: (k, j) => ({
        text: sloped
          ? `(${sloped(of(o, j), of(target, j), k)}) · ${number(share(j))} = ${number(slope.values[k][j])}`
          : `${number((slope.values[k][j] ?? NaN) / share(j))} · ${number(share(j))} = ${number(slope.values[k][j])}`,
        cells: [[2, 0, j]],
        at: { layer: last + 1, unit: k },
      }),
    },
  ];
  return {
    kind: "loss",
    layer: last + 1,
    short: "L",
    title: t("Loss: {name}", { name: data.loss.label }),
    words: [
      t("How wrong each answer is, as one number; the batch's loss L is the mean of them."),
      ...(data.loss.logits
        ? [t("The output is a logit: σ, or softmax, makes probabilities of it within the loss.")]
        : []),
      ...(data.knobs.label_smoothing
        ? [t("Label smoothing takes some certainty from the targets before they are compared.")]
        : []),
    ],
    blocks: blocks.slice(0, lone && many === 1 ? 3 : undefined),
  };
}
