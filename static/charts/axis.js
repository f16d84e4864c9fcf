/** Axes: few ticks, and ranges that grow seldom and then clearly, so that nothing crawls. */

/** Round steps for a linear axis. @param {number} low @param {number} high @param {number} most */
export function linearTicks(low, high, most) {
  const raw = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(raw || 1));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw * 0.999) || power * 10;
  const ticks = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step * 1e-9; v += step)
    ticks.push(Math.abs(v) < step * 1e-9 ? 0 : v);
  return ticks;
}

/** The least room of a tick's label on a log axis, in CSS pixels. */
const APART = 15;
const MOST_TICKS = 6;

/**
 * The finest of: 1, 2 and 5 of each decade; 1 and 3; 1 alone; every second, third ... decade, whose labels do not touch
 * and are few; never fewer than two. @param {number} low @param {number} high @param {number} [length] of the axis in
 * CSS pixels
 */
export function logTicks(low, high, length = 150) {
  const decades = Math.log10(high / low);
  const gap = (/** @type {number[]} */ ticks) =>
    Math.min(...ticks.slice(1).map((tick, i) => (Math.log10(tick / ticks[i]) / decades) * length));
  /** @type {number[]} */ let fewest = [];
  for (const [every, ...within] of [
    [1, 1, 2, 5],
    [1, 1, 3],
    ...Array.from({ length: Math.ceil(decades) }, (_, i) => [i + 1, 1]),
  ]) {
    const ticks = ladder(low, high, every, within);
    if (ticks.length < 2) break;
    if (ticks.length <= MOST_TICKS && gap(ticks) >= APART) return ticks;
    fewest = ticks;
  }
  return fewest.length ? [fewest[0], fewest[fewest.length - 1]] : [low, high];
}

/**
 * @param {number} low
 * @param {number} high
 * @param {number} every decade that has ticks
 * @param {number[]} within one
 * @returns {number[]}
 */
function ladder(low, high, every, within) {
  const last = Math.floor(Math.log10(high * 1.001));
  const ticks = [];
  for (let e = Math.floor(Math.log10(low)); e <= last; e++)
    if ((last - e) % every === 0) for (const m of within) ticks.push(m * 10 ** e);
  return ticks.filter((t) => t >= low * 0.999 && t <= high * 1.001);
}

/** The next round number beyond, on a log axis. @param {number} v @param {boolean} up */
function round(v, up) {
  const e = Math.floor(Math.log10(v));
  const ladder = [0.5, 1, 2, 5, 10, 20].map((m) => m * 10 ** e);
  return /** @type {number} */ (up ? ladder.find((m) => m >= v) : ladder.findLast((m) => m <= v));
}

/**
 * Where a time axis ends that holds `last` with a little room; the old end while that will do.
 * @param {number} last @param {number} old
 */
export function reach(last, old) {
  if (old > 0 && old >= last && old < 4 * Math.max(10, last)) return old;
  const end = Math.max(10, last * 1.25);
  const power = 10 ** Math.floor(Math.log10(end));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((m) => m * power).find((m) => m >= end) || end;
}

/**
 * Lowest and highest value that an axis shows.
 * @param {number[][]} columns @param {boolean} log @param {number} floor lowest value worth showing on a log axis
 * @returns {[number, number]}
 */
export function limits(columns, log, floor) {
  let low = Infinity;
  let high = -Infinity;
  for (const column of columns) {
    for (const v of column) {
      if (!Number.isFinite(v) || (log && v <= 0)) continue;
      if (v < low) low = v;
      if (v > high) high = v;
    }
  }
  if (low > high) return log ? [0.01, 1] : [0, 1];
  if (log) {
    low = round(Math.max(low, floor) * 0.95, false);
    high = round(Math.max(high, low) * 1.05, true);
    while (high < low * 4.9) low = round(low * 0.9, false);
    return [low, high];
  }
  low = Math.min(0, low);
  high = high > low ? high * 1.05 : low + 1;
  const step = 10 ** Math.floor(Math.log10(high - low)) / 2;
  return [Math.floor(low / step) * step, Math.ceil(high / step) * step];
}
