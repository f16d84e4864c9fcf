/**
 * A chart of lines over steps. While it plays only the newest piece of each line is drawn; all of it when an axis
 * changes.
 */
import { limits, linearTicks, logTicks, reach } from "./axis.js";
import { Surface } from "../lib/canvas.js";
import { Crosshair } from "./crosshair.js";
import { el, text } from "../lib/dom.js";
import { logLabel, short } from "../lib/format.js";
import { css, mix } from "../lib/theme.js";

export const LEFT = 40;
const BOTTOM = 20;
const TOP = 8;
export const RIGHT = 10;
/** Pieces shorter than this wait for the next ones: many tiny ones would look rough. CSS pixels. */
const PIECE = 1.5;
/** How much wider lines are that are to be seen from far away. */
const THICK = 1.5;
/** The height of a mark's label. */
const ROW = 17;
/** Of a branch's name at the end of its line. */
const LABEL_HEIGHT = 13;
/** Points of a curve that are asked at most whether a label would lie on them. */
const PROBES = 160;

/**
 * @typedef {{name: string, colour: number[], width?: number, smooth?: boolean, faint?: number, values: number[]}} Line
 * @typedef {{label: string, colour: number[], steps: number[], values: number[]}} Ghost another branch's line, faint
 *
 * @typedef {object} Data
 * @property {string} key changes when rows or lines change that were there before
 * @property {number[]} steps
 * @property {number} shown rows up to the frame that is shown
 * @property {number} seen rows up to the latest frame that was shown
 * @property {Line[]} lines
 * @property {boolean} log
 * @property {number} floor
 * @property {boolean} [unit] from 0 to 1
 * @property {Ghost[]} [ghosts]
 * @property {({step: number, label: string}|null)[]} [marks]
 *
 * @typedef {{raw: number, smooth: number, mean: number, x: number}} Pen
 */

export class LineChart {
  /** @param {import("../lib/i18n.js").Words} words @param {string} name */
  constructor(words, name) {
    this.axes = new Surface();
    this.ink = new Surface().name(words, name);
    this.veil = el("div", "veil");
    this.element = el("div", "chart");
    this.crosshair = new Crosshair(this.element, words);
    /** Time constant of the smoothed line as a share of the axis. */
    this.smooth = 0.008;
    this.flags = ["best", "stop"].map((name) => {
      const flag = el("div", "flag", { "data-flag": name });
      flag.append(el("span"));
      return flag;
    });
    this.element.append(this.axes.element, this.ink.element, this.veil, ...this.flags, this.crosshair.element);
    /** Limits of the value axis. */
    this.low = 0;
    this.high = 1;
    /** Where the axis of steps ends, how many rows are drawn, and of which data. */
    this.reach = 0;
    this.drawn = 0;
    this.key = "";
    /** Where the veil begins, -1 for nowhere. @type {number|undefined} */ this.covered = undefined;
    /** @type {Pen[]} */ this.pens = [];
  }

  /** Forget what was drawn, and the axes, which otherwise only grow. */
  reset() {
    this.reach = 0;
    this.drawn = 0;
    this.key = "";
    this.pens = [];
  }

  /** Show nothing: there are no rows. */
  empty() {
    this.reset();
    this.data = undefined;
    this.axes.clear();
    this.ink.clear();
    this.veil.style.visibility = "hidden";
    this.crosshair.hide();
    this.crosshair.data = undefined;
    for (const flag of this.flags) flag.style.visibility = "hidden";
  }

  layout() {
    const { clientWidth: width, clientHeight: height } = this.element;
    this.ink.resize(Math.max(80, width), Math.max(60, height));
    if (this.axes.resize(Math.max(80, width), Math.max(60, height))) this.redrawAll();
  }

  /** Draw all anew, as after a change of colours or size. */
  redrawAll() {
    if (!this.data || !this.theme) return;
    this.redraw(this.data, this.rows(this.data));
    this.cover(this.data);
  }

  /** @param {Data} data @param {import("../lib/theme.js").Theme} theme */
  paint(data, theme) {
    const same = this.key === data.key && this.theme === theme;
    if (this.key !== data.key) this.drawn = 0;
    this.data = data;
    this.theme = theme;
    this.key = data.key;
    const to = this.rows(data);
    if (!same || !this.extend(data, to)) this.redraw(data, to);
    this.cover(data);
    let row = -1;
    this.flags.forEach((flag, i) => (row = this.placeFlag(flag, data.marks?.[i], row)));
  }

  /** How many rows are drawn: those that were shown once stay while time is gone back in. @param {Data} data */
  rows(data) {
    return Math.max(this.drawn, data.shown, data.seen);
  }

