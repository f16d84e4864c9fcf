/** "Show me": a control by its name, wherever on the page it stands, opened, scrolled into view and lit. */
import { CONTROL_SELECTORS } from "../../live/handout.js";

/** Parts of the stage that are no controls, or that stand for several. */
const PARTS = /** @type {Record<string, string>} */ ({
  output: ".panel.output",
  numbers: ".numbers",
  network: ".panel.network",
  hidden: ".panel.network .depth",
  activation: ".layer-head .activation",
  features: ".node[data-testid^=feature]",
  diagram: ".panel.network",
  curves: ".panel.loss",
  gradients: ".panel.bins",
  notices: ".panel.notice",
  paint: ".tools",
  test_points: "[data-testid=test-points]",
});
/** Streamlit's controls by another key than their field's. */
const PAGE_KEYS = /** @type {Record<string, string[]>} */ ({
  dataset: ["field_dataset", "dataset_pictures"],
  activation: ["field_activation", "mixed_activation"],
  undo: ["undo_history"],
});
const REGULARIZERS = ["l1", "l2", "weight_decay", "dropout"];
/** The sections of the rarer choices, and what stands in them. */
const SECTIONS = /** @type {Record<string, string[]>} */ ({
  data: [
    "samples",
    "noise",
    "train_fraction",
    "new_samples",
    "standardize",
    "only_painted",
    "axes",
    "seed",
    "init_seed",
  ],
  network: ["hidden", "initializer", "normalization", "residual", "output_activation"],
  regularization: [...REGULARIZERS, "label_smoothing", "patience"],
});
const LIT_MS = 2600;

/**
 * Light what `name` stands for; tells whether it is there.
 * @param {string} name of a control, or of a part of the stage
 * @param {HTMLElement} root the stage
 */
export function pointAt(name, root) {
  const inStage = /** @type {HTMLElement|null} */ (
    root.querySelector(PARTS[name] || CONTROL_SELECTORS[name] || ":not(*)")
  );
  const target = findOnPage(name) || (inStage && isShown(inStage) ? inStage : null) || openSection(name);
  if (!target) return false;
  target.scrollIntoView({ block: isTall(target) ? "start" : "center", behavior: "smooth" });
  light(target, getComputedStyle(root).getPropertyValue("--accent").trim() || "#0072b2");
  return true;
}

/** Streamlit's control, made visible where it is folded away. @param {string} name @returns {HTMLElement|null} */
function findOnPage(name) {
  const keys = [...(PAGE_KEYS[name] || []), `field_${name}`, `bar_${name}`, `locked_${name}`];
  if (REGULARIZERS.includes(name)) keys.push("regularization");
  for (const key of keys) {
    const element = /** @type {HTMLElement|null} */ (document.querySelector(`.st-key-${key}`));
    if (!element) continue;
    reveal(element);
    if (isShown(element)) return element;
  }
  return null;
}

/** The section in which a control stands, opened. @param {string} name @returns {HTMLElement|null} */
function openSection(name) {
  const section = Object.keys(SECTIONS).find((key) => SECTIONS[key].includes(name)) || "training";
  const element = /** @type {HTMLElement|null} */ (document.querySelector(`.st-key-section_${section}`));
  if (!element) return null;
  reveal(element);
  const details = element.querySelector("details");
  if (details && !details.open) details.querySelector("summary")?.click();
  return isShown(element) ? element : null;
}

/** Open what an element is folded away in. @param {HTMLElement} element */
function reveal(element) {
  const details = element.closest("details");
  if (details && !details.open) details.querySelector("summary")?.click();
  const fold = /** @type {HTMLInputElement|null} */ (document.querySelector(".st-key-choices_open input"));
  if (element.closest(".st-key-choices") && !isShown(element) && fold && !fold.checked) fold.click();
  const sidebar = element.closest("[data-testid=stSidebar]");
  if (sidebar?.getAttribute("data-collapsed") === "true") {
    const open = /** @type {HTMLElement|null} */ (document.querySelector("[data-testid=stExpandSidebarButton]"));
    (open?.querySelector("button") || open)?.click();
  }
}

/** @param {Element} element */
const isShown = (element) => element.getClientRects().length > 0;

/** @param {Element} element */
const isTall = (element) => element.getBoundingClientRect().height > 0.7 * innerHeight;

/** A ring that fades. @param {HTMLElement} element @param {string} colour */
function light(element, colour) {
  const ring = { outline: `3px solid ${colour}`, outlineOffset: "3px", borderRadius: "6px" };
  element.animate([ring, { ...ring, offset: 0.8 }, { ...ring, outlineColor: "transparent" }], LIT_MS);
}
