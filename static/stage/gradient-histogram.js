/**
 * Gradients by layer: a row a layer, how its gradients are spread over sizes, and their norm. Vanishing drifts to the
 * left from row to row.
 */
import { Surface } from "../lib/canvas.js";
import { el } from "../lib/dom.js";
import { helpOf } from "./help.js";
import { percent, powerOfTen, precise } from "../lib/format.js";
import { mark } from "../lib/i18n.js";
import { css, mix } from "../lib/theme.js";

const LEFT = 52;
const NORM = 44;
/** Right of the bins: norms, and words in full where the chart is as wide as this, else cut short. */
const RIGHT = { full: 148, short: 112 };
const FULL_WIDTH = 320;
const TOP = 18;
const BOTTOM = 22;
const ROW = 26;
/** Decades from one tick to the next, and pixels that one with its label needs. */
const EVERY = [2, 4, 8];
const TICK_WIDTH = 32;
const SHADES = 64;
/** Shares of units, dead or saturated, from which on it is said. */
const NOTABLE = { dead: 0.005, saturated: 0.3 };
/** Numbers that change with each frame cannot be read: milliseconds between two. */
const CALM = 120;

export class GradientHistogram {
  /** @param {import("../lib/i18n.js").Words} words */
  constructor(words) {
    this.t = words.t;
    this.axes = new Surface();
    this.cells = new Surface().name(words, mark("Sizes of the gradients in each layer, from input to output"));
    this.numbers = new Surface();
    this.element = el("div", "chart");
    words.track(this.element, (element) => (element.title = words.t(helpOf(".panel.bins"))));
    this.element.append(this.axes.element, this.cells.element, this.numbers.element);
    this.writtenText = "";
    this.writtenAt = 0;
    /** Height of a row in CSS pixels, 0 before it is known. */
    this.row = 0;
  }

  layout() {
    const { clientWidth, clientHeight } = this.element;
    const [width, height] = [Math.max(80, clientWidth), Math.max(60, clientHeight)];
    this.cells.resize(width, height);
    this.numbers.resize(width, height);
    if (this.axes.resize(width, height)) this.redrawAll();
  }

  /**
   * @param {import("../live/types.js").Scene} scene
   * @param {import("../live/types.js").ScalarNames} names
   * @param {import("../lib/theme.js").Theme} theme
   */
  show(scene, names, theme) {
    this.scene = scene;
    this.theme = theme;
    const at = (/** @type {string} */ name) => names.layer_scalars.indexOf(name);
    this.at = { norm: at("gradient_norm"), dead: at("dead"), saturated: at("saturated") };
    this.shades = Array.from({ length: SHADES + 1 }, (_, i) => css(mix(theme.ground, theme.positive, i / SHADES)));
    this.frame = undefined;
    this.redrawAll();
  }

  /** Pixels right of the bins. */
  get right() {
    return this.axes.width >= FULL_WIDTH ? RIGHT.full : RIGHT.short;
  }

  empty() {
    this.frame = undefined;
    this.cells.clear();
    this.numbers.clear();
  }

  redrawAll() {
    if (!this.scene || !this.axes.width) return;
    this.row = Math.min(ROW, (this.axes.height - TOP - BOTTOM) / this.scene.layers.length);
    this.drawAxes();
    this.writtenText = "";
    if (this.frame) this.paint(this.frame, false);
  }

  /**
   * @param {import("../live/types.js").Frame} frame
   * @param {boolean} moving whether the next frame follows at once
   */
  paint(frame, moving) {
    this.frame = frame;
    const { context, width } = this.cells;
    if (!this.scene || !this.row || !this.shades) return;
    this.cells.clear();
    const depth = this.scene.layers.length;
    const many = frame.bins.length / depth;
    const cell = (width - LEFT - this.right) / many;
    for (let i = 0; i < depth; i++) {
      const top = Math.round(TOP + i * this.row) + 1;
      const height = Math.round(TOP + (i + 1) * this.row) - top - 1;
      for (let j = 0; j < many; j++) {
        const share = frame.bins[i * many + j];
        if (!share) continue;
        // By the root, so that the few gradients at the ends are seen too.
        context.fillStyle = this.shades[Math.min(SHADES, 8 + Math.round(84 * Math.sqrt(share / 255)))];
        context.fillRect(LEFT + j * cell, top, cell - 1, height);
      }
    }
    this.writeNumbers(frame, moving);
  }

