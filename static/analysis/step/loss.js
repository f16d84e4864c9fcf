/** The loss: each sample's, their mean, and its derivative by the network's output. */
import { factor, said, sub } from "./grid.js";
import { columns } from "./equations.js";

const sigmoid = (/** @type {number} */ o) => 1 / (1 + Math.exp(-o));

/**
 * Losses with their numbers put in: of outputs and targets.
 * @type {Record<string, (o: number[], t: number[]) => string>}
 */
const WRITTEN = {
  mse: (o, t) => o.map((v, k) => `½ (${said(v)} − ${factor(t[k])})²`).join(" + "),
  binary_cross_entropy: ([o], [t]) =>
    `p = σ(${said(o)}) = ${said(sigmoid(o))}; −${said(t)} · ln ${said(sigmoid(o))} − ${said(1 - t)} · ln ` +
    `${said(1 - sigmoid(o))}`,
  softmax_cross_entropy: (o, t) => {
    const most = Math.max(...o);
    const sum = o.reduce((all, v) => all + Math.exp(v - most), 0);
    const p = o.map((v) => Math.exp(v - most) / sum);
    return `p = softmax = ${p.map((v) => said(v)).join(", ")}; ${t
      .map((v, k) => (v ? `−${said(v)} · ln ${said(p[k])}` : ""))
      .filter(Boolean)
      .join(" ")}`;
  },
  hinge: ([o], [t]) => `max(0, 1 − ${factor(t)} · ${factor(o)})`,
  squared_hinge: ([o], [t]) => `max(0, 1 − ${factor(t)} · ${factor(o)})²`,
  log_cosh: (o, t) => o.map((v, k) => `ln cosh(${said(v)} − ${factor(t[k])})`).join(" + "),
};
/** Derivatives by one output. @type {Record<string, (o: number[], t: number[], k: number) => string>} */
const SLOPES = {
  mse: (o, t, k) => `${said(o[k])} − ${factor(t[k])}`,
  binary_cross_entropy: (o, t) => `σ(${said(o[0])}) − ${said(t[0])}`,
  softmax_cross_entropy: (o, t, k) => `p${sub(k + 1)} − ${said(t[k])}`,
  log_cosh: (o, t, k) => `tanh(${said(o[k])} − ${factor(t[k])})`,
};

/** @param {import("./plan.js").About} about @returns {import("./plan.js").SubStep} */
export function lossStep(about) {
  const { data, picks, lone, many, t } = about;
  const last = data.layers.length - 1;
  const width = data.widths[last + 1];
  const o = columns(about, t("output"), data.layers[last].training.h, width);
  const target = columns(about, t("target"), data.y, width);
  const each = { name: "ℓ", values: [picks.map((pick) => data.each[pick])], columns: o.columns };
  const slope = columns(about, `∂L/∂${t("output")}`, data.output, width);
  const whole = width <= data.shown && !data.knobs.label_smoothing;
  const of = (/** @type {any} */ grid, /** @type {number} */ j) =>
    grid.values.map((/** @type {number[]} */ line) => line[j]);
  const written = whole ? WRITTEN[data.loss.name] : undefined;
  const sloped = whole ? SLOPES[data.loss.name] : undefined;
  const mean = { name: "L", values: [[data.loss.value]] };
  const share = (/** @type {number} */ j) => data.share[picks[j]];
  /** @type {import("./plan.js").Block[]} */
  const blocks = [
    {
      parts: [each, "= loss(", o, ",", target, ")"],
      trace: (_, j) => ({
        text: `ℓ: ${written ? `${written(of(o, j), of(target, j))} = ` : ""}${said(each.values[0][j])}`,
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
        text:
          many > 1
            ? `(${picks.map((pick) => said(data.each[pick])).join(" + ")}` +
              `${many > picks.length ? ` + … ${t("over all")} ${many}` : ""}) / ${many} = ${said(data.loss.value)}`
            : `L = ℓ = ${said(data.loss.value)}`,
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
          why: () => `${t("each sample's share of the mean")}: 1 / ${many}`,
        },
      ],
      trace: (k, j) => ({
        text: sloped
          ? `(${sloped(of(o, j), of(target, j), k)}) · ${said(share(j))} = ${said(slope.values[k][j])}`
          : `${said((slope.values[k][j] ?? NaN) / share(j))} · ${said(share(j))} = ${said(slope.values[k][j])}`,
        cells: [[2, 0, j]],
        at: { layer: last + 1, unit: k },
      }),
    },
  ];
  return {
    kind: "loss",
    layer: last + 1,
    short: "L",
    title: `${t("Loss")}: ${data.loss.label}`,
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
