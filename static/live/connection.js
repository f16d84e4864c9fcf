/** The talk with the server: one question at a time, asked again when no answer comes. */

/** A question unanswered for so long counts as lost: what is sent while the socket is down is dropped. Milliseconds. */
const REPLY_TIMEOUT = 1200;
/** The longest wait before asking once more a server that does not answer. */
const MAX_TIMEOUT = 5000;
/** So many times as long as usual an answer may take before it counts as lost. */
const TIMEOUT_FACTOR = 4;
const COMPILING_PAUSE = 150;
/** The longest rest between an answer and the next question. */
const MAX_REST = 2000;
const MAX_UNACKNOWLEDGED = 16;

/** @typedef {{setTriggerValue: (name: string, value: unknown) => void}} Component */

export class Connection {
  constructor() {
    /** @type {Component|null} */ this.component = null;
    this.lastId = 0;
    this.timeout = REPLY_TIMEOUT;
    /** How long answers took lately, and when the open question was first asked. Milliseconds. */
    this.usualLatency = 0;
    this.firstAskedAt = 0;
    /** When the open question was asked, 0 when there is none. */
    this.askedAt = 0;
    this.notBefore = 0;
    /**
     * A rest before more is asked for, from when to when; and how long that before the open question was. Milliseconds.
     */
    this.rest = { from: 0, to: 0 };
    this.lastRest = 0;
    /** The answer on its way is to a question that does not hold any more. */
    this.outdated = false;
    /** Names the words of a lesson that are shown, "" for none: the server does not send them again. */
    this.lessonKey = "";
    /** Names this talk: the server counts its commands from 1. */
    this.logId = Math.random().toString(36).slice(2, 10);
    /** Commands that the server has not confirmed, oldest first. @type {Record<string, unknown>[]} */
    this.unacknowledged = [];
    this.sentAt = 0;
    /** Whether the server confirms at all. */
    this.acknowledges = false;
  }

  /** Seconds that the open question has waited, with the rest before it; 0 when there is none. @param {number} now */
  secondsWaiting(now) {
    const { askedAt, rest, lastRest } = this;
    return (askedAt ? now - askedAt + lastRest : Math.min(now, rest.to) - rest.from) / 1000;
  }

  /** Whether it rests between an answer and asking for more. @param {number} now */
  isResting(now) {
    return now < this.rest.to;
  }

  /** Whether a question may be asked now. @param {number} now */
  isFree(now) {
    if (now < this.notBefore) return false;
    return !this.askedAt || now - this.askedAt > this.timeout;
  }

  /** What is shown here beside the frames, by its keys. */
  get shown() {
    return this.lessonKey ? { lesson: this.lessonKey } : {};
  }

  /** @param {Record<string, unknown>} question */
  request(question) {
    if (!this.component) return;
    const now = performance.now();
    // Not answered: perhaps lost, perhaps a busy server that should not be asked ever more.
    if (this.askedAt) this.timeout = Math.min(MAX_TIMEOUT, this.timeout * 1.5);
    else this.firstAskedAt = now;
    this.lastRest = Math.max(0, Math.min(now, this.rest.to) - this.rest.from);
    this.rest = { from: 0, to: 0 };
    this.askedAt = now;
    this.outdated = false;
    this.component.setTriggerValue("want", { ...question, ...this.shown, nonce: ++this.lastId });
  }

  /** @param {string} name @param {Record<string, unknown>} [data] */
  command(name, data = {}) {
    const command = { ...data, name, nonce: ++this.lastId };
    if (!this.acknowledges) this.unacknowledged = [];
    this.unacknowledged = [...this.unacknowledged, command].slice(-MAX_UNACKNOWLEDGED);
    this.sendCommands(performance.now());
  }

  /**
   * Say the newest command, and with it those before that may have been lost: of two that follow quickly only the last
   * arrives.
   * @param {number} now
   */
  sendCommands(now) {
    const newest = this.unacknowledged[this.unacknowledged.length - 1];
    if (!newest || !this.component) return;
    this.sentAt = now;
    this.component.setTriggerValue("command", {
      ...newest,
      ...this.shown,
      talk: this.logId,
      earlier: this.unacknowledged.slice(0, -1),
    });
  }

  /** Say again what was not confirmed in time. @param {number} now */
  resend(now) {
    if (this.acknowledges && this.unacknowledged.length && now - this.sentAt > REPLY_TIMEOUT) this.sendCommands(now);
  }

  /** What the server has done. @param {[string, number]|undefined} confirmed of which talk, up to which command */
  acknowledge(confirmed) {
    if (!confirmed) return;
    this.acknowledges = true;
    const [talk, nonce] = confirmed;
    if (talk === this.logId)
      this.unacknowledged = this.unacknowledged.filter((command) => Number(command.nonce) > nonce);
  }

  /**
   * The answer came.
   * @param {boolean} compiling
   * @param {number} [rest] before more is asked for: so many times as long as this answer took
   */
  settle(compiling, rest = 0) {
    const now = performance.now();
    const trip = this.askedAt ? now - this.firstAskedAt : 0;
    if (this.askedAt) this.usualLatency += 0.3 * (trip - this.usualLatency);
    this.rest = { from: now, to: now + Math.min(MAX_REST, rest * trip) };
    this.askedAt = 0;
    this.outdated = false;
    // A server that many ask is slow, not deaf: each question asked twice would have it do the work twice.
    this.timeout = Math.min(MAX_TIMEOUT, Math.max(REPLY_TIMEOUT, TIMEOUT_FACTOR * this.usualLatency));
    this.notBefore = compiling ? now + COMPILING_PAUSE : 0;
  }

  /** Ask again only after a while. */
  backOff() {
    this.notBefore = performance.now() + MAX_TIMEOUT;
  }

  /** What was asked for is not wanted any more: the answer will be passed over. */
  invalidate() {
    this.outdated = this.askedAt > 0;
    this.rest = { from: 0, to: 0 };
  }

  /** Forget the open question. */
  reset() {
    this.settle(false);
  }
}
