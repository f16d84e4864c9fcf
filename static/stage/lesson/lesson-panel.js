/** The lesson beside the stage: where one is in it, what to do, and ticks for what was done. */
import { el, text } from "../../lib/dom.js";
import { mark } from "../../lib/i18n.js";
import { keepLesson, recallLesson } from "../../live/lesson-store.js";
import { LessonEnd } from "./lesson-end.js";
import { pointAt } from "./pointing.js";
import { LessonQuestion } from "./question.js";
import { blocks } from "./rich-text.js";

const MAX_READINGS = 64;

/** @typedef {import("../../live/types.js").LessonMessage} LessonMessage */
/** @typedef {import("../../live/types.js").LessonWords} LessonWords */
/** @typedef {import("../../live/types.js").LessonReading} LessonReading */

export class LessonPanel {
  /**
   * @param {import("../../lib/i18n.js").Words} words
   * @param {import("../../live/types.js").Actions} actions
   * @param {HTMLElement} stage
   */
  constructor(words, actions, stage) {
    this.words = words;
    this.actions = actions;
    this.stage = stage;
    /** Names the words that are shown, "" without a lesson. */
    this.key = "";
    /** @type {LessonMessage|null} */ this.message = null;
    /** @type {LessonWords|null} */ this.content = null;
    this.index = 0;
    /** Whether the frame was shown at which the condition became true. */
    this.isTicked = false;
    /** The lesson whose stored progress the server was told. */
    this.recalled = "";
    /** How far the condition is, by frame, oldest first. @type {{frame: number, parts: LessonReading[]}[]} */
    this.readings = [];
    this.element = words.label(el("section", "lesson", { "data-testid": "lesson" }), mark("Lesson"));
    this.element.hidden = true;
    this.status = el("p", "unseen", { role: "status" });
    this.body = el("div", "lesson-body");
    this.element.append(this.body, this.status);
    /** On a phone, where the panel is below the picture: the present step in a line, and the way to it. */
    this.peek = el("button", "lesson-peek", { type: "button", "data-testid": "lesson-peek" });
    this.peek.addEventListener("click", () => {
      this.element.scrollIntoView({ block: "start", behavior: "smooth" });
      this.focusTitle();
    });
    this.peek.hidden = true;
    words.track(this.body, () => this.build());
  }

  /** Whether there is a lesson. */
  get isOpen() {
    return !!this.content;
  }

  /** Another run begins: what was said of frames was of the one before. */
  beginRun() {
    this.readings = [];
    this.index = 0;
    if (this.message) this.message = { ...this.message, tick: null };
  }

  /** What a message says of the lesson; tells whether it came, went, or has other words. @param {LessonMessage|null} message */
  take(message) {
    if (!message?.key) return this.close();
    const isOther = message.key !== this.key;
    if (isOther && !message.words) return false; // its words are still to come
    this.message = message;
    if (message.words) this.content = message.words;
    if (isOther) {
      const hadFocus = this.element.matches(":focus-within") && this.element.getClientRects().length > 0;
      this.key = message.key;
      this.isTicked = false;
      this.readings = [];
      this.build();
      if (hadFocus) this.focusTitle();
    }
    for (const entry of message.readings)
      this.readings = [...this.readings.filter(({ frame }) => frame !== entry.frame), entry];
    this.readings = this.readings.sort((a, b) => a.frame - b.frame).slice(-MAX_READINGS);
    if (message.tick === null && !message.is_met) this.isTicked = false;
    this.remember(message);
    this.update();
    return isOther;
  }

  /** There is no lesson any more; tells whether there was. */
  close() {
    const wasOpen = this.isOpen;
    clearTimeout(this.hintTimer);
    this.key = "";
    this.message = this.content = null;
    this.recalled = "";
    this.element.hidden = this.peek.hidden = true;
    return wasOpen;
  }

  /** Keep in the browser how far it is done, and first of all tell the server how far it was. @param {LessonMessage} message */
  remember(message) {
    const { content } = this;
    if (!content) return;
    if (!message.is_new) return keepLesson(content.digest, message.progress, this.isComplete);
    if (this.recalled === content.digest) return;
    this.recalled = content.digest;
    this.actions.command("lesson_recall", { lesson: content.digest, progress: recallLesson(content.digest) });
  }

  /** Whether all steps are done, none passed over. */
  get isComplete() {
    return !!this.content && !this.content.step && !this.content.skipped.length;
  }

  /** Show what belongs to the frame that is shown. @param {number} index */
  paint(index) {
    this.index = index;
    if (this.content) this.update();
  }

  /** @returns {"doing"|"asking"|"done"|"finished"} */
  get state() {
    const { message, content } = this;
    if (!content?.step) return "finished";
    if (message?.is_done) return "done";
    if (!this.isTicked) return "doing";
    return content.step.question ? "asking" : "done";
  }

