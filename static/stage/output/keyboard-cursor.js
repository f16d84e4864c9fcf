/** A cursor on the picture for the keys: arrows move it, Enter does there what a click would. */
import { el } from "../../lib/dom.js";

const STEP = 0.025;
const MOVES = /** @type {Record<string, number[]>} */ ({
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
});

export class KeyboardCursor {
  /**
   * @param {HTMLElement} surface that it moves on
   * @param {{moved: (u: number, v: number) => void, entered: (u: number, v: number) => void, left: () => void}} does
   * told shares of the width and of the height
   */
  constructor(surface, does) {
    this.surface = surface;
    this.does = does;
    this.at = [0.5, 0.5];
    this.mark = el("div", "cursor", { "aria-hidden": "true" });
    this.mark.hidden = true;
    surface.setAttribute("tabindex", "0");
    surface.setAttribute("role", "application");
    surface.classList.add("pointing");
    surface.addEventListener("keydown", (event) => this.press(event));
    surface.addEventListener("blur", () => this.hide());
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const move = MOVES[event.key];
    if (!move && event.key !== "Enter") return;
    event.preventDefault();
    if (move) this.at = this.at.map((at, i) => Math.min(1, Math.max(0, at + STEP * move[i])));
    this.place();
    (move ? this.does.moved : this.does.entered)(this.at[0], this.at[1]);
  }

  /** Show it where it is. @param {number[]} [at] another place */
  place(at = this.at) {
    this.at = at;
    this.mark.hidden = false;
    this.mark.style.left = `${this.surface.offsetLeft + at[0] * this.surface.clientWidth}px`;
    this.mark.style.top = `${this.surface.offsetTop + at[1] * this.surface.clientHeight}px`;
  }

  hide() {
    if (this.mark.hidden) return;
    this.mark.hidden = true;
    this.does.left();
  }
}
