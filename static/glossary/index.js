/**
 * Entry: a small card beside a word that links to a term: by pointer, by focus and by press. Words are text, never
 * HTML.
 */
import { el, text } from "../lib/dom.js";

const BEGINNING = "#term-";

/** @typedef {{label: string, words: string, where: string, source: string}} Term */

/** Every term by name, once somebody has asked for one. @type {Promise<Record<string, Term>|undefined>|undefined} */
let terms;

/** @param {unknown} target @returns {target is HTMLAnchorElement} whether it is a word that is explained */
const isTerm = (target) => target instanceof HTMLAnchorElement && /^#term-\w+$/.test(target.getAttribute("href") || "");

/** @param {Event} event @returns {HTMLAnchorElement|undefined} the word that it is about */
const termOf = (event) => event.composedPath().find(isTerm);

class TermCards {
  /** @param {string} address of the terms */
  constructor(address) {
    this.address = address;
    /** @type {HTMLElement|undefined} */ this.card = undefined;
    /** The word beside which the card is, or will be once its term is there. @type {HTMLAnchorElement|undefined} */
    this.anchor = undefined;
  }

  hide() {
    this.card?.remove();
    this.card = this.anchor = undefined;
  }

  /** @param {HTMLAnchorElement} anchor */
  async show(anchor) {
    if (this.anchor === anchor) return;
    this.hide();
    this.anchor = anchor;
    terms ??= fetch(new URL(this.address, document.baseURI)).then((answer) => answer.json());
    const all = await terms.catch(() => (terms = undefined));
    if (this.anchor !== anchor) return;
    const term = all?.[(anchor.getAttribute("href") || "").slice(BEGINNING.length)];
    if (!term || !anchor.isConnected) return this.hide();
    this.card = makeCard(term);
    document.body.append(this.card);
    this.place();
  }

  /** Below the word, or above it where there is no room. */
  place() {
    if (!this.card || !this.anchor) return;
    const at = this.anchor.getBoundingClientRect();
    const { width, height } = this.card.getBoundingClientRect();
    const below = at.bottom + 4;
    this.card.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
    this.card.style.top = `${below + height + 4 < innerHeight ? below : Math.max(8, at.top - height - 4)}px`;
  }

  /** @param {Event} event */
  point(event) {
    const anchor = termOf(event);
    if (anchor) this.show(anchor);
    else if (this.card && !event.composedPath().includes(this.card)) this.hide();
  }

  /** @param {Event} event */
  press(event) {
    const anchor = termOf(event);
    if (!anchor) return this.hide();
    event.preventDefault();
    event.stopPropagation();
    this.show(anchor);
  }

  /** The focus has moved by Tab. */
  follow() {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    if (isTerm(active)) this.show(active);
    else this.hide();
  }
}

/** @param {Term} term */
function makeCard(term) {
  const card = el("div", "term-card", { role: "tooltip" });
  const { color, backgroundColor, fontFamily } = getComputedStyle(document.querySelector(".stApp") || document.body);
  Object.assign(card.style, { color, backgroundColor, fontFamily });
  const parts = /** @type {const} */ ([
    ["strong", "label"],
    ["p", "words"],
    ["small", "where"],
    ["small", "source"],
  ]);
  for (const [tag, name] of parts) {
    const part = el(tag);
    text(part, term[name]);
    card.append(part);
  }
  return card;
}

/** @param {{data: {address: string}}} component @returns {() => void} cleanup */
export function mount({ data }) {
  const cards = new TermCards(data.address);
  const stop = new AbortController();
  const { signal } = stop;
  // Between two places of one component neither pointerover nor focusin leaves it: moves and keys do.
  document.addEventListener("pointermove", (event) => cards.point(event), { signal });
  document.addEventListener("click", (event) => cards.press(event), { signal, capture: true });
  document.addEventListener("keydown", (event) => event.key === "Escape" && cards.hide(), { signal });
  document.addEventListener("keyup", (event) => event.key === "Tab" && cards.follow(), { signal });
  document.addEventListener("scroll", () => cards.place(), { signal, capture: true });
  return () => {
    cards.hide();
    stop.abort();
  };
}
