/** What to notice: calm sentences on what goes wrong, each with what would help at one click; at most two at a time. */
import { panel } from "../lib/widgets.js";
import { helpOf } from "./help.js";
import { el, text } from "../lib/dom.js";
import { mark } from "../lib/i18n.js";
import { linkTerms } from "../glossary/term-links.js";

const MOST = 2;
/** So many changes of what is to be noticed are kept. */
const MOST_KEPT = 256;

/** @typedef {import("../live/types.js").Notice} Noticed */

export class Notices {
  /**
   * @param {import("../lib/i18n.js").Words} words
   * @param {(name: string, data?: Record<string, unknown>) => void} command
   * @param {HTMLElement|null} invitation what a first visit begins with
   */
  constructor(words, command, invitation) {
    this.words = words;
    this.invitation = invitation;
    /** The frame that is shown, and what the list says of it. */
    this.index = 0;
    this.key = "";
    this.command = command;
    this.list = el("div", "notices", { role: "status", "data-testid": "notices" });
    this.moreButton = words.write(
      el("button", "link gone", { type: "button", "data-testid": "all-notices" }),
      mark("all of it ↓"),
    );
    this.moreButton.addEventListener("click", () =>
      this.list.lastElementChild?.scrollIntoView({ block: "end", behavior: "smooth" }),
    );
    this.panel = panel(words, "notice", mark("What to notice"), helpOf(".panel.notice"), [this.moreButton], this.list);
    // Whether the window ends before the last sentence and its remedies do.
    this.observer = new IntersectionObserver(
      (entries) => this.moreButton.classList.toggle("gone", entries[entries.length - 1].intersectionRatio > 0.99),
      { threshold: [0, 0.99, 1] },
    );
    this.clear();
    this.show([]);
    words.onChange(() => {
      this.key = "";
      this.paint(this.index);
    });
  }

  /** Who has played needs no first thing to try. */
  endInvitation() {
    if (!this.invitation) return;
    this.invitation = null;
    this.key = "";
    this.paint(this.index);
  }

  /** Another run: what was noticed belonged to the one before. */
  clear() {
    this.key = "";
    this.index = 0;
    /** Notices from a frame of the run on, oldest first. @type {{frame: number, notices: Noticed[]}[]} */
    this.history = [];
  }

  /**
   * Take what is to be noticed at some frames of the run; what was of later ones does not hold any more.
   * @param {{frame: number, notices: Noticed[]}[]} entry
   */
  add(entry) {
    for (const { frame, notices } of entry)
      this.history = [...this.history.filter((entry) => entry.frame < frame), { frame, notices }].slice(-MOST_KEPT);
    this.paint(this.index);
  }

  /** Show what belongs to the frame ``index``: what was noticed latest, and not after it. @param {number} index */
  paint(index) {
    this.index = index;
    const entry = this.history.findLast(({ frame }) => frame <= index);
    this.show(entry ? entry.notices : []);
  }

  /** There is nothing to notice anything of. */
  empty() {
    this.key = "";
    this.fill(this.invitation ? [this.invitation] : []);
  }

  /** @param {HTMLElement[]} parts what the list holds from now on */
  fill(parts) {
    this.list.replaceChildren(...parts);
    this.observer.disconnect();
    const last = parts[parts.length - 1];
    if (last) this.observer.observe(last);
    else this.moreButton.classList.add("gone");
  }

  destroy() {
    this.observer.disconnect();
  }

  /** @param {Noticed[]} notices */
  show(notices) {
    const key = JSON.stringify(notices);
    if (key === this.key) return;
    this.key = key;
    const { t } = this.words;
    if (!notices.length) {
      const calm = el("p", "calm");
      text(
        calm,
        t(
          "Nothing unusual. Hover a unit to see its map large; click a link to set its weight; go back on the " +
            "time line and branch.",
        ),
      );
      return this.fill([this.invitation || calm]);
    }
    this.fill(
      notices.slice(0, MOST).map(({ name, sentence, remedies, terms }) => {
        const element = el("div", "trouble", { "data-notice": name });
        const sentenceElement = el("p");
        linkTerms(sentenceElement, sentence, terms || {});
        element.append(sentenceElement);
        for (const { label, changes, step } of remedies) {
          const press = el("button", "remedy", { type: "button" });
          text(press, label);
          press.addEventListener("click", () => this.command("cure", { changes, ...(step === null ? {} : { step }) }));
          element.append(press);
        }
        return element;
      }),
    );
  }
}
