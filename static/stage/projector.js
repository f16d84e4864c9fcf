/**
 * The projector: the stage alone over the whole window, in a small layout that is enlarged until it fills it; legible
 * from far away.
 */
import { setEnlargement } from "../lib/canvas.js";
import { el } from "../lib/dom.js";
import { mark } from "../lib/i18n.js";

/** The layout's width and height before it is enlarged, in CSS pixels: at 1920 x 1080 what is 12 px high becomes 28. */
const WIDTH = 820;
const HEIGHT = 461;
/** Beside the network stands so much else. */
const BESIDE = 350;
/** The same of a window that is higher than wide, where all stands below one another; the network's margins. */
const UPRIGHT = { width: 400, height: 760, beside: 28 };

export class Projector {
  /**
   * @param {HTMLElement} root
   * @param {() => number} need least width of the network
   * @param {() => void} changed after the stage has another size
   */
  constructor(root, need, changed) {
    this.root = root;
    this.need = need;
    this.changed = changed;
    this.on = false;
    this.press = this.press.bind(this);
    this.fit = this.fit.bind(this);
  }

  /** A way out by the pointer. @param {import("../lib/i18n.js").Words} words */
  makeExit(words) {
    const button = el("button", "link", { type: "button", "data-testid": "leave-projector" });
    const exit = words.write(button, mark("leave (Esc)"));
    exit.addEventListener("click", () => this.leave());
    return exit;
  }

  toggle() {
    if (this.on) this.leave();
    else this.enter();
  }

  enter() {
    const { root } = this;
    this.on = true;
    root.classList.add("projector");
    root.setAttribute("popover", "manual");
    this.show();
    window.addEventListener("keydown", this.press, true);
    window.addEventListener("resize", this.fit);
    this.fit();
  }

  leave() {
    const { root } = this;
    if (!this.on) return;
    this.on = false;
    window.removeEventListener("keydown", this.press, true);
    window.removeEventListener("resize", this.fit);
    root.classList.remove("projector", "upright");
    root.removeAttribute("popover");
    setEnlargement(1);
    this.changed();
  }

  /** Above all else on the page; again once the stage stands in another place. */
  show() {
    if (this.on && this.root.isConnected && !this.root.matches(":popover-open")) this.root.showPopover();
  }

  /** Escape leaves it, unless something within it is open that it closes. @param {KeyboardEvent} event */
  press(event) {
    const { root } = this;
    if (
      event.key !== "Escape" ||
      root.querySelector(":popover-open, .card.pinned:not([hidden]), .pulls:not([hidden]), .tour-veil:not([hidden])")
    )
      return;
    event.preventDefault();
    event.stopPropagation();
    this.leave();
  }

  /** Enlarge it to the window. */
  fit() {
    const { root } = this;
    const { innerWidth, innerHeight } = window;
    const isUpright = innerHeight > innerWidth;
    const { width, height, beside } = isUpright ? UPRIGHT : { width: WIDTH, height: HEIGHT, beside: BESIDE };
    const by = Math.min(innerWidth / Math.max(width, beside + this.need()), innerHeight / height);
    root.classList.toggle("upright", isUpright);
    root.style.setProperty("--enlarged", String(by));
    root.style.setProperty("--window-width", `${innerWidth / by}px`);
    root.style.setProperty("--window-height", `${innerHeight / by}px`);
    setEnlargement(by);
    this.changed();
  }
}
