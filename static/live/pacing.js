/**
 * How fast to show frames so that they come evenly, though they arrive in bursts and sometimes slower than the screen
 * could show them.
 */

/** Frames a second: a little more than most screens show, so that none is left out by rounding. */
export const MAX_FRAME_RATE = 62;
/** Share of a new measurement in the running mean. */
const MEAN_SHARE = 0.3;

export class Pacing {
  constructor() {
    /** Frames an answer brings, and seconds from asking to having it: running means. */
    this.framesPerReply = 12;
    this.replySeconds = 0.1;
    this.credit = 0;
    /** Frames a second at most: a server that many ask may ask for calm. */
    this.maxRate = MAX_FRAME_RATE;
  }

  /** Show the next frame at once. */
  showNext() {
    this.credit = 1;
  }

  /** An answer came. @param {number} frames @param {number} seconds since it was asked for */
  recordReply(frames, seconds) {
    this.framesPerReply += MEAN_SHARE * (frames - this.framesPerReply);
    this.replySeconds += MEAN_SHARE * (Math.min(seconds, 2) - this.replySeconds);
  }

  /**
   * Frames a second. What is on its way counts by the time it has been so, which smooths the saw-tooth of arrivals;
   * then more or less than what should be in hand means faster or slower than frames arrive.
   * @param {number} ahead frames in hand @param {number} waited seconds since more were asked for, 0 when not
   */
  rate(ahead, waited) {
    const arriving = this.framesPerReply * Math.min(1, waited / Math.max(this.replySeconds, 0.01));
    const should = 1.4 * this.framesPerReply + 1;
    const surplus = (ahead + arriving) / should;
    return Math.min(this.maxRate, (this.framesPerReply / this.replySeconds) * Math.min(2, Math.max(0.4, surplus)));
  }

  /** Whether the next frame is due. @param {number} seconds passed @param {number} ahead @param {number} waited */
  isDue(seconds, ahead, waited) {
    this.credit = Math.min(1.6, this.credit + seconds * this.rate(ahead, waited));
    if (this.credit < 1) return false;
    this.credit -= 1;
    return true;
  }
}
