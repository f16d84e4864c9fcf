/** The output over the picture: the map, the points on it, and what is under the pointer. */
import { drawPictureAxes, LEFT, BOTTOM } from "./axes.js";
import { Surface } from "../../lib/canvas.js";
import { el, text } from "../../lib/dom.js";
import { drawCurve, placesOf } from "./fitted-curve.js";
import { Legend } from "./legend.js";
import { marker } from "../../lib/markers.js";
import { percent, precise, short } from "../../lib/format.js";
import { joinItems, mark } from "../../lib/i18n.js";
import { categorical, css, diverging, mix } from "../../lib/theme.js";

export class Boundary {
  /** @param {import("../../lib/i18n.js").Words} words */
  constructor(words) {
    this.t = words.t;
    this.axes = new Surface();
    this.map = new Surface().name(words, mark("Output of the network over the picture"));
    this.points = new Surface();
    this.small = document.createElement("canvas");
    this.brush = /** @type {CanvasRenderingContext2D} */ (this.small.getContext("2d"));
    /** @type {import("../../live/types.js").Scene|undefined} */ this.scene = undefined;
    this.discretize = false;
    this.test = false;
    /**
     * A unit's map shown large instead of the output.
     * @type {{name: string, cells: (frame: any) => Uint8Array, peak: (frame: any) => number}|null}
     */
    this.focus = null;
    /** Told the name of what is shown, none for the output. @type {(name: string) => void} */
    this.onFocus = () => {};
    /** Places in the list of points to be ringed. @type {number[]} */
    this.ringed = [];
    /**
     * The point whose pull is looked at, -1 for none, and how far each one pulls its way: from 1 to -1.
     * @type {{point: number, cosine: (number|null)[]|null}}
     */
    this.gradients = { point: -1, cosine: null };
    this.square = el("div", "square");
    this.square.append(this.axes.element, this.map.element, this.points.element);
    this.legend = new Legend(words);
    this.note = el("div", "note");
    this.element = el("div", "boundary");
    this.element.append(this.square, this.legend.element, this.note);
    this.points.element.addEventListener("pointermove", (event) => {
      this.point(event.offsetX, event.offsetY);
    });
    /**
     * Told which point is under the pointer, -1 for none; true when it says what there is to say.
     * @type {(point: number) => boolean}
     */
    this.onHover = () => false;
    this.points.element.addEventListener("pointerleave", () => this.point());
  }

  /** Point at a place, or at none. @param {number} [x] in CSS pixels @param {number} [y] */
  point(x, y) {
    this.pointer = x === undefined || y === undefined ? null : [x, y];
    if (this.pointer) {
      this.points.element.style.cursor = this.near(this.pointer[0], this.pointer[1]) >= 0 ? "pointer" : "";
      return this.describePoint();
    }
    this.onHover(-1);
    text(this.note, this.scene?.axes.note || "");
  }

  /** @param {import("../../live/types.js").Scene} scene @param {import("../../lib/theme.js").Theme} theme */
  show(scene, theme) {
    if (scene !== this.scene) this.frame = undefined;
    this.scene = scene;
    this.theme = theme;
    this.planes = scene.task === "multiclass" ? 2 : 1;
    this.square.classList.toggle("curve", scene.curve);
    this.map.clear();
    this.shade();
    text(this.note, scene.axes.note);
    this.explainColours();
    this.layout(true);
  }

  /** What the colours mean: of the output, or of the one map that is shown large. */
  explainColours() {
    if (!this.scene || !this.theme) return;
    if (this.focus && !this.scene.curve) this.legend.showMap(this.theme);
    else this.legend.show(this.scene, this.theme, this.test);
  }

  /** Show one unit's map large, or the output again. @param {Boundary["focus"]} focus */
  setFocus(focus) {
    if (!focus && !this.focus) return;
    this.focus = focus;
    this.onFocus(focus ? focus.name : "");
    this.explainColours();
    if (this.frame) this.paint(this.frame);
  }

  /** @param {number[]} places of points to be ringed */
  ring(places) {
    this.ringed = places;
    if (this.theme) this.drawPoints();
  }