  /** @param {string} name @param {Record<string, unknown>} [data] */
  command(name, data = {}) {
    this.actions.command(name, { ...data, step: this.content?.at });
  }

  /** Write all of it anew. */
  build() {
    const { content, element, body } = this;
    clearTimeout(this.hintTimer);
    if (!content) return;
    element.hidden = this.peek.hidden = false;
    element.dataset.lesson = content.name;
    element.dataset.step = String(content.at);
    body.replaceChildren(this.makeHead(content), this.makeSteps(content), this.makeFoot(content));
    this.update();
  }

  /** @param {LessonWords} content */
  makeHead(content) {
    const head = el("header", "lesson-head");
    const concept = el("p", "lesson-concept");
    text(concept, content.concept);
    const title = el("h2", "", { "data-testid": "lesson-title" });
    text(title, content.title);
    const bar = el("div", "lesson-bar", { "aria-hidden": "true" });
    content.steps.forEach((_, i) => bar.append(el("i", this.entryState(content, i))));
    head.append(concept, title, bar);
    return head;
  }

  /** @param {LessonWords} content @param {number} i */
  entryState(content, i) {
    if (content.skipped.includes(i)) return "skipped";
    return i < content.at ? "done" : i === content.at ? "present" : "ahead";
  }

  /** @param {LessonWords} content */
  makeSteps(content) {
    const list = el("ol", "lesson-steps");
    this.end = null;
    content.steps.forEach((title, i) => {
      const state = this.entryState(content, i);
      const entry = el("li", "", { "data-testid": `lesson-entry-${i}`, "data-state": state });
      const name = el("div", "lesson-entry");
      const mark = el("span", "lesson-mark", { "aria-hidden": "true" });
      const label = el("span");
      text(label, title);
      name.append(mark, label);
      entry.append(name);
      if (state === "skipped") name.append(this.note(this.words.t("skipped")));
      if (i === content.at && content.step) {
        label.dataset.testid = "lesson-step-title";
        label.tabIndex = -1;
        entry.setAttribute("aria-current", "step");
        entry.append(this.makeStep(content.step));
        this.entry = entry;
      }
      list.append(entry);
    });
    if (content.step) return list;
    const all = el("div");
    this.end = new LessonEnd(this.words, content, (name, data) => this.command(name, data));
    all.append(list, this.end.element);
    return all;
  }

  /** @param {string} sentence */
  note(sentence) {
    const note = el("span", "hint");
    text(note, sentence);
    return note;
  }

  /** @param {import("../../live/types.js").LessonStep} step */
  makeStep(step) {
    const { words } = this;
    const part = el("div", "lesson-step");
    const paragraphs = el("div", "lesson-words", { "data-testid": "lesson-words" });
    paragraphs.append(...blocks(step.words));
    this.list = el("ul", "lesson-readings");
    words.label(this.list, mark("What is asked for, and how far it is"));
    const help = el("div", "lesson-help");
    if (step.point) help.append(this.press("lesson-show-me", words.t("Show me"), () => this.showMe(step.point)));
    this.hint = el("div", "lesson-hint-text", { "data-testid": "lesson-hint-text" });
    this.hint.append(...blocks(step.hint));
    this.hint.hidden = true;
    if (step.hint) help.append(this.makeHintButton(step.hint_after));
    this.question = step.question
      ? new LessonQuestion(words, step.question, this.content?.answer_chars || 0, (answer) =>
          this.command("lesson_answer", { text: answer }),
        )
      : null;
    this.reply = el("p", "lesson-reply", { "data-testid": "lesson-reply", role: "status" });
    part.append(paragraphs, this.list, help, this.hint);
    if (this.question) part.append(this.question.element);
    part.append(this.reply);
    return part;
  }

  /** Offered after so many seconds. @param {number} seconds */
  makeHintButton(seconds) {
    const { hint } = this;
    const button = this.press("lesson-hint", this.words.t("Hint"), () => {
      if (hint) hint.hidden = !hint.hidden;
      button.setAttribute("aria-expanded", String(!hint?.hidden));
    });
    button.setAttribute("aria-expanded", "false");
    button.hidden = true;
    this.hintTimer = setTimeout(() => (button.hidden = false), 1000 * seconds);
    return button;
  }

