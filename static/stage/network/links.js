/**
 * The links between drawn units: curves whose width, strength and colour say the weight. Those of like size are drawn
 * in one stroke.
 */
import { css, mix } from "../../lib/theme.js";

const SIZES = 14;
/** Weights beyond this are drawn alike. */
const LARGEST = 4;
const WIDEST = 6.5;
/** How far from a curve it is still meant, in CSS pixels. */
const NEAR = 6;
const DASH = 14;
/**
 * How those of a feature are drawn that the picture holds at its mean: what they weigh changes nothing of the picture.
 */
const CONSTANT = { dash: [3, 4], alpha: 0.5 };

/** @typedef {{layer: number, source: number, unit: number, from: number[], to: number[], constant?: boolean}} Link */

export class Links {
  constructor() {
    /** @type {Link[]} */ this.all = [];
    this.flowing = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  /** @param {Link[]} all @param {import("../../lib/theme.js").Theme} theme */
  use(all, theme) {
    this.all = all;
    const strength = (/** @type {number} */ i) => 0.16 + (0.84 * i) / (SIZES - 1);
    this.colours = [theme.negative, theme.positive].map((hue) =>
      Array.from({ length: SIZES }, (_, i) => css(mix(theme.ground, hue, strength(i)))),
    );
    this.narrowest = theme.thick ? 1.75 : 0.5;
    this.quiet = css(mix(theme.ground, theme.ink, 0.25));
    this.ink = css(theme.ink);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {(link: Link) => number} weight
   * @param {(link: Link) => boolean} off
   * @param {Link|null} chosen @param {number|null} time milliseconds while it plays
   */
  paint(context, weight, off, chosen, time) {
    const { narrowest = 0.5 } = this;
    if (!this.colours) return;
    /** @type {Link[][]} */
    const heaps = Array.from({ length: 2 * SIZES + 1 }, () => []);
    for (const link of this.all) {
      if (off(link)) heaps[2 * SIZES].push(link);
      else {
        const w = weight(link);
        const share = Math.min(1, Math.sqrt(Math.abs(w) / LARGEST));
        heaps[(w < 0 ? 0 : SIZES) + Math.min(SIZES - 1, Math.floor(share * SIZES))].push(link);
      }
    }
    const flow = time !== null && this.flowing && this.all.length <= 120;
    context.lineCap = "butt";
    // Strong ones last, so that they lie on top.
    for (let size = 0; size < SIZES; size++) {
      for (const sign of [0, 1]) {
        const heap = heaps[sign * SIZES + size];
        context.strokeStyle = this.colours[sign][size];
        context.lineWidth = narrowest + (WIDEST - narrowest) * ((size + 0.5) / SIZES) ** 1.6;
        for (const constant of [true, false]) {
          const alike = heap.filter((link) => !!link.constant === constant);
          if (!alike.length) continue;
          context.setLineDash(constant ? CONSTANT.dash : flow && size > 2 ? [DASH - 2, 2] : []);
          context.lineDashOffset = flow && !constant ? -((time || 0) / 40) % DASH : 0;
          context.globalAlpha = constant ? CONSTANT.alpha : 1;
          this.stroke(context, alike);
        }
        context.globalAlpha = 1;
      }
    }
    context.setLineDash([2, 5]);
    context.lineDashOffset = 0;
    context.strokeStyle = this.quiet || "";
    context.lineWidth = 1;
    this.stroke(context, heaps[2 * SIZES]);
    context.setLineDash([]);
    if (!chosen) return;
    context.strokeStyle = this.ink || "";
    context.lineWidth = 1.5;
    this.stroke(context, [chosen]);
  }

  /** All alike: what they weigh is not known yet. @param {CanvasRenderingContext2D} context */
  paintOutline(context) {
    context.setLineDash([]);
    context.strokeStyle = this.quiet || "";
    context.lineWidth = this.narrowest || 0.5;
    this.stroke(context, this.all);
  }

  /** @param {CanvasRenderingContext2D} context @param {Link[]} links */
  stroke(context, links) {
    context.beginPath();
    for (const { from, to } of links) {
      const middle = (from[0] + to[0]) / 2;
      context.moveTo(from[0], from[1]);
      context.bezierCurveTo(middle, from[1], middle, to[1], to[0], to[1]);
    }
    context.stroke();
  }

  /** The link nearest to a place, null when none is near. @param {number} x @param {number} y */
  near(x, y) {
    let best = NEAR;
    /** @type {Link|null} */
    let nearest = null;
    for (const link of this.all) {
      const { from, to } = link;
      if (x < from[0] || x > to[0]) continue;
      // The curve's x is monotone: y = from + (to - from) * (3t^2 - 2t^3), x = from + width * (1.5t - 1.5t^2 + t^3).
      const share = (x - from[0]) / (to[0] - from[0]);
      let t = share;
      for (let i = 0; i < 6; i++) t -= (1.5 * t - 1.5 * t * t + t * t * t - share) / (1.5 - 3 * t + 3 * t * t);
      const away = Math.abs(from[1] + (to[1] - from[1]) * (3 * t * t - 2 * t * t * t) - y);
      if (away < best) [best, nearest] = [away, link];
    }
    return nearest;
  }
}
