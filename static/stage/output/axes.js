/** The axes around the picture. */
import { linearTicks } from "../../charts/axis.js";
import { short } from "../../lib/format.js";
import { css } from "../../lib/theme.js";

/** Room for the numbers, in CSS pixels. */
export const LEFT = 30;
export const BOTTOM = 20;

/**
 * @param {import("../../lib/canvas.js").Surface} surface
 * @param {{x: string, y: string, xlim: number[], ylim: number[], unnumbered?: boolean}} axes unnumbered: upwards there
 * are classes
 * @param {import("../../lib/theme.js").Theme} theme
 * @param {boolean} [ruled] whether its numbers have lines through the picture
 */
export function drawPictureAxes(surface, axes, theme, ruled = false) {
  const { context } = surface;
  const side = surface.width - LEFT;
  surface.clear();
  if (ruled) drawRules(context, axes, side, theme);
  context.fillStyle = css(theme.quiet);
  context.font = `12px ${theme.font}`;
  const x = fit(context, axes.x, side / 2);
  const y = fit(context, axes.y, side / 2);
  const taken = { x: context.measureText(x).width + 14, y: y.length < 4 ? 18 : context.measureText(y).width + 14 };
  context.textBaseline = "alphabetic";
  context.textAlign = "right";
  context.fillText(x, LEFT + side, side + 15);
  context.textAlign = "center";
  for (const v of linearTicks(axes.xlim[0], axes.xlim[1], 6)) {
    const at = ((v - axes.xlim[0]) / (axes.xlim[1] - axes.xlim[0])) * side;
    if (at > 4 && at < side - taken.x) context.fillText(short(v), LEFT + at, side + 15);
  }
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const v of axes.unnumbered ? [] : linearTicks(axes.ylim[0], axes.ylim[1], 6)) {
    const at = side - ((v - axes.ylim[0]) / (axes.ylim[1] - axes.ylim[0])) * side;
    if (at > taken.y && at < side - 4) context.fillText(short(v), LEFT - 6, at);
  }
  if (y.length < 4) return context.fillText(y, LEFT - 6, 8);
  context.save();
  context.translate(LEFT - 12, 0);
  context.rotate(-Math.PI / 2);
  context.fillText(y, 0, 0);
  context.restore();
}

/**
 * Faint lines at the numbers.
 * @param {CanvasRenderingContext2D} context
 * @param {{xlim: number[], ylim: number[]}} axes
 * @param {number} side
 * @param {import("../../lib/theme.js").Theme} theme
 */
function drawRules(context, { xlim, ylim }, side, theme) {
  context.strokeStyle = css(theme.line);
  context.lineWidth = 1;
  context.strokeRect(LEFT + 0.5, 0.5, side - 1, side - 1);
  context.beginPath();
  for (const v of linearTicks(xlim[0], xlim[1], 6)) {
    const at = LEFT + Math.round(((v - xlim[0]) / (xlim[1] - xlim[0])) * side) + 0.5;
    context.moveTo(at, 0);
    context.lineTo(at, side);
  }
  for (const v of linearTicks(ylim[0], ylim[1], 6)) {
    const at = Math.round(side - ((v - ylim[0]) / (ylim[1] - ylim[0])) * side) + 0.5;
    context.moveTo(LEFT, at);
    context.lineTo(LEFT + side, at);
  }
  context.stroke();
}

/** A label that fits. @param {CanvasRenderingContext2D} context @param {string} label @param {number} width */
function fit(context, label, width) {
  let shown = label.replaceAll("_", " ");
  if (context.measureText(shown).width <= width) return shown;
  while (shown.length > 3 && context.measureText(shown + "…").width > width) shown = shown.slice(0, -1);
  return shown + "…";
}
