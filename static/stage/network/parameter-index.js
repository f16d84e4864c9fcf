/** Where a frame's flat lists hold which weight, bias, unit. The order is told in playground/live/frames/diagram.py. */

/** @typedef {import("../../live/types.js").Frame} Frame */

/** Numbers of a unit, in their order. */
export const UNIT = { mean: 0, deviation: 1, peak: 2, shut: 3 };
const EACH = 4;

export class ParameterIndex {
  /** @param {number[]} shown drawn units of each layer, the inputs first */
  constructor(shown) {
    this.shown = shown;
    this.starts = [0];
    this.units = [0];
    for (let i = 0; i + 1 < shown.length; i++) {
      this.starts.push(this.starts[i] + (shown[i] + 1) * shown[i + 1]);
      this.units.push(this.units[i] + shown[i + 1]);
    }
  }

  /**
   * Place of a weight, or of a bias when there is no source.
   * @param {number} layer
   * @param {number|null} source
   * @param {number} unit
   */
  at(layer, source, unit) {
    return this.starts[layer] + (source ?? this.shown[layer]) * this.shown[layer + 1] + unit;
  }

  /**
   * Place of a unit among all drawn ones behind the inputs.
   * @param {number} layer of nodes, 1 for the first hidden one
   * @param {number} unit
   */
  place(layer, unit) {
    return this.units[layer - 1] + unit;
  }

  /** @param {Frame} frame @param {number} layer of nodes @param {number} unit @param {keyof typeof UNIT} name */
  number(frame, layer, unit, name) {
    return frame.units[this.place(layer, unit) * EACH + UNIT[name]];
  }
}
