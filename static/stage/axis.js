/** Axes: few ticks, and ranges that grow seldom and then clearly, so that nothing crawls. */

/** Round steps for a linear axis. @param {number} low @param {number} high @param {number} most */
export function linearTicks(low, high, most) {
  const raw = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(raw || 1));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw * 0.999) || power * 10;
  const ticks = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step * 1e-9; v += step) ticks.push(Math.abs(v) < step * 1e-9 ? 0 : v);
  return ticks;
}

/** The fewer decades, the more of each: 1, 2 and 5; 1 and 3; 1 alone; not even all of these. @param {number} low @param {number} high */
export function logTicks(low, high) {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const decades = Math.log10(high / low);
  const every = Math.max(1, Math.ceil(decades / 5));
  const within = decades <= 1.1 ? [1, 2, 5] : decades <= 2.1 ? [1, 3] : [1];
  const ticks = [];
  for (let e = first; e <= last; e++) if ((last - e) % every === 0) for (const m of within) ticks.push(m * 10 ** e);
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
  if (old >= last && old < 4 * Math.max(10, last)) return old;
  const want = Math.max(10, last * 1.25);
  const power = 10 ** Math.floor(Math.log10(want));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((m) => m * power).find((m) => m >= want) || want;
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
