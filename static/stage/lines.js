/** A chart of lines over steps, with few ticks and the values on hover. */
import { linearTicks, logLabel, logTicks, short } from "./axis.js";
import { Surface } from "./canvas.js";
import { el } from "./dom.js";
import { css, mix } from "./theme.js";

const LEFT = 40;
const BOTTOM = 18;
const TOP = 6;
const RIGHT = 8;

/**
 * @typedef {{name: string, colour: number[], width?: number, smooth?: boolean, value: (row: number) => number}} Line
 * @typedef {{rows: number, shown: number, step: (row: number) => number, lines: Line[], log: boolean, floor?: number, unit?: boolean}} Data
 */

export class Lines {
  /** @param {string} name */
  constructor(name) {
    this.surface = new Surface(name);
    this.element = el("div", "chart");
    this.element.append(this.surface.element);
    /** @type {[number, number]|null} */ this.range = null;
    /** @type {number|null} */ this.at = null;
    this.element.addEventListener("pointermove", (event) => {
      this.at = event.clientX - this.element.getBoundingClientRect().left;
      this.again();
    });
    this.element.addEventListener("pointerleave", () => {
      this.at = null;
      this.again();
    });
  }

  layout() {
    if (this.surface.resize(Math.max(80, this.element.clientWidth), Math.max(60, this.element.clientHeight))) this.again();
  }

  /** Forget the range, which otherwise only grows. */
  reset() {
    this.range = null;
    this.reach = 1;
  }

  again() {
    if (this.data && this.theme) this.paint(this.data, this.theme);
  }

  /** @param {Data} data @param {import("./theme.js").Theme} theme */
  paint(data, theme) {
    this.data = data;
    this.theme = theme;
    const { context, width, height } = this.surface;
    if (!width) return;
    this.surface.clear();
    const last = data.rows ? data.step(data.rows - 1) : 1;
    // A little room ahead, in steps of a fifth, so that the axis does not crawl.
    this.reach = this.reach && this.reach >= last && this.reach < 4 * last ? this.reach : niceReach(last);
    const x1 = this.reach;
    const every = Math.max(1, Math.floor(data.rows / (2 * width)));
    const [low, high] = this.limits(data, every);
    const log = data.log;
    const a = log ? Math.log(low) : low;
    const b = log ? Math.log(high) : high;
    /** @param {number} v */
    const y = (v) => TOP + (1 - ((log ? Math.log(Math.max(v, low / 10)) : v) - a) / (b - a || 1)) * (height - TOP - BOTTOM);
    /** @param {number} s */
    const x = (s) => LEFT + (s / x1) * (width - LEFT - RIGHT);

    context.font = `12px ${theme.font}`;
    context.lineWidth = 1;
    context.strokeStyle = css(theme.line);
    context.fillStyle = css(theme.quiet);
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (const tick of log ? logTicks(low, high) : linearTicks(low, high, 4)) {
      const at = Math.round(y(tick)) + 0.5;
      context.beginPath();
      context.moveTo(LEFT, at);
      context.lineTo(width - RIGHT, at);
      context.stroke();
      context.fillText(log ? logLabel(tick) : short(tick), LEFT - 6, at);
    }
    context.textBaseline = "alphabetic";
    context.textAlign = "center";
    for (const tick of linearTicks(0, x1, Math.max(2, Math.floor(width / 110)))) {
      const at = x(tick);
      if (at < width - 18 || tick === 0) context.fillText(short(tick), Math.max(at, LEFT + 3), height - 4);
    }

    context.save();
    context.beginPath();
    context.rect(LEFT, TOP - 2, width - LEFT - RIGHT, height - TOP - BOTTOM + 4);
    context.clip();
    context.lineJoin = "round";
    for (const line of data.lines) {
      if (data.shown < data.rows) this.trace(line, data, data.shown - 1, data.rows, every, x, y, mix(theme.ground, line.colour, 0.3), 1, false);
      if (line.smooth) this.trace(line, data, 0, data.shown, every, x, y, mix(theme.ground, line.colour, 0.35), 1, false);
      this.trace(line, data, 0, data.shown, every, x, y, line.colour, line.width || 1.6, !!line.smooth);
    }
    context.restore();
    if (this.at !== null && data.rows) this.cross(data, theme, x, y, x1);
  }

