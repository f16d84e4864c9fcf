/**
 * The frames that the stage holds, oldest first, bounded: when they grow beyond, the older half loses every second one.
 */

const MAX_BYTES = 32 * 2 ** 20;

/** @typedef {import("./types.js").Frame} Frame */

export class FrameBuffer {
  constructor() {
    /** @type {Frame[]} */ this.frames = [];
    /** The run's index of each kept frame. @type {number[]} */ this.indices = [];
    this.bytes = 0;
  }

  clear() {
    this.frames = [];
    this.indices = [];
    this.bytes = 0;
  }

  /** Place of the newest frame, -1 when there is none. */
  get newest() {
    return this.frames.length - 1;
  }

  /** The run's index of the newest frame, -1 when there is none. */
  get last() {
    return this.indices.length ? this.indices[this.indices.length - 1] : -1;
  }

  /** Place of the latest frame whose index is not beyond; the first one's when all are. @param {number} index */
  placeOf(index) {
    let place = this.newest;
    while (place > 0 && this.indices[place] > index) place--;
    return place;
  }

  /** @param {number} start @param {Frame[]} added */
  add(start, added) {
    added.forEach((frame, i) => {
      this.frames.push(frame);
      this.indices.push(start + i);
      this.bytes += frame.bytes;
    });
  }

  /**
   * Make room; tells how many frames went away at or before a place.
   * @param {number} place
   */
  thin(place) {
    if (this.bytes < MAX_BYTES) return 0;
    const half = Math.floor(this.frames.length / 2);
    const gone = Math.floor((Math.min(place, half - 1) + 1) / 2);
    /** @type {(_: any, i: number) => boolean} */
    const stays = (_, i) => i >= half || i % 2 === 0;
    // Frames of one message share memory: the older ones become copies, else nothing would be freed.
    this.frames = this.frames.filter(stays).map((frame, i) => (i < half / 2 ? copy(frame) : frame));
    this.indices = this.indices.filter(stays);
    this.bytes = this.frames.reduce((sum, frame) => sum + frame.bytes, 0);
    return gone;
  }

  /** Forget the frames after a place. @param {number} place */
  truncate(place) {
    this.frames.length = this.indices.length = Math.max(0, Math.min(this.frames.length, place + 1));
    this.bytes = this.frames.reduce((sum, frame) => sum + frame.bytes, 0);
  }
}

/** @param {Frame} frame @returns {Frame} */
function copy(frame) {
  const own = Object.entries(frame).map(([name, part]) => [
    name,
    ArrayBuffer.isView(part) ? /** @type {Uint8Array} */ (part).slice() : part,
  ]);
  return Object.fromEntries(own);
}
