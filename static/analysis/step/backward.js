/** A layer's backward pass: the chain rule from what it passed on back to its weights. */
import { factor, number, sub } from "./grid.js";
import { column, columns, input, moreWords, parameter, products, sums } from "./equations.js";

/** @typedef {import("./plan.js").Block} Block */

/** @param {import("./plan.js").About} about @param {number} i @returns {import("./plan.js").SubStep} */
export function backwardStep(about, i) {
  const { data, lone, many, t } = about;
  const layer = data.layers[i];
  const last = i === data.layers.length - 1;
  const [fanIn, width] = [data.widths[i], data.widths[i + 1]];
  const n = sub(i + 1);
  const back = (
    /** @type {any} */ of,
    /** @type {string} */ name,
    /** @type {string} */ symbol,
    /** @type {number} */ wide,
  ) => columns(about, symbol, of.back[name], wide);
  const at = (/** @type {number} */ unit) => ({ layer: i + 1, unit });
  const passed = last ? t("output") : `h${n}`;
  const h = back(layer, "h", `∂L/∂${passed}`, width);
  /** @type {Block[]} */
  const blocks = last ? [] : [incomingBlock(about, i, h)];
  if (last) h.why = () => t("from the loss, the sub-step before");
  const z = back(layer, "z", `∂L/∂z${n}`, width);
  const slope = columns(about, `${layer.activation}′(z${n})`, layer.training.slope, width);
  slope.why = (u, j) => t("the activation's slope at z = {z}", { z: number(layer.training.z[about.picks[j]][u]) });
  const drops = layer.training.mask.some((/** @type {number[]} */ row) => row.some((value) => value !== 1));
  const mask = columns(about, t("dropout"), layer.training.mask, width);
  blocks.push({
    parts: [z, "=", h, ...(drops ? ["∘", mask] : []), "∘", slope],
    trace: (u, j) => ({
      text:
        `${number(h.values[u][j])}${drops ? ` · ${number(mask.values[u][j])}` : ""} · ` +
        `${factor(slope.values[u][j])} = ${number(z.values[u][j])}`,
      cells: drops
        ? [
            [2, u, j],
            [4, u, j],
            [6, u, j],
          ]
        : [
            [2, u, j],
            [4, u, j],
          ],
      at: at(u),
    }),
  });
  let s = z;
  if (layer.own.scale) {
    s = back(layer, "sums", `∂L/∂s${n}`, width);
    blocks.push(...normalizationBlocks(about, i, z, s));
  }
  const x = columns(about, `${input(i)}ᵀ`, layer.training.x, fanIn);
  const xt = {
    name: x.name,
    values: (x.values[0] || []).map((_, j) => x.values.map((line) => line[j])),
    rows: x.columns,
    columns: x.rows,
    why: () => (i === 0 ? t("the sample's features") : t("what the layer before passed on")),
  };
  const gradient = {
    name: `∂L/∂W${n}`,
    values: layer.gradient.w,
    rows: width - layer.gradient.w.length,
    columns: fanIn - layer.gradient.w[0].length,
  };
  const link = (/** @type {number} */ u, /** @type {number} */ k) => ({ layer: i + 1, unit: u, source: k });
  const share = {
    ...gradient,
    name: t("this sample's share of {derivative}", { derivative: gradient.name }),
    values: s.values.map((line) => xt.values[0].map((value) => (line[0] ?? NaN) * (value ?? NaN))),
  };
  if (lone) {
    blocks.push({
      parts: [share, "=", s, xt],
      trace: (u, k) => ({
        text: `${number(s.values[u][0])} · ${factor(xt.values[0][k])} = ${number(share.values[u][k])}`,
        cells: [
          [2, u, 0],
          [3, 0, k],
        ],
        at: link(u, k),
      }),
    });
    if (many > 1)
      blocks.push({
        parts: [gradient, t("= sum of the shares of all {count}", { count: many })],
        trace: (u, k) => ({
          text: about.n(
            "{share} from this sample + {rest} [{count} other] = {sum}",
            "{share} from this sample + {rest} [{count} others] = {sum}",
            many - 1,
            {
              share: number(share.values[u][k]),
              rest: factor((gradient.values[u][k] ?? NaN) - (share.values[u][k] ?? NaN)),
              sum: number(gradient.values[u][k]),
            },
          ),
          at: link(u, k),
        }),
      });
  } else {
    blocks.push({
      parts: [gradient, "=", s, xt],
      trace: (u, k) => ({
        text: products(
          about,
          s.values[u].map((value, j) => [value, xt.values[j][k]]),
          gradient.values[u][k],
          s.columns || 0,
        ),
        cells: s.values[u].flatMap(
          (_, j) =>
            /** @type {[number, number, number][]} */ ([
              [2, u, j],
              [3, j, k],
            ]),
        ),
        at: link(u, k),
      }),
    });
  }
  const bias = column(`∂L/∂b${n}`, layer.gradient.b, width);
  blocks.push(
    {
      parts: [bias, t("= sum over the samples of"), s],
      trace: (u) => ({
        text: writeSum(about, s.values[u], layer.gradient.b[u], many - s.values[u].length),
        cells: s.values[u].map((_, j) => [2, u, j]),
        at: at(u),
      }),
    },
    checkBlock(about, i),
  );
  const words = [
    t(
      "The chain rule: what the loss owes to each sum, and from it to each weight: its derivative by the sum, " +
        "times what came in by that weight.",
    ),
  ];
  if (lone && many > 1)
    words.push(t("L is a mean: each sample's derivative already holds its share, 1 / {count}.", { count: many }));
  const check = data.checks[i];
  const values = { all: check.all, jax: number(check.jax) };
  words.push(
    check.compared
      ? t(
          "Check: over all {all} parameters of this layer, ours and jax.grad differ by at most {jax}; over " +
            "{compared}, ours and finite differences by at most {differences} (as shares of the largest derivative).",
          { ...values, compared: check.compared, differences: number(check.differences) },
        )
      : t(
          "Check: over all {all} parameters of this layer, ours and jax.grad differ by at most {jax} (as shares of " +
            "the largest derivative).",
          values,
        ),
  );
  return {
    kind: "backward",
    layer: i + 1,
    short: `←${i + 1}`,
    title: last ? t("Backward: output layer") : t("Backward: layer {layer}", { layer: i + 1 }),
    words,
    blocks,
  };
}

