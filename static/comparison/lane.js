/** One lane: its name, its number, and its picture with points and the path that was taken. */
import { Surface } from "../lib/canvas.js";
import { el, text } from "../lib/dom.js";
import { marker } from "../lib/markers.js";
import { precise } from "../lib/format.js";
import { mark } from "../lib/i18n.js";
import { categorical, css, diverging, mix } from "../lib/theme.js";

/** Places of the path that are drawn at most. */
const TRAIL = 800;
/** Room for the names of the picture's rows, at its left. */
const GUTTER = 30;

/** Colours of the 256 shades from nothing to much, as RGBA words. @param {import("../lib/theme.js").Theme} theme */
function growing(theme) {
  const shades = new Uint8ClampedArray(256 * 4);
  for (let i = 0; i < 256; i++) {
    const share = i / 255;
    const c =
      share < 0.7
        ? mix(theme.ground, theme.positive, share / 0.7)
        : mix(theme.positive, theme.ink, (share - 0.7) / 0.75);
    shades.set([c[0], c[1], c[2], 255], i * 4);
  }
  return new Uint32Array(shades.buffer);
}

export class Lane {
  /** @param {import("../lib/i18n.js").Words} words @param {number} index */
  constructor(words, index) {
    this.index = index;
    this.element = el("section", "lane", { "data-testid": `lane-${index}` });
    this.swatch = el("span", "swatch");
    this.name = el("h2");
    this.value = el("span", "value");
    this.note = el("div", "hint");
    const head = el("div", "lane-head");
    head.append(this.swatch, this.name, this.value);
    this.map = new Surface().name(words, mark("Picture of this lane"));
    this.over = new Surface();
    this.square = el("div", "lane-picture");
    this.square.append(this.map.element, this.over.element);
    this.element.append(head, this.square, this.note);
    /** What is drawn over the picture, so that it is not drawn again. */
    this.drawn = "";
    /** @type {import("../live/types.js").ComparisonScene|undefined} */ this.drawnFor = undefined;
    this.small = document.createElement("canvas");
    this.brush = /** @type {CanvasRenderingContext2D} */ (this.small.getContext("2d"));
  }

  /**
   * @param {import("../live/types.js").ComparisonScene} scene
   * @param {import("../lib/theme.js").Theme} theme
   * @param {number[]} colour
   */
  show(scene, theme, colour) {
    this.scene = scene;
    this.theme = theme;
    const { kind, classes } = scene.picture;
    this.planes = kind === "categorical" ? 2 : 1;
    this.shades =
      kind === "categorical"
        ? categorical(theme, classes ?? 0, false)
        : kind === "growing"
          ? growing(theme)
          : diverging(theme, 0.62);
    text(this.name, scene.lanes[this.index].name);
    this.name.title = scene.lanes[this.index].hint || "";
    this.map.element.setAttribute("aria-label", scene.lanes[this.index].name);
    this.swatch.style.background = css(colour);
    this.swatch.style.display = scene.lanes.length > 1 ? "" : "none";
    this.layout(true);
  }

  /** @param {boolean} [anew] */
  layout(anew) {
    if (!this.scene) return;
    const { picture } = this.scene;
    const width = Math.max(80, this.square.clientWidth);
    const height = Math.round(width * (picture.ratio || picture.rows / picture.cols));
    const gutter = this.scene.rowNames ? GUTTER : 0;
    this.square.style.setProperty("--gutter", `${gutter}px`);
    if (!this.map.resize(width - gutter, height) && !anew) return;
    if (this.over.resize(width, height)) this.drawn = "";
    this.square.style.height = `${height}px`;
    if (this.last) this.paint(this.last.frame, this.last.past);
  }

  /** What was drawn belongs to another scene. */
  forget() {
    this.drawn = "";
    this.last = undefined;
  }

  /**
   * @param {string|[number, string, string]} caption a sentence; or a step, what is said before it, and
   * what is said from then on
   */
  setCaption(caption) {
    this.caption = caption;
    this.note.title = typeof caption === "string" ? caption : caption[2];
    this.write();
  }

  /** Say what is known at the frame that is shown. */
  write() {
    const { caption, last } = this;
    if (caption === undefined) return;
    text(
      this.note,
      typeof caption === "string" ? caption : last && last.frame.step >= caption[0] ? caption[2] : caption[1],
    );
  }

  /** @param {any} frame @param {any[]} past the frames before, for the path */
  paint(frame, past) {
    this.last = { frame, past };
    this.write();
    const { scene, shades, planes } = this;
    if (!scene || !shades || !planes || !this.map.width) return;
    const { rows, cols, smooth } = scene.picture;
    const cells = rows * cols;
    const at = scene.picture.shared ? 0 : this.index * planes * cells;
    if (this.small.width !== cols || this.small.height !== rows || !this.image) {
      this.small.width = cols;
      this.small.height = rows;
      this.image = this.brush.createImageData(cols, rows);
      this.pixels = new Uint32Array(this.image.data.buffer);
    }
    const pixels = /** @type {Uint32Array} */ (this.pixels);
    const map = scene.backdrop || frame.map;
    if (planes === 1) for (let i = 0; i < cells; i++) pixels[i] = shades[map[at + i]];
    else for (let i = 0; i < cells; i++) pixels[i] = shades[map[at + i] * 256 + map[at + cells + i]];
    this.brush.putImageData(this.image, 0, 0);
    const { context, width, height } = this.map;
    context.imageSmoothingEnabled = smooth !== false;
    context.drawImage(this.small, 0, 0, width, height);
    const series = scene.lanes[this.index].series;
    if (series !== undefined) text(this.value, precise(frame.series[series]));
    this.drawOver(frame, past);
  }