  /**
   * @param {Line} line @param {Data} data @param {number} from @param {number} to @param {number} every
   * @param {(s: number) => number} x @param {(v: number) => number} y @param {number[]} colour @param {number} width @param {boolean} smooth
   */
  trace(line, data, from, to, every, x, y, colour, width, smooth) {
    const { context } = this.surface;
    context.strokeStyle = css(colour);
    context.lineWidth = width;
    context.beginPath();
    let pen = false;
    let mean = NaN;
    for (let i = Math.max(0, from); i < to; i = i + every < to || i === to - 1 ? i + every : to - 1) {
      let v = line.value(i);
      if (!Number.isFinite(v) || (data.log && v <= 0)) {
        pen = false;
        continue;
      }
      if (smooth) v = mean = Number.isFinite(mean) ? mean + (v - mean) * Math.min(1, 0.12 * every + 0.08) : v;
      if (pen) context.lineTo(x(data.step(i)), y(v));
      else context.moveTo(x(data.step(i)), y(v));
      pen = true;
    }
    context.stroke();
  }

  /** @param {Data} data @param {number} every @returns {[number, number]} */
  limits(data, every) {
    if (data.unit) return [0, 1];
    let low = Infinity;
    let high = -Infinity;
    for (const line of data.lines) {
      for (let i = 0; i < data.rows; i += every) {
        const v = line.value(i);
        if (!Number.isFinite(v) || (data.log && v <= 0)) continue;
        if (v < low) low = v;
        if (v > high) high = v;
      }
    }
    if (low > high) [low, high] = data.log ? [0.01, 1] : [0, 1];
    if (data.log) {
      low = Math.max(low, data.floor || 1e-12);
      high = Math.max(high, low * 3);
      // Borders at half decades: they move seldom, and then clearly.
      low = 10 ** (Math.floor(Math.log10(low * 0.95) * 2) / 2);
      high = 10 ** (Math.ceil(Math.log10(high * 1.05) * 2) / 2);
    } else {
      low = Math.min(0, low);
      high = high > low ? high * 1.05 : low + 1;
      const step = 10 ** Math.floor(Math.log10(high - low)) / 2;
      high = Math.ceil(high / step) * step;
      low = Math.floor(low / step) * step;
    }
    return [low, high];
  }

  /** @param {Data} data @param {import("./theme.js").Theme} theme @param {(s: number) => number} x @param {(v: number) => number} y @param {number} x1 */
  cross(data, theme, x, y, x1) {
    const { context, width, height } = this.surface;
    const step = (((this.at || 0) - LEFT) / (width - LEFT - RIGHT)) * x1;
    let first = 0;
    let last = data.rows - 1;
    while (first < last) {
      const middle = (first + last) >> 1;
      if (data.step(middle) < step) first = middle + 1;
      else last = middle;
    }
    const at = x(data.step(first));
    context.strokeStyle = css(theme.quiet);
    context.beginPath();
    context.moveTo(at, TOP);
    context.lineTo(at, height - BOTTOM);
    context.stroke();
    const rows = [`step ${data.step(first).toLocaleString("en")}`, ...data.lines.map((line) => `${line.name} ${precise(line.value(first))}`)];
    const wide = Math.max(...rows.map((row) => context.measureText(row).width)) + 14;
    const left = at + wide + 8 > width ? at - wide - 6 : at + 6;
    context.fillStyle = css(mix(theme.ground, theme.ink, 0.06));
    context.fillRect(left, TOP + 2, wide, rows.length * 15 + 6);
    context.textAlign = "left";
    context.textBaseline = "top";
    rows.forEach((row, i) => {
      context.fillStyle = css(i ? data.lines[i - 1].colour : theme.ink);
      context.fillText(row, left + 7, TOP + 6 + i * 15);
    });
  }
}

/** @param {number} v */
export function precise(v) {
  return Number.isFinite(v) ? (Math.abs(v) >= 1e-3 || v === 0 ? v.toPrecision(3) : v.toExponential(1)) : "–";
}

/** @param {number} last */
function niceReach(last) {
  const want = Math.max(10, last * 1.25);
  const power = 10 ** Math.floor(Math.log10(want));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((m) => m * power).find((m) => m >= want) || want;
}
