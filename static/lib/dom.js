/** Elements and their text. Text from anywhere goes in as text, never as HTML. */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {string} [name] class @param {Record<string, string>} [attributes]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, name, attributes = {}) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  return element;
}

/** Write text only where it changed. @param {HTMLElement} element @param {string} value */
export function text(element, value) {
  const only = element.firstChild;
  if (only && only === element.lastChild && only.nodeType === Node.TEXT_NODE) {
    const node = /** @type {Text} */ (only);
    if (node.data !== value) node.data = value;
  } else if (element.textContent !== value) element.textContent = value;
}

/** Set an attribute only where it changed. @param {Element} element @param {string} name @param {string} value */
export function attribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
