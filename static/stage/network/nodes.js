/** The maps of the drawn units, as rounded squares on a canvas: one sheet of small maps, cut up and enlarged. */
import { diverging } from "../../lib/theme.js";

/** @typedef {import("../../live/types.js").Feature} Feature */
/**
 * @typedef {{
 *   layer: number, unit: number, x: number, y: number, size: number, map: number, feature?: Feature,
 *   button: HTMLElement,
 * }} Node
 */

export class Nodes {
  constructor() {
    /** @type {Node[]} */ this.all = [];
    this.sheet = document.createElement("canvas");
    this.brush = /** @type {CanvasRenderingContext2D} */ (this.sheet.getContext("2d"));
  }

  /**
   * @param {Node[]} all
   * @param {number} side cells of a map along one side
   * @param {import("../../lib/theme.js").Theme} theme
   * @param {boolean} curve whether the picture's map lies along the only input
   */
  use(all, side, theme, curve) {
    this.curve = curve;
    this.all = all;
    this.side = side;
    this.shades = diverging(theme, 0.85);
    this.sheet.width = side;
    this.sheet.height = side * Math.max(1, all.length);
    this.image = this.brush.createImageData(this.sheet.width, this.sheet.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.clip = new Path2D();
    for (const { x, y, size } of all) this.clip.roundRect(x, y, size, size, 6);
    all.forEach((node, i) => node.feature && this.shade(node.feature.cells, 0, i));
  }

  /** Write one map into the sheet. @param {Uint8Array|undefined} cells @param {number} start @param {number} place */
  shade(cells, start, place) {
    const { pixels, shades, side = 0 } = this;
    if (!pixels || !shades) return;
    const many = side * side;
    if (!cells) return pixels.fill(shades[128], place * many, (place + 1) * many);
    for (let i = 0; i < many; i++) pixels[place * many + i] = shades[cells[start + i]];
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import("../../live/types.js").Frame|null} frame null: only the inputs' maps are known
   * @param {(node: Node) => boolean} off
   */
  paint(context, frame, off) {
    const { side = 0, image, clip } = this;
    if (!image || !clip) return;
    const many = side * side;
    this.all.forEach((node, i) => {
      if (!frame) node.feature || this.shade(undefined, 0, i);
      else if (node.map >= 0) this.shade(frame.maps, node.map * many, i);
      else if (!node.feature) this.shadeOutput(frame, i);
    });
    this.brush.putImageData(image, 0, 0);
    context.save();
    context.clip(clip);
    context.imageSmoothingEnabled = true;
    this.all.forEach((node, i) => {
      context.globalAlpha = off(node) ? 0.22 : 1;
      context.drawImage(this.sheet, 0, i * side, side, side, node.x, node.y, node.size, node.size);
    });
    context.restore();
  }

  /**
   * The only output's map is the picture's, made small.
   * @param {import("../../live/types.js").Frame} frame
   * @param {number} place
   */
  shadeOutput(frame, place) {
    const { pixels, shades, side = 0 } = this;
    if (!pixels || !shades) return;
    const size = Math.sqrt(frame.map.length);
    const each = size / side;
    for (let i = 0; i < side * side; i++) {
      if (this.curve) {
        pixels[place * side * side + i] = shades[frame.map[Math.floor((((i % side) + 0.5) / side) * frame.map.length)]];
        continue;
      }
      const row = Math.floor((Math.floor(i / side) + 0.5) * each);
      pixels[place * side * side + i] = shades[frame.map[row * size + Math.floor(((i % side) + 0.5) * each)]];
    }
  }
}

/** A feature's map from its text. @param {string} text */
export function cells(text) {
  return text ? Uint8Array.from(atob(text), (c) => c.charCodeAt(0)) : undefined;
}
