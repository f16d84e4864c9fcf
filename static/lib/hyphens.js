/** Where a long word may be parted, with a hyphen. */

/** A soft hyphen: seen only where a line ends at it. */
const SOFT = "\u00ad";
const LEAST = 3;
const VOWELS = "aeiouäöüáéíóúàèâêîôû";

/**
 * Words of more letters than a line holds, parted between a vowel and a consonant, as late as the line allows.
 * @param {string} label @param {number} most letters a line holds
 */
export const withSoftHyphens = (label, most) => label.replace(/\p{L}+/gu, (word) => hyphenate(word, most));

/** @param {string} word @param {number} most @returns {string} */
function hyphenate(word, most) {
  if (word.length <= most) return word;
  const isVowel = (/** @type {number} */ i) => VOWELS.includes(word[i].toLowerCase());
  for (let at = Math.min(most - 1, word.length - LEAST); at >= LEAST; at--) {
    if (isVowel(at - 1) && !isVowel(at)) return word.slice(0, at) + SOFT + hyphenate(word.slice(at), most);
  }
  return word;
}
