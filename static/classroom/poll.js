/** Asks the server for what is new, again and again, while somebody looks at the page. */

/** The longest pause after an answer that did not come, in milliseconds. */
const MAX_PAUSE = 10000;
const TOKEN = "X-Class-Token";

/**
 * What to ask, and what is done with the answers.
 * @typedef {object} Question
 * @property {() => [string, Record<string, string|number>]} ask what is asked for, and its query
 * @property {string} code of the class
 * @property {string} token of whoever asks
 * @property {number} every milliseconds between an answer and the next question
 * @property {(answer: Response) => Promise<void>|void} take an answer that brings something
 * @property {() => void} lost the server knows nothing of this class, or of whoever asks
 */

export class Poll {
  /** @param {Question} question */
  constructor(question) {
    this.question = question;
    this.pause = question.every;
    this.isOver = false;
    this.isAsking = false;
    this.look = this.look.bind(this);
    document.addEventListener("visibilitychange", this.look);
    this.look();
  }

  /** Ask now, if anybody looks. */
  look() {
    clearTimeout(this.timer);
    if (this.isOver || this.isAsking || document.hidden) return;
    this.isAsking = true;
    this.ask().finally(() => {
      this.isAsking = false;
      if (!this.isOver && !document.hidden) this.timer = setTimeout(this.look, this.pause);
    });
  }

  async ask() {
    const { code, token, every, take, lost } = this.question;
    const [what, query] = this.question.ask();
    const address = new URL(`_class/${what}`, document.baseURI);
    address.search = new URLSearchParams({ class: code, ...mapText(query) }).toString();
    try {
      const answer = await fetch(address, { headers: { [TOKEN]: token }, cache: "no-store" });
      if (this.isOver) return;
      this.pause = every;
      if (answer.status === 404) {
        this.stop();
        lost();
      } else if (answer.status === 200) await take(answer);
      else if (!answer.ok) this.slowDown();
    } catch {
      this.slowDown(); // the server is started again, or the network is gone: the page itself says so
    }
  }

  slowDown() {
    this.pause = Math.min(MAX_PAUSE, 2 * this.pause);
  }

  stop() {
    this.isOver = true;
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.look);
  }
}

/** @param {Record<string, string|number>} values @returns {Record<string, string>} */
const mapText = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
