/** The stage's menu: how pictures and films are saved, the projector, and what the keys do. */
import { button, choice } from "../lib/widgets.js";
import { el, text } from "../lib/dom.js";
import { formats } from "./capture/film.js";

const FORMATS = /** @type {Record<string, string>} */ ({
  webm: "WebM video",
  mp4: "MP4 video",
  gif: "GIF, moves everywhere",
});
const SIZES = { 1: "as on the screen", 2: "twice as sharp" };
const GROUNDS = { white: "white", shown: "as on the screen" };
/** What the keys do, wherever on the page the focus is. */
const KEYS = [
  ["space", "play, pause"],
  ["→", "one frame on"],
  [".", "one optimizer step on"],
  ["← Home End", "back in time"],
  ["R", "the same start again"],
  ["N", "a new start"],
  ["B", "a branch from here"],
  ["P", "the projector, and back"],
  ["H", "a tour of the stage"],
];

export class Menu {
  /**
   * @param {import("../lib/i18n.js").Words} words
   * @param {import("./capture/capture.js").Options} options
   * @param {{project: () => void}} actions
   */
  constructor(words, options, actions) {
    this.words = words;
    this.open = button(words, "stage-menu", "Menu: pictures and films, projector, keys", () => this.toggle());
    text(this.open, "⋯");
    this.open.setAttribute("aria-haspopup", "dialog");
    this.card = words.label(
      el("div", "menu-card", { popover: "auto", role: "dialog", "data-testid": "stage-menu-card" }),
      "Menu",
    );
    const kinds = Object.fromEntries(formats().map((format) => [format, FORMATS[format]]));
    const saving = el("div", "capture");
    saving.append(
      this.heading("Pictures and films"),
      this.row(
        "Ground",
        choice(
          words,
          "picture-ground",
          "Ground of pictures and films",
          GROUNDS,
          (ground) => (options.white = ground === "white"),
        ),
        options.white ? "white" : "shown",
      ),
      this.row(
        "Picture",
        choice(words, "picture-size", "Size of pictures", SIZES, (scale) => (options.scale = Number(scale))),
        String(options.scale),
      ),
      this.row(
        "Film",
        choice(words, "film-format", "Format of films", kinds, (format) => (options.format = format)),
        options.format,
      ),
    );
    const project = words.write(
      el("button", "small wide", { type: "button", "data-testid": "projector" }),
      "Projector: large, for a room",
    );
    project.addEventListener("click", () => {
      this.card.hidePopover();
      actions.project();
    });
    this.card.append(saving, this.heading("For a room"), project, this.heading("Keys"), this.keys());
    this.element = el("span", "menu");
    this.element.append(this.open, this.card);
  }

  /** @param {string} name */
  heading(name) {
    return this.words.write(el("h3"), name);
  }

  /** @param {string} name @param {HTMLSelectElement} select @param {string} value */
  row(name, select, value) {
    const row = el("label", "row");
    row.append(this.words.write(el("span"), name), select);
    select.value = value;
    return row;
  }

  keys() {
    const list = el("dl");
    for (const [key, does] of KEYS) {
      const name = el("dt");
      text(name, key);
      list.append(name, this.words.write(el("dd"), does));
    }
    return list;
  }

  toggle() {
    const { card } = this;
    card.togglePopover();
    if (!card.matches(":popover-open")) return;
    const from = this.open.getBoundingClientRect();
    const room = document.documentElement.clientWidth;
    card.style.left = `${Math.max(8, Math.min(from.right - card.offsetWidth, room - card.offsetWidth - 8))}px`;
    card.style.top = `${Math.max(8, Math.min(from.bottom + 6, window.innerHeight - card.offsetHeight - 8))}px`;
  }
}
