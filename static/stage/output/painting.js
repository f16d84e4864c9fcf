/** Painting points on the picture, and erasing them: by pointer, or by keys with the cursor. */
import { choice } from "../../lib/widgets.js";
import { el, text } from "../../lib/dom.js";
import { precise } from "../../lib/format.js";
import { mark } from "../../lib/i18n.js";

/** Between two messages to the server while a stroke goes on, milliseconds. */
const EACH = 150;
/** Between two points of a stroke, and how far the eraser reaches, as shares of the picture's side. */
const APART = 0.035;
const REACH = 0.045;

/** @typedef {{add: number[][], erase: number[][]}} Stroke */

export class Painting {
  /**
   * @param {import("../../lib/i18n.js").Words} words @param {HTMLElement} surface that is painted on
   * @param {(data: Record<string, unknown>) => void} send
   * @param {(points: number[][]) => void} draw points that are not known to the server yet
   */
  constructor(words, surface, send, draw) {
    this.words = words;
    this.surface = surface;
    this.send = send;
    this.draw = draw;
    this.tool = "";
    /** What the list of tools was made for. */
    this.key = "";
    this.language = words.language;
    this.clear = el("button", "link", { type: "button", "data-testid": "clear-painted" });
    words.write(this.clear, mark("clear"));
    this.clear.hidden = true;
    this.clear.addEventListener("click", () => send({ clear: true }));
    this.select = choice(words, "paint", mark("Paint points on the picture"), { "": mark("paint…") }, (tool) =>
      this.pick(tool),
    );
    /** @type {Stroke} */ this.stroke = { add: [], erase: [] };
    this.listen();
  }

  /** @param {string} tool */
  pick(tool) {
    this.tool = tool;
    this.surface.classList.toggle("painting", !!tool);
    const { t } = this.words;
    const label = tool
      ? t("Paint here: arrows move the cursor, Enter paints or erases")
      : t("Samples: arrows move the cursor, Enter shows what the nearest one pulls at");
    this.surface.setAttribute("aria-label", label);
  }

  /** @param {import("../../live/types.js").Scene} scene */
  show(scene) {
    this.scene = scene;
    const { t } = this.words;
    const { task, classes, points, target } = scene;
    const options = [["", t("paint…")]];
    if (task === "regression")
      for (const level of target.levels) options.push([`v${level}`, t("paint {name}", { name: precise(level) })]);
    else
      classes.forEach((/** @type {string} */ name, /** @type {number} */ k) =>
        options.push([`v${k}`, t("paint {name}", { name })]),
      );
    options.push(["erase", t("erase painted")]);
    const key = options.join();
    this.select.hidden = !points.paintable;
    if (this.key !== key) {
      this.key = key;
      this.select.replaceChildren(
        ...options.map(([value, label]) => {
          const option = el("option", "", { value });
          text(option, label);
          return option;
        }),
      );
      // In another language the same tools have other names: what is chosen stays.
      const isKnown = options.some(([value]) => value === this.tool) && this.language !== this.words.language;
      this.language = this.words.language;
      this.select.value = isKnown ? this.tool : "";
      this.pick(this.select.value);
    }
    this.count(points);
  }

  /** @param {import("../../live/types.js").Points} points */
  count(points) {
    this.clear.hidden = !points.painted;
  }

  listen() {
    const { surface } = this;
    surface.addEventListener("pointerdown", (event) => {
      if (!this.tool || event.button) return;
      surface.setPointerCapture(event.pointerId);
      this.down = true;
      this.lastAt = null;
      this.dab(event.offsetX / surface.clientWidth, event.offsetY / surface.clientHeight);
    });
    surface.addEventListener(
      "pointermove",
      (event) => this.down && this.dab(event.offsetX / surface.clientWidth, event.offsetY / surface.clientHeight),
    );
    for (const end of ["pointerup", "pointercancel"]) {
      surface.addEventListener(end, () => {
        if (!this.down) return;
        this.down = false;
        this.flush();
      });
    }
  }

  /** One dab at shares of the picture's width and height. @param {number} u @param {number} v */
  once(u, v) {
    this.lastAt = null;
    this.dab(u, v);
    this.flush();
  }

  /** Paint or erase at shares of the picture's width and height. @param {number} u @param {number} v */
  dab(u, v) {
    if (u < 0 || u > 1 || v < 0 || v > 1 || !this.scene) return;
    if (this.lastAt && Math.hypot(u - this.lastAt[0], v - this.lastAt[1]) < APART) return;
    this.lastAt = [u, v];
    const { xlim, ylim } = this.scene.axes;
    const x = xlim[0] + u * (xlim[1] - xlim[0]);
    const y = ylim[1] - v * (ylim[1] - ylim[0]);
    if (this.tool === "erase") this.stroke.erase.push([x, y, REACH * (xlim[1] - xlim[0])]);
    else {
      const point = [x, y, Number(this.tool.slice(1))];
      this.stroke.add.push(point);
      this.draw([point]);
    }
    const now = performance.now();
    if (now - (this.sentAt || 0) > EACH) this.flush();
  }

  /** Send what was painted since the last message. */
  flush() {
    const { add, erase } = this.stroke;
    if (!add.length && !erase.length) return;
    this.sentAt = performance.now();
    this.stroke = { add: [], erase: [] };
    this.send({ add, erase });
  }
}
