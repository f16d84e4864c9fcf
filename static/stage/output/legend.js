/** What the colours and shapes of the picture mean. */
import { Surface } from "../../lib/canvas.js";
import { el, text } from "../../lib/dom.js";
import { marker } from "../../lib/markers.js";
import { css, mix } from "../../lib/theme.js";

const SIZE = 14;

export class Legend {
  /** @param {import("../../lib/i18n.js").Words} words */
  constructor(words) {
    this.t = words.t;
    this.element = el("div", "legend");
  }

  /**
   * @param {import("../../live/types.js").Scene} scene
   * @param {import("../../lib/theme.js").Theme} theme
   * @param {boolean} test whether test points are shown
   */
  show(scene, theme, test) {
    const { task, classes, curve, legend } = scene;
    const label = el("div", "what");
    text(label, legend.label);
    const marks = (/** @type {number} */ k) =>
      (test ? [false, true] : [false]).map((isTest) => mark(k, isTest, theme, theme.classes[k % theme.classes.length]));
    if (task === "multiclass")
      this.element.replaceChildren(
        ...classes.map((/** @type {string} */ name, /** @type {number} */ k) => item(...marks(k), name)),
        label,
      );
    else if (curve && task === "binary")
      this.element.replaceChildren(item(...marks(0), legend.low), item(...marks(1), legend.high), label);
    else if (curve) this.element.replaceChildren(label);
    else if (task === "binary")
      this.element.replaceChildren(item(...marks(0), legend.low), bar(theme), item(legend.high, ...marks(1)), label);
    else this.element.replaceChildren(item(legend.low), bar(theme, legend.from, legend.to), item(legend.high), label);
  }

  /** Of a unit's or a feature's own map, which is not the output. @param {import("../../lib/theme.js").Theme} theme */
  showMap(theme) {
    const label = el("div", "what");
    text(label, this.t("its value at each point"));
    this.element.replaceChildren(item(this.t("negative")), bar(theme), item(this.t("positive")), label);
  }
}

/** @param {(HTMLElement|string)[]} parts */
function item(...parts) {
  const element = el("span", "class");
  element.append(...parts);
  return element;
}

/**
 * @param {import("../../lib/theme.js").Theme} theme
 * @param {number} [from] where it begins on the scale from -1 to 1
 * @param {number} [to] where it ends
 */
function bar(theme, from = -1, to = 1) {
  const element = el("span", "bar");
  const colour = (/** @type {number} */ v) =>
    css(mix(theme.ground, v < 0 ? theme.negative : theme.positive, 0.62 * Math.min(1, Math.abs(v))));
  const stops = [from, ...(from < 0 && to > 0 ? [0] : []), to];
  element.style.background =
    "linear-gradient(90deg, " +
    `${stops.map((v) => `${colour(v)} ${((100 * (v - from)) / (to - from)).toFixed(1)}%`).join(",")})`;
  return element;
}

/**
 * @param {number} k
 * @param {boolean} test
 * @param {import("../../lib/theme.js").Theme} theme
 * @param {number[]} colour
 */
function mark(k, test, theme, colour) {
  const shape = new Surface();
  shape.resize(SIZE, SIZE);
  marker(shape.context, k, test, SIZE / 2, SIZE / 2, 4.2, css(colour), css(theme.ground));
  return shape.element;
}
