/** The class as a sweep: everybody's test loss as a histogram, and everybody's learning rate against it. */
import { Surface } from "../../lib/canvas.js";
import { attribute, el, text } from "../../lib/dom.js";
import { precise, short } from "../../lib/format.js";
import { mark } from "../../lib/i18n.js";
import { css, mix } from "../../lib/theme.js";

const HEIGHT = 250;
const MARGIN = { left: 46, right: 14, top: 30, bottom: 40 };
const LEAST = 1e-4;

/**
 * @typedef {{histogram: {edges: number[], counts: number[]}, rates: {seat: number, rate: number, loss: number|null}[]}}
 * ClassNumbers
 */

export class NumbersView {
  /** @param {import("../../lib/i18n.js").Words} words */
  constructor(words) {
    this.words = words;
    this.element = el("div", "class-numbers");
    this.summary = el("p", "summary");
    this.histogram = new Surface().name(words, mark("Histogram of the test losses of the class"));
    this.rates = new Surface().name(words, mark("Learning rate against test loss of the class"));
    this.element.append(this.summary);
    for (const [title, surface] of /** @type {[string, Surface][]} */ ([
      [mark("Everybody's test loss"), this.histogram],
      [mark("Everybody's learning rate and test loss"), this.rates],
    ])) {
      const figure = el("figure", "chart");
      figure.append(words.write(el("figcaption"), title), surface.element);
      this.element.append(figure);
    }
    /** @type {ClassNumbers} */ this.numbers = { histogram: { edges: [], counts: [] }, rates: [] };
    this.width = 0;
  }

  /** @param {ClassNumbers} numbers @param {import("../../lib/theme.js").Theme} theme */
  show(numbers, theme) {
    this.numbers = numbers;
    const losses = numbers.rates.flatMap(({ loss }) => (loss === null ? [] : [loss])).sort((a, b) => a - b);
    const diverged = numbers.rates.length - losses.length;
    const { words } = this;
    const middle = losses.length % 2 ? losses[(losses.length - 1) / 2] : mean(losses, losses.length / 2);
    const several = words.n(
      "{count} network; the median test loss is {loss}.",
      "{count} networks; the median test loss is {loss}.",
      losses.length,
      { loss: precise(middle) },
    );
    const gone = words.n("{count} has diverged.", "{count} have diverged.", diverged);
    text(
      this.summary,
      losses.length
        ? diverged
          ? words.t("{sentence} {next_sentence}", { sentence: several, next_sentence: gone })
          : several
        : words.t("No network has a loss yet."),
    );
    this.paint(theme);
  }

  /** @param {import("../../lib/theme.js").Theme} theme */
  paint(theme) {
    const figure = /** @type {HTMLElement} */ (this.element.querySelector("figure"));
    const width = Math.floor(figure.clientWidth);
    if (!width) return;
    for (const surface of [this.histogram, this.rates]) if (!surface.resize(width, HEIGHT)) surface.clear();
    this.paintHistogram(width, theme);
    this.paintRates(width, theme);
  }

  /** @param {number} width @param {import("../../lib/theme.js").Theme} theme */
  paintHistogram(width, theme) {
    const { edges, counts } = this.numbers.histogram;
    if (!counts.length) return;
    const { context } = this.histogram;
    const x = scale(edges[0], edges[edges.length - 1], MARGIN.left, width - MARGIN.right);
    const most = Math.max(...counts);
    const bottom = HEIGHT - MARGIN.bottom;
    const y = (/** @type {number} */ value) => bottom - (value / most) * (bottom - MARGIN.top);
    writeAxes(context, width, theme, this.words.t("test loss"), this.words.t("students"));
    context.fillStyle = css(mix(theme.ground, theme.primary, 0.75));
    counts.forEach((value, i) => {
      const [from, to] = [x(edges[i]), x(edges[i + 1])];
      if (value) context.fillRect(from + 1, y(value), Math.max(1, to - from - 2), bottom - y(value));
    });
    context.fillStyle = css(theme.quiet);
    context.textAlign = "right";
    context.textBaseline = "middle";
    const every = Math.max(1, Math.ceil(most / 5));
    for (let value = 0; value <= most; value += every) context.fillText(String(value), MARGIN.left - 6, y(value));
    writeTicks(context, edges[0], edges[edges.length - 1], x, theme);
    attribute(this.histogram.element, "data-students", String(counts.reduce((sum, value) => sum + value, 0)));
  }

