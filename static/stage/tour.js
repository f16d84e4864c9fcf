/** "What am I looking at?": a walk through the stage, one part after another. */
import { button } from "../lib/widgets.js";
import { el, text } from "../lib/dom.js";
import { mark } from "../lib/i18n.js";
import { PARTS } from "./help.js";

const MARGIN = 4;
/** Pixels between the lit part and the card, and from the card to the stage's edge. */
const [GAP, EDGE] = [10, 8];

export class Tour {
  /** @param {import("../lib/i18n.js").Words} words @param {HTMLElement} root */
  constructor(words, root) {
    this.words = words;
    this.root = root;
    this.at = 0;
    this.open = button(words, "tour", mark("What am I looking at? (H)"), () => this.start());
    text(this.open, "?");
    this.spot = el("div", "spot");
    this.card = words.label(
      el("div", "tour-card", { role: "dialog", "aria-modal": "true", "data-testid": "tour-card" }),
      mark("What am I looking at?"),
    );
    this.name = el("h3");
    this.sentence = el("p", "", { "aria-live": "polite" });
    this.place = el("span", "hint");
    const row = el("div", "row");
    this.back = this.press(mark("Back"), "tour-back", () => this.go(this.at - 1));
    this.next = this.press(mark("Next"), "tour-next", () => this.go(this.at + 1));
    row.append(
      this.place,
      this.back,
      this.next,
      this.press(mark("Close"), "tour-close", () => this.close()),
    );
    this.card.append(this.name, this.sentence, row);
    this.element = el("div", "tour-veil");
    this.element.hidden = true;
    const shade = el("div", "tour-shade");
    shade.append(this.spot);
    this.element.append(shade, this.card);
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.element.addEventListener(
      "click",
      (event) => !this.card.contains(/** @type {Node} */ (event.composedPath()[0])) && this.close(),
    );
    words.onChange(() => !this.element.hidden && this.go(this.at));
  }

  /** @param {string} label @param {string} testid @param {() => void} action */
  press(label, testid, action) {
    const control = this.words.write(el("button", "small wide", { type: "button", "data-testid": testid }), label);
    control.addEventListener("click", action);
    return control;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const action = {
      Escape: () => this.close(),
      ArrowRight: () => this.go(this.at + 1),
      ArrowLeft: () => this.go(this.at - 1),
    }[event.key];
    event.stopPropagation();
    if (!action) return;
    event.preventDefault();
    action();
  }

  /** The parts that are there: a handout may have hidden some. */
  get parts() {
    return PARTS.filter(({ where }) => this.root.querySelector(where)?.getClientRects().length);
  }

  start() {
    if (!this.element.hidden) return;
    this.element.hidden = false;
    // Only the tour is there for keys and screen readers until it is closed.
    this.inertElements = /** @type {HTMLElement[]} */ ([...this.root.children]).filter(
      (element) => element !== this.element && !element.inert,
    );
    for (const element of this.inertElements) element.inert = true;
    this.go(0);
    this.next.focus();
  }

  close() {
    this.element.hidden = true;
    this.root.style.paddingBottom = "";
    for (const element of this.inertElements || []) element.inert = false;
    this.open.focus();
  }

  /** @param {number} at */
  go(at) {
    const { parts, words } = this;
    if (at >= parts.length) return this.close();
    this.at = Math.max(0, at);
    const part = parts[this.at];
    text(this.name, words.t(part.name));
    text(this.sentence, words.t(part.words));
    text(this.place, `${this.at + 1} / ${parts.length}`);
    this.back.disabled = this.at === 0;
    text(this.next, this.at === parts.length - 1 ? words.t("Done") : words.t("Next"));
    this.point(/** @type {HTMLElement} */ (this.root.querySelector(part.where)));
  }

