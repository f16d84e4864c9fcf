/** "What am I looking at?": a walk through the stage, one part after another. */
import { button } from "./controls.js";
import { el, text } from "./dom.js";
import { PARTS } from "./explained.js";

const MARGIN = 4;

export class Tour {
  /** @param {import("./words.js").Words} words @param {HTMLElement} root */
  constructor(words, root) {
    this.words = words;
    this.root = root;
    this.at = 0;
    this.open = button(words, "tour", "What am I looking at? (H)", () => this.start());
    text(this.open, "?");
    this.spot = el("div", "spot");
    this.card = words.label(el("div", "tour-card", { role: "dialog", "aria-modal": "true", "data-testid": "tour-card" }), "What am I looking at?");
    this.name = el("h3");
    this.said = el("p", "", { "aria-live": "polite" });
    this.place = el("span", "hint");
    const row = el("div", "row");
    this.back = this.press("Back", "tour-back", () => this.go(this.at - 1));
    this.next = this.press("Next", "tour-next", () => this.go(this.at + 1));
    row.append(this.place, this.back, this.next, this.press("Close", "tour-close", () => this.close()));
    this.card.append(this.name, this.said, row);
    this.element = el("div", "tour-veil");
    this.element.hidden = true;
    this.element.append(this.spot, this.card);
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.element.addEventListener("click", (event) => event.target === this.element && this.close());
  }

  /** @param {string} label @param {string} testid @param {() => void} action */
  press(label, testid, action) {
    const made = this.words.write(el("button", "small wide", { type: "button", "data-testid": testid }), label);
    made.addEventListener("click", action);
    return made;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const action = { Escape: () => this.close(), ArrowRight: () => this.go(this.at + 1), ArrowLeft: () => this.go(this.at - 1) }[event.key];
    event.stopPropagation();
    if (!action) return;
    event.preventDefault();
    action();
  }

  /** The parts that are there: a lesson may have hidden some. */
  get parts() {
    return PARTS.filter(({ where }) => this.root.querySelector(where)?.getClientRects().length);
  }

  start() {
    if (!this.element.hidden) return;
    this.element.hidden = false;
    // Only the tour is there for keys and screen readers until it is closed.
    this.still = /** @type {HTMLElement[]} */ ([...this.root.children]).filter((one) => one !== this.element && !one.inert);
    for (const one of this.still) one.inert = true;
    this.go(0);
    this.next.focus();
  }

  close() {
    this.element.hidden = true;
    for (const one of this.still || []) one.inert = false;
    this.open.focus();
  }

  /** @param {number} at */
  go(at) {
    const { parts, words } = this;
    if (at >= parts.length) return this.close();
    this.at = Math.max(0, at);
    const part = parts[this.at];
    text(this.name, words.t(part.name));
    text(this.said, words.t(part.words));
    text(this.place, `${this.at + 1} / ${parts.length}`);
    this.back.disabled = this.at === 0;
    text(this.next, words.t(this.at === parts.length - 1 ? "Done" : "Next"));
    this.point(/** @type {HTMLElement} */ (this.root.querySelector(part.where)));
  }

  /** Light one part, and put the card beside it. @param {HTMLElement} target */
  point(target) {
    const { spot, card, root } = this;
    const whole = root.getBoundingClientRect();
    const box = target.getBoundingClientRect();
    const [left, top, width, height] = [box.left - whole.left - MARGIN, box.top - whole.top - MARGIN, box.width + 2 * MARGIN, box.height + 2 * MARGIN];
    Object.assign(spot.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    const [w, h] = [card.offsetWidth, card.offsetHeight];
    const below = top + height + 10;
    const y = below + h < whole.height ? below : top - h - 10 > 0 ? top - h - 10 : Math.max(8, Math.min(top + 40, whole.height - h - 8));
    const x = Math.max(8, Math.min(left + width / 2 - w / 2, whole.width - w - 8));
    Object.assign(card.style, { left: `${x}px`, top: `${y}px` });
    card.scrollIntoView({ block: "nearest" });
    target.scrollIntoView({ block: "nearest" });
  }
}
