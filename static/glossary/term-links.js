/** Words of the glossary inside a sentence. */
import { el, text } from "../lib/dom.js";

/**
 * Fill an element with a sentence whose words that are explained are links to their terms; the page around opens a
 * card.
 * @param {HTMLElement} element
 * @param {string} sentence
 * @param {Record<string, string>} terms a word as it is written, to its term
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
    element.append(sentence.slice(end, at), linkTo(name, word));
    end = at + word.length;
  }
  element.append(sentence.slice(end));
}

/** @param {string} name of a term @param {string} word as it is written */
function linkTo(name, word) {
  const link = el("a", "term", { href: `#term-${name}` });
  text(link, word);
  return link;
}

/** Written without spaces between words, so that a word may stand right beside another. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** A regular expression for a whole word. @param {string} form */
function patternOf(form) {
  const letters = [...form];
  const before = UNSPACED.test(letters[0]) ? "" : "(?<![\\p{L}\\p{N}_#-])";
  const after = UNSPACED.test(letters[letters.length - 1]) ? "" : "(?![\\p{L}\\p{N}_-])";
  return before + form.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&") + after;
}

/**
 * What finds the words that are explained in any sentence, whole words only, the longest first.
 * @param {Record<string, string>} names every way to write a term, in small letters, to its term's name
 */
export function makeFinder(names) {
  const forms = Object.keys(names).sort((a, b) => b.length - a.length);
  return forms.length ? new RegExp(forms.map(patternOf).join("|"), "giu") : null;
}

/**
 * Fill an element with a sentence in which each term's first mention is a link to it.
 * @param {HTMLElement} element
 * @param {string} sentence
 * @param {RegExp|null} finder
 * @param {Record<string, string>} names as for ``makeFinder``
 * @param {Set<string>} seen terms that are linked already; those of this sentence are added
 */
export function linkFirstMentions(element, sentence, finder, names, seen) {
  element.replaceChildren();
  let end = 0;
  for (const match of finder ? sentence.matchAll(finder) : []) {
    const name = names[match[0].toLowerCase()];
    if (seen.has(name)) continue;
    seen.add(name);
    element.append(sentence.slice(end, match.index), linkTo(name, match[0]));
    end = match.index + match[0].length;
  }
  element.append(sentence.slice(end));
}
