/** The output over the picture: the map, the points on it, axes, what its colours mean. */
import { linearTicks, short } from "./axis.js";
import { Surface } from "./canvas.js";
import { el, text } from "./dom.js";
import { marker } from "./markers.js";
import { categorical, css, diverging, mix } from "./theme.js";

const LEFT = 30;
const BOTTOM = 20;

export class Boundary {
  /** @param {(key: string) => string} t */
  constructor(t) {
    this.t = t;
    this.map = new Surface(t("Output of the network over the picture"));
    this.points = new Surface();
    this.axes = new Surface();
    this.small = document.createElement("canvas");
    this.discretize = false;
    this.showTest = false;
    this.square = el("div", "square");
    this.square.append(this.axes.element, this.map.element, this.points.element);
    this.note = el("div", "note");
    this.hover = el("div", "note hover");
    this.legend = el("div", "legend");
    this.element = el("div", "boundary");
    this.element.append(this.square, this.legend, this.note, this.hover);
    this.square.addEventListener("pointermove", (event) => this.point(event));
    this.square.addEventListener("pointerleave", () => text(this.hover, ""));
  }

  /** @param {Record<string, any>} scene @param {import("./theme.js").Theme} theme */
  show(scene, theme) {
    this.scene = scene;
    this.theme = theme;
    this.shades();
    this.describe();
    this.layout(true);
  }

  shades() {
    if (!this.scene || !this.theme) return;
    this.lut =
      this.scene.task === "multiclass"
        ? categorical(this.theme, this.scene.classes.length, this.discretize)
        : diverging(this.theme, 0.62, this.discretize && this.scene.task === "binary");
  }

  /** Fit the panel's width. @param {boolean} [force] */
  layout(force) {
    if (!this.scene) return;
    const width = Math.max(120, this.square.clientWidth);
    const side = width - LEFT;
    const height = side + BOTTOM;
    this.square.style.height = height + "px";
    const changed = this.axes.resize(width, height);
    this.map.resize(side, side);
    this.points.resize(side, side);
    if (changed || force) {
      this.side = side;
      this.drawAxes();
      this.drawPoints();
      this.paint(this.frame);
    }
  }

  drawAxes() {
    const { context } = this.axes;
    const { axes } = this.scene;
    this.axes.clear();
    context.fillStyle = css(this.theme.quiet);
    context.font = `12px ${this.theme.font}`;
    const [x0, x1] = axes.xlim;
    const [y0, y1] = axes.ylim;
    context.textAlign = "center";
    context.textBaseline = "alphabetic";
    const xs = linearTicks(x0, x1, 6);
    for (const v of xs) {
      const at = LEFT + ((v - x0) / (x1 - x0)) * this.side;
      if (at > LEFT + 8 && at < LEFT + this.side - 34) context.fillText(short(v), at, this.side + 15);
    }
    context.textAlign = "right";
    context.fillText(fit(context, axes.x, this.side / 2), LEFT + this.side, this.side + 15);
    context.textBaseline = "middle";
    for (const v of linearTicks(y0, y1, 6)) {
      const at = this.side - ((v - y0) / (y1 - y0)) * this.side;
      if (at > 34 && at < this.side - 6) context.fillText(short(v), LEFT - 5, at);
    }
    context.save();
    context.translate(LEFT - 16, 0);
    context.rotate(-Math.PI / 2);
    context.textAlign = "right";
    context.fillText(fit(context, axes.y, this.side / 2), 0, axes.y.length > 3 ? -2 : 6);
    context.restore();
  }

  drawPoints() {
    const { points, axes, task } = this.scene;
    const { context } = this.points;
    this.points.clear();
    const [x0, x1] = axes.xlim;
    const [y0, y1] = axes.ylim;
    const many = points.x.length;
    const radius = many > 2000 ? 2 : many > 800 ? 2.6 : this.side < 260 ? 2.6 : 3.4;
    const strong = diverging(this.theme, 1);
    const rim = css(mix(this.theme.ground, [255, 255, 255], this.theme.dark ? 0.85 : 1));
    for (const set of this.showTest ? [1, 0] : [1]) {
      for (let i = 0; i < many; i++) {
        if (points.train[i] !== set) continue;
        const x = ((points.x[i] - x0) / (x1 - x0)) * this.side;
        const y = this.side - ((points.y[i] - y0) / (y1 - y0)) * this.side;
        const value = points.value[i];
        let fill;
        if (task === "regression") {
          const word = strong[Math.round(128 + 127 * Math.max(-1, Math.min(1, value)))];
          fill = `rgb(${word & 255},${(word >> 8) & 255},${(word >> 16) & 255})`;
        } else fill = css(this.theme.classes[value % this.theme.classes.length]);
        marker(context, task === "regression" ? 0 : value, !set, x, y, radius, fill, rim);
      }
    }
  }