/**
 * @param {import("./plan.js").About} about
 * @param {(number|null)[]} values
 * @param {number|null} result
 * @param {number} others
 */
function writeSum(about, values, result, others) {
  const rest = (result ?? NaN) - values.reduce((/** @type {number} */ all, v) => all + (v ?? NaN), 0);
  const terms = values.map((v, j) => (j ? factor(v) : number(v))).join(" + ");
  return `${terms}${others > 0 ? ` + ${factor(rest)} [${moreWords(about, others)}]` : ""} = ${number(result)}`;
}

/**
 * From the next layer's sums.
 * @param {import("./plan.js").About} about
 * @param {number} i
 * @param {any} h
 * @returns {Block}
 */
function incomingBlock(about, i, h) {
  const { data, t } = about;
  const next = data.layers[i + 1];
  const width = data.widths[i + 2];
  const w = next.own.w;
  const wt = {
    name: `W${sub(i + 2)}ᵀ`,
    values: w[0].map((/** @type {number} */ _, /** @type {number} */ k) =>
      w.map((/** @type {number[]} */ line) => line[k]),
    ),
    rows: data.widths[i + 1] - w[0].length,
    columns: width - w.length,
    why: () => t("a weight of the layer after, seen from behind"),
  };
  const s = {
    ...columns(about, `∂L/∂${sums(next, i + 1)}`, next.back.sums, width),
    why: () => t("from the sub-step before"),
  };
  const others = width - s.values.length;
  return {
    parts: [h, "=", wt, s, ...(next.skips ? [t("+ what goes around that layer")] : [])],
    trace: (u, j) => ({
      text: products(
        about,
        wt.values[u].map((/** @type {number} */ value, /** @type {number} */ k) => [value, s.values[k][j]]),
        h.values[u][j],
        others,
        null,
        next.skips ? t("around the layer") : "",
      ),
      cells: wt.values[u].flatMap(
        (/** @type {number} */ _, /** @type {number} */ k) =>
          /** @type {[number, number, number][]} */ ([
            [2, u, k],
            [3, k, j],
          ]),
      ),
      at: { layer: i + 1, unit: u },
    }),
  };
}

