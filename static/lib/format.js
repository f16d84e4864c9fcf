/** Numbers as people read them, with the signs of the page's language. */

/** What stands between thousands, and before the decimals. */
const signs = { ",": ",", ".": "." };

/** Write numbers as a language does from now on. @param {string} sample how it writes ``1,234.5`` */
export function writeNumbersLike(sample) {
  signs[","] = sample.slice(1, -5);
  signs["."] = sample[sample.length - 2];
}

/** A number that is written in English, with the language's signs. @param {string} text */
const withSigns = (text) => text.replace(/[,.]/g, (sign) => signs[/** @type {","|"."} */ (sign)]);

/** On an axis. @param {number} v */
export const short = (v) => withSigns(shortEnglish(v));

/** @param {number} v */
function shortEnglish(v) {
  if (!Number.isFinite(v)) return "–";
  const a = Math.abs(v);
  const sign = v < 0 ? "−" : "";
  if (a === 0) return "0";
  if (a >= 1e6) return sign + String(Number((a / 1e6).toPrecision(3))) + "M";
  if (a >= 1e4) return sign + String(Number((a / 1e3).toPrecision(3))) + "k";
  if (a >= 100) return sign + String(Math.round(a));
  if (a >= 1e-3) return sign + String(Number(a.toPrecision(3)));
  return sign + a.toExponential(0).replace("-", "−");
}

/** Below the first, and from the second on, a measurement is written with its power of ten. */
const SMALLEST = 1e-3;
const LARGEST = 1e4;

/**
 * A measurement: so many digits that count, whole from so many places on, – for what is not finite.
 * `playground/number_format.py` writes the same.
 * It is rounded before it is decided how to write it, so that neighbours are written alike.
 * @param {number} v @param {number} [digits]
 */
export const precise = (v, digits = 3) => withSigns(preciseEnglish(v, digits));

/** @param {number} v @param {number} digits */
function preciseEnglish(v, digits) {
  if (!Number.isFinite(v)) return "–";
  const a = Math.abs(v);
  if (a === 0) return "0";
  const rounded = Number(a.toPrecision(digits));
  const sign = v < 0 ? "−" : "";
  if (rounded < SMALLEST || rounded >= LARGEST)
    return (
      sign +
      rounded
        .toExponential(digits - 1)
        .replace("e+", "e")
        .replace("-", "−")
    );
  return sign + (rounded >= 10 ** (digits - 1) ? String(Math.round(a)) : a.toPrecision(digits));
}

/** A count with its thousands set apart. @param {number} v */
export const count = (v) => withSigns(Math.floor(v).toLocaleString("en"));

/** With so many decimals. @param {number} v @param {number} digits */
export const fixed = (v, digits) => withSigns(v.toFixed(digits));

/**
 * A share in per cent, as the language writes it.
 * @param {import("./i18n.js").Words["t"]} t
 * @param {number} share
 * @param {number} [digits] decimals
 */
export const percent = (t, share, digits = 0) => t("{number} %", { number: fixed(100 * share, digits) });

const SUPERSCRIPT = /** @type {Record<string, string>} */ ({
  "-": "⁻",
  0: "⁰",
  1: "¹",
  2: "²",
  3: "³",
  4: "⁴",
  5: "⁵",
  6: "⁶",
  7: "⁷",
  8: "⁸",
  9: "⁹",
});

/** @param {number} exponent */
export const powerOfTen = (exponent) =>
  exponent === 0 ? "1" : "10" + [...String(exponent)].map((c) => SUPERSCRIPT[c]).join("");

/** A value on a log axis. @param {number} v */
export function logLabel(v) {
  return v >= 0.999e-3 && v < 1e4 ? withSigns(String(Number(v.toPrecision(1)))) : powerOfTen(Math.round(Math.log10(v)));
}
