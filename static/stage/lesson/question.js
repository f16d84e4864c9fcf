/** The question of a step: answers to choose from, or a number to be typed; the server knows which is right. */
import { el, text } from "../../lib/dom.js";

export class LessonQuestion {
  /**
   * @param {import("../../lib/i18n.js").Words} words
   * @param {{ask: string, options: string[]}} question
   * @param {number} maxChars of a number
   * @param {(answer: string) => void} answer
   */
  constructor(words, question, maxChars, answer) {
    this.element = el("fieldset", "lesson-question", { "data-testid": "lesson-question" });
    const legend = el("legend");
    text(legend, question.ask);
    this.element.append(legend);
    this.options = question.options.map((label, i) => {
      const option = el("button", "lesson-option", { type: "button", "data-testid": `lesson-option-${i}` });
      text(option, label);
      option.addEventListener("click", () => answer(String(i)));
      return option;
    });
    this.element.append(...this.options);
    if (!this.options.length) this.element.append(this.makeForm(words, maxChars, answer));
  }

  /**
   * @param {import("../../lib/i18n.js").Words} words @param {number} maxChars @param {(answer: string) => void} answer
   */
  makeForm(words, maxChars, answer) {
    const form = el("form", "lesson-form");
    const field = el("input", "lesson-field", {
      inputmode: "decimal",
      autocomplete: "off",
      maxlength: String(maxChars),
      "data-testid": "lesson-number",
      "aria-label": words.t("Your answer"),
    });
    const button = el("button", "lesson-press", { type: "submit", "data-testid": "lesson-answer" });
    text(button, words.t("Answer"));
    form.append(field, button);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (field.value.trim()) answer(field.value);
    });
    this.field = field;
    return form;
  }

  /** @param {string} state @param {import("../../live/types.js").LessonMessage} message */
  update(state, { choice, verdict }) {
    this.element.hidden = state === "doing";
    this.element.disabled = state === "done";
    this.options.forEach((option, i) => {
      const isChosen = !!verdict && choice === String(i);
      option.classList.toggle("is-right", isChosen && verdict.is_right);
      option.classList.toggle("is-wrong", isChosen && !verdict.is_right);
      option.setAttribute("aria-pressed", String(isChosen));
    });
  }
}
