/** The stage's keys, wherever on the page the focus is, except where somebody types or uses a control. */

const TAKEN = "input, textarea, select, [contenteditable], [role=slider], [role=combobox], [role=listbox], [role=option], [role=spinbutton], [role=textbox]";

/**
 * @param {Record<string, () => void>} actions by key
 * @returns {() => void} stop listening
 */
export function listen(actions) {
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const action = actions[event.key] || actions[event.key.toLowerCase()];
    const target = event.composedPath()[0];
    if (!action || !(target instanceof Element) || target.closest(TAKEN)) return;
    if (event.key === " " && target.closest("button, a, summary, [role=button], [role=tab]")) return;
    event.preventDefault();
    action();
  };
  document.addEventListener("keydown", press);
  return () => document.removeEventListener("keydown", press);
}
