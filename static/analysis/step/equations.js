/** What equations are made of: grids of numbers, and sums of products with the numbers put in. */
import { factor, number, sub } from "./grid.js";
import { joinItems } from "../../lib/i18n.js";

/** What layer i receives. @param {number} i */
export const input = (i) => (i === 0 ? "x" : `h${sub(i)}`);
/** Its sums, before normalisation if there is one. @param {any} layer @param {number} i */
export const sums = (layer, i) => (layer.own.scale ? "s" : "z") + sub(i + 1);

/** A parameter's name. @param {[string, number, number|null]} one @param {number} layer from 0 */
export function parameter([name, unit, source], layer) {
  const symbol = { w: "W", b: "b", scale: "γ", offset: "β" }[name] || name;
  return `${symbol}${sub(layer + 1)}[${unit + 1}${source === null ? "" : `,${source + 1}`}]`;
}

/**
 * Samples as columns, units as rows.
 * @param {import("./plan.js").About} about
 * @param {string} name
 * @param {(number|null)[][]} rows one a sample
 * @param {number} width of all units
 * @returns {import("./grid.js").Grid}
 */
export function columns({ picks, lone, many, data }, name, rows, width) {
  const units = [...(rows[0] || []).keys()];
  const values = units.map((unit) => picks.map((pick) => rows[pick][unit]));
  return { name, values, rows: width - units.length, columns: lone ? 0 : many - picks.length };
}

/**
 * A column of one number a unit.
 * @param {string} name
 * @param {(number|null)[]} values
 * @param {number} width
 * @returns {import("./grid.js").Grid}
 */
export function column(name, values, width) {
  return { name, values: values.map((value) => [value]), rows: width - values.length };
}

/**
 * How many terms are not shown.
 * @param {Pick<import("./plan.js").About, "n">} about
 * @param {number} count
 */
export const moreWords = ({ n }, count) => n("{count} more", "{count} more", count);

/**
 * A sum of products with the numbers put in; what is not shown is told by what is missing.
 * @param {Pick<import("./plan.js").About, "t"|"n">} about
 * @param {[number|null, number|null][]} pairs
 * @param {number|null} result
 * @param {number} others how many terms are not shown
 * @param {number|null} [plus]
 * @param {string} [other] what else is in the sum
 */
export function products(about, pairs, result, others, plus = null, other = "") {
  let sum = plus || 0;
  const terms = pairs.map(([a, b]) => {
    sum += (a ?? NaN) * (b ?? NaN);
    return `${factor(a)} · ${factor(b)}`;
  });
  if (others > 0 || other) {
    const missing = [others > 0 ? moreWords(about, others) : "", other].filter(Boolean);
    terms.push(`${factor((result ?? NaN) - sum)} [${joinItems(about.t, missing)}]`);
  }
  if (plus !== null) terms.push(factor(plus));
  return `${terms.join(" + ")} = ${number(result)}`;
}
