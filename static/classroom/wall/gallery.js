/** Works picked for all to see, large and without names; on a projector nothing else. */
import { el, text } from "../../lib/dom.js";
import { count, precise } from "../../lib/format.js";
import { mark } from "../../lib/i18n.js";
import { SmallPicture } from "./picture.js";

/** @typedef {import("./picture.js").Picture & {work: number, title: string, test: number|null, step: number}} Work */
/** @typedef {(name: string, data: Record<string, unknown>) => void} Act */

/** Letters for places: A to X. @param {number} place */
const letterOf = (place) => String.fromCharCode(65 + (place % 26));

class Card {
  /** @param {import("../../lib/i18n.js").Words} words @param {(places: number) => void} move */
  constructor(words, move) {
    this.words = words;
    this.picture = new SmallPicture();
    this.letter = el("span", "letter");
    this.settings = el("span", "settings");
    this.loss = el("span", "loss");
    this.element = el("figure", "work");
    const caption = el("figcaption");
    caption.append(this.letter, this.settings, this.loss);
    const tools = el("div", "work-tools");
    for (const [places, sign, label] of /** @type {[number, string, string][]} */ ([
      [-1, "←", mark("Move this work forward")],
      [1, "→", mark("Move this work back")],
      [0, "✕", mark("Take this work out")],
    ])) {
      const press = words.label(el("button", "small", { type: "button" }), label, true);
      text(press, sign);
      press.addEventListener("click", () => move(places));
      tools.append(press);
    }
    this.element.append(this.picture.element, caption, tools);
  }

  /** @param {Work} work @param {number} place */
  show(work, place) {
    text(this.letter, letterOf(place));
    text(this.settings, work.title);
    const values = { loss: precise(work.test ?? NaN), step: count(work.step) };
    text(this.loss, this.words.t("test {loss} · step {step}", values));
    this.picture.take(work);
  }
}

export class GalleryView {
  /** @param {import("../../lib/i18n.js").Words} words @param {Act} act */
  constructor(words, act) {
    this.words = words;
    this.act = act;
    this.element = el("div", "class-gallery");
    this.empty = words.write(
      el("p", "hint"),
      mark("Look at a student's stage and add it to the gallery: it hangs here large, without a name."),
    );
    this.project = words.write(el("button", "action", { type: "button" }), mark("On the projector"));
    this.project.addEventListener("click", () => this.toggle());
    this.grid = el("div", "works");
    this.element.append(this.empty, this.project, this.grid);
    /** @type {Map<number, Card>} */ this.cards = new Map();
    this.isProjected = false;
    this.watchFullscreen = () => {
      if (!document.fullscreenElement && this.isProjected) this.setProjected(false);
    };
    this.listenKeys = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape" && this.isProjected) this.setProjected(false);
    };
    document.addEventListener("fullscreenchange", this.watchFullscreen);
    document.addEventListener("keydown", this.listenKeys);
  }

  toggle() {
    this.setProjected(!this.isProjected);
  }

  /** Have the works fill the screen, or stand in the page again. @param {boolean} on */
  setProjected(on) {
    this.isProjected = on;
    this.element.classList.toggle("projected", on);
    text(this.project, on ? this.words.t("Back to the page") : this.words.t("On the projector"));
    // Where a browser has no full screen, or refuses it, the works fill the window.
    if (on) this.element.requestFullscreen?.().catch(() => {});
    else if (document.fullscreenElement) document.exitFullscreen();
    if (this.theme) this.paint(this.theme);
  }

  /** @param {Work[]} works @param {import("../../lib/theme.js").Theme} theme */
  show(works, theme) {
    const present = new Set(works.map(({ work }) => work));
    for (const [work, card] of this.cards) {
      if (present.has(work)) continue;
      card.element.remove();
      this.cards.delete(work);
    }
    works.forEach((work, place) => {
      let card = this.cards.get(work.work);
      if (!card) {
        card = new Card(this.words, (places) => this.act("move", { number: work.work, places }));
        this.cards.set(work.work, card);
      }
      card.show(work, place);
      if (this.grid.children[place] !== card.element)
        this.grid.insertBefore(card.element, this.grid.children[place] ?? null);
    });
    this.empty.hidden = works.length > 0;
    this.project.hidden = !works.length;
    this.paint(theme);
  }

  /** @param {import("../../lib/theme.js").Theme} theme */
  paint(theme) {
    this.theme = theme;
    for (const { element, picture } of this.cards.values()) {
      const side = Math.floor(element.clientWidth);
      if (side) picture.paint(side, theme);
    }
  }

  destroy() {
    document.removeEventListener("fullscreenchange", this.watchFullscreen);
    document.removeEventListener("keydown", this.listenKeys);
  }
}