/**
 * Back through normalisation.
 * @param {import("./plan.js").About} about
 * @param {number} i
 * @param {any} z
 * @param {any} s
 * @returns {Block[]}
 */
function normalizationBlocks(about, i, z, s) {
  const { data, many, t } = about;
  const layer = data.layers[i];
  const width = data.widths[i + 1];
  const unit = columns(about, `u${sub(i + 1)}`, layer.training.unit, width);
  const scale = column("∂L/∂γ", layer.gradient.scale, width);
  const offset = column("∂L/∂β", layer.gradient.offset, width);
  const at = (/** @type {number} */ u) => ({ layer: i + 1, unit: u });
  const shared =
    data.normalization === "batch"
      ? t("the batch's mean and deviation depend on every sample")
      : t("the layer's mean and deviation depend on every unit");
  return [
    {
      parts: [scale, t("= sum over the samples of"), z, "∘", unit],
      trace: (u) => ({
        text: products(
          about,
          z.values[u].map((/** @type {number} */ value, /** @type {number} */ j) => [value, unit.values[u][j]]),
          layer.gradient.scale[u],
          many - z.values[u].length,
        ),
        cells: z.values[u].flatMap(
          (/** @type {number} */ _, /** @type {number} */ j) =>
            /** @type {[number, number, number][]} */ ([
              [2, u, j],
              [4, u, j],
            ]),
        ),
        at: at(u),
      }),
    },
    {
      parts: [offset, t("= sum over the samples of"), z],
      trace: (u) => ({
        text: writeSum(about, z.values[u], layer.gradient.offset[u], many - z.values[u].length),
        at: at(u),
      }),
    },
    {
      parts: [s, "= (γ ∘", z, t("− what moves the mean and the deviation) / σ")],
      trace: (u, j) => {
        const [gamma, deviation] = [layer.own.scale[u], layer.training.deviation[about.picks[j]][u]];
        const direct = gamma * z.values[u][j];
        return {
          text: t("{formula}: {explanation}", {
            formula:
              `(${factor(gamma)} · ${factor(z.values[u][j])} − ${factor(direct - s.values[u][j] * deviation)}) / ` +
              `${number(deviation)} = ${number(s.values[u][j])}`,
            explanation: shared,
          }),
          cells: [[2, u, j]],
          at: at(u),
        };
      },
    },
  ];
}

/** Ours against two others. @param {import("./plan.js").About} about @param {number} i @returns {Block} */
function checkBlock({ data, t }, i) {
  const { rows, all } = data.checks[i];
  const heads = [t("ours"), "jax.grad", t("finite differences")];
  const names = rows.map((/** @type {any[]} */ row) => parameter(row[0], i));
  const from = [
    t("by the chain rule, as above, in float64"),
    t("by JAX's own differentiation, in float32"),
    t("the loss a little to either side of this parameter, its difference over the distance"),
  ];
  const unchecked = t("not checked in this way");
  return {
    parts: [
      {
        name: t("Check of the derivatives"),
        values: rows.map((/** @type {any[]} */ row) => row.slice(1)),
        heads,
        names,
        rows: all - rows.length,
      },
    ],
    trace: (r, j) => ({
      text: t("{name}: {value}, {explanation}", {
        name: names[r],
        value: number(rows[r][j + 1]),
        explanation: rows[r][j + 1] === null ? unchecked : from[j],
      }),
      at: { layer: i + 1, unit: rows[r][0][1], ...(rows[r][0][2] === null ? {} : { source: rows[r][0][2] }) },
    }),
  };
}
