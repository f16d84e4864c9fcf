/** The stage's own controls: buttons with a drawing, switches, panels with a title. */
import { el, text } from "./dom.js";

/** Drawings on a field of 20 x 20; strokes unless said otherwise. */
const DRAWINGS = {
  reset: "M4.5 4v4h4 M4.8 8a6 6 0 1 1-.6 4",
  "new-start":
    "M5.5 3.5h9a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2z M7 7h.01 M13 7h.01 M10 10h.01 " +
    "M7 13h.01 M13 13h.01",
  step: "M6 5l6.5 5L6 15z M14.5 5v10",
  "step-one": "M3 10h6 M6 7v6 M12.5 6.8l2.7-1.8v10",
  picture: "M3.5 6.5h3l1.5-2h4l1.5 2h3v9h-13z M10 8.2a2.8 2.8 0 1 0 .01 0",
  film: "M10 5a5 5 0 1 0 .01 0 M10 8.5a1.5 1.5 0 1 0 .01 0",
  branch: "M4 10h4 M8 10c4 0 3-4.5 8-4.5 M8 10c4 0 3 4.5 8 4.5",
};
const SVG = "http://www.w3.org/2000/svg";

/** @param {keyof typeof DRAWINGS} name */
function drawing(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", DRAWINGS[name]);
  svg.append(path);
  return svg;
}

/**
 * @param {import("./i18n.js").Words} words
 * @param {string} testid
 * @param {string} label
 * @param {() => void} press
 * @param {import("./i18n.js").Values} [values] of the label
 */
export function button(words, testid, label, press, values) {
  const element = el("button", "tool " + testid, { type: "button", "data-testid": testid });
  const control = words.label(element, label, true, values);
  if (testid in DRAWINGS) control.append(drawing(/** @type {keyof typeof DRAWINGS} */ (testid)));
  control.addEventListener("click", press);
  return control;
}

/**
 * @param {import("./i18n.js").Words} words @param {string} testid @param {string} label @param {string} hint
 * @param {boolean} on @param {(on: boolean) => void} change
 * @param {import("./i18n.js").Values} [values] of the hint
 */
export function toggle(words, testid, label, hint, on, change, values) {
  const box = words.label(el("input", "", { type: "checkbox", "data-testid": testid }), hint, false, values);
  const control = words.track(el("label", "toggle"), (element) => (element.title = words.t(hint, values)));
  box.checked = on;
  box.addEventListener("change", () => change(box.checked));
  control.append(box, words.write(el("span"), label));
  return control;
}

/**
 * @param {import("./i18n.js").Words} words
 * @param {string} testid
 * @param {string} hint
 * @param {Record<string, string>} options labels by value
 * @param {(value: string) => void} change
 */
export function choice(words, testid, hint, options, change) {
  const control = words.label(el("select", "choice", { "data-testid": testid }), hint, true);
  for (const [value, label] of Object.entries(options)) control.append(words.write(el("option", "", { value }), label));
  control.addEventListener("change", () => change(control.value));
  return control;
}

/**
 * A short slider.
 * @param {import("./i18n.js").Words} words
 * @param {string} testid
 * @param {string} hint
 * @param {number} max
 * @param {number} value
 * @param {(value: number) => void} change
 */
export function slider(words, testid, hint, max, value, change) {
  const control = words.label(
    el("input", "short", {
      type: "range",
      min: "0",
      max: String(max),
      step: "1",
      value: String(value),
      "data-testid": testid,
    }),
    hint,
    true,
  );
  const showPlayed = () => control.style.setProperty("--played", `${(100 * Number(control.value)) / max}%`);
  control.addEventListener("input", () => {
    showPlayed();
    change(Number(control.value));
  });
  showPlayed();
  return control;
}

/**
 * @param {import("./i18n.js").Words} words
 * @param {string} area
 * @param {string} name
 * @param {string} hint
 * @param {HTMLElement[]} tools
 * @param {HTMLElement} content
 */
export function panel(words, area, name, hint, tools, content) {
  const element = words.label(el("section", "panel " + area), name);
  const head = el("div", "head");
  let heading = name;
  const title = words.track(el("h2"), (element) => {
    text(element, words.t(heading));
    element.title = words.t(hint);
  });
  head.append(title, ...tools);
  element.append(head, content);
  const rename = (/** @type {string} */ other) => text(title, words.t((heading = other)));
  return { element, title, rename };
}
