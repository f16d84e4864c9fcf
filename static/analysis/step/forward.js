/** A layer's forward pass: W x + b, normalisation, activation, dropout, residual connection. */
import { cellName, factor, number, sub } from "./grid.js";
import { column, columns, input, products, sums } from "./equations.js";

/** @typedef {import("./plan.js").Block} Block */
/** @typedef {import("./plan.js").Trace} Trace */

const NEAR = 1e-4;

/** @param {import("./plan.js").About} about @param {number} i @returns {import("./plan.js").SubStep} */
export function forwardStep(about, i) {
  const { data, t } = about;
  const layer = data.layers[i];
  const training = layer.training;
  const last = i === data.layers.length - 1;
  const [fanIn, width] = [data.widths[i], data.widths[i + 1]];
  const n = sub(i + 1);
  const of = (/** @type {string} */ name, /** @type {string} */ symbol) =>
    columns(about, symbol, training[name], width);
  const at = (/** @type {number} */ unit) => ({ layer: i + 1, unit });
  const w = {
    name: `W${n}`,
    values: layer.own.w,
    rows: width - layer.own.w.length,
    columns: fanIn - layer.own.w[0].length,
    why: () => t("a weight: drawn at the start, moved by every step since"),
  };
  const x = {
    ...columns(about, input(i), training.x, fanIn),
    why: () => (i === 0 ? t("the sample's feature") : t("what the layer before passes on")),
  };
  const b = {
    ...column(`b${n}`, layer.own.b, width),
    why: () => t("a bias: set at the start, moved by every step since"),
  };
  const s = of("sums", sums(layer, i));
  /** @type {Block[]} */
  const blocks = [
    {
      parts: [s, "=", w, x, "+", b],
      trace: (u, j) => ({
        text: `${cellName(s, u, j)} = ${products(
          about,
          w.values[u].map((/** @type {number} */ value, /** @type {number} */ k) => [value, x.values[k][j]]),
          s.values[u][j],
          fanIn - x.values.length,
          layer.own.b[u],
        )}`,
        cells: [
          ...w.values[u].flatMap(
            (/** @type {number} */ _, /** @type {number} */ k) =>
              /** @type {[number, number, number][]} */ ([
                [2, u, k],
                [3, k, j],
              ]),
          ),
          [5, u, 0],
        ],
        at: at(u),
      }),
    },
  ];
  const z = of("z", `z${n}`);
  if (layer.own.scale) {
    const unit = of("unit", `u${n}`);
    const deviation = of("deviation", "σ");
    const mean = {
      ...s,
      name: "μ",
      values: s.values.map((line, u) =>
        line.map((value, j) => (value ?? NaN) - (unit.values[u][j] ?? NaN) * (deviation.values[u][j] ?? NaN)),
      ),
    };
    const isBatch = data.normalization === "batch";
    mean.why = () =>
      isBatch ? t("the mean of this unit over the batch") : t("the mean of this sample over the layer's units");
    deviation.why = () =>
      isBatch
        ? t("the deviation of this unit over the batch")
        : t("the deviation of this sample over the layer's units");
    const both = isBatch
      ? t("mean and deviation of this unit over the batch")
      : t("mean and deviation of this sample over the layer's units");
    const scale = column("γ", layer.own.scale, width);
    const offset = column("β", layer.own.offset, width);
    blocks.push(
      {
        parts: [unit, "= (", s, "−", mean, ") /", deviation],
        trace: (u, j) => ({
          text: t("{formula}: {explanation}", {
            formula:
              `(${number(s.values[u][j])} − ${factor(mean.values[u][j])}) / ${number(deviation.values[u][j])} = ` +
              number(unit.values[u][j]),
            explanation: both,
          }),
          cells: [
            [2, u, j],
            [4, u, j],
            [6, u, j],
          ],
          at: at(u),
        }),
      },
      {
        parts: [z, "=", scale, "∘", unit, "+", offset],
        trace: (u, j) => ({
          text:
            `${cellName(z, u, j)} = ${factor(layer.own.scale[u])} · ${factor(unit.values[u][j])} + ` +
            `${factor(layer.own.offset[u])} = ${number(z.values[u][j])}`,
          cells: [
            [2, u, 0],
            [4, u, j],
            [6, u, 0],
          ],
          at: at(u),
        }),
      },
    );
  }
  const a = of("a", `a${n}`);
  const h = of("h", last ? t("output") : `h${n}`);
  const plain = training.a.every((/** @type {number[]} */ row, /** @type {number} */ k) =>
    row.every((value, u) => isSame(value, training.h[k][u])),
  );
  const activated = plain ? { ...a, name: h.name } : a;
  blocks.push({
    parts: [activated, `= ${layer.activation}(`, z, ")"],
    trace: (u, j) => ({
      text: `${layer.activation}(${number(z.values[u][j])}) = ${number(a.values[u][j])}`,
      cells: [[2, u, j]],
      at: at(u),
    }),
  });
  if (!plain) blocks.push(dropoutBlock(about, i, a, h, x));
  const words = [
    last
      ? t("The last layer: its output is what the loss judges.")
      : t("Each unit sums what comes in, weighted, adds its bias, and bends the sum by its activation."),
  ];
  const compared = compareModes(about, i);
  if (compared) (blocks.push(compared.block), words.push(...compared.words));
  return {
    kind: "forward",
    layer: i + 1,
    short: `→${i + 1}`,
    title: last ? t("Forward: output layer") : t("Forward: layer {layer}", { layer: i + 1 }),
    words,
    blocks,
  };
}

