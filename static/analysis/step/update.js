/** What the optimizer makes of the derivatives: its state, bias correction, and the update. */
import { parameter } from "./equations.js";
import { factor, number } from "./grid.js";

/** @typedef {Record<string, number>} Row one parameter's numbers by symbol */
/** @typedef {(v: Row, k: Record<string, number>) => string} Written */

const power = (/** @type {number} */ t) => [...String(t)].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)]).join("");
const runningMean = (/** @type {string} */ old, /** @type {string} */ decay, /** @type {string} */ fresh) =>
  `${decay} · ${old} + (1 − ${decay}) · ${fresh}`;
/** @type {Record<string, Written>} */
const MOMENTS = {
  m: (v, k) => runningMean(factor(v["m before"]), number(k.beta1), factor(v.used)),
  v: (v, k) => runningMean(factor(v["v before"]), number(k.beta2), `${factor(v.used)}²`),
  m̂: (v, k) => `${number(v.m)} / (1 − ${number(k.beta1)}${power(k.t)})`,
  v̂: (v, k) => `${number(v.v)} / (1 − ${number(k.beta2)}${power(k.t)})`,
};
const adamStep = (/** @type {Row} */ v, /** @type {Record<string, number>} */ k) =>
  `−${number(k.rate)} · ${factor(v["m̂"])} / (√${number(v["v̂"])} + ${number(k.epsilon)})`;
/** By optimizer: how each of its numbers is made. @type {Record<string, Record<string, Written>>} */
const RULES = {
  sgd: {
    v: (v, k) => `${number(k.momentum)} · ${factor(v["v before"])} + ${factor(v.used)}`,
    update: (v, k) => `−${number(k.rate)} · ${factor(v.v)}`,
  },
  nesterov: {
    v: (v, k) => `${number(k.momentum)} · ${factor(v["v before"])} + ${factor(v.used)}`,
    update: (v, k) => `−${number(k.rate)} · (${number(v.used)} + ${number(k.momentum)} · ${factor(v.v)})`,
  },
  rmsprop: {
    v: (v, k) => runningMean(factor(v["v before"]), number(k.decay), `${factor(v.used)}²`),
    update: (v, k) =>
      `${number(k.momentum)} · ${factor(v["u before"])} − ${number(k.rate)} · ${factor(v.used)} / √(${number(v.v)} + ` +
      `${number(k.epsilon)})`,
  },
  adam: { ...MOMENTS, update: adamStep },
  adamw: {
    ...MOMENTS,
    update: (v, k) => `${adamStep(v, k)} − ${number(k.rate)} · ${number(k.weight_decay)} · ${factor(v.theta)}`,
  },
  textbook_adam: {
    ...MOMENTS,
    update: (v, k) => `−${number(k.rate)} · ${factor(v.m)} / √(${number(v.v)} + ${number(k.epsilon)})`,
  },
};
const DECAYING = ["adamw"];

/** @param {any} data @param {number} r @returns {Row} */
function rowOf({ parameters: p }, r) {
  const state = Object.fromEntries(
    Object.entries(p.state).map(([name, values]) => [name, /** @type {number[]} */ (values)[r]]),
  );
  return { ...state, theta: p.theta[r], g: p.g[r], used: p.used[r], update: p.update[r], real: p.real[r] };
}

/** @param {string} symbol "m", or "m before" @param {import("../../lib/i18n.js").Words["t"]} t */
function symbolName(symbol, t) {
  const [name, before] = symbol.split(" ");
  return before ? t("{symbol} before", { symbol: name }) : symbol;
}

/** @param {any} data */
const knobs = (data) => ({ ...data.knobs, rate: data.rate, t: data.step + 1 });

/**
 * @param {import("./plan.js").About} about
 * @param {string} name
 * @param {[string, string][]} columns heads and symbols
 * @param {Record<string, string>} [from] where a column comes from
 */
function table({ data, t }, name, columns, from = {}) {
  const p = data.parameters;
  const names = p.names.map((/** @type {any[]} */ entry) => parameter(/** @type {any} */ (entry.slice(1)), entry[0]));
  const rows = names.map((/** @type {unknown} */ _, /** @type {number} */ r) => rowOf(data, r));
  const rules = { ...RULES[data.optimizer.name] };
  const grid = {
    name,
    heads: columns.map(([head]) => head),
    names,
    values: rows.map((/** @type {Row} */ row) => columns.map(([, symbol]) => row[symbol] ?? null)),
    rows: p.all - rows.length,
  };
  const trace = (/** @type {number} */ r, /** @type {number} */ j) => {
    const [head, symbol] = columns[j];
    const [layer, , unit, source] = p.names[r];
    const written =
      rules[symbol] && !from[symbol]
        ? `${rules[symbol](rows[r], knobs(data))}${symbol === "update" ? decay(data, rows[r]) : ""} = `
        : "";
    const sum = symbol === "after" ? `${number(rows[r].theta)} + ${factor(rows[r].update)} = ` : "";
    const result = number(symbol === "after" ? rows[r].theta + rows[r].update : rows[r][symbol]);
    const formula = `${names[r]}, ${head} = ${sum || written}${result}`;
    return {
      text: from[symbol] ? t("{formula}: {explanation}", { formula, explanation: from[symbol] }) : formula,
      at: { layer: layer + 1, unit, ...(source === null ? {} : { source }) },
    };
  };
  for (const [j, [, symbol]] of columns.entries())
    if (symbol === "after") for (const [r, row] of rows.entries()) grid.values[r][j] = row.theta + row.update;
  return { parts: [grid], trace };
}

