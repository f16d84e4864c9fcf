/**
 * Who pulls? A sample that is clicked on, or asked about by keys: what it would change, and which samples pull the
 * other way.
 */
import { el, text } from "../../lib/dom.js";
import { refuses } from "../../live/lesson.js";
import { count } from "../../lib/format.js";

/** It is asked again while it plays, and while it stands, milliseconds. */
const AGAIN = 700;
const SOON = 100;

/** @typedef {{frame: number, point: number, pull: (number|null)[], cosine: (number|null)[]}} Pull */

export class Pulling {
  /**
   * @param {import("../../lib/i18n.js").Words} words
   * @param {import("./boundary.js").Boundary} boundary
   * @param {import("../network/network.js").Network} network
   * @param {(name: string, of: {point: number}) => void} look
   */
  constructor(words, boundary, network, look) {
    this.words = words;
    this.boundary = boundary;
    this.network = network;
    this.look = look;
    /** @type {import("../../live/types.js").Scene|undefined} */ this.scene = undefined;
    /** Place in the list of points, -1 for none. */
    this.point = -1;
    this.askedAt = 0;
    this.index = 0;
    this.said = el("span", "pulled", { role: "status", "data-testid": "pulled" });
    this.leave_ = words.write(el("button", "link", { type: "button", "data-testid": "leave-pull" }), "leave");
    this.leave_.addEventListener("click", () => this.leave());
    this.element = el("span", "pulls");
    this.element.append(this.said, this.leave_);
    this.element.hidden = true;
    this.escape = this.escape.bind(this);
    window.addEventListener("keydown", this.escape);
  }

  /** @param {KeyboardEvent} event */
  escape(event) {
    if (event.key === "Escape" && !event.defaultPrevented && this.network.card.element.hidden) this.leave();
  }

  destroy() {
    window.removeEventListener("keydown", this.escape);
  }

  /** @param {import("../../live/types.js").Scene} scene */
  show(scene) {
    if (scene !== this.scene) this.leave();
    this.scene = scene;
  }

  /** Ask about a point; the same one once more, or none, leaves it. @param {number} point */
  choose(point) {
    if (point < 0 || point === this.point || refuses(this.scene?.lesson, "pulls")) return this.leave();
    this.point = point;
    text(this.said, this.words.t("A moment…"));
    this.element.hidden = false;
    this.boundary.pull(point, null);
    this.ask();
  }

  leave() {
    if (this.point < 0) return;
    this.point = -1;
    this.element.hidden = true;
    this.found = undefined;
    this.boundary.pull(-1, null);
    this.network.pullBy(null);
  }

  ask() {
    this.askedAt = performance.now();
    this.look("pulls", { point: this.point });
  }

  /** @param {Pull} found */
  judge(found) {
    if (found.point < 0 && this.point >= 0) return this.leave();
    if (found.point !== this.point) return;
    this.found = found;
    this.boundary.pull(found.point, found.cosine);
    this.network.pullBy(found.pull.map((one) => one ?? 0));
    this.say();
  }

  /** How many train samples it agrees with. */
  say() {
    const { found, scene } = this;
    if (!found || !scene) return;
    const { t } = this.words;
    if (found.cosine[found.point] === null)
      return text(this.said, t("This point pulls at nothing: its loss has no slope here."));
    const others = found.cosine.filter((_, i) => scene.points.train[i] === 1 && i !== found.point);
    const against = others.filter((one) => one !== null && one < 0).length;
    const along = others.filter((one) => one !== null && one > 0).length;
    text(this.said, `● ${count(along)} ${t("agree")}  ○ ${count(against)} ${t("conflict")}`);
  }

  /** @param {number} index @param {boolean} moving */
  paint(index, moving) {
    this.index = index;
    if (this.point < 0 || this.found?.frame === index) return;
    if (performance.now() - this.askedAt > (moving ? AGAIN : SOON)) this.ask();
  }
}