  /** Light one part, put the card beside it, never over it, and have both in sight. @param {HTMLElement} target */
  point(target) {
    const { spot, card, root } = this;
    root.style.paddingBottom = "";
    const bounds = root.getBoundingClientRect();
    const box = target.getBoundingClientRect();
    const lit = {
      x: box.left - bounds.left - MARGIN,
      y: box.top - bounds.top - MARGIN,
      w: box.width + 2 * MARGIN,
      h: box.height + 2 * MARGIN,
    };
    const visible = visibleSpan(root);
    const place = placeCard(
      lit,
      { w: card.offsetWidth, h: card.offsetHeight },
      { w: bounds.width, h: bounds.height },
      visible.bottom - visible.top,
    );
    Object.assign(spot.style, { left: `${lit.x}px`, top: `${lit.y}px`, width: `${lit.w}px`, height: `${lit.h}px` });
    Object.assign(card.style, { left: `${place.x}px`, top: `${place.y}px` });
    const end = place.y + card.offsetHeight + 2 * GAP;
    if (end > bounds.height) root.style.paddingBottom = `${end - bounds.height}px`;
    visible.scroller.scrollBy({ top: scrollOf(lit, { y: place.y, h: card.offsetHeight + GAP }, bounds.top, visible) });
  }
}

/** @typedef {{x: number, y: number, w: number, h: number}} Box */

/**
 * Where the card goes: below the lit part, above it, or beside it, whichever has room within the stage and lets both be
 * seen at once; below it otherwise.
 * @param {Box} lit
 * @param {{w: number, h: number}} card
 * @param {{w: number, h: number}} stage
 * @param {number} height of what is seen
 * @returns {{x: number, y: number}}
 */
export function placeCard(lit, card, stage, height) {
  const across = Math.max(EDGE, Math.min(lit.x + lit.w / 2 - card.w / 2, stage.w - card.w - EDGE));
  const along = Math.max(EDGE, Math.min(lit.y + GAP, stage.h - card.h - EDGE));
  const [below, above] = [lit.y + lit.h + GAP, lit.y - card.h - GAP];
  const together = lit.h + card.h + 2 * GAP <= height;
  if (together && below + card.h + EDGE <= stage.h) return { x: across, y: below };
  if (together && above >= EDGE) return { x: across, y: above };
  if (lit.x - card.w - GAP >= EDGE) return { x: lit.x - card.w - GAP, y: along };
  if (lit.x + lit.w + GAP + card.w + EDGE <= stage.w) return { x: lit.x + lit.w + GAP, y: along };
  return { x: across, y: below };
}

/**
 * How far to scroll so that the lit part and the card are seen; the card alone where there is no room for both.
 * @param {{y: number, h: number}} lit
 * @param {{y: number, h: number}} card
 * @param {number} origin of both
 * @param {{top: number, bottom: number}} visible
 */
function scrollOf(lit, card, origin, visible) {
  const both = [Math.min(lit.y, card.y), Math.max(lit.y + lit.h, card.y + card.h)];
  const [top, bottom] = (both[1] - both[0] <= visible.bottom - visible.top ? both : [card.y, card.y + card.h]).map(
    (y) => y + origin,
  );
  if (bottom > visible.bottom) return bottom - visible.bottom;
  return top < visible.top ? top - visible.top : 0;
}

/** What scrolls the stage, and the span of the window in which it is seen. @param {HTMLElement} root */
function visibleSpan(root) {
  /** @type {any} */ let at = root;
  const scrolls = (/** @type {Element} */ element) =>
    /auto|scroll/.test(getComputedStyle(element).overflowY) && element.scrollHeight > element.clientHeight;
  while (at && !(at instanceof Element && at !== root && scrolls(at))) at = at.assignedSlot || at.parentNode || at.host;
  const scroller = /** @type {Element} */ (at || document.scrollingElement || document.documentElement);
  const box = at ? scroller.getBoundingClientRect() : { top: 0, bottom: innerHeight };
  const header = document.querySelector("[data-testid=stHeader]")?.getBoundingClientRect();
  return {
    scroller,
    top: Math.max(box.top, header?.bottom || 0) + EDGE,
    bottom: Math.min(box.bottom, innerHeight) - EDGE,
  };
}
