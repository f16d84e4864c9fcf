/** Time's forks: a branch from the frame that is shown, the branches there are, and two moments to compare. */
import { button } from "../lib/widgets.js";
import { el, text } from "../lib/dom.js";
import { mark } from "../lib/i18n.js";
import { colourOf } from "../lib/theme.js";

/**
 * What the two moments are called, by their marks: numbers, since letters are branches.
 * @type {Record<string, string>}
 */
const MOMENTS = { a: "1", b: "2" };

export class Branches {
  /**
   * @param {import("../lib/i18n.js").Words} words
   * @param {(name: string, data?: Record<string, unknown>) => void} command
   */
  constructor(words, command) {
    this.words = words;
    this.command = command;
    this.element = el("div", "branches");
    this.marks = Object.keys(MOMENTS).map((moment) => this.makeMark(moment));
    this.chips = el("span", "chips", { role: "group" });
    words.label(this.chips, mark("Branches of this run"));
    this.element.append(
      button(words, "branch", mark("Branch: go on from here in another way, and keep what is there (B)"), () =>
        command("branch"),
      ),
      ...this.marks,
      this.chips,
    );
  }

  /** @param {string[]} marks that are set */
  mark(marks) {
    for (const control of this.marks)
      control.setAttribute("aria-pressed", String(marks.includes(control.dataset.mark || "")));
  }

  /** @param {string} moment */
  makeMark(moment) {
    const control = button(
      this.words,
      `bookmark-${moment}`,
      mark("Moment {number}: remember this frame, two are compared below; once more at the same frame: forget it"),
      () => {
        this.command("bookmark", { mark: moment });
        control.setAttribute("aria-pressed", "true");
      },
      { number: MOMENTS[moment] },
    );
    control.setAttribute("aria-pressed", "false");
    control.dataset.mark = moment;
    text(control, MOMENTS[moment]);
    return control;
  }

  /** @param {{name: string, letter: string, shown: boolean}[]} branches */
  show(branches) {
    this.chips.hidden = branches.length < 2;
    const name = this.words.write(el("span", "label"), mark("branch"));
    this.chips.replaceChildren(
      name,
      ...branches.map(({ name, letter, shown }) => {
        const chip = el("button", "chip", {
          type: "button",
          "aria-pressed": String(shown),
          "data-testid": `branch-${letter}`,
        });
        this.words.label(chip, mark("branch {letter}"), false, { letter });
        chip.style.setProperty("--accent", colourOf(letter));
        const dot = el("i", "dot");
        dot.style.background = colourOf(letter);
        chip.append(dot, letter);
        chip.addEventListener("click", () => !shown && this.command("choose_branch", { branch: name }));
        return chip;
      }),
    );
  }
}