  /** @param {number} width @param {import("../../lib/theme.js").Theme} theme */
  paintRates(width, theme) {
    const rows = this.numbers.rates.filter(({ rate }) => rate > 0);
    if (!rows.length) return;
    const { context } = this.rates;
    const losses = rows.flatMap(({ loss }) => (loss === null ? [] : [Math.max(LEAST, loss)]));
    const x = padded(
      rows.map(({ rate }) => rate),
      MARGIN.left,
      width - MARGIN.right,
    );
    const y = padded(losses.length ? losses : [1], HEIGHT - MARGIN.bottom, MARGIN.top + 18);
    writeAxes(context, width, theme, this.words.t("learning rate"), this.words.t("test loss"));
    writeTicks(context, x.low, x.high, x.at, theme);
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const tick of ticksOf(y.low, y.high)) context.fillText(short(tick), MARGIN.left - 6, y.at(tick));
    for (const { rate, loss } of rows) {
      context.fillStyle = css(loss === null ? theme.negative : theme.primary);
      context.globalAlpha = 0.75;
      context.beginPath();
      if (loss === null) triangle(context, x.at(rate), MARGIN.top + 6);
      else context.arc(x.at(rate), y.at(Math.max(LEAST, loss)), 4.5, 0, 2 * Math.PI);
      context.fill();
      context.globalAlpha = 1;
    }
    if (losses.length < rows.length) {
      context.fillStyle = css(theme.quiet);
      context.textAlign = "right";
      context.fillText(this.words.t("▲ diverged"), width - MARGIN.right, 12);
    }
  }
}

/** @param {number[]} sorted @param {number} i */
const mean = (sorted, i) => (sorted.length ? (sorted[i - 1] + sorted[i]) / 2 : NaN);

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y */
function triangle(context, x, y) {
  context.moveTo(x, y - 5);
  context.lineTo(x + 5, y + 4);
  context.lineTo(x - 5, y + 4);
}

/**
 * A logarithmic axis.
 * @param {number} low @param {number} high @param {number} from @param {number} to
 */
function scale(low, high, from, to) {
  const [start, end] = [Math.log10(low), Math.log10(high)];
  return (/** @type {number} */ value) => from + ((Math.log10(value) - start) / (end - start || 1)) * (to - from);
}

/** An axis with some room at its ends. @param {number[]} values @param {number} from @param {number} to */
function padded(values, from, to) {
  const [low, high] = [Math.min(...values) / 1.8, Math.max(...values) * 1.8];
  return { low, high, at: scale(low, high, from, to) };
}

/** Powers of ten within, and multiples of them where those are few. @param {number} low @param {number} high */
function ticksOf(low, high) {
  const from = Math.floor(Math.log10(low));
  const to = Math.ceil(Math.log10(high));
  const decades = Math.log10(high / low);
  const factors = decades > 3 ? [1] : decades > 1 ? [1, 2, 5] : [1, 1.5, 2, 3, 5, 7];
  const ticks = [];
  for (let power = from; power <= to; power++)
    for (const factor of factors)
      if (factor * 10 ** power >= low && factor * 10 ** power <= high) ticks.push(factor * 10 ** power);
  return ticks;
}

/**
 * @param {CanvasRenderingContext2D} context @param {number} low @param {number} high
 * @param {(value: number) => number} at @param {import("../../lib/theme.js").Theme} theme
 */
function writeTicks(context, low, high, at, theme) {
  context.fillStyle = css(theme.quiet);
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const tick of ticksOf(low, high)) context.fillText(short(tick), at(tick), HEIGHT - MARGIN.bottom + 6);
}

/**
 * @param {CanvasRenderingContext2D} context @param {number} width @param {import("../../lib/theme.js").Theme} theme
 * @param {string} across @param {string} up
 */
function writeAxes(context, width, theme, across, up) {
  context.font = `12px ${theme.font}`;
  context.strokeStyle = css(theme.line);
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(MARGIN.left, MARGIN.top);
  context.lineTo(MARGIN.left, HEIGHT - MARGIN.bottom + 0.5);
  context.lineTo(width - MARGIN.right, HEIGHT - MARGIN.bottom + 0.5);
  context.stroke();
  context.fillStyle = css(theme.quiet);
  context.textAlign = "right";
  context.textBaseline = "bottom";
  context.fillText(across, width - MARGIN.right, HEIGHT - 4);
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(up, 2, 12);
}