  /**
   * Show who pulls the way of one point: what pulls against it is hollow.
   * @param {number} point -1 for none
   * @param {(number|null)[]|null} cosine
   */
  pull(point, cosine) {
    this.gradients = { point, cosine };
    if (this.theme) this.drawPoints();
  }

  /** @param {boolean} on show each point's likeliest class alone */
  setDiscretize(on) {
    this.discretize = on;
    this.shade();
    if (this.frame) this.paint(this.frame);
  }

  /** @param {boolean} on */
  setTest(on) {
    this.test = on;
    if (!this.scene || !this.theme) return;
    this.drawPoints();
    this.explainColours();
  }

  shade() {
    if (!this.scene || !this.theme) return;
    const { task, classes } = this.scene;
    this.shades =
      task === "multiclass"
        ? categorical(this.theme, classes.length, this.discretize)
        : diverging(this.theme, 0.62, this.discretize);
  }

  /** Fit the panel's width. @param {boolean} [anew] */
  layout(anew) {
    if (!this.scene) return;
    const width = Math.max(120, this.square.clientWidth);
    const side = width - LEFT;
    const isResized = this.axes.resize(width, side + BOTTOM);
    this.map.resize(side, side);
    this.points.resize(side, side);
    if (!isResized && !anew) return;
    this.side = side;
    this.square.style.height = side + BOTTOM + "px";
    drawPictureAxes(
      this.axes,
      this.scene.axes,
      /** @type {import("../../lib/theme.js").Theme} */ (this.theme),
      this.scene.curve,
    );
    this.drawPoints();
    if (this.frame) this.paint(this.frame);
  }

