/** A handout hides or locks what a control's name stands for. */

/** Which elements a control is. */
export const CONTROL_SELECTORS = /** @type {Record<string, string>} */ ({
  play: ".tool.play",
  step: ".tool.step",
  step_one: ".tool.step-one",
  reset: ".tool.reset",
  new_start: ".tool.new-start",
  speed: ".speed",
  time_line: ".scrub",
  branches: ".branches",
  pictures: ".capture",
  paint: ".tools",
  curves: ".panel.loss",
  gradients: ".panel.bins",
  notices: ".panel.notice",
  test_points: ".toggle:has([data-testid=test-points])",
  hidden: ".layer-head .small:not(.lock), .depth .small",
  activation: ".layer-head .activation",
  diagram: ".lock",
  features: ".node[data-testid^=feature]",
});

/** @param {HTMLElement} root @param {{hide: string[], lock: string[]}} handout */
export function applyHandout(root, { hide, lock }) {
  for (const [name, selector] of Object.entries(CONTROL_SELECTORS)) {
    for (const element of root.querySelectorAll(selector)) {
      const control = /** @type {HTMLElement} */ (element);
      control.classList.toggle("gone", hide.includes(name) && name !== "features");
      control.classList.toggle("locked", lock.includes(name) || (name === "features" && hide.includes(name)));
      control.inert = lock.includes(name) || hide.includes(name);
    }
  }
}

/**
 * Whether what a key or a command does is refused.
 * @param {{hide: string[], lock: string[]}|undefined} handout
 * @param {string} name
 */
export const isLocked = (handout, name) => !!handout && (handout.hide.includes(name) || handout.lock.includes(name));
