/** What is known of one unit or one link, beside it: numbers that live, and fields to edit them. */
import { Surface } from "../../lib/canvas.js";
import { el, text } from "../../lib/dom.js";
import { precise } from "../../lib/format.js";

/** Numbers that change with each frame cannot be read: milliseconds between two. */
const CALM = 120;
const WIDTH = 232;
/** From the top of a unit to below it. */
const BELOW = 42;
/** Of the small curve, in CSS pixels. */
const SPARK = { width: 212, height: 36 };

export class InspectorCard {
  /** @param {import("../../lib/i18n.js").Words} words */
  constructor(words) {
    this.t = words.t;
    this.element = el("div", "card", { role: "group", "data-testid": "card" });
    this.element.hidden = true;
    /** @type {(() => void)[]} */ this.live = [];
    this.writtenAt = 0;
    this.pinned = false;
    this.key = "";
    /** Called by the button of a pinned card. */
    this.close = () => this.hide();
  }

  /** At the top for the eye, last for who comes by keys: the numbers to edit are first. */
  makeClose() {
    const label = this.t("Close");
    const close = el("button", "small close", {
      type: "button",
      "data-testid": "card-close",
      "aria-label": label,
      title: label,
    });
    text(close, "×");
    close.addEventListener("click", () => this.close());
    return close;
  }

  /**
   * @param {string} key of what it is about
   * @param {string} title
   * @param {HTMLElement[]} rows
   * @param {(() => void)[]} live what writes the numbers
   * @param {{x: number, y: number, before?: number}} at before: where it ends when there is no room after x
   * @param {boolean} pinned
   * @param {Element|null} [after] element that it follows in the order of focus
   */
  show(key, title, rows, live, at, pinned, after) {
    if (this.key === key && !this.element.hidden && this.pinned === pinned) return;
    this.key = key;
    this.pinned = pinned;
    this.live = live;
    const head = el("div", "card-title");
    text(head, title);
    this.element.setAttribute("aria-label", title);
    this.element.replaceChildren(head, ...rows, ...(pinned ? [this.makeClose()] : []));
    this.element.classList.toggle("pinned", pinned);
    this.element.hidden = false;
    if (after && after.nextSibling !== this.element) after.after(this.element);
    // Measured with its numbers in it: they may take a second line.
    this.write();
    const parent = /** @type {HTMLElement} */ (this.element.parentElement);
    const { scrollLeft, clientWidth } = /** @type {HTMLElement} */ (parent.parentElement);
    const least = scrollLeft + 4;
    const room = scrollLeft + clientWidth - WIDTH - 8;
    const before = (at.before ?? 0) - WIDTH;
    // After it, else before it, else (on a phone) below it.
    const left = at.x <= room ? at.x : before >= least ? before : room;
    const top = at.x > room && before < least && at.before !== undefined ? at.y + BELOW : at.y;
    this.element.style.left = `${Math.max(least, left)}px`;
    this.element.style.top = `${Math.max(4, Math.min(top, parent.clientHeight - this.element.offsetHeight - 4))}px`;
  }

  hide() {
    if (this.element.hidden) return;
    this.element.hidden = true;
    this.pinned = false;
    this.key = "";
  }

  /** Whether something in it has the focus. */
  get busy() {
    const root = /** @type {ShadowRoot|Document} */ (this.element.getRootNode());
    return !this.element.hidden && this.element.contains(root.activeElement);
  }

  /** @param {boolean} moving whether the next frame follows at once */
  paint(moving) {
    if (this.element.hidden) return;
    const now = performance.now();
    if (moving && now - this.writtenAt < CALM) return;
    this.writtenAt = now;
    this.write();
  }

  write() {
    for (const write of this.live) write();
  }
}

/** A row of a name and a number that lives. @param {string} name @param {() => string} read */
export function makeReadout(name, read) {
  const row = el("div", "row");
  const label = el("span", "label");
  text(label, name);
  const value = el("span", "reading");
  row.append(label, value);
  return { row, write: () => text(value, read()) };
}

/**
 * A row of a name and a number to edit.
 * @param {string} name @param {string} testid @param {() => number} read @param {(value: number) => void} set
 */
export function makeEditor(name, testid, read, set) {
  const row = el("label", "row");
  const label = el("span", "label");
  text(label, name);
  const field = el("input", "edit", { type: "number", step: "any", "data-testid": testid, "aria-label": name });
  let typing = false;
  field.addEventListener("focus", () => (typing = true));
  field.addEventListener("blur", () => (typing = false));
  field.addEventListener("change", () => {
    const value = Number(field.value);
    if (field.value !== "" && Number.isFinite(value)) set(value);
  });
  row.append(label, field);
  const root = () => /** @type {ShadowRoot|Document} */ (field.getRootNode());
  return {
    row,
    write: () => {
      if (typing && root().activeElement === field) return;
      const number = String(Number(read().toPrecision(5)));
      if (field.value !== number) field.value = number;
    },
  };
}

/** A switch. @param {string} name @param {string} testid @param {boolean} on @param {(on: boolean) => void} set */
export function makeSwitch(name, testid, on, set) {
  const row = el("label", "row switch");
  const box = el("input", "", { type: "checkbox", "data-testid": testid });
  box.checked = on;
  box.addEventListener("change", () => set(box.checked));
  const label = el("span", "label");
  text(label, name);
  row.append(box, label);
  return row;
}

/**
 * A small curve of what a number was.
 * @param {string} label
 * @param {() => number[]} read
 * @param {() => string} colour
 */
export function sparkline(label, read, colour) {
  const surface = new Surface();
  const { element, context } = surface;
  element.className = "spark";
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", label);
  const write = () => {
    const values = read();
    const { width, height } = SPARK;
    if (!surface.resize(width, height)) surface.clear();
    const low = Math.min(0, ...values);
    const high = Math.max(0, ...values, low + 1e-6);
    const y = (/** @type {number} */ v) => height - 3 - ((v - low) / (high - low)) * (height - 6);
    context.strokeStyle = "rgba(128,128,128,0.5)";
    context.lineWidth = 0.5;
    context.beginPath();
    context.moveTo(0, y(0));
    context.lineTo(width, y(0));
    context.stroke();
    context.strokeStyle = colour();
    context.lineWidth = 1.5;
    context.beginPath();
    values.forEach((v, i) => context.lineTo((i / Math.max(1, values.length - 1)) * width, y(v)));
    context.stroke();
  };
  return { row: element, write };
}

export { precise };
