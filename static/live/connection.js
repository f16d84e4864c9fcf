/** The talk with the server: one question at a time, asked again when no answer comes. */

/** A question unanswered for so long counts as lost: what is sent while the socket is down is dropped. Milliseconds. */
const LOST = 1200;
/** The longest wait before asking once more a server that does not answer. */
const LONGEST = 5000;
/** So many times as long as usual an answer may take before it counts as lost. */
const SLOW = 4;
const COMPILING_PAUSE = 150;
/** The longest rest between an answer and the next question. */
const LONGEST_REST = 2000;
const MOST_UNHEARD = 16;

/** @typedef {{setTriggerValue: (name: string, value: unknown) => void}} Component */

export class Asking {
  constructor() {
    /** @type {Component|null} */ this.component = null;
    this.nonce = 0;
    this.patience = LOST;
    /** How long answers took lately, and when the open question was first asked. Milliseconds. */
    this.usual = 0;
    this.first = 0;
    /** When the open question was asked, 0 when there is none. */
    this.since = 0;
    this.notBefore = 0;
    /**
     * A rest before more is asked for, from when to when; and how long that before the open question was. Milliseconds.
     */
    this.rest = { from: 0, to: 0 };
    this.rested = 0;
    /** The answer on its way is to a question that does not hold any more. */
    this.outdated = false;
    /** Names this talk: the server counts its commands from 1. */
    this.talk = Math.random().toString(36).slice(2, 10);
    /** Commands that the server has not confirmed, oldest first. @type {Record<string, unknown>[]} */
    this.unheard = [];
    this.told = 0;
    /** Whether the server confirms at all. */
    this.confirmed = false;
  }

  /** Seconds that the open question has waited, with the rest before it; 0 when there is none. @param {number} now */
  waited(now) {
    const { since, rest, rested } = this;
    return (since ? now - since + rested : Math.min(now, rest.to) - rest.from) / 1000;
  }

  /** Whether it rests between an answer and asking for more. @param {number} now */
  resting(now) {
    return now < this.rest.to;
  }

  /** Whether a question may be asked now. @param {number} now */
  free(now) {
    if (now < this.notBefore) return false;
    return !this.since || now - this.since > this.patience;
  }

  /** @param {Record<string, unknown>} want */
  want(want) {
    if (!this.component) return;
    const now = performance.now();
    // Not answered: perhaps lost, perhaps a busy server that should not be asked ever more.
    if (this.since) this.patience = Math.min(LONGEST, this.patience * 1.5);
    else this.first = now;
    this.rested = Math.max(0, Math.min(now, this.rest.to) - this.rest.from);
    this.rest = { from: 0, to: 0 };
    this.since = now;
    this.outdated = false;
    this.component.setTriggerValue("want", { ...want, nonce: ++this.nonce });
  }

  /** @param {string} name @param {Record<string, unknown>} [data] */
  command(name, data = {}) {
    const command = { ...data, name, nonce: ++this.nonce };
    if (!this.confirmed) this.unheard = [];
    this.unheard = [...this.unheard, command].slice(-MOST_UNHEARD);
    this.tell(performance.now());
  }

  /**
   * Say the newest command, and with it those before that may have been lost: of two that follow quickly only the last
   * arrives.
   * @param {number} now
   */
  tell(now) {
    const newest = this.unheard[this.unheard.length - 1];
    if (!newest || !this.component) return;
    this.told = now;
    this.component.setTriggerValue("command", { ...newest, talk: this.talk, earlier: this.unheard.slice(0, -1) });
  }

  /** Say again what was not confirmed in time. @param {number} now */
  remind(now) {
    if (this.confirmed && this.unheard.length && now - this.told > LOST) this.tell(now);
  }

  /** What the server has done. @param {[string, number]|undefined} confirmed of which talk, up to which command */
  heard(confirmed) {
    if (!confirmed) return;
    this.confirmed = true;
    const [talk, nonce] = confirmed;
    if (talk === this.talk) this.unheard = this.unheard.filter((one) => Number(one.nonce) > nonce);
  }

  /**
   * The answer came.
   * @param {boolean} compiling
   * @param {number} [rest] before more is asked for: so many times as long as this answer took
   */
  answered(compiling, rest = 0) {
    const now = performance.now();
    const trip = this.since ? now - this.first : 0;
    if (this.since) this.usual += 0.3 * (trip - this.usual);
    this.rest = { from: now, to: now + Math.min(LONGEST_REST, rest * trip) };
    this.since = 0;
    this.outdated = false;
    // A server that many ask is slow, not deaf: each question asked twice would have it do the work twice.
    this.patience = Math.min(LONGEST, Math.max(LOST, SLOW * this.usual));
    this.notBefore = compiling ? now + COMPILING_PAUSE : 0;
  }

  /** Ask again only after a while. */
  backOff() {
    this.notBefore = performance.now() + LONGEST;
  }

  /** What was asked for is not wanted any more: the answer will be passed over. */
  discard() {
    this.outdated = this.since > 0;
    this.rest = { from: 0, to: 0 };
  }

  /** Forget the open question. */
  forget() {
    this.answered(false);
  }
}