  /**
   * A step worth a mark; tells in which row its label stands, from below.
   * @param {HTMLElement} flag
   * @param {{step: number, label: string}|null|undefined} mark
   * @param {number} otherRow that of another label
   */
  placeFlag(flag, mark, otherRow) {
    const { width, height } = this.ink;
    const at = mark ? Math.round(this.x(mark.step)) : 0;
    const label = /** @type {HTMLElement} */ (flag.firstChild);
    text(label, mark?.label || "");
    const labelWidth = mark ? label.offsetWidth + 8 : 0; // as large as a projector's type makes it
    const sides = [at + labelWidth <= width ? at : NaN, at - labelWidth >= LEFT ? at - labelWidth : NaN].filter(
      (from) => !Number.isNaN(from),
    );
    flag.style.visibility = mark && sides.length ? "visible" : "hidden";
    if (!mark || !sides.length) return 0;
    flag.style.transform = `translateX(${at}px)`;
    // Where no curve runs: from the bottom up, to the right of its step or to the left.
    const rowsUp = Math.max(1, Math.floor((height - TOP - BOTTOM) / ROW));
    const places = Array.from({ length: rowsUp }, (_, up) => sides.map((from) => ({ up, from })))
      .flat()
      .filter(({ up }) => up !== otherRow);
    const isFree = (/** @type {{up: number, from: number}} */ { up, from }) =>
      !this.crosses(from, from + labelWidth, height - BOTTOM - (up + 1) * ROW - 2, height - BOTTOM - up * ROW + 2);
    const stays = places.find(
      ({ up, from }) =>
        String(up) === flag.dataset.up && from < at === flag.classList.contains("left") && isFree({ up, from }),
    );
    const place = stays || places.find(isFree) || places[0];
    flag.dataset.up = String(place.up);
    flag.style.setProperty("--up", `${2 + place.up * ROW}px`);
    flag.classList.toggle("left", place.from < at);
    return place.up;
  }

  /**
   * Whether a curve runs through a box of the chart.
   * @param {number} left
   * @param {number} right
   * @param {number} top
   * @param {number} bottom
   */
  crosses(left, right, top, bottom) {
    const { steps, lines, shown, ghosts = [] } = /** @type {Data} */ (this.data);
    const runs = (/** @type {number[]} */ at, /** @type {number[]} */ values, /** @type {number} */ many) => {
      const every = Math.ceil(many / PROBES);
      let before = NaN;
      for (let i = 0; i < many; i += every) {
        const x = this.x(at[i]);
        if (x > right) return false;
        const y = this.y(values[i]);
        if (x >= left && Math.min(y, before || y) <= bottom && Math.max(y, before || y) >= top) return true;
        before = y;
      }
      return false;
    };
    return (
      lines.some(({ values }) => runs(steps, values, Math.max(shown, this.drawn))) ||
      ghosts.some((line) => runs(line.steps, line.values, line.steps.length))
    );
  }

  /** What lies after the frame that is shown steps back. @param {Data} data */
  cover(data) {
    const back = data.shown < this.drawn;
    const at = back ? Math.round(this.x(data.steps[data.shown - 1] ?? 0)) : -1;
    if (at === this.covered) return;
    this.covered = at;
    this.veil.style.visibility = back ? "visible" : "hidden";
    if (back) this.veil.style.transform = `translateX(${at}px)`;
  }

  /** @param {number} step */
  x(step) {
    return LEFT + (step / this.reach) * (this.ink.width - LEFT - RIGHT);
  }

  /** @param {number} v */
  y(v) {
    const { low, high } = this;
    const share = this.log ? Math.log(Math.max(v, low) / low) / Math.log(high / low) : (v - low) / (high - low);
    return TOP + (1 - share) * (this.ink.height - TOP - BOTTOM);
  }

  /** Draw the rows that came; false when they do not fit the axes. @param {Data} data @param {number} to */
  extend(data, to) {
    if (to === this.drawn) return true;
    if (data.steps[to - 1] > this.reach) return false;
    for (const { values } of data.lines) {
      for (let i = this.drawn; i < to; i++) if (this.outside(values[i], data)) return false;
    }
    if (this.pens[0] && this.x(data.steps[to - 1]) - this.pens[0].x < PIECE) return true;
    data.lines.forEach((line, i) => this.trace(line, data, this.pens[i], this.drawn, to));
    this.drawn = to;
    return true;
  }

  /** @param {number} v @param {Data} data */
  outside(v, data) {
    if (data.unit) return false;
    return v > this.high || (v < this.low && (!data.log || (v > 0 && this.low > data.floor)));
  }

  /** @param {Data} data @param {number} to */
  redraw(data, to) {
    const { steps, lines } = data;
    if (!this.ink.width) return;
    const ghosts = data.ghosts || [];
    this.reach = reach(
      Math.max(1, ...[steps, ...ghosts.map((line) => line.steps)].map((line) => line[line.length - 1] ?? 0)),
      this.reach,
    );
    [this.low, this.high] = data.unit
      ? [0, 1]
      : limits(
          [...lines, ...ghosts].map((line) => line.values),
          data.log,
          data.floor,
        );
    this.log = data.log;
    this.drawAxes();
    /** @type {[number, number][]} */ this.labels = [];
    for (const ghost of ghosts) this.drawGhost(ghost);
    this.ink.clear();
    this.pens = lines.map(() => ({ raw: NaN, smooth: NaN, mean: NaN, x: 0 }));
    lines.forEach((line, i) => this.trace(line, data, this.pens[i], 0, to));
    this.drawn = to;
    this.covered = -2;
    this.crosshair.use(data, (step) => this.x(step), this.reach);
  }