  drawPoints() {
    const { points, axes, task } = /** @type {import("../../live/types.js").Scene} */ (this.scene);
    const theme = /** @type {import("../../lib/theme.js").Theme} */ (this.theme);
    const side = this.side || 0;
    const [x0, x1] = axes.xlim;
    const [y0, y1] = axes.ylim;
    const many = points.x.length;
    const radius = (many > 2000 ? 2 : many > 900 ? 2.6 : 3.4) * (side < 260 ? 0.8 : 1);
    const rim = css(theme.dark ? mix(theme.ground, [255, 255, 255], 0.85) : theme.ground);
    this.points.clear();
    /** @type {number[][]} */ this.placed = [];
    for (const train of this.test ? [0, 1] : [1]) {
      for (let i = 0; i < many; i++) {
        if (points.train[i] !== train) continue;
        const x = ((points.x[i] - x0) / (x1 - x0)) * side;
        const y = side - ((points.y[i] - y0) / (y1 - y0)) * side;
        this.placed.push([x, y, i]);
        this.mark(x, y, points.value[i], !train, radius, rim, task, this.gradients.cosine?.[i]);
      }
    }
    this.drawPulled(radius);
    const { context } = this.points;
    context.lineWidth = 1.8;
    context.strokeStyle = css(theme.ink);
    for (const [x, y, i] of this.placed) {
      if (!this.ringed.includes(i)) continue;
      context.beginPath();
      context.arc(x, y, radius + 4, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  /** Ring the point whose pull is looked at. @param {number} radius */
  drawPulled(radius) {
    const { context } = this.points;
    const theme = /** @type {import("../../lib/theme.js").Theme} */ (this.theme);
    const [x, y] = (this.placed || []).find(([, , i]) => i === this.gradients.point) || [];
    if (x === undefined) return;
    for (const [width, colour] of /** @type {[number, number[]][]} */ ([
      [5, theme.ground],
      [2.2, theme.ink],
    ])) {
      context.beginPath();
      context.arc(x, y, radius + 5, 0, 2 * Math.PI);
      context.lineWidth = width;
      context.strokeStyle = css(colour);
      context.stroke();
    }
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} value
   * @param {boolean} test
   * @param {number} radius
   * @param {string} rim
   * @param {string} task
   * @param {number|null} [cosine] how far it pulls the way of the point that is looked at
   */
  mark(x, y, value, test, radius, rim, task, cosine) {
    const theme = /** @type {import("../../lib/theme.js").Theme} */ (this.theme);
    const fill =
      task === "regression" && this.scene?.curve
        ? mix(theme.ground, theme.positive, 0.8)
        : task === "regression"
          ? mix(theme.ground, value < 0 ? theme.negative : theme.positive, Math.min(1, Math.abs(value)))
          : theme.classes[value % theme.classes.length];
    const { context } = this.points;
    const kind = task === "regression" ? 1 : value;
    if (cosine === undefined) return marker(context, kind, test, x, y, radius, css(fill), rim);
    context.globalAlpha = 0.3 + 0.7 * Math.sqrt(Math.abs(cosine || 0));
    if ((cosine || 0) < 0)
      marker(context, kind, test, x, y, radius, css(theme.ground), css(mix(fill, theme.ink, 0.15)), 2);
    else marker(context, kind, test, x, y, radius, css(fill), rim);
    context.globalAlpha = 1;
  }

  /** Points that were just painted and are not known to the server yet. @param {number[][]} points */
  drawNew(points) {
    const { axes, task, target: unit } = /** @type {import("../../live/types.js").Scene} */ (this.scene);
    const side = this.side || 0;
    for (const [x1, x2, target] of points) {
      const x = ((x1 - axes.xlim[0]) / (axes.xlim[1] - axes.xlim[0])) * side;
      const y = side - ((x2 - axes.ylim[0]) / (axes.ylim[1] - axes.ylim[0])) * side;
      this.mark(x, y, task === "regression" ? (target - unit.zero) / unit.one : target, false, 3.4, "#fff", task);
    }
  }

  /**
   * The point that is drawn nearest to the pointer, -1 when none is near.
   * @param {number} x
   * @param {number} y
   * @param {number} [within] CSS pixels
   */
  near(x, y, within = 9) {
    let best = within;
    let nearest = -1;
    for (const [px, py, i] of this.placed || []) {
      const away = Math.hypot(px - x, py - y);
      if (away < best) [best, nearest] = [away, i];
    }
    return nearest;
  }

  /** @param {import("../../live/types.js").Frame} frame */
  paint(frame) {
    this.frame = frame;
    const { shades, side, planes } = this;
    if (!shades || !side || !planes) return;
    if (this.scene?.curve) return this.paintCurve(frame, side);
    if (this.focus) {
      this.wasFocused = true;
      return this.paintFocus(frame, this.focus);
    }
    const { map } = frame;
    const cells = map.length / planes;
    const size = Math.sqrt(cells);
    if (this.small.width !== size || !this.image) {
      this.small.width = this.small.height = size;
      this.image = this.brush.createImageData(size, size);
      this.pixels = new Uint32Array(this.image.data.buffer);
    }
    const pixels = /** @type {Uint32Array} */ (this.pixels);
    if (planes === 1) for (let i = 0; i < cells; i++) pixels[i] = shades[map[i]];
    else for (let i = 0; i < cells; i++) pixels[i] = shades[map[i] * 256 + map[cells + i]];
    this.brush.putImageData(this.image, 0, 0);
    const { context } = this.map;
    context.imageSmoothingEnabled = !this.discretize;
    context.drawImage(this.small, 0, 0, side, side);
    if (this.pointer) this.describePoint();
    else if (this.wasFocused) text(this.note, this.scene?.axes.note || "");
    this.wasFocused = false;
  }

  /**
   * The fitted curve; with a unit in focus, the unit's own beside it.
   * @param {import("../../live/types.js").Frame} frame
   * @param {number} side
   */
  paintCurve(frame, side) {
    const { focus, theme, scene } = this;
    if (!theme || !scene) return;
    const { target, axes } = scene;
    this.map.clear();
    const colours = /** @type {[number[], number][]} */ ([
      [theme.ground, 5],
      [focus ? mix(theme.ground, theme.ink, 0.35) : theme.ink, 2.5],
    ]);
    for (const [colour, width] of colours)
      drawCurve(this.map.context, side, placesOf(frame.map), target, axes.ylim, colour, width);
    if (!focus) return;
    const cells = focus.cells(frame);
    const row = [...cells.subarray(0, Math.sqrt(cells.length))].map((level, i, all) => [
      (i + 0.5) / all.length,
      (level - 128) / 127,
    ]);
    const middle = { zero: (axes.ylim[0] + axes.ylim[1]) / 2, one: (axes.ylim[1] - axes.ylim[0]) / 2 };
    drawCurve(this.map.context, side, row, middle, axes.ylim, theme.primary, 2.5);
    const peak = focus.peak(frame);
    text(this.note, this.t("from {low} to {high}", { low: precise(-peak), high: precise(peak) }));
  }

  /** @param {import("../../live/types.js").Frame} frame @param {NonNullable<Boundary["focus"]>} focus */
  paintFocus(frame, focus) {
    const { side = 0, theme } = this;
    if (!theme) return;
    const cells = focus.cells(frame);
    const size = Math.sqrt(cells.length);
    this.small.width = this.small.height = size;
    const image = this.brush.createImageData(size, size);
    const pixels = new Uint32Array(image.data.buffer);
    this.unit = this.unitTheme === theme ? this.unit : diverging(theme, 0.62);
    this.unitTheme = theme;
    const shades = /** @type {Uint32Array} */ (this.unit);
    for (let i = 0; i < cells.length; i++) pixels[i] = shades[cells[i]];
    this.brush.putImageData(image, 0, 0);
    this.image = undefined;
    const { context } = this.map;
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(this.small, 0, 0, side, side);
    const peak = focus.peak(frame);
    text(this.note, Number.isFinite(peak) ? this.t("full colour at ±{peak}", { peak: precise(peak) }) : "");
  }

  /** Say what is under the pointer. */
  describePoint() {
    const { frame, pointer, side, scene } = this;
    if (!frame || !pointer || !side || !scene || this.focus) return;
    const point = this.near(pointer[0], pointer[1]);
    if (this.onHover(point)) return;
    const [u, v] = pointer.map((at) => Math.min(0.9999, Math.max(0, at / side)));
    const { axes } = scene;
    const x = roundWithin(axes.xlim[0] + u * (axes.xlim[1] - axes.xlim[0]), axes.xlim);
    const y = roundWithin(axes.ylim[1] - v * (axes.ylim[1] - axes.ylim[0]), axes.ylim);
    const size = Math.sqrt(frame.map.length / (this.planes || 1));
    const cell = scene.curve ? Math.floor(u * frame.map.length) : Math.floor(v * size) * size + Math.floor(u * size);
    const place = placeWords(axes, x, scene.curve ? undefined : y, this.t);
    text(this.note, this.t("{place}: {answer}", { place, answer: valueWords(frame.map, cell, scene, this.t) }));
  }
}

/** As fine as a pointer can tell. @param {number} v @param {number[]} span */
function roundWithin(v, span) {
  const step = 10 ** Math.floor(Math.log10((span[1] - span[0]) / 100));
  return Number((Math.round(v / step) * step).toPrecision(6));
}

/**
 * The output at a cell, in words.
 * @param {Uint8Array} map
 * @param {number} cell
 * @param {import("../../live/types.js").Scene} scene
 * @param {import("../../lib/i18n.js").Words["t"]} t
 */
function valueWords(map, cell, { task, classes, target }, t) {
  if (task === "multiclass") {
    const least = 1 / classes.length;
    const share = least + ((1 - least) * map[map.length / 2 + cell]) / 255;
    return joinItems(t, [classes[map[cell]], percent(t, share)]);
  }
  const value = precise(target.zero + (target.one * (map[cell] - 128)) / 127, 2);
  return t("{name} {value}", { name: target.shown, value });
}

/**
 * A place in the picture, in words.
 * @param {import("../../live/types.js").Axes} axes
 * @param {number} x
 * @param {number|undefined} y none where upwards there is the target
 * @param {import("../../lib/i18n.js").Words["t"]} t
 */
export function placeWords(axes, x, y, t) {
  const across = t("{name} {value}", { name: axes.x, value: short(x) });
  if (y === undefined || axes.unnumbered) return across;
  return joinItems(t, [across, t("{name} {value}", { name: axes.y, value: short(y) })]);
}
