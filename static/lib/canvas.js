/**
 * A canvas that is as sharp as the device, however its panel is sized. For assistive tools it is decoration until it is
 * named.
 */

/**
 * By how much the stage is enlarged, and pixels for one of CSS while a picture is made, 0 for as many as the screen
 * has.
 */
let enlargement = 1;
let forced = 0;

/** @param {number} by */
export function setEnlargement(by) {
  enlargement = by;
}

/**
 * Have canvases be of another density while work is done; whoever calls lays them out before and after.
 * @param {number} ratio
 * @param {() => void} work
 */
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
    this.width = this.height = this.density = 0;
  }

  /** @param {import("./i18n.js").Words} words @param {string} key */
  name(words, key) {
    this.element.setAttribute("role", "img");
    words.label(this.element, key);
    return this;
  }

  /**
   * Set its size in CSS pixels, in the page and in the pixels of the device: the only place that does either.
   * Tells whether it changed, and with it what was drawn is gone.
   * @param {number} width @param {number} height
   */
  resize(width, height) {
    const density = forced || (window.devicePixelRatio || 1) * enlargement;
    if (width === this.width && height === this.height && density === this.density) return false;
    const { element, context } = this;
    element.style.width = `${width}px`;
    element.style.height = `${height}px`;
    element.width = Math.round(width * density);
    element.height = Math.round(height * density);
    this.width = width;
    this.height = height;
    this.density = density;
    context.setTransform(density, 0, 0, density, 0, 0);
    return true;
  }

  clear() {
    this.context.clearRect(0, 0, this.width, this.height);
  }
}

/**
 * Be told when the page comes to a screen of another density, or is zoomed: its boxes may keep their sizes then.
 * @param {() => void} changed
 * @returns {() => void} stop
 */
export function watchDensity(changed) {
  let density = window.devicePixelRatio;
  /** @type {MediaQueryList} */ let query;
  const listen = () => {
    query = window.matchMedia(`(resolution: ${density}dppx)`);
    query.addEventListener("change", compare);
  };
  // A zoom resizes the window, another screen changes the resolution alone.
  const compare = () => {
    if (window.devicePixelRatio === density) return;
    density = window.devicePixelRatio;
    query.removeEventListener("change", compare);
    listen();
    changed();
  };
  listen();
  window.addEventListener("resize", compare);
  return () => {
    query.removeEventListener("change", compare);
    window.removeEventListener("resize", compare);
  };
}