  /**
   * The raw line, faint, goes beneath all that is there; the smoothed one on top.
   * @param {Line} line
   * @param {Data} data
   * @param {Pen} pen where the last piece ended
   * @param {number} from
   * @param {number} to
   */
  trace(line, data, pen, from, to) {
    const { context } = this.ink;
    const theme = /** @type {import("../lib/theme.js").Theme} */ (this.theme);
    const raw = new Path2D();
    const smooth = new Path2D();
    const { steps } = data;
    const span = this.smooth * this.reach;
    if (Number.isFinite(pen.raw)) raw.moveTo(pen.x, pen.raw);
    if (Number.isFinite(pen.smooth)) smooth.moveTo(pen.x, pen.smooth);
    for (let i = from; i < to; i++) {
      const v = line.values[i];
      const x = this.x(steps[i]);
      if (!Number.isFinite(v) || (data.log && v <= 0)) {
        pen.raw = pen.smooth = NaN;
        continue;
      }
      const y = this.y(v);
      if (Number.isFinite(pen.raw)) raw.lineTo(x, y);
      else raw.moveTo(x, y);
      // Smoothed where it is drawn, so that a log axis gets a mean of logs.
      const share = 1 - Math.exp(-(steps[i] - (steps[i - 1] ?? 0)) / span);
      pen.mean = Number.isFinite(pen.mean) ? pen.mean + (y - pen.mean) * share : y;
      if (Number.isFinite(pen.smooth)) smooth.lineTo(x, pen.mean);
      else smooth.moveTo(x, pen.mean);
      pen.raw = y;
      pen.smooth = pen.mean;
    }
    if (to > from) pen.x = this.x(steps[to - 1]);
    context.lineJoin = "round";
    const width = (line.width || 1.6) * (theme.thick ? THICK : 1);
    context.lineWidth = line.smooth ? Math.min(width, theme.thick ? 1.75 : 1) : width;
    context.strokeStyle = css(line.smooth ? mix(theme.ground, line.colour, line.faint ?? 0.38) : line.colour);
    context.globalCompositeOperation = "destination-over";
    context.stroke(raw);
    context.globalCompositeOperation = "source-over";
    if (!line.smooth) return;
    context.lineWidth = width;
    context.strokeStyle = css(line.colour);
    context.stroke(smooth);
  }

  /** @param {Ghost} ghost */
  drawGhost({ label, colour, steps, values }) {
    const { context } = this.axes;
    context.strokeStyle = css(colour);
    context.fillStyle = css(colour);
    context.lineWidth = 1.3;
    context.setLineDash([5, 3]);
    context.beginPath();
    steps.forEach(
      (step, i) =>
        Number.isFinite(values[i]) && (!this.log || values[i] > 0) && context.lineTo(this.x(step), this.y(values[i])),
    );
    context.stroke();
    context.setLineDash([]);
    context.textAlign = "left";
    const last = values.length - 1;
    if (last < 0 || !Number.isFinite(values[last])) return;
    const width = context.measureText(label).width;
    const x = Math.min(this.x(steps[last]) + 3, this.axes.width - width - 2);
    const y = this.freeHeight(x, this.y(values[last]), width);
    context.fillText(label, x, y);
    this.labels?.push([x, y]);
  }

  /**
   * The height nearest to ``y`` at which no label of so much ``width`` stands.
   * @param {number} x
   * @param {number} y
   * @param {number} width
   */
  freeHeight(x, y, width) {
    const isFree = (/** @type {number} */ at) =>
      !this.labels?.some(([left, top]) => Math.abs(left - x) < width && Math.abs(top - at) < LABEL_HEIGHT);
    const heights = [0, 1, -1, 2, -2, 3, -3].map((rows) => y + rows * LABEL_HEIGHT);
    return heights.find((at) => at > TOP && at < this.axes.height - BOTTOM && isFree(at)) ?? y;
  }

  drawAxes() {
    const { context, width, height } = this.axes;
    const { low, high, log } = this;
    const theme = /** @type {import("../lib/theme.js").Theme} */ (this.theme);
    this.axes.clear();
    context.font = `12px ${theme.font}`;
    context.strokeStyle = css(theme.line);
    context.fillStyle = css(theme.quiet);
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (const tick of log ? logTicks(low, high, height - TOP - BOTTOM) : linearTicks(low, high, 4)) {
      const at = Math.round(this.y(tick)) + 0.5;
      context.beginPath();
      context.moveTo(LEFT, at);
      context.lineTo(width - RIGHT, at);
      context.stroke();
      context.fillText(log ? logLabel(tick) : short(tick), LEFT - 6, at);
    }
    context.textBaseline = "alphabetic";
    context.textAlign = "center";
    for (const tick of linearTicks(0, this.reach, Math.max(2, Math.floor(width / 84)))) {
      const at = this.x(tick);
      if (at < width - 16) context.fillText(short(tick), Math.max(at, LEFT + 3), height - 4);
    }
  }
}