  /** A place of the picture in pixels. @param {number} x @param {number} y @returns {[number, number]} */
  place(x, y) {
    const { xlim, ylim } = /** @type {any} */ (this.scene).picture;
    const { width, height } = this.over;
    return [((x - xlim[0]) / (xlim[1] - xlim[0])) * width, (1 - (y - ylim[0]) / (ylim[1] - ylim[0])) * height];
  }

  /** @param {any} frame @param {any[]} past */
  drawOver(frame, past) {
    const { scene, theme, over } = this;
    if (!scene || !theme) return;
    const drawn = `${scene.path ? frame.step : ""} ${theme.key}`;
    if (drawn === this.drawn && this.drawnFor === scene) return;
    this.drawn = drawn;
    this.drawnFor = scene;
    over.clear();
    if (scene.points) this.drawPoints(scene.points);
    if (scene.rowNames) this.drawNames(scene.rowNames);
    if (scene.path) this.drawPath(frame, past);
  }

  /** @param {{x: number[], y: number[], value: number[], regression: boolean}} points */
  drawPoints({ x, y, value, regression }) {
    const theme = /** @type {import("../lib/theme.js").Theme} */ (this.theme);
    const radius = this.over.width < 200 ? 1.6 : 2.4;
    for (let i = 0; i < x.length; i++) {
      const [px, py] = this.place(x[i], y[i]);
      const fill = regression
        ? mix(theme.ground, value[i] < 0 ? theme.negative : theme.positive, Math.min(1, Math.abs(value[i])))
        : theme.classes[value[i] % theme.classes.length];
      marker(this.over.context, regression ? 1 : value[i], false, px, py, radius, css(fill), css(theme.ground));
    }
  }

  /** Names of the picture's rows, at its left. @param {string[][]} names by lane */
  drawNames(names) {
    const { context, height } = this.over;
    const theme = /** @type {import("../lib/theme.js").Theme} */ (this.theme);
    const mine = names[this.index];
    const each = height / /** @type {any} */ (this.scene).picture.rows;
    context.font = `12px ${theme.font}`;
    context.textBaseline = "middle";
    context.textAlign = "right";
    context.fillStyle = css(theme.ink);
    const every = Math.ceil(13 / each);
    mine.forEach((name, i) => {
      // The last one always; not the one before, where both have no room.
      if (i < mine.length - 1 && (i % every || mine.length - 1 - i < every)) return;
      context.fillText(name, GUTTER - 6, i * each + each / 2);
    });
  }

  /** @param {any} frame @param {any[]} past */
  drawPath(frame, past) {
    const { context } = this.over;
    const theme = /** @type {import("../lib/theme.js").Theme} */ (this.theme);
    const of = (/** @type {any} */ entry) => this.place(entry.path[2 * this.index], entry.path[2 * this.index + 1]);
    const every = Math.max(1, Math.floor(past.length / TRAIL));
    context.lineJoin = "round";
    for (const [colour, width] of /** @type {[number[], number][]} */ ([
      [theme.ground, 3.4],
      [theme.ink, 1.6],
    ])) {
      context.beginPath();
      for (let i = 0; i < past.length; i += every) {
        const [x, y] = of(past[i]);
        if (Number.isFinite(x + y)) context.lineTo(x, y);
      }
      const [x, y] = of(frame);
      if (Number.isFinite(x + y)) context.lineTo(x, y);
      context.strokeStyle = css(colour);
      context.lineWidth = width;
      context.stroke();
    }
    const [x, y] = of(frame);
    if (!Number.isFinite(x + y)) return;
    if (frame.inner) this.drawInner(x, y, frame.inner.subarray(4 * this.index, 4 * this.index + 4));
    context.beginPath();
    context.arc(x, y, 4.5, 0, 2 * Math.PI);
    context.fillStyle = css(theme.negative);
    context.fill();
    context.strokeStyle = css(theme.ground);
    context.lineWidth = 1.5;
    context.stroke();
  }

  /**
   * What the optimizer remembers: its velocity as an arrow, the root of its second moment as an ellipse, both to a
   * scale of their own.
   * @param {number} x
   * @param {number} y
   * @param {Float32Array} inner velocity (2), pointing the way it moves, root of the second moment (2), in picture
   * units; NaN where there is none
   */
  drawInner(x, y, inner) {
    const { context } = this.over;
    const theme = /** @type {import("../lib/theme.js").Theme} */ (this.theme);
    const [vx, vy, sx, sy] = inner;
    const most = this.over.width * 0.14;
    if (Number.isFinite(sx + sy) && sx + sy > 0) {
      const size = most / Math.max(sx, sy);
      context.beginPath();
      context.ellipse(x, y, Math.max(2, sx * size), Math.max(2, sy * size), 0, 0, 2 * Math.PI);
      context.setLineDash([4, 3]);
      context.strokeStyle = css(theme.ink);
      context.lineWidth = 1.2;
      context.stroke();
      context.setLineDash([]);
    }
    const length = Math.hypot(vx, vy);
    if (!Number.isFinite(length) || length <= 0) return;
    const [ex, ey] = [x + (vx / length) * most, y - (vy / length) * most];
    const angle = Math.atan2(ey - y, ex - x);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(ex, ey);
    for (const turn of [2.6, -2.6]) {
      context.moveTo(ex, ey);
      context.lineTo(ex + 7 * Math.cos(angle + turn), ey + 7 * Math.sin(angle + turn));
    }
    context.strokeStyle = css(theme.negative);
    context.lineWidth = 2;
    context.stroke();
  }
}
