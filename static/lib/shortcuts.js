/** The stage's keys, wherever on the page the focus is, except where somebody types or moves within another control. */

const TYPING =
  "input, textarea, select, [contenteditable], [role=slider], [role=combobox], [role=listbox], [role=option], " +
  "[role=spinbutton], [role=textbox]";
const PRESSING = "button, a, summary, [role=button], [role=tab], [role=radio], [role=checkbox], [role=menuitem]";
/** What the moving keys move within, outside the stage. */
const MOVED_IN = "[role=tablist], [role=radiogroup], [role=menu], [role=grid], [role=tree]";
/** Keys that move within whatever has the focus. */
const MOVING = ["arrowleft", "arrowright", "home", "end"];

/**
 * @param {Element} stage
 * @param {Record<string, () => void>} actions by key in lower case, `ctrl+` (or the command key) and `shift+` before it
 * @returns {() => void} stop listening
 */
export function listen(stage, actions) {
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    // A player that has left the page, and waits whether it comes back, hears nothing.
    if (!stage.isConnected) return;
    const key = event.key.toLowerCase();
    const action = actions[`${event.ctrlKey || event.metaKey ? "ctrl+" : ""}${event.shiftKey ? "shift+" : ""}${key}`];
    const target = event.composedPath()[0];
    if (!action || event.altKey || event.defaultPrevented) return;
    if (!(target instanceof Element) || !free(stage, target, key)) return;
    // In the capture phase and no further: the page around has keys of its own, R among them.
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat || MOVING.includes(key)) action();
  };
  window.addEventListener("keydown", press, true);
  return () => window.removeEventListener("keydown", press, true);
}

/**
 * Whether a key pressed at a target is the stage's.
 * @param {Element} stage
 * @param {Element} target
 * @param {string} key
 */
function free(stage, target, key) {
  const moving = MOVING.includes(key);
  if (stage.contains(target) && !target.closest(".lesson")) {
    if (target.closest(".tour-veil")) return false;
    if (target.matches(".pointing")) return !moving;
    if (target.matches("select, [type=number], .node, [role=gridcell]") && (moving || key === " ")) return false;
    if (target.matches("select, [type=number]")) return false;
    if (target.matches("input[type=range]")) return !moving || target.matches(".scrub");
    return key !== " " || !target.matches("button, input, canvas");
  }
  if (target.closest(TYPING)) return false;
  if (key === " ") return !target.closest(PRESSING);
  return !moving || !target.closest(MOVED_IN);
}