  /** @param {LessonWords} content */
  makeFoot(content) {
    const { words } = this;
    const foot = el("footer", "lesson-foot");
    if (content.step) {
      const isLast = content.at === content.steps.length - 1;
      this.next = this.press(
        "lesson-next",
        isLast ? words.t("Finish") : words.t("Next step"),
        () => this.goOn("lesson_next"),
        "lesson-next",
      );
      foot.append(this.next);
      const skip = this.press("lesson-skip", words.t("Skip"), () => this.goOn("lesson_skip"));
      skip.title = words.t("Go on without having done this step: there is no completion code then.");
      foot.append(skip);
    }
    if (content.at > 0)
      foot.append(this.press("lesson-restart", words.t("Begin anew"), () => this.goOn("lesson_restart")));
    foot.append(
      this.press("lesson-leave", content.step ? words.t("Leave") : words.t("Close"), () => this.goOn("lesson_leave")),
    );
    return foot;
  }

  /** @param {string} command */
  goOn(command) {
    this.actions.pause();
    this.command(command);
  }

  /**
   * @param {string} testid @param {string} label @param {() => void} action
   * @param {string} [name] class
   */
  press(testid, label, action, name = "lesson-press") {
    const button = el("button", name, { type: "button", "data-testid": testid });
    text(button, label);
    button.addEventListener("click", action);
    return button;
  }

  /** @param {string} name */
  showMe(name) {
    const isThere = pointAt(name, this.stage);
    this.element.dataset.pointed = isThere ? name : "";
    if (!isThere) this.say(this.words.t("It is not on the page at this moment."));
  }

  focusTitle() {
    const title = this.element.querySelector("[data-testid=lesson-step-title], [data-testid=lesson-conclusion]");
    /** @type {HTMLElement|null} */ (title)?.focus();
  }

  /** Have the present state of the step on the screen. */
  update() {
    const { message, content } = this;
    if (!message || !content) return;
    const { tick } = message;
    const isReached = message.is_met || (tick !== null && (tick < 0 || this.index >= tick));
    if (isReached && !this.isTicked) {
      this.isTicked = true;
      if (!message.is_met) this.actions.command("lesson_shown", { run: message.run });
    }
    const { state } = this;
    if (this.element.dataset.state !== state) {
      this.element.dataset.state = state;
      this.announce(state, content);
    }
    text(this.peek, this.lineOf(state, content));
    if (this.end) return this.end.update(message);
    if (this.next) this.next.disabled = state !== "done";
    this.entry?.classList.toggle("ticked", state === "done");
    if (this.question) this.question.update(state, message);
    this.showReply(message);
    this.showReadings(state === "doing" ? this.readings.findLast(({ frame }) => frame <= this.index)?.parts || [] : []);
  }

  /** @param {string} state @param {LessonWords} content */
  lineOf(state, content) {
    if (!content.step) return this.words.t("The lesson is at its end ↓");
    const values = { number: content.at + 1, count: content.steps.length, title: content.steps[content.at] };
    if (state === "done") return this.words.t("Step {number} of {count} is done: go on ↓", values);
    if (state === "asking") return this.words.t("Step {number} of {count} asks a question ↓", values);
    return this.words.t("Step {number} of {count}: {title} ↓", values);
  }

  /** @param {string} state @param {LessonWords} content */
  announce(state, content) {
    const title = content.steps[content.at] || "";
    if (state === "done") this.say(this.words.t("Done: {title}", { title }));
    if (state === "asking") this.say(this.words.t("Done: {title}. There is a question.", { title }));
  }

  /** Have screen readers say a sentence. @param {string} sentence */
  say(sentence) {
    text(this.status, sentence);
  }

  /** @param {LessonMessage} message */
  showReply({ verdict, error, is_done }) {
    const { reply, words } = this;
    if (!reply) return;
    const right = verdict?.is_right || is_done;
    const plain = verdict ? (verdict.is_right ? words.t("Right.") : words.t("Not yet: look once more.")) : "";
    text(reply, error || verdict?.reply || plain);
    reply.classList.toggle("is-right", !!right && !error);
    reply.classList.toggle("is-wrong", !!error || (!!verdict && !verdict.is_right));
  }

  /** @param {LessonReading[]} parts */
  showReadings(parts) {
    const { list } = this;
    if (!list) return;
    list.hidden = !parts.length;
    while (list.children.length > parts.length) list.lastChild?.remove();
    while (list.children.length < parts.length) list.append(makeReading());
    parts.forEach(({ label, value, sign, target, is_met }, i) => {
      const [, name, number, goal] = /** @type {HTMLElement[]} */ ([...list.children[i].children]);
      /** @type {HTMLElement} */ (list.children[i]).dataset.met = String(is_met);
      text(name, label);
      text(number, value);
      text(goal, sign ? `${sign} ${target}` : "");
    });
  }

  destroy() {
    clearTimeout(this.hintTimer);
    this.element.remove();
    this.peek.remove();
  }
}

function makeReading() {
  const entry = el("li", "lesson-reading", { "data-testid": "lesson-reading" });
  entry.append(el("span", "lesson-mark", { "aria-hidden": "true" }), el("span"), el("b"), el("span", "lesson-goal"));
  return entry;
}
