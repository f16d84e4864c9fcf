/** The numbers of past frames for the charts, bounded: when they grow beyond, every second one leaves. */

const MAX_ROWS = 4000;
export const COLUMNS = ["step", "train_loss", "test_loss", "train_metric", "test_metric"];

/** @typedef {import("./types.js").FrameSeries} FrameSeries */
/** @implements {FrameSeries} */
export class Series {
  constructor() {
    this.version = 0;
    this.clear([]);
  }

  /** @param {string[]} layers names, for a column of gradient norms each */
  clear(layers) {
    /** Changes whenever rows change that were there before. */
    this.version++;
    /** @type {Record<string, number[]>} */ this.columns = {};
    for (const name of COLUMNS) this.columns[name] = [];
    /** @type {number[][]} */ this.norms = layers.map(() => []);
  }

  get rows() {
    return this.columns.step.length;
  }

  /**
   * What was before the first frame that is held.
   * @param {import("./types.js").History} history columns by name, null for what is not finite
   */
  fill(history) {
    for (const name of COLUMNS) this.columns[name] = history[name].map((/** @type {number|null} */ v) => v ?? NaN);
    this.norms = this.norms.map((_, layer) =>
      history.gradient_norm.map((/** @type {(number|null)[]} */ row) => row[layer] ?? NaN),
    );
    this.version++;
  }

  /** @param {import("./types.js").Frame} frame @param {{scalars: string[], layer_scalars: string[]}} names */
  add(frame, names) {
    for (const name of COLUMNS) this.columns[name].push(frame.scalars[names.scalars.indexOf(name)]);
    const each = names.layer_scalars.length;
    const at = names.layer_scalars.indexOf("gradient_norm");
    this.norms.forEach((column, layer) => column.push(frame.layers[layer * each + at]));
    if (this.rows > MAX_ROWS) this.filterRows((_, i) => i % 2 === 0);
  }

  /** Forget what comes after a step. @param {number} step */
  truncate(step) {
    const rows = this.rowsUntil(step);
    if (rows < this.rows) this.filterRows((_, i) => i < rows);
  }

  /** How many rows are not after a step. @param {number} step */
  rowsUntil(step) {
    const steps = this.columns.step;
    let low = 0;
    let high = steps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (steps[middle] <= step) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @param {(value: number, row: number) => boolean} stays */
  filterRows(stays) {
    for (const name of COLUMNS) this.columns[name] = this.columns[name].filter(stays);
    this.norms = this.norms.map((column) => column.filter(stays));
    this.version++;
  }
}
