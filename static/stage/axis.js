/** Axes: few ticks, and ranges that grow without jumping. */

/** @param {number} v */
export function short(v) {
  if (!Number.isFinite(v)) return "–";
  const a = Math.abs(v);
  if (a === 0) return "0";
  if (a >= 1e6) return (v / 1e6).toPrecision(2).replace(/\.0$/, "") + "M";
  if (a >= 1e4) return Math.round(v / 1e3) + "k";
  if (a >= 100) return String(Math.round(v));
  if (a >= 1e-3) return String(Number(v.toPrecision(3)));
  return v.toExponential(0);
}

/** Round steps for a linear axis. @param {number} low @param {number} high @param {number} most */
export function linearTicks(low, high, most) {
  const raw = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(raw || 1));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw) || power * 10;
  const ticks = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step * 1e-9; v += step) ticks.push(Math.abs(v) < step * 1e-9 ? 0 : v);
  return ticks;
}

/** 1 and 3 of each decade, or decades alone where there are many. @param {number} low @param {number} high */
export function logTicks(low, high) {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const every = Math.max(1, Math.ceil((last - first) / 5));
  const ticks = [];
  for (let e = first; e <= last; e++) {
    if ((last - e) % every === 0) ticks.push(10 ** e);
    if (last - first <= 2) ticks.push(3 * 10 ** e);
  }
  return ticks.filter((t) => t >= low * 0.999 && t <= high * 1.001);
}

const SUPERSCRIPT = /** @type {Record<string, string>} */ ({ "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" });

/** @param {number} exponent */
export const powerOfTen = (exponent) => (exponent === 0 ? "1" : "10" + [...String(exponent)].map((c) => SUPERSCRIPT[c]).join(""));

/** A value on a log axis. @param {number} v */
export function logLabel(v) {
  return v >= 1e-3 && v < 1e4 ? String(Number(v.toPrecision(1))) : powerOfTen(Math.round(Math.log10(v)));
}