  describe() {
    const { scene, theme } = this;
    this.legend.replaceChildren();
    if (scene.task === "multiclass") {
      scene.classes.forEach((/** @type {string} */ name, /** @type {number} */ k) => {
        const item = el("span", "class");
        const shape = new Surface();
        shape.resize(14, 14);
        marker(shape.context, k, false, 7, 7, 4.5, css(theme.classes[k % theme.classes.length]), css(theme.ground));
        const label = el("span");
        text(label, name);
        item.append(shape.element, label);
        this.legend.append(item);
      });
    } else {
      const bar = el("div", "bar");
      const ends = [theme.negative, theme.ground, theme.positive].map((c, i) => css(i === 1 ? c : mix(theme.ground, c, 0.62)));
      bar.style.background = `linear-gradient(90deg, ${ends.join(",")})`;
      const low = el("span");
      const high = el("span");
      text(low, scene.legend.low);
      text(high, scene.legend.high);
      this.legend.append(low, bar, high);
    }
    const label = el("div", "what");
    text(label, this.t(scene.legend.label));
    this.legend.append(label);
    text(this.note, scene.axes.note);
  }

  /** @param {import("./wire.js").Frame|undefined} frame */
  paint(frame) {
    this.frame = frame;
    if (!frame || !this.lut) return;
    const planes = this.scene.task === "multiclass" ? 2 : 1;
    const cells = frame.map.length / planes;
    const size = Math.sqrt(cells);
    if (this.small.width !== size || !this.image) {
      this.small.width = this.small.height = size;
      this.brush = /** @type {CanvasRenderingContext2D} */ (this.small.getContext("2d"));
      this.image = this.brush.createImageData(size, size);
      this.words = new Uint32Array(this.image.data.buffer);
    }
    const { lut } = this;
    const words = /** @type {Uint32Array} */ (this.words);
    const map = frame.map;
    if (planes === 1) for (let i = 0; i < cells; i++) words[i] = lut[map[i]];
    else for (let i = 0; i < cells; i++) words[i] = lut[map[i] * 256 + map[cells + i]];
    /** @type {CanvasRenderingContext2D} */ (this.brush).putImageData(this.image, 0, 0);
    const { context } = this.map;
    context.imageSmoothingEnabled = !this.discretize;
    context.drawImage(this.small, 0, 0, this.side, this.side);
  }

  /** Say what is under the pointer. @param {PointerEvent} event */
  point(event) {
    if (!this.frame) return;
    const box = this.map.element.getBoundingClientRect();
    const u = (event.clientX - box.left) / box.width;
    const v = (event.clientY - box.top) / box.height;
    if (u < 0 || u >= 1 || v < 0 || v >= 1) return text(this.hover, "");
    const { axes, task, classes, legend } = this.scene;
    const planes = task === "multiclass" ? 2 : 1;
    const cells = this.frame.map.length / planes;
    const size = Math.sqrt(cells);
    const cell = Math.floor(v * size) * size + Math.floor(u * size);
    const x = axes.xlim[0] + u * (axes.xlim[1] - axes.xlim[0]);
    const y = axes.ylim[1] - v * (axes.ylim[1] - axes.ylim[0]);
    const raw = this.frame.map[cell];
    let what;
    if (planes === 2) {
      const k = classes.length;
      what = `${classes[raw]}, ${Math.round(100 * (1 / k + ((1 - 1 / k) * this.frame.map[cells + cell]) / 255))} %`;
    } else {
      const low = Number(legend.low);
      const high = Number(legend.high);
      what = `${this.t(legend.label)} ${(low + ((high - low) * ((raw - 128) / 127 + 1)) / 2).toPrecision(2)}`;
    }
    text(this.hover, `${axes.x} ${short(x)}, ${axes.y} ${short(y)}: ${what}`);
  }
}

/** @param {CanvasRenderingContext2D} context @param {string} label @param {number} width */
function fit(context, label, width) {
  let shown = label.replaceAll("_", " ");
  while (shown.length > 4 && context.measureText(shown).width > width) shown = shown.slice(0, -2) + "…";
  return shown;
}
