/**
 * What is remembered of the moment that a stage showed: which frame of each run, how it was looked at, and enough to
 * come back after the page is loaded again.
 */

/** Runs whose frame is remembered. */
const MAX_RUNS = 32;
const KEY = "neural-playground";
/** How it is looked at: controls by their names. */
const SETTINGS = ["speed", "test-points", "discretize", "worst", "chart", "log", "smooth"];

/** @typedef {{story: any, step: number, playing: boolean, settings: [string, string|boolean][]}} Moment */

/** The frame that was shown last of each run, by the run's name. @type {Map<string, number>} */
const indices = new Map();
/** @type {Map<string, string|boolean>} */
const settings = new Map();

/** @param {string} run @param {number} index of the frame that is shown */
export function rememberFrame(run, index) {
  indices.delete(run);
  indices.set(run, index);
  if (indices.size > MAX_RUNS) indices.delete(indices.keys().next().value || "");
}

/** The frame of a run that was shown last. @param {string} run @returns {number|undefined} */
export const recallFrame = (run) => indices.get(run);

/** Remember from now on how a stage is looked at. @param {HTMLElement} root */
export function watchSettings(root) {
  for (const kind of ["input", "change"]) {
    root.addEventListener(kind, (event) => {
      const control = /** @type {HTMLInputElement} */ (event.target);
      const name = control.dataset.testid || "";
      if (SETTINGS.includes(name)) settings.set(name, control.type === "checkbox" ? control.checked : control.value);
    });
  }
}

/** Look at a new stage as the last one was looked at. @param {HTMLElement} root */
export function restoreSettings(root) {
  for (const [name, value] of [...settings]) {
    const control = /** @type {HTMLInputElement|null} */ (root.querySelector(`[data-testid="${name}"]`));
    if (!control || control.closest("[inert]")) continue;
    if (typeof value === "boolean") control.checked = value;
    else control.value = value;
    control.dispatchEvent(new Event(control.type === "range" ? "input" : "change", { bubbles: true }));
  }
}

/** Keep a moment for when this page is loaded again. @param {Omit<Moment, "settings">} moment */
export function keepMoment(moment) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ ...moment, settings: [...settings] }));
  } catch {
    // No room, or not allowed: then it starts anew.
  }
}

/**
 * The moment before this page was loaded again, once; null when it was opened in another way.
 * @returns {Moment|null}
 */
export function takeMoment() {
  try {
    const stored = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    const [how] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
    if (!stored || (how?.type !== "reload" && how?.type !== "back_forward")) return null;
    const moment = JSON.parse(stored);
    for (const [name, value] of moment.settings) if (SETTINGS.includes(name)) settings.set(name, value);
    return Number.isFinite(moment.step) && moment.step > 0 && moment.story ? moment : null;
  } catch {
    return null;
  }
}
