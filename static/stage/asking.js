/** The talk with the server: one question at a time, asked again when no answer comes. */

/** A question unanswered for so long counts as lost: what is sent while the socket is down is dropped. Milliseconds. */
const LOST = 1200;
/** The longest wait before asking once more a server that does not answer. */
const LONGEST = 5000;
const COMPILING_PAUSE = 150;

/** @typedef {{setTriggerValue: (name: string, value: unknown) => void}} Component */

export class Asking {
  constructor() {
    /** @type {Component|null} */ this.component = null;
    this.nonce = 0;
    this.patience = LOST;
    /** When the open question was asked, 0 when there is none. */
    this.since = 0;
    this.notBefore = 0;
    /** The answer on its way is to a question that does not hold any more. */
    this.outdated = false;
  }

  /** Seconds that the open question has waited, 0 when there is none. @param {number} now */
  waited(now) {
    return this.since ? (now - this.since) / 1000 : 0;
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
    this.since = now;
    this.outdated = false;
    this.component.setTriggerValue("want", { ...want, nonce: ++this.nonce });
  }

  /** @param {string} name @param {Record<string, unknown>} [data] */
  command(name, data = {}) {
    this.component?.setTriggerValue("command", { ...data, name, nonce: ++this.nonce });
  }

  /** The answer came. @param {boolean} compiling */
  answered(compiling) {
    this.since = 0;
    this.outdated = false;
    this.patience = LOST;
    this.notBefore = compiling ? performance.now() + COMPILING_PAUSE : 0;
  }

  /** What was asked for is not wanted any more: the answer will be passed over. */
  discard() {
    this.outdated = this.since > 0;
  }

  /** Forget the open question. */
  forget() {
    this.answered(false);
  }
}