/**
 * What of the activations is passed on.
 * @param {import("./plan.js").About} about
 * @param {number} i
 * @param {any} a
 * @param {any} h
 * @param {any} x
 * @returns {Block}
 */
function dropoutBlock(about, i, a, h, x) {
  const { data, t } = about;
  const layer = data.layers[i];
  const mask = columns(about, t("dropout"), layer.training.mask, data.widths[i + 1]);
  mask.why = (u, j) =>
    mask.values[u][j] === 0
      ? t("0: dropped in this step")
      : t("kept, and made larger by 1 / (1 − rate), so that the mean stays");
  return {
    parts: [h, "=", ...(layer.skips ? [x, "+"] : []), a, "∘", mask],
    trace: (u, j) => {
      const sum = (a.values[u][j] ?? NaN) * (mask.values[u][j] ?? NaN) + (layer.skips ? (x.values[u][j] ?? NaN) : 0);
      const reason = !isSame(sum, h.values[u][j])
        ? t("this unit is switched off by hand")
        : mask.values[u][j] === 0
          ? t("dropped in this step")
          : "";
      const carried = layer.skips ? `${factor(x.values[u][j])} + ` : "";
      const formula = `${carried}${factor(a.values[u][j])} · ${number(mask.values[u][j])} → ${number(h.values[u][j])}`;
      return {
        text: reason ? t("{formula}: {explanation}", { formula, explanation: reason }) : formula,
        cells: layer.skips
          ? [
              [2, u, j],
              [4, u, j],
              [6, u, j],
            ]
          : [
              [2, u, j],
              [4, u, j],
            ],
        at: { layer: i + 1, unit: u },
      };
    },
  };
}

/** @param {number|null} a @param {number|null} b */
const isSame = (a, b) => a === b || Math.abs((a ?? NaN) - (b ?? NaN)) <= NEAR * Math.max(Math.abs(a ?? 0), 1e-3);

/**
 * The same layer in training and in evaluation, where they differ.
 * @param {import("./plan.js").About} about
 * @param {number} i
 */
function compareModes({ data, picks, t }, i) {
  const layer = data.layers[i];
  const { training, evaluation } = layer;
  const batch = data.normalization === "batch" && layer.own.scale;
  const drops = data.knobs.dropout > 0 && i < data.layers.length - 1;
  if (!layer.differs && !batch && !drops) return null;
  const k = picks[0];
  const mean = (/** @type {any} */ mode, /** @type {number} */ u) =>
    mode.sums[k][u] - mode.unit[k][u] * mode.deviation[k][u];
  const heads = [...(batch ? ["μ", "σ"] : []), t("passed on")].flatMap((name) => [
    t("{name}, training", { name }),
    t("{name}, evaluation", { name }),
  ]);
  const values = training.h[k].map((/** @type {number} */ value, /** @type {number} */ u) => [
    ...(batch ? [mean(training, u), mean(evaluation, u), training.deviation[k][u], evaluation.deviation[k][u]] : []),
    value,
    evaluation.h[k][u],
  ]);
  const grid = {
    name: t("Training and evaluation"),
    values,
    heads,
    names: values.map((/** @type {unknown} */ _, /** @type {number} */ u) => t("unit {unit}", { unit: u + 1 })),
    rows: data.widths[i + 1] - values.length,
  };
  const words = [];
  if (batch)
    words.push(
      t(
        "Batch normalisation: training takes mean and deviation of this very batch, evaluation the running ones " +
          "collected so far. The table shows both for one sample.",
      ),
    );
  if (drops)
    words.push(
      t(
        "Dropout {rate}: in training units are dropped at random, in evaluation none is. The table shows both for one " +
          "sample.",
        { rate: number(data.knobs.dropout) },
      ),
    );
  if (!words.length) words.push(t("What an earlier layer does differently in evaluation arrives here too."));
  return {
    words,
    block: {
      parts: [grid],
      trace: (/** @type {number} */ u, /** @type {number} */ j) => ({
        text: `${grid.names[u]}, ${heads[j]}: ${number(values[u][j])}`,
        at: { layer: i + 1, unit: u },
      }),
    },
  };
}
