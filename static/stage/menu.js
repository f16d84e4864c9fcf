/** The stage's menu: how pictures and films are saved, the projector, and what the keys do. */
import { button, choice } from "../lib/widgets.js";
import { el, text } from "../lib/dom.js";
import { formats } from "./capture/film.js";
import { mark } from "../lib/i18n.js";
import { KEYS } from "../live/keys.js";

const FORMATS = /** @type {Record<string, string>} */ ({
  webm: mark("WebM video"),
  mp4: mark("MP4 video"),
  gif: mark("GIF, moves everywhere"),
});
const SIZES = { 1: mark("as on the screen"), 2: mark("twice as sharp") };
const GROUNDS = { white: mark("white"), shown: mark("as on the screen") };

export class Menu {
  /**
   * @param {import("../lib/i18n.js").Words} words
   * @param {import("./capture/capture.js").Options} options
   * @param {{project: () => void}} actions
   */
  constructor(words, options, actions) {
    this.words = words;
    this.open = button(words, "stage-menu", mark("Menu: pictures and films, projector, keys"), () => this.toggle());
    text(this.open, "⋯");
    this.open.setAttribute("aria-haspopup", "dialog");
    this.card = words.label(
      el("div", "menu-card", { popover: "auto", role: "dialog", "data-testid": "stage-menu-card" }),
      mark("Menu"),
    );
    const kinds = Object.fromEntries(formats().map((format) => [format, FORMATS[format]]));
    const saving = el("div", "capture");
    saving.append(
      this.heading(mark("Pictures and films")),
      this.row(
        mark("Ground"),
        choice(
          words,
          "picture-ground",
          mark("Ground of pictures and films"),
          GROUNDS,
          (ground) => (options.white = ground === "white"),
        ),
        options.white ? "white" : "shown",
      ),
      this.row(
        mark("Picture"),
        choice(words, "picture-size", mark("Size of pictures"), SIZES, (scale) => (options.scale = Number(scale))),
        String(options.scale),
      ),
      this.row(
        mark("Film"),
        choice(words, "film-format", mark("Format of films"), kinds, (format) => (options.format = format)),
        options.format,
      ),
    );
    const project = words.write(
      el("button", "small wide", { type: "button", "data-testid": "projector" }),
      mark("Projector: large, for a room"),
    );
    project.addEventListener("click", () => {
      this.card.hidePopover();
      actions.project();
    });
    this.card.append(saving, this.heading(mark("For a room")), project, this.heading(mark("Keys")), this.keys());
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
    for (const { shown, does } of KEYS) {
      list.append(this.words.write(el("dt"), shown), this.words.write(el("dd"), does));
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
