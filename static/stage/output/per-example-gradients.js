/**
 * Who pulls? A sample that is clicked on, or asked about by keys: what it would change, and which samples pull the
 * other way.
 */
import { el, text } from "../../lib/dom.js";
import { isLocked } from "../../live/handout.js";
import { count } from "../../lib/format.js";
import { mark } from "../../lib/i18n.js";

/** It is asked again while it plays, and while it stands, milliseconds. */
const AGAIN = 700;
const SOON = 100;

/** @typedef {{frame: number, point: number, pull: (number|null)[], cosine: (number|null)[]}} Pull */

export class PerExampleGradients {
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
    this.status = el("span", "pulled", { role: "status", "data-testid": "pulled" });
    this.leaveButton = words.write(
      el("button", "link", { type: "button", "data-testid": "leave-pull" }),
      mark("leave"),
    );
    this.leaveButton.addEventListener("click", () => this.leave());
    this.element = el("span", "pulls");
    this.element.append(this.status, this.leaveButton);
    this.element.hidden = true;
    words.onChange(() => this.writeStatus());
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
    if (point < 0 || point === this.point || isLocked(this.scene?.handout, "pulls")) return this.leave();
    this.point = point;
    text(this.status, this.words.t("A moment…"));
    this.element.hidden = false;
    this.boundary.pull(point, null);
    this.request();
  }

  leave() {
    if (this.point < 0) return;
    this.point = -1;
    this.element.hidden = true;
    this.gradients = undefined;
    this.boundary.pull(-1, null);
    this.network.pullBy(null);
  }

  request() {
    this.askedAt = performance.now();
    this.look("pulls", { point: this.point });
  }

  /** @param {Pull} gradients */
  applyGradients(gradients) {
    if (gradients.point < 0 && this.point >= 0) return this.leave();
    if (gradients.point !== this.point) return;
    this.gradients = gradients;
    this.boundary.pull(gradients.point, gradients.cosine);
    this.network.pullBy(gradients.pull.map((value) => value ?? 0));
    this.writeStatus();
  }

  /** How many train samples it agrees with. */
  writeStatus() {
    const { gradients, scene } = this;
    if (!gradients || !scene) return;
    const { t } = this.words;
    if (gradients.cosine[gradients.point] === null)
      return text(this.status, t("This point pulls at nothing: its loss has no slope here."));
    const others = gradients.cosine.filter((_, i) => scene.points.train[i] === 1 && i !== gradients.point);
    const against = others.filter((value) => value !== null && value < 0).length;
    const along = others.filter((value) => value !== null && value > 0).length;
    text(this.status, t("● {along} agree  ○ {against} conflict", { along: count(along), against: count(against) }));
  }

  /** @param {number} index @param {boolean} moving */
  paint(index, moving) {
    this.index = index;
    if (this.point < 0 || this.gradients?.frame === index) return;
    if (performance.now() - this.askedAt > (moving ? AGAIN : SOON)) this.request();
  }
}
