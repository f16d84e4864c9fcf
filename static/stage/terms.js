/** Words of the glossary inside a sentence. */
import { el, text } from "./dom.js";

/**
 * Fill an element with a sentence whose words that are explained are links to their terms; the page around opens a card.
 * @param {HTMLElement} element @param {string} sentence @param {Record<string, string>} terms a word as it is written, to its term
 */
export function linkTerms(element, sentence, terms) {
  const places = Object.entries(terms)
    .map(([word, name]) => ({ word, name, at: sentence.indexOf(word) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at);
  element.replaceChildren();
  let end = 0;
  for (const { word, name, at } of places) {
    if (at < end) continue;
    const link = el("a", "term", { href: `#term-${name}` });
    text(link, word);
    element.append(sentence.slice(end, at), link);
    end = at + word.length;
  }
  element.append(sentence.slice(end));
}