  /** @param {import("../live/types.js").Frame} frame @param {boolean} moving */
  writeNumbers(frame, moving) {
    const now = performance.now();
    if (moving && now - this.writtenAt < CALM) return;
    const depth = this.scene?.layers.length || 0;
    const each = frame.layers.length / depth;
    const { norm, dead, saturated } = this.at || { norm: 0, dead: 0, saturated: 0 };
    const rows = Array.from({ length: depth }, (_, i) => {
      const of = (/** @type {number} */ k) => frame.layers[i * each + k];
      return [precise(of(norm), 2), trouble(of(dead), of(saturated), this.t, this.right === RIGHT.full)];
    });
    const content = rows.join();
    if (content === this.writtenText) return;
    this.writtenText = content;
    this.writtenAt = now;
    const { context, width } = this.numbers;
    const theme = /** @type {import("../lib/theme.js").Theme} */ (this.theme);
    this.numbers.clear();
    if (this.row < 9) return;
    context.font = `12px ${theme.font}`;
    context.textBaseline = "middle";
    context.textAlign = "right";
    rows.forEach(([size, lost], i) => {
      const middle = TOP + (i + 0.5) * this.row;
      context.fillStyle = css(theme.ink);
      context.fillText(size, width - this.right + NORM, middle);
      context.fillStyle = css(theme.negative);
      if (lost) context.fillText(lost, width, middle);
    });
  }

  drawAxes() {
    const { context, width } = this.axes;
    const { layers, bins } = this.scene || { layers: [], bins: { low: NaN, high: NaN } };
    const theme = /** @type {import("../lib/theme.js").Theme} */ (this.theme);
    const right = width - this.right;
    this.axes.clear();
    context.font = `12px ${theme.font}`;
    context.textBaseline = "middle";
    context.fillStyle = css(theme.quiet);
    context.textAlign = "right";
    const [low, high] = [this.t("← vanishing"), this.t("exploding →")];
    // Where it is narrow, the lower word begins over the names, which have no head.
    const wanted = context.measureText(`${low}  ${high}`).width;
    const begin = wanted <= right - LEFT ? LEFT : 0;
    const fits = wanted <= right - begin;
    context.fillText(fits ? high : "→", right, TOP / 2);
    context.fillText(this.t("norm"), right + NORM, TOP / 2);
    context.textAlign = "left";
    context.fillText(fits ? low : "←", fits ? begin : LEFT, TOP / 2);
    layers.forEach((/** @type {string} */ name, /** @type {number} */ i) => {
      if (this.row > 9) context.fillText(layerName(this.t, name), 0, TOP + (i + 0.5) * this.row);
    });
    const bottom = TOP + layers.length * this.row;
    const x = (/** @type {number} */ exponent) =>
      LEFT + ((exponent - bins.low) / (bins.high - bins.low)) * (right - LEFT);
    const decade = (right - LEFT) / (bins.high - bins.low);
    const every = EVERY.find((decades) => decades * decade >= TICK_WIDTH) ?? bins.high - bins.low; // then 1 alone
    context.textAlign = "center";
    for (let e = Math.ceil(bins.low / every) * every; e <= bins.high; e += every) {
      if (e === bins.low || e === bins.high) continue;
      context.fillRect(Math.round(x(e)), bottom, 1, 3);
      context.fillText(powerOfTen(e), x(e), bottom + 12);
    }
  }
}

/**
 * What share of a layer does not learn, in words where it is worth a word.
 * @param {number} dead
 * @param {number} saturated
 * @param {import("../lib/i18n.js").Words["t"]} t
 * @param {boolean} full whether there is room for whole words
 */
export function trouble(dead, saturated, t, full) {
  if (dead > NOTABLE.dead) return t("{share} dead", { share: percent(t, dead) });
  if (saturated <= NOTABLE.saturated) return "";
  const share = percent(t, saturated);
  return full ? t("{share} saturated", { share }) : t("{share} sat.", { share });
}

/**
 * A layer's name in the language.
 * @param {import("../lib/i18n.js").Words["t"]} t
 * @param {string} name "layer 3", or "output"
 */
export function layerName(t, name) {
  const layer = /^layer (\d+)$/.exec(name)?.[1];
  if (layer) return t("layer {layer}", { layer });
  return name === "output" ? t("output") : name;
}
