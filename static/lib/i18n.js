/** The stage's words: English is the key; where they stand is kept, so that another language can take their place. */
import { text } from "./dom.js";

export class Words {
  constructor() {
    this.table = /** @type {Record<string, string>} */ ({});
    /** @type {(() => void)[]} */ this.writers = [];
    this.t = this.t.bind(this);
  }

  /** @param {string} key */
  t(key) {
    return this.table[key] || key;
  }

  /** Take another language and write all words anew. @param {Record<string, string>} table */
  use(table) {
    this.table = table;
    for (const write of this.writers) write();
  }

  /** @template {HTMLElement} E @param {E} element @param {string} key @returns {E} */
  write(element, key) {
    return this.track(element, () => text(element, this.t(key)));
  }

  /**
   * What assistive tools say, and the pointer's hint.
   * @template {Element} E
   * @param {E} element
   * @param {string} key
   * @param {boolean} [hint]
   * @returns {E}
   */
  label(element, key, hint = false) {
    return this.track(element, () => {
      element.setAttribute("aria-label", this.t(key));
      if (hint) element.setAttribute("title", this.t(key));
    });
  }

  /** @template E @param {E} element @param {() => void} write @returns {E} */
  track(element, write) {
    this.writers.push(write);
    write();
    return element;
  }
}