/** Weight decay that is no part of the optimizer. @param {any} data @param {Row} row */
const decay = (data, row) =>
  data.knobs.weight_decay && !DECAYING.includes(data.optimizer.name)
    ? ` − ${number(data.rate)} · ${number(data.knobs.weight_decay)} · ${factor(row.theta)}`
    : "";

/** @param {import("./plan.js").About} about @returns {import("./plan.js").SubStep} */
export function optimizerStep(about) {
  const { data, t } = about;
  const { knobs: k, optimizer } = data;
  const symbols = Object.keys(data.parameters.state);
  const isModified = k.l1 || k.l2 || k.clip_norm;
  const before = t("as the step before left it; 0 at the start");
  const from = {
    g: t("from the backward pass, of the whole batch"),
    used: t("g with the penalties' derivatives added, shortened where its norm is clipped"),
    "m before": before,
    "v before": before,
    "u before": before,
  };
  const columns = /** @type {[string, string][]} */ ([
    ["g", "g"],
    ...(isModified ? [[t("g used"), "used"]] : []),
    ...symbols.map((symbol) => [symbolName(symbol, t), symbol]),
  ]);
  const words = [
    t("{name}: {explanation}", { name: optimizer.label, explanation: optimizer.words }),
    t(
      "Each row is one parameter: its derivative, and the optimizer's own numbers about it, before this step and " +
        "after.",
    ),
  ];
  if (symbols.includes("m̂")) words.push(correction(about));
  if (isModified)
    words.push(
      t(
        "Penalties and clipping change the derivative before the optimizer sees it; its norm before clipping: {norm}.",
        { norm: number(data.norm) },
      ),
    );
  if (!symbols.length) words.push(t("This optimizer keeps no number of its own for each parameter."));
  return {
    kind: "optimizer",
    layer: -1,
    short: "opt",
    title: t("The optimizer's state: {name}", { name: optimizer.label }),
    words,
    blocks: [table(about, t("State"), columns, from)],
  };
}

/** What bias correction changes at this step. @param {import("./plan.js").About} about */
function correction({ data, t }) {
  const { beta1, beta2 } = data.knobs;
  const step = data.step + 1;
  const [first, second] = [1 - beta1 ** step, 1 - beta2 ** step];
  const longer = first / Math.sqrt(second);
  const values = { step, first: number(1 / first), second: number(1 / second), times: number(longer) };
  return data.optimizer.name === "textbook_adam"
    ? t(
        "m and v began at 0. At step {step}, m̂ = m · {first} and v̂ = v · {second} make up for it. The article's Adam " +
          "leaves that out: its update is {times} times the corrected one's length.",
        values,
      )
    : t(
        "m and v began at 0. At step {step}, m̂ = m · {first} and v̂ = v · {second} make up for it. Without that " +
          "correction the update would have {times} times its length.",
        values,
      );
}

/** The learning rate of this step. @param {any} data @param {import("../../lib/i18n.js").Words["t"]} t */
function rateWords({ rate, knobs: k }, t) {
  const values = { rate: number(rate) };
  if (rate === k.learning_rate)
    return k.weight_decay
      ? t("Learning rate: {rate}. Weight decay shrinks each parameter besides.", values)
      : t("Learning rate: {rate}.", values);
  return k.weight_decay
    ? t("Learning rate: {rate} (after its schedule). Weight decay shrinks each parameter besides.", values)
    : t("Learning rate: {rate} (after its schedule).", values);
}

/** @param {import("./plan.js").About} about @returns {import("./plan.js").SubStep} */
export function updateStep(about) {
  const { data, t } = about;
  const columns = /** @type {[string, string][]} */ ([
    ["θ", "theta"],
    ["Δθ", "update"],
    [t("compiled step"), "real"],
    [t("θ after"), "after"],
  ]);
  const from = {
    theta: t("the parameter as it is"),
    real: t("what the compiled program, which trains everywhere else here, adds in this step, in float32"),
  };
  const spelled = data.optimizer.name in RULES;
  const words = [
    t("Every parameter moves by its Δθ: that is the whole step."),
    rateWords(data, t),
    t(
      "Check: over all {all} parameters, ours and the compiled step's differ by at most {difference} (as a share of " +
        "the largest).",
      { all: data.parameters.all, difference: number(data.agree) },
    ),
  ];
  if (!spelled)
    words.push(
      t("This optimizer is not spelled out here: Δθ is what Optax makes of the derivative, in a call of its own."),
    );
  return {
    kind: "update",
    layer: -1,
    short: "Δθ",
    title: t("The update"),
    words,
    blocks: [table(about, t("Update"), columns, from)],
  };
}
