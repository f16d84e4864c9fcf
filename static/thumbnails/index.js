/** Datasets to choose by their look: a small picture of each, x1 to the right and x2 up, as everywhere. */
import { Surface, watchDensity } from "../lib/canvas.js";
import { el, text } from "../lib/dom.js";
import { mark, Words } from "../lib/i18n.js";
import { css, mix, readTheme } from "../lib/theme.js";

const SIDE = 30;
const words = new Words();

/** @typedef {{name: string, label: string, drawn: boolean}} Tile drawn: not a table, which has no picture */
/**
 * By dataset: x and y from 0 to 1, and a class, or a value from -1 to 1.
 * @typedef {Record<string, number[][]>} Points
 */

/** @typedef {{address: string, tiles: Tile[], chosen: string, regression: string[]}} Choice */
/**
 * What Streamlit hands over.
 * @typedef {object} Component
 * @property {Choice} data
 * @property {ShadowRoot|HTMLElement} parentElement
 * @property {(name: string, value: unknown) => void} setTriggerValue
 */

/** The points of all pictures by their address, once they are there. @type {Map<string, Points>} */
const pointsByAddress = new Map();

/** @param {string} address from the app's root @returns {Promise<Points>} */
async function load(address) {
  const answer = await fetch(new URL(address, document.baseURI));
  if (!answer.ok) throw new Error(`the datasets' pictures: ${answer.status}`);
  const points = await answer.json();
  pointsByAddress.set(address, points);
  return points;
}

/**
 * Called by the loader at each change of data or theme.
 * @param {Component} component
 * @returns {() => void} cleanup
 */
export function mount({ data, parentElement, setTriggerValue }) {
  const sheet = el("link", "", { rel: "stylesheet", href: new URL("./thumbnails.css", import.meta.url).href });
  const grid = words.label(el("div", "tiles", { role: "group" }), mark("Dataset"));
  grid.style.visibility = "hidden";
  for (const event of ["load", "error"]) sheet.addEventListener(event, () => (grid.style.visibility = ""));
  const tables = el("div", "tables");
  parentElement.replaceChildren(sheet, grid);
  const theme = readTheme(grid);
  /** @type {Map<string, Surface>} */
  const surfaces = new Map();
  for (const [name, colour] of Object.entries({ "--ink": theme.ink, "--hair": theme.line, "--accent": theme.primary }))
    grid.style.setProperty(name, `rgb(${colour})`);
  grid.style.fontFamily = theme.font;
  for (const tile of data.tiles) {
    const on = tile.name === data.chosen;
    const names = { title: tile.label, "aria-label": tile.label, "aria-pressed": String(on) };
    const kind = "tile" + (tile.drawn ? "" : " words");
    const button = el("button", kind, { type: "button", ...names, "data-testid": `dataset-${tile.name}` });
    button.addEventListener("click", () => !on && setTriggerValue("chosen", tile.name));
    if (tile.drawn) {
      const surface = new Surface();
      surface.resize(SIDE, SIDE); // its room, also before its points are there
      surfaces.set(tile.name, surface);
      button.append(surface.element);
    } else text(button, tile.label.split(/ ?[(（]/)[0]);
    (tile.drawn ? grid : tables).append(button);
  }
  grid.append(tables);
  /** @param {Points} points */
  const drawAll = (points) => {
    for (const [name, surface] of surfaces) {
      if (!surface.resize(SIDE, SIDE)) surface.clear();
      draw(surface, points[name] || [], data.regression.includes(name), theme);
    }
  };
  const points = pointsByAddress.get(data.address);
  if (points) drawAll(points);
  else {
    const warn = (/** @type {unknown} */ error) => console.warn("stage: no pictures to choose by", String(error));
    load(data.address).then(drawAll).catch(warn);
  }
  return watchDensity(() => drawAll(pointsByAddress.get(data.address) || {}));
}

/**
 * @param {Surface} surface
 * @param {number[][]} points
 * @param {boolean} regression
 * @param {import("../lib/theme.js").Theme} theme
 */
function draw({ context }, points, regression, theme) {
  for (const [x, y, v] of points) {
    const colour = regression
      ? mix(theme.ground, v < 0 ? theme.negative : theme.positive, Math.min(1, Math.abs(v)))
      : theme.classes[v % theme.classes.length];
    context.fillStyle = css(colour);
    context.beginPath();
    context.arc(x * SIDE, (1 - y) * SIDE, regression ? 1.8 : 1.3, 0, 2 * Math.PI);
    context.fill();
  }
}
