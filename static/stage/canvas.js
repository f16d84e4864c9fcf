/** A canvas that is as sharp as the device, however its panel is sized. For assistive tools it is decoration until it is named. */

/** By how much the stage is enlarged, and pixels for one of CSS while a picture is made, 0 for as many as the screen has. */
let enlargement = 1;
let forced = 0;

/** @param {number} by */
export function setEnlargement(by) {
  enlargement = by;
}

/** Have canvases be of another density while work is done; whoever calls lays them out before and after. @param {number} ratio @param {() => void} work */
export function atDensity(ratio, work) {
  forced = ratio;
  try {
    work();
  } finally {
    forced = 0;
  }
}

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
    const ratio = forced || (window.devicePixelRatio || 1) * enlargement;
    const w = Math.round(width * ratio);
    const h = Math.round(height * ratio);
    if (w === this.element.width && h === this.element.height && width === this.width && height === this.height) return false;
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
