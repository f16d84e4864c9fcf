/** Numbers in rows and columns: a matrix in brackets, or a table with names; each cell can be pointed at. */
import { el, text } from "../../lib/dom.js";
import { precise } from "../../lib/format.js";

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
export const said = (v, digits) => precise(v ?? NaN, digits);

/** As a factor in a formula. @param {number|null} v */
export const factor = (v) => (v !== null && v < 0 ? `(${said(v)})` : said(v));

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
 * @param {(key: string) => string} t
 */
export function hidden({ rows = 0, columns = 0 }, t) {
  const parts = [];
  if (rows > 0) parts.push(`+${rows} ${t(rows > 1 ? "rows" : "row")}`);
  if (columns > 0) parts.push(`+${columns} ${t(columns > 1 ? "columns" : "column")}`);
  return parts.join(", ");
}

/**
 * What is said under a matrix, and what a press on it does: it opens what is left out, closes what is open, or is text.
 * @param {Grid} grid
 * @param {Extent} extent
 * @param {(key: string) => string} t
 */
export function remainder(grid, extent, t) {
  const left = hidden(grid, t);
  if (!extent.opened) return left ? { words: left, hint: t("Show all rows and columns"), all: true } : null;
  const [rows, columns] = [grid.values.length, grid.values[0]?.length || 0];
  if (!grid.heads && rows <= extent.brief && columns <= extent.brief) return null;
  const first = left ? `${t("the first")} ${rows} × ${columns} · ` : "";
  return { words: `${first}${t("show fewer")}`, hint: t("Show few rows and columns again"), all: false };
}

/** @typedef {{element: HTMLElement, cells: HTMLElement[][]}} Made */

/**
 * @param {Grid} grid
 * @param {(key: string) => string} t
 * @param {Extent} extent
 * @param {(i: number, j: number) => void} point called when a cell is pointed at or has the focus
 * @returns {Made}
 */
export function makeGrid(grid, t, extent, point) {
  const table = Boolean(grid.heads);
  const box = el("div", "grid-box");
  const title = el("div", "grid-name");
  text(title, grid.name);
  const body = el("div", table ? "grid table" : "grid matrix", { role: "grid", "aria-label": grid.name });
  const across = Math.max(1, grid.values[0]?.length || 0);
  body.style.gridTemplateColumns = `${table ? "auto " : ""}repeat(${across}, max-content)`;
  if (grid.heads) body.append(row(["", ...grid.heads].map((head) => named("columnheader", head))));
  /** @type {HTMLElement[][]} */
  const cells = grid.values.map((line, i) =>
    line.map((value, j) => {
      const cell = el("span", "cell", { role: "gridcell", tabindex: i + j === 0 ? "0" : "-1" });
      text(cell, said(value));
      cell.addEventListener("pointerenter", () => point(i, j));
      cell.addEventListener("focus", () => point(i, j));
      return cell;
    }),
  );
  cells.forEach((line, i) => body.append(row(grid.names ? [named("rowheader", grid.names[i]), ...line] : line)));
  body.addEventListener("keydown", (event) => move(event, cells));
  box.append(title, body);
  const rest = remainder(grid, extent, t);
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
  const made = el("div", "line", { role: "row" });
  made.append(...cells);
  return made;
}

/** @param {string} role @param {string} words */
function named(role, words) {
  const made = el("span", "head", { role });
  text(made, words);
  return made;
}

const WAYS = /** @type {Record<string, number[]>} */ ({
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
});

/** Arrow keys go from cell to cell. @param {KeyboardEvent} event @param {HTMLElement[][]} cells */
function move(event, cells) {
  const way = WAYS[event.key];
  if (!way) return;
  const i = cells.findIndex((line) => line.includes(/** @type {HTMLElement} */ (event.target)));
  const j = cells[i]?.indexOf(/** @type {HTMLElement} */ (event.target));
  const next = cells[i + way[0]]?.[j + way[1]];
  event.preventDefault();
  event.stopPropagation();
  if (!next) return;
  cells[i][j].tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
