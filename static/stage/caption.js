/**
 * The experiment in words: what it is, and what was chosen for it where the run stands. Pictures, films and the
 * projector carry it.
 */
import { el, text } from "../lib/dom.js";

export class Caption {
  /** @param {import("../lib/i18n.js").Words} words */
  constructor(words) {
    this.t = words.t;
    this.element = el("div", "caption", { "data-testid": "caption" });
    this.name = el("b");
    this.choices = el("span");
    this.element.append(this.name, " ", this.choices);
    /** From which frame on which knobs held, in words. @type {[number, string][]} */ this.settings = [];
    this.index = 0;
  }

  /** @param {import("../live/types.js").Scene} scene */
  show(scene) {
    this.scene = scene;
    this.write();
  }

  /** @param {[number, string][]} settings */
  use(settings) {
    this.settings = settings;
    this.write();
  }

  /** @param {number} index of the frame that is shown */
  paint(index) {
    if (index === this.index) return;
    this.index = index;
    this.write();
  }

  /** The knobs at the frame that is shown; none for one of which nothing is known any more. */
  get knobs() {
    return this.settings.findLast(([from]) => from <= this.index)?.[1] || "";
  }

  /** What stands above a picture. @returns {import("./capture/drawing.js").Words} */
  get words() {
    const { title = "", choices = "" } = this.scene || {};
    return { title: `Neural Playground · ${title}`, lines: [[this.knobs, choices].filter(Boolean).join(" · ")] };
  }

  write() {
    text(this.name, this.scene?.title || "");
    text(this.choices, this.words.lines[0]);
  }
}
