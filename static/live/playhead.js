/** What the stage holds of a run and where in it the eye is: frames to show, and the numbers of all that were. */
import { Frames } from "./frame-buffer.js";

/** @typedef {import("./types.js").Frame} Frame */
/** @typedef {{scalars: string[], layer_scalars: string[]}} Names */

export class Reel {
  /** @param {import("./types.js").FrameSeries} curves */
  constructor(curves) {
    this.frames = new Frames();
    this.curves = curves;
    /** @type {Names} */ this.names = { scalars: [], layer_scalars: [] };
    /** Place of the frame that is shown among those held, -1 when none is. */
    this.place = -1;
    /** Index in the run of the latest frame that was shown. */
    this.seen = -1;
  }

  /**
   * Another run.
   * @param {Names} names
   * @param {string[]} layers
   * @param {import("./types.js").History} [history] of the frames before the first one held
   */
  begin(names, layers, history) {
    this.names = names;
    this.frames.clear();
    this.curves.clear(layers);
    if (history) this.curves.fill(history);
    this.place = this.seen = -1;
  }

  /** The frame that is shown. @returns {Frame|undefined} */
  get shown() {
    return this.frames.kept[this.place];
  }

  /** Its index in the run. */
  get index() {
    return this.frames.indices[this.place] ?? 0;
  }

  /** The step of the latest frame that was shown. */
  get seenStep() {
    const { frames } = this;
    return frames.kept[frames.find(this.seen)]?.step ?? 0;
  }

  /** How many frames are in hand after the one that is shown. */
  get ahead() {
    return this.frames.newest - this.place;
  }

  /** @param {number} place brought to those there are */
  go(place) {
    if (this.frames.newest < 0) return;
    this.place = Math.max(0, Math.min(this.frames.newest, place));
    this.seen = Math.max(this.seen, this.frames.indices[this.place] ?? -1);
  }

  /**
   * Some frames from before those to come; their numbers are in the history.
   * @param {number[]} indices
   * @param {Frame[]} frames
   */
  addEarlier(indices, frames) {
    indices.forEach((index, i) => this.frames.add(index, [frames[i]]));
  }

  /** @param {number} start @param {Frame[]} frames */
  add(start, frames) {
    this.frames.add(start, frames);
    for (const frame of frames) this.curves.add(frame, this.names);
    this.place -= this.frames.thin(this.place);
  }

  /** Forget the frames after a place; tells whether there were any. @param {number} place */
  cut(place) {
    const frame = this.frames.kept[place];
    if (!frame || place >= this.frames.newest) return false;
    this.frames.cut(place);
    this.curves.cut(frame.step);
    this.seen = Math.min(this.seen, this.frames.last);
    return true;
  }
}
