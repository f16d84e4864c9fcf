/** A small picture of what a network answers, with its samples. */
import { Surface } from "../../lib/canvas.js";
import { marker } from "../../lib/markers.js";
import { categorical, css, diverging, mix } from "../../lib/theme.js";

/** The map's strength, as on the stage. */
const STRENGTH = 0.62;

/**
 * What travels of a stage's picture: bytes as base64, where they have changed.
 * @typedef {object} Picture
 * @property {string} [run]
 * @property {number} [classes]
 * @property {string} task
 * @property {string} [map]
 * @property {string} [line]
 * @property {string} [points] x1, x2 and class or value, three bytes a sample
 * @property {(number|null)[]} [curve]
 */

/** @param {string} text base64 @returns {Uint8Array} */
const bytesOf = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

export class SmallPicture {
  constructor() {
    this.surface = new Surface();
    this.small = document.createElement("canvas");
    /** @type {Uint8Array} */ this.map = new Uint8Array();
    /** @type {Uint8Array} */ this.line = new Uint8Array();
    /** @type {Uint8Array} */ this.points = new Uint8Array();
    this.classes = 2;
    this.task = "binary";
  }

  get element() {
    return this.surface.element;
  }

  /** Take what has changed; tells whether anything has. @param {Picture} picture */
  take(picture) {
    if (picture.classes === undefined) return false;
    this.classes = picture.classes;
    this.task = picture.task;
    if (picture.points !== undefined) {
      this.points = bytesOf(picture.points);
      this.map = this.line = new Uint8Array(); // of the run before
    }
    if (picture.map !== undefined) this.map = bytesOf(picture.map);
    if (picture.line !== undefined) this.line = bytesOf(picture.line);
    return true;
  }

  /** @param {number} side in CSS pixels @param {import("../../lib/theme.js").Theme} theme */
  paint(side, theme) {
    if (!this.surface.resize(side, side)) this.surface.clear();
    const { context } = this.surface;
    context.fillStyle = css(mix(theme.ground, theme.ink, 0.04));
    context.fillRect(0, 0, side, side);
    if (this.map.length) this.paintMap(side, theme);
    if (this.line.length) this.paintLine(side, theme);
    this.paintPoints(side, theme);
  }

  /** @param {number} side @param {import("../../lib/theme.js").Theme} theme */
  paintMap(side, theme) {
    const planes = this.task === "multiclass" ? 2 : 1;
    const cells = this.map.length / planes;
    const size = Math.round(Math.sqrt(cells));
    const shades = planes === 2 ? categorical(theme, this.classes, false) : diverging(theme, STRENGTH);
    this.small.width = this.small.height = size;
    const brush = /** @type {CanvasRenderingContext2D} */ (this.small.getContext("2d"));
    const image = brush.createImageData(size, size);
    const pixels = new Uint32Array(image.data.buffer);
    for (let i = 0; i < cells; i++)
      pixels[i] = shades[planes === 2 ? this.map[i] * 256 + this.map[cells + i] : this.map[i]];
    brush.putImageData(image, 0, 0);
    this.surface.context.imageSmoothingEnabled = true;
    this.surface.context.drawImage(this.small, 0, 0, side, side);
  }

  /** @param {number} side @param {import("../../lib/theme.js").Theme} theme */
  paintLine(side, theme) {
    const { context } = this.surface;
    context.strokeStyle = css(theme.primary);
    context.lineWidth = 2;
    context.lineJoin = "round";
    context.beginPath();
    this.line.forEach((height, i) => context.lineTo(((i + 0.5) / this.line.length) * side, side * (1 - height / 255)));
    context.stroke();
  }

  /** @param {number} side @param {import("../../lib/theme.js").Theme} theme */
  paintPoints(side, theme) {
    const radius = Math.max(1.4, side / 90);
    const rim = css(theme.ground);
    for (let i = 0; i + 2 < this.points.length; i += 3) {
      const [x, y, value] = this.points.subarray(i, i + 3);
      const level = (value - 128) / 127;
      const colour =
        this.task === "regression"
          ? mix(theme.ground, level < 0 ? theme.negative : theme.positive, Math.min(1, Math.abs(level)))
          : theme.classes[value % theme.classes.length];
      const kind = this.task === "regression" ? 1 : value;
      marker(
        this.surface.context,
        kind,
        false,
        (x / 255) * side,
        (1 - y / 255) * side,
        radius,
        css(colour),
        rim,
        radius / 4,
      );
    }
  }
}
