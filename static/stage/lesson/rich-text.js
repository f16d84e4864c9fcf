/** A lesson's words: a few signs of Markdown as elements, all else as text. */
import { el } from "../../lib/dom.js";

const INLINE = /\*\*(?!\s)(.+?)\*\*|\*(?!\s)([^*]+?)\*|`([^`]+)`|\\([^\w\s])/;
const ITEM = /^\s*(?:[-*]|\d+\.)\s+/;

/**
 * Paragraphs and lists with **bold**, *emphasis* and `code`.
 * @param {string} source
 * @returns {HTMLElement[]}
 */
export function blocks(source) {
  return source
    .split(/\n\s*\n/)
    .filter((part) => part.trim())
    .map((part) => {
      const lines = part.split("\n").filter((line) => line.trim());
      if (!lines.every((line) => ITEM.test(line))) return fill(el("p"), lines.join(" "));
      const list = el("ul");
      list.append(...lines.map((line) => fill(el("li"), line.replace(ITEM, ""))));
      return list;
    });
}

/**
 * @template {HTMLElement} E
 * @param {E} element
 * @param {string} source without breaks
 * @returns {E}
 */
export function fill(element, source) {
  element.replaceChildren(...inline(source));
  return element;
}

/** @param {string} source @returns {(string|HTMLElement)[]} */
function inline(source) {
  const match = INLINE.exec(source);
  if (!match) return source ? [source] : [];
  const [whole, bold, emphasis, code, escaped] = match;
  const before = source.slice(0, match.index);
  const part = bold ? fill(el("strong"), bold) : emphasis ? fill(el("em"), emphasis) : code ? el("code") : escaped;
  if (code && part instanceof HTMLElement) part.append(code);
  return [...(before ? [before] : []), part, ...inline(source.slice(match.index + whole.length))];
}
