/** Elements and their text. Text from anywhere goes in as text, never as HTML. */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {string} [name] class @param {Record<string, string>} [attributes]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, name, attributes = {}) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  for (const key in attributes) made.setAttribute(key, attributes[key]);
  return made;
}

/** Write text only where it changed. @param {HTMLElement} element @param {string} value */
export function text(element, value) {
  if (element.firstChild && element.firstChild === element.lastChild && element.firstChild.nodeType === 3) {
    const node = /** @type {Text} */ (element.firstChild);
    if (node.data !== value) node.data = value;
  } else if (element.textContent !== value) element.textContent = value;
}

/** @param {string} testid @param {string} label @param {string} glyph @param {() => void} press */
export function button(testid, label, glyph, press) {
  const made = el("button", "tool " + testid, { type: "button", "data-testid": testid, "aria-label": label, title: label });
  text(made, glyph);
  made.addEventListener("click", press);
  return made;
}

/** @param {string} testid @param {string} label @param {boolean} on @param {(on: boolean) => void} change */
export function toggle(testid, label, on, change) {
  const made = el("label", "toggle");
  const box = el("input", "", { type: "checkbox", "data-testid": testid, "aria-label": label });
  box.checked = on;
  box.addEventListener("change", () => change(box.checked));
  const word = el("span");
  text(word, label);
  made.append(box, word);
  return made;
}
