/** What the stage holds of a run and where in it the eye is: frames to show, and the numbers of all that were. */
import { FrameBuffer } from "./frame-buffer.js";

/** @typedef {import("./types.js").Frame} Frame */
/** @typedef {{scalars: string[], layer_scalars: string[]}} Names */

export class Playhead {
  /** @param {import("./types.js").FrameSeries} curves */
  constructor(curves) {
    this.buffer = new FrameBuffer();
    this.series = curves;
    /** @type {Names} */ this.names = { scalars: [], layer_scalars: [] };
    /** Place of the frame that is shown among those held, -1 when none is. */
    this.place = -1;
    /** Index in the run of the latest frame that was shown. */
    this.lastSeen = -1;
  }

  /**
   * Another run.
   * @param {Names} names
   * @param {string[]} layers
   * @param {import("./types.js").History} [history] of the frames before the first one held
   */
  reset(names, layers, history) {
    this.names = names;
    this.buffer.clear();
    this.series.clear(layers);
    if (history) this.series.fill(history);
    this.place = this.lastSeen = -1;
  }

  /** The frame that is shown. @returns {Frame|undefined} */
  get frame() {
    return this.buffer.frames[this.place];
  }

  /** Its index in the run. */
  get index() {
    return this.buffer.indices[this.place] ?? 0;
  }

  /** The step of the latest frame that was shown. */
  get seenStep() {
    const { buffer } = this;
    return buffer.frames[buffer.placeOf(this.lastSeen)]?.step ?? 0;
  }

  /** How many frames are in hand after the one that is shown. */
  get ahead() {
    return this.buffer.newest - this.place;
  }

  /** @param {number} place brought to those there are */
  moveTo(place) {
    if (this.buffer.newest < 0) return;
    this.place = Math.max(0, Math.min(this.buffer.newest, place));
    this.lastSeen = Math.max(this.lastSeen, this.buffer.indices[this.place] ?? -1);
  }

  /**
   * Some frames from before those to come; their numbers are in the history.
   * @param {number[]} indices
   * @param {Frame[]} frames
   */
  addEarlier(indices, frames) {
    indices.forEach((index, i) => this.buffer.add(index, [frames[i]]));
  }

  /** @param {number} start @param {Frame[]} frames */
  add(start, frames) {
    this.buffer.add(start, frames);
    for (const frame of frames) this.series.add(frame, this.names);
    this.place -= this.buffer.thin(this.place);
  }

  /** Forget the frames after a place; tells whether there were any. @param {number} place */
  truncate(place) {
    const frame = this.buffer.frames[place];
    if (!frame || place >= this.buffer.newest) return false;
    this.buffer.truncate(place);
    this.series.truncate(frame.step);
    this.lastSeen = Math.min(this.lastSeen, this.buffer.last);
    return true;
  }
}
