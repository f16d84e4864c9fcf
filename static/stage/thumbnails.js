/** Datasets to choose by their look: a small picture of each, x1 to the right and x2 up, as everywhere. */
import { el, text } from "./dom.js";
import { css, mix, readTheme } from "./theme.js";

const SIDE = 30;

/** @typedef {{name: string, label: string, drawn: boolean}} Tile drawn: not a table, which has no picture */
/** @typedef {Record<string, number[][]>} Points by dataset: x and y from 0 to 1, and a class, or a value from -1 to 1 */

/** The points of all pictures by their address, once they are there. @type {Map<string, Points>} */
const known = new Map();

/** @param {string} address from the app's root @returns {Promise<Points>} */
async function load(address) {
  const answer = await fetch(new URL(address, document.baseURI));
  if (!answer.ok) throw new Error(`the datasets' pictures: ${answer.status}`);
  const points = await answer.json();
  known.set(address, points);
  return points;
}

/**
 * Called by the loader at each change of data or theme.
 * @param {{data: {address: string, tiles: Tile[], chosen: string, locked: boolean, regression: string[]}, parentElement: ShadowRoot|HTMLElement, setTriggerValue: (name: string, value: unknown) => void}} component
 * @returns {() => void} cleanup
 */
export function mount({ data, parentElement, setTriggerValue }) {
  const sheet = el("link", "", { rel: "stylesheet", href: new URL("./thumbnails.css", import.meta.url).href });
  const grid = el("div", "tiles", { role: "group", "aria-label": "Dataset" });
  grid.style.visibility = "hidden";
  for (const event of ["load", "error"]) sheet.addEventListener(event, () => (grid.style.visibility = ""));
  const tables = el("div", "tables");
  parentElement.replaceChildren(sheet, grid);
  const theme = readTheme(grid);
  /** @type {Map<string, HTMLCanvasElement>} */
  const canvases = new Map();
  for (const [name, colour] of Object.entries({ "--ink": theme.ink, "--hair": theme.line, "--accent": theme.primary })) grid.style.setProperty(name, `rgb(${colour})`);
  grid.style.fontFamily = theme.font;
  for (const tile of data.tiles) {
    const on = tile.name === data.chosen;
    const made = el("button", "tile" + (tile.drawn ? "" : " words"), { type: "button", title: tile.label, "aria-label": tile.label, "aria-pressed": String(on), "data-testid": `dataset-${tile.name}` });
    made.disabled = data.locked;
    made.addEventListener("click", () => !on && setTriggerValue("chosen", tile.name));
    if (tile.drawn) canvases.set(tile.name, made.appendChild(el("canvas", "", { role: "presentation", width: String(2 * SIDE), height: String(2 * SIDE) })));
    else text(made, tile.label.split(" (")[0]);
    (tile.drawn ? grid : tables).append(made);
  }
  grid.append(tables);
  /** @param {Points} points */
  const drawAll = (points) => {
    for (const [name, canvas] of canvases) draw(canvas, points[name] || [], data.regression.includes(name), theme);
  };
  const points = known.get(data.address);
  if (points) drawAll(points);
  else load(data.address).then(drawAll).catch((error) => console.warn("stage: no pictures to choose by", String(error)));
  return () => {};
}

/** @param {HTMLCanvasElement} canvas @param {number[][]} points @param {boolean} regression @param {import("./theme.js").Theme} theme */
function draw(canvas, points, regression, theme) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  for (const [x, y, v] of points) {
    const colour = regression ? mix(theme.ground, v < 0 ? theme.negative : theme.positive, Math.min(1, Math.abs(v))) : theme.classes[v % theme.classes.length];
    context.fillStyle = css(colour);
    context.beginPath();
    context.arc(x * 2 * SIDE, (1 - y) * 2 * SIDE, regression ? 3.6 : 2.6, 0, 2 * Math.PI);
    context.fill();
  }
}
