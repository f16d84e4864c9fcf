/** Entry: the wall of a class, its numbers, and the gallery. */
import { watchDensity } from "../../lib/canvas.js";
import { attribute, el, text } from "../../lib/dom.js";
import { mark, Words } from "../../lib/i18n.js";
import { applyColours, readTheme } from "../../lib/theme.js";
import { mounter } from "../mount.js";
import { Poll } from "../poll.js";
import { GalleryView } from "./gallery.js";
import { Look } from "./look.js";
import { NumbersView } from "./numbers.js";
import { Tile } from "./tile.js";

/** Milliseconds between two questions. */
const EVERY = 2000;
const VIEWS = /** @type {const} */ ({ wall: mark("Wall"), numbers: mark("Numbers"), gallery: mark("Gallery") });

/** @typedef {{class: string, token: string, lang: string}} WallData */
/** @typedef {keyof typeof VIEWS} ViewName */
/** @typedef {{count: number, tiles: import("./tile.js").Student[], works: import("./gallery.js").Work[], numbers: import("./numbers.js").ClassNumbers}} Answer */

/** @typedef {import("../mount.js").Part<WallData>} Part */
/** @implements {Part} */
class WallView {
  /** @param {ShadowRoot|HTMLElement} place */
  constructor(place) {
    const words = (this.words = new Words());
    this.root = el("div", "class-wall", { "data-testid": "class-wall" });
    this.root.style.visibility = "hidden";
    const sheet = el("link", "", { rel: "stylesheet", href: new URL("./wall.css", import.meta.url).href });
    for (const event of ["load", "error"])
      sheet.addEventListener(event, () => {
        this.root.style.visibility = "";
        this.layout();
      });
    /** @type {import("../mount.js").Component<WallData>|null} */ this.component = null;
    this.since = 0;
    this.token = "";
    /** @type {Poll|null} */ this.poll = null;
    /** @type {Answer|null} */ this.answer = null;
    /** @type {Map<number, Tile>} */ this.tiles = new Map();
    this.empty = words.write(el("p", "hint"), mark("Nobody is here yet: show your class the code."));
    this.grid = words.label(el("div", "tiles", { role: "group" }), mark("The students' stages"));
    this.look = new Look(
      words,
      (name, data) => this.act(name, data),
      () => this.closeLook(),
    );
    this.numbers = new NumbersView(words);
    this.gallery = new GalleryView(words, (name, data) => this.act(name, data));
    const wall = el("div", "wall");
    wall.append(this.look.element, this.empty, this.grid);
    /** @type {Record<ViewName, HTMLElement>} */
    this.panels = { wall, numbers: this.numbers.element, gallery: this.gallery.element };
    this.tabs = this.makeTabs();
    this.count = el("span", "count", { role: "status" });
    const head = el("div", "wall-head");
    head.append(this.tabs, this.count);
    this.root.append(head, ...Object.values(this.panels));
    place.append(sheet, this.root);
    this.sheet = sheet;
    this.theme = readTheme(this.root);
    this.show("wall");
    this.observer = new ResizeObserver(() => this.layout());
    this.observer.observe(this.root);
    this.unwatch = watchDensity(() => this.layout());
  }

  makeTabs() {
    const list = this.words.label(el("div", "tabs", { role: "group" }), mark("What is shown of the class"));
    for (const [name, label] of Object.entries(VIEWS)) {
      const tab = this.words.write(el("button", "tab", { type: "button", "data-view": name }), label);
      tab.addEventListener("click", () => this.show(/** @type {ViewName} */ (name)));
      list.append(tab);
    }
    return list;
  }

  /** @param {ViewName} name */
  show(name) {
    for (const [other, panel] of Object.entries(this.panels)) panel.hidden = other !== name;
    for (const tab of this.tabs.children)
      attribute(tab, "aria-pressed", String(/** @type {HTMLElement} */ (tab).dataset.view === name));
    if (name !== "wall") this.closeLook();
    this.layout();
  }

  /** @param {import("../mount.js").Component<WallData>} component */
  use(component) {
    this.component = component;
    const { class: code, token, lang } = component.data;
    this.readTheme();
    if (token === this.token) return this.poll?.look();
    this.token = token;
    this.since = 0;
    this.poll?.stop();
    this.poll = new Poll({
      ask: () => ["wall", { since: this.since, lang }],
      code,
      token,
      every: EVERY,
      take: (answer) => this.take(answer),
      lost: () => this.component?.setTriggerValue("lost", performance.now()),
    });
  }

  readTheme() {
    const theme = readTheme(this.root);
    if (theme.key === this.theme.key && this.root.style.fontFamily) return;
    this.theme = theme;
    applyColours(this.root, theme);
    this.look.readTheme();
    this.layout();
  }

  /** @param {Response} response */
  async take(response) {
    /** @type {Answer} */ const answer = await response.json();
    this.since = answer.count;
    this.answer = answer;
    const { words } = this;
    this.readTheme();
    this.showTiles(answer.tiles);
    this.numbers.show(answer.numbers, this.theme);
    this.gallery.show(answer.works, this.theme);
    const present = answer.tiles.filter(({ away }) => !away).length;
    text(
      this.count,
      present === answer.tiles.length
        ? words.n("{count} student", "{count} students", present)
        : words.n("{count} student, {present} here now", "{count} students, {present} here now", answer.tiles.length, {
            present,
          }),
    );
  }

  /** @param {import("./tile.js").Student[]} students whoever needs help first */
  showTiles(students) {
    const seats = new Set(students.map(({ seat }) => seat));
    for (const [seat, tile] of this.tiles) {
      if (seats.has(seat)) continue;
      tile.element.remove();
      this.tiles.delete(seat);
    }
    // Under a hand nothing moves.
    const isHeld =
      this.grid.matches(":hover") ||
      this.grid.contains(/** @type {ShadowRoot} */ (this.root.getRootNode()).activeElement);
    let isNew = false;
    students.forEach((student, place) => {
      let tile = this.tiles.get(student.seat);
      if (!tile) {
        const newTile = new Tile(this.words, () => this.openLook(student.seat));
        tile = newTile;
        this.tiles.set(student.seat, newTile);
        this.grid.append(newTile.element);
        isNew = true;
      }
      if (!isHeld && this.grid.children[place] !== tile.element)
        this.grid.insertBefore(tile.element, this.grid.children[place] ?? null);
      tile.show(student, this.theme);
    });
    this.empty.hidden = students.length > 0;
    if (isNew) this.layout();
  }

  /** @param {number} seat */
  openLook(seat) {
    const student = this.answer?.tiles.find((other) => other.seat === seat);
    if (student && this.component) this.look.open(seat, student.nickname, this.component.data);
  }

  closeLook() {
    const seat = this.look.seat;
    this.look.stop();
    this.tiles.get(seat)?.element.focus({ preventScroll: true });
  }

  /** @param {string} name @param {Record<string, unknown>} data */
  act(name, data) {
    this.component?.setTriggerValue("act", { name, ...data });
    setTimeout(() => this.poll?.look(), 300);
  }

  /** Draw all pictures in their sizes. */
  layout() {
    const first = this.tiles.values().next().value;
    const side = first ? Math.floor(first.element.clientWidth) : 0;
    for (const tile of this.tiles.values()) tile.paint(side, this.theme);
    this.numbers.paint(this.theme);
    this.gallery.paint(this.theme);
  }

  destroy() {
    this.poll?.stop();
    this.look.stop();
    this.gallery.destroy();
    this.observer.disconnect();
    this.unwatch();
    this.root.remove();
    this.sheet.remove();
  }
}

export const mount = mounter((place) => new WallView(place));
