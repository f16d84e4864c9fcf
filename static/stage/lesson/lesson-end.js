/** The end of a lesson: what was found, the certificate for one's name, and the lesson after it. */
import { el, text } from "../../lib/dom.js";
import { fill } from "./rich-text.js";

export class LessonEnd {
  /**
   * @param {import("../../lib/i18n.js").Words} words
   * @param {import("../../live/types.js").LessonWords} content
   * @param {(name: string, data?: Record<string, unknown>) => void} command
   */
  constructor(words, content, command) {
    this.words = words;
    this.element = el("div", "lesson-end");
    const conclusion = el("p", "lesson-conclusion", { "data-testid": "lesson-conclusion", tabindex: "-1" });
    this.element.append(fill(conclusion, content.conclusion));
    if (content.source) this.element.append(makeText("p", "hint", content.source));
    this.error = el("p", "lesson-reply is-wrong", { role: "status", "data-testid": "lesson-reply" });
    if (content.skipped.length) {
      this.element.append(
        makeText("p", "", words.t("A step was skipped, so there is no completion code. Begin anew to do all of them.")),
      );
    } else this.element.append(this.makeForm(content, command), this.error, this.makeCertificate());
    if (content.next) this.element.append(this.makeNext(content.next, command));
  }

  /**
   * @param {import("../../live/types.js").LessonWords} content
   * @param {(name: string, data?: Record<string, unknown>) => void} command
   */
  makeForm(content, command) {
    const { words } = this;
    const form = el("form", "lesson-form");
    const label = el("label", "lesson-name");
    const field = el("input", "lesson-field", {
      maxlength: String(content.name_chars),
      autocomplete: "name",
      "data-testid": "lesson-name",
    });
    label.append(makeText("span", "", words.t("Your name, for the certificate")), field);
    const button = el("button", "lesson-press", { type: "submit", "data-testid": "lesson-certify" });
    text(button, words.t("Make it"));
    form.append(label, button);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      command("lesson_certify", { text: field.value });
    });
    return form;
  }

  makeCertificate() {
    const { words } = this;
    this.certificate = el("div", "lesson-certificate");
    this.certificate.hidden = true;
    this.line = el("p", "", { "data-testid": "lesson-certificate" });
    this.code = el("code", "", { "data-testid": "lesson-code" });
    const copy = el("button", "lesson-press", { type: "button", "data-testid": "lesson-copy" });
    text(copy, words.t("Copy the line"));
    copy.addEventListener("click", async () =>
      text(copy, (await this.copyLine()) ? words.t("Copied") : copyByHand(words)),
    );
    const label = makeText("p", "hint", words.t("Completion code"));
    this.certificate.append(label, this.code, this.line, copy);
    return this.certificate;
  }

  /** Put the line on the clipboard, or mark it to be copied by hand; tells whether it is there. */
  async copyLine() {
    try {
      await navigator.clipboard.writeText(this.line?.textContent || "");
      return true;
    } catch {
      if (this.line) getSelection()?.selectAllChildren(this.line);
      return false;
    }
  }

  /** @param {{name: string, title: string}} next @param {(name: string, data?: Record<string, unknown>) => void} command */
  makeNext(next, command) {
    const button = el("button", "lesson-next", { type: "button", "data-testid": "lesson-following" });
    text(button, this.words.t("Next lesson: {title}", { title: next.title }));
    button.addEventListener("click", () => command("lesson_open", { lesson: next.name }));
    return button;
  }

  /** @param {import("../../live/types.js").LessonMessage} message */
  update({ certificate, error }) {
    text(this.error, error);
    if (!this.certificate || !this.line || !this.code) return;
    this.certificate.hidden = !certificate;
    text(this.line, certificate?.line || "");
    text(this.code, certificate?.code || "");
  }
}

/** @param {import("../../lib/i18n.js").Words} words */
const copyByHand = (words) => words.t("Press Ctrl+C to copy");

/** @param {"p"|"span"} tag @param {string} name @param {string} sentence */
function makeText(tag, name, sentence) {
  const element = el(tag, name);
  text(element, sentence);
  return element;
}
