/** Numbers in rows and columns: a matrix in brackets, or a table with names; each cell can be pointed at. */
import { el, text } from "../../lib/dom.js";
import { precise } from "../../lib/format.js";
import { joinItems } from "../../lib/i18n.js";

/**
 * @typedef {object} Grid
 * @property {string} name
 * @property {(number|null)[][]} values rows of numbers
 * @property {number} [rows] how many rows are not shown
 * @property {number} [columns] how many columns are not shown
 * @property {string[]} [heads] a table's columns
 * @property {string[]} [names] a table's rows
 * @property {(i: number, j: number) => string} [why] where a number came from
 */

/** @param {number|null} v @param {number} [digits] */
export const number = (v, digits) => precise(v ?? NaN, digits);

/** As a factor in a formula. @param {number|null} v */
export const factor = (v) => (v !== null && v < 0 ? `(${number(v)})` : number(v));

const SUBSCRIPT = "₀₁₂₃₄₅₆₇₈₉";
/** @param {number} n */
export const sub = (n) => [...String(n)].map((c) => SUBSCRIPT[Number(c)]).join("");

/**
 * The name of one number of a grid: its row, and its column where there are several.
 * @param {Grid} grid
 * @param {number} i
 * @param {number} j
 */
export const cellName = (grid, i, j) => `${grid.name}[${grid.values[0].length > 1 ? `${i + 1},${j + 1}` : i + 1}]`;

/**
 * How much of a step there is to see, and what has it show more, or less again.
 * @typedef {object} Extent
 * @property {number} brief rows and columns that are shown at first
 * @property {boolean} opened
 * @property {(all: boolean) => void} open
 */

/**
 * What a matrix leaves out, in words: `+1 row, +44 columns`.
 * @param {Pick<Grid, "rows"|"columns">} grid
 * @param {Pick<import("../../lib/i18n.js").Words, "t"|"n">} words
 */
export function omittedWords({ rows = 0, columns = 0 }, { t, n }) {
  const parts = [];
  if (rows > 0) parts.push(n("+{count} row", "+{count} rows", rows));
  if (columns > 0) parts.push(n("+{count} column", "+{count} columns", columns));
  return joinItems(t, parts);
}

/**
 * What is said under a matrix, and what a press on it does: it opens what is left out, closes what is open, or is text.
 * @param {Grid} grid
 * @param {Extent} extent
 * @param {Pick<import("../../lib/i18n.js").Words, "t"|"n">} words
 */
export function remainder(grid, extent, words) {
  const { t } = words;
  const left = omittedWords(grid, words);
  if (!extent.opened) return left ? { words: left, hint: t("Show all rows and columns"), all: true } : null;
  const [rows, columns] = [grid.values.length, grid.values[0]?.length || 0];
  if (!grid.heads && rows <= extent.brief && columns <= extent.brief) return null;
  const fewer = left ? t("the first {rows} × {columns} · show fewer", { rows, columns }) : t("show fewer");
  return { words: fewer, hint: t("Show few rows and columns again"), all: false };
}

/** @typedef {{element: HTMLElement, cells: HTMLElement[][]}} GridElement */

/**
 * @param {Grid} grid
 * @param {Pick<import("../../lib/i18n.js").Words, "t"|"n">} words
 * @param {Extent} extent
 * @param {(i: number, j: number) => void} point called when a cell is pointed at or has the focus
 * @returns {GridElement}
 */
export function makeGrid(grid, words, extent, point) {
  const table = Boolean(grid.heads);
  const box = el("div", "grid-box");
  const title = el("div", "grid-name");
  text(title, grid.name);
  const body = el("div", table ? "grid table" : "grid matrix", { role: "grid", "aria-label": grid.name });
  const across = Math.max(1, grid.values[0]?.length || 0);
  body.style.gridTemplateColumns = `${table ? "auto " : ""}repeat(${across}, max-content)`;
  if (grid.heads) body.append(row(["", ...grid.heads].map((head) => headCell("columnheader", head))));
  /** @type {HTMLElement[][]} */
  const cells = grid.values.map((line, i) =>
    line.map((value, j) => {
      const cell = el("span", "cell", { role: "gridcell", tabindex: i + j === 0 ? "0" : "-1" });
      text(cell, number(value));
      cell.addEventListener("pointerenter", () => point(i, j));
      cell.addEventListener("focus", () => point(i, j));
      return cell;
    }),
  );
  cells.forEach((line, i) => body.append(row(grid.names ? [headCell("rowheader", grid.names[i]), ...line] : line)));
  body.addEventListener("keydown", (event) => move(event, cells));
  box.append(title, body);
  const rest = remainder(grid, extent, words);
  if (rest) {
    const press = el("button", "left-out", { type: "button", title: rest.hint, "aria-expanded": String(!rest.all) });
    text(press, rest.words);
    press.addEventListener("click", () => {
      press.disabled = true;
      extent.open(rest.all);
    });
    box.append(press);
  }
  return { element: box, cells };
}

/** @param {HTMLElement[]} cells */
function row(cells) {
  const element = el("div", "line", { role: "row" });
  element.append(...cells);
  return element;
}

/** @param {string} role @param {string} words */
function headCell(role, words) {
  const element = el("span", "head", { role });
  text(element, words);
  return element;
}

const OFFSETS = /** @type {Record<string, number[]>} */ ({
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
});

/** Arrow keys go from cell to cell. @param {KeyboardEvent} event @param {HTMLElement[][]} cells */
function move(event, cells) {
  const offset = OFFSETS[event.key];
  if (!offset) return;
  const i = cells.findIndex((line) => line.includes(/** @type {HTMLElement} */ (event.target)));
  const j = cells[i]?.indexOf(/** @type {HTMLElement} */ (event.target));
  const next = cells[i + offset[0]]?.[j + offset[1]];
  event.preventDefault();
  event.stopPropagation();
  if (!next) return;
  cells[i][j].tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
