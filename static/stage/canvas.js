/** A canvas that is as sharp as the device, however its panel is sized. For assistive tools it is decoration until it is named. */

export class Surface {
  constructor() {
    this.element = document.createElement("canvas");
    this.element.setAttribute("role", "presentation");
    const context = this.element.getContext("2d");
    if (!context) throw new Error("no canvas");
    this.context = context;
    this.width = this.height = 0;
  }

  /** @param {import("./words.js").Words} words @param {string} key */
  name(words, key) {
    this.element.setAttribute("role", "img");
    words.label(this.element, key);
    return this;
  }

  /** Set its size in CSS pixels; tells whether it changed. @param {number} width @param {number} height */
  resize(width, height) {
    const ratio = window.devicePixelRatio || 1;
    const w = Math.round(width * ratio);
    const h = Math.round(height * ratio);
    if (w === this.element.width && h === this.element.height) return false;
    this.element.width = w;
    this.element.height = h;
    this.width = width;
    this.height = height;
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return true;
  }

  clear() {
    this.context.clearRect(0, 0, this.width, this.height);
  }
}
