/** A loss over time in a few pixels, on a logarithmic axis. */
import { css } from "../../lib/theme.js";

/** Smaller losses are drawn as this one. */
const LEAST = 1e-4;

/**
 * @param {import("../../lib/canvas.js").Surface} surface
 * @param {(number|null)[]} losses
 * @param {number} width
 * @param {number} height
 * @param {import("../../lib/theme.js").Theme} theme
 */
export function paintCurve(surface, losses, width, height, theme) {
  if (!surface.resize(width, height)) surface.clear();
  const logs = losses.map((loss) => (loss === null ? NaN : Math.log10(Math.max(LEAST, loss))));
  const finite = logs.filter(Number.isFinite);
  if (finite.length < 2) return;
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const span = Math.max(0.3, high - low);
  const { context } = surface;
  context.strokeStyle = css(theme.negative);
  context.lineWidth = 1.5;
  context.lineJoin = "round";
  context.beginPath();
  logs.forEach((log, i) => {
    if (!Number.isFinite(log)) return;
    context.lineTo((i / (logs.length - 1)) * (width - 2) + 1, 1.5 + (1 - (log - low) / span) * (height - 3));
  });
  context.stroke();
}
