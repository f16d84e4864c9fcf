/**
 * The numbers of past frames of all lanes, one column a line; bounded: when they grow beyond, every second row leaves.
 */

const MAX_ROWS = 4000;

/** @typedef {import("../live/types.js").FrameSeries} FrameSeries */
/** @implements {FrameSeries} */
export class ComparisonSeries {
  constructor() {
    this.version = 0;
    this.clear([]);
  }

  /** @param {string[]} names of the lines */
  clear(names) {
    /** Changes whenever rows change that were there before. */
    this.version++;
    /** @type {number[]} */ this.steps = [];
    /** @type {number[][]} */ this.columns = names.map(() => []);
  }

  get rows() {
    return this.steps.length;
  }

  /** What was before the first frame that is held. @param {{step: number[], series: (number|null)[][]}} history */
  fill(history) {
    this.steps = [...history.step];
    this.columns = this.columns.map((_, i) => history.series.map((row) => row[i] ?? NaN));
    this.version++;
  }

  /** @param {any} frame */
  add(frame) {
    this.steps.push(frame.step);
    this.columns.forEach((column, i) => column.push(frame.series[i]));
    if (this.rows > MAX_ROWS) this.filterRows((_, i) => i % 2 === 0);
  }

  /** Forget what comes after a step. @param {number} step */
  truncate(step) {
    const rows = this.rowsUntil(step);
    if (rows < this.rows) this.filterRows((_, i) => i < rows);
  }

  /** How many rows are not after a step. @param {number} step */
  rowsUntil(step) {
    let low = 0;
    let high = this.steps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.steps[middle] <= step) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @param {(value: number, row: number) => boolean} stays */
  filterRows(stays) {
    this.steps = this.steps.filter(stays);
    this.columns = this.columns.map((column) => column.filter(stays));
    this.version++;
  }
}
