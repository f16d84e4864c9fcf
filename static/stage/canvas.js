/** A canvas that is as sharp as the device, however its panel is sized. */

export class Surface {
  /** @param {string} [name] for assistive tools; without it the canvas is decoration */
  constructor(name) {
    this.element = document.createElement("canvas");
    if (name) {
      this.element.setAttribute("role", "img");
      this.element.setAttribute("aria-label", name);
    } else this.element.setAttribute("aria-hidden", "true");
    const context = this.element.getContext("2d");
    if (!context) throw new Error("no canvas");
    this.context = context;
    this.width = this.height = 0;
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
