/** Colours: read from the page, the same meaning in light and dark. */

/** Okabe & Ito 2008: told apart by colour-blind eyes. */
const CLASSES = {
  light: ["#D55E00", "#0072B2", "#009E73", "#CC79A7", "#4B2A9B", "#56B4E9", "#6B2A00", "#777777"],
  dark: ["#E8742A", "#3AA0E0", "#20B98E", "#DE96BE", "#E6AE30", "#7CC7F2", "#EFE35C", "#A5A5A5"],
};

/** Which of them the branches A to D have: neither the test curve's nor near to it. */
const BRANCHES = [1, 2, 3, 6];

/** What tells a mark from its ground: the contrast of WCAG 2.1 for what is no text. */
const MIN_CONTRAST = 3;

/** A branch's colour, wherever it is shown. @param {Theme} theme @param {string} letter */
export const branchColour = (theme, letter) => theme.branches[(letter.charCodeAt(0) - 65) % theme.branches.length];

/** A branch's colour in a style. @param {string} letter */
export const colourOf = (letter) => `var(--branch-${letter})`;

/** @param {string} colour @returns {number[]} */
export function rgb(colour) {
  const hex = colour.trim();
  if (hex.startsWith("#")) {
    const full = hex.length === 4 ? [...hex.slice(1)].map((c) => c + c).join("") : hex.slice(1, 7);
    return [0, 2, 4].map((i) => parseInt(full.slice(i, i + 2), 16));
  }
  const channels = hex.match(/[\d.]+/g);
  return channels ? channels.slice(0, 3).map(Number) : [255, 255, 255];
}

/** @param {number[]} a @param {number[]} b @param {number} share of b */
export function mix(a, b, share) {
  return a.map((from, i) => Math.round(from + (b[i] - from) * share));
}

/** Relative luminance. @param {number[]} c */
function luminance(c) {
  const [r, g, b] = c.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Between 1 and 21. @param {number[]} a @param {number[]} b */
function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((left, right) => left - right);
  return (high + 0.05) / (low + 0.05);
}

/**
 * A colour with as much ink as it needs to be seen on its ground.
 * @param {number[]} colour
 * @param {number[]} ground
 * @param {number[]} ink
 */
function legible(colour, ground, ink) {
  let share = 0;
  while (share < 1 && contrast(mix(colour, ink, share), ground) < MIN_CONTRAST) share += 0.05;
  return mix(colour, ink, share);
}

/** @param {number[]} c */
export const css = (c) => `rgb(${c[0]},${c[1]},${c[2]})`;

/**
 * Have an element draw in a theme: its scheme, font, and colours as properties that style sheets use.
 * @param {HTMLElement} element @param {Theme} theme
 */
export function applyColours(element, theme) {
  element.classList.toggle("dark", theme.dark);
  const colours = {
    "--ink": theme.ink,
    "--quiet": theme.quiet,
    "--hair": theme.line,
    "--ground": theme.ground,
    "--accent": theme.primary,
    "--test": theme.negative,
    "--rise": theme.positive,
    "--test-text": theme.dark ? theme.negative : mix(theme.negative, theme.ink, 0.2),
    "--accent-text": theme.dark ? theme.positive : mix(theme.positive, theme.ink, 0.2),
  };
  for (const [name, colour] of Object.entries(colours)) element.style.setProperty(name, css(colour));
  element.style.fontFamily = theme.font;
}

/** @param {Element} host */
export function readTheme(host) {
  const style = getComputedStyle(host);
  /** @param {string} name @param {string} other */
  const value = (name, other) => style.getPropertyValue(name).trim() || other;
  const ground = rgb(value("--st-background-color", "#ffffff"));
  const dark = 0.299 * ground[0] + 0.587 * ground[1] + 0.114 * ground[2] < 128;
  const ink = rgb(value("--st-text-color", dark ? "#f2f4f6" : "#1b1f24"));
  return colours(
    dark,
    ground,
    ink,
    value("--st-primary-color", ""),
    value("--st-font", "Source Sans, sans-serif"),
    value("--thick", "") === "1",
  );
}

/** The colours of what is put on white paper. @param {Theme} theme of the page */
export const paper = ({ font, thick }) => colours(false, [255, 255, 255], rgb("#1b1f24"), "#0072B2", font, thick);

/**
 * @param {boolean} dark
 * @param {number[]} ground
 * @param {number[]} ink
 * @param {string} primary none for the positive class's
 * @param {string} font
 * @param {boolean} thick whether lines are to be seen from far away
 */
function colours(dark, ground, ink, primary, font, thick) {
  const classes = CLASSES[dark ? "dark" : "light"];
  return {
    dark,
    ground,
    ink,
    quiet: mix(ground, ink, thick ? 0.85 : 0.62),
    line: mix(ground, ink, thick ? 0.28 : 0.13),
    negative: rgb(classes[0]),
    positive: rgb(classes[1]),
    classes: classes.map(rgb),
    branches: BRANCHES.map((i) => legible(rgb(classes[i]), ground, ink)),
    primary: rgb(primary || classes[1]),
    font,
    thick,
    key: [...ground, ...ink, thick].join() + primary,
  };
}

/** @typedef {ReturnType<typeof readTheme>} Theme */

/**
 * Colours of the 256 shades from negative over zero to positive, as RGBA words.
 * @param {Theme} theme @param {number} strength of the ends @param {boolean} [signs] show only the sign
 */
export function diverging(theme, strength, signs = false) {
  const shades = new Uint8ClampedArray(256 * 4);
  for (let i = 0; i < 256; i++) {
    const v = Math.max(-1, (i - 128) / 127);
    const hue = v < 0 ? theme.negative : theme.positive;
    const c = mix(theme.ground, hue, strength * (signs ? 1 : Math.min(1, Math.abs(v) * 1.1)));
    shades.set([c[0], c[1], c[2], 255], i * 4);
  }
  return new Uint32Array(shades.buffer);
}

/**
 * Colours of (class, confidence): 256 shades for each class, as RGBA words.
 * @param {Theme} theme @param {number} classes @param {boolean} signs
 */
export function categorical(theme, classes, signs) {
  const shades = new Uint8ClampedArray(classes * 256 * 4);
  for (let k = 0; k < classes; k++) {
    for (let i = 0; i < 256; i++) {
      const c = mix(theme.ground, theme.classes[k % theme.classes.length], signs ? 0.55 : 0.1 + (0.5 * i) / 255);
      shades.set([c[0], c[1], c[2], 255], (k * 256 + i) * 4);
    }
  }
  return new Uint32Array(shades.buffer);
}
