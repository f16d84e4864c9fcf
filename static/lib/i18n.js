/**
 * The stage's words: English is the key. The page says its language (``<html lang>``), a file a language has the words;
 * where they stand is kept, so that another language can take their place.
 */
import { text } from "./dom.js";
import { writeNumbersLike } from "./format.js";

/** By English text: a text, or one for each plural form. @typedef {Record<string, string|string[]>} Table */
/** @typedef {Record<string, string|number>} Values what stands in a text's ``{name}`` places */

/** A text that is translated where it is shown. @template {string} T @param {T} text @returns {T} */
export const mark = (text) => text;

const SOURCE = "en";
const PLACE = /\{(\w+)\}/g;
/** Each language translates it into the same number as it writes it. */
const SAMPLE_NUMBER = mark("1,234.5");
/** So many writers are kept before those of elements that are gone are dropped. */
const MIN_WRITERS = 256;

/** @type {Table} */
const ENGLISH = {};
/** @type {Map<string, Promise<Table>>} */
const tables = new Map();
/** All that show words, to be told of another language. @type {Set<WeakRef<Words>>} */
const instances = new Set();

/** @returns {HTMLElement|undefined} none without a page */
const pageRoot = () => (typeof document === "undefined" ? undefined : document.documentElement);

/** @returns {string} the page's language, as catalogues are called: ``zh_CN`` */
export const pageLanguage = () => (pageRoot()?.lang || SOURCE).replaceAll("-", "_");

/** @param {string} language @returns {Promise<Table>} the English one where there is none */
function loadTable(language) {
  if (language.split("_")[0] === SOURCE && !language.endsWith("_XA")) return Promise.resolve(ENGLISH);
  let table = tables.get(language);
  if (!table) {
    table = fetch(new URL(`../locales/${language}.json`, import.meta.url)).then((answer) => answer.json());
    tables.set(language, table);
  }
  return table.catch(() => {
    tables.delete(language); // perhaps it is there the next time
    return ENGLISH;
  });
}

/** Have all words in the page's language. */
async function followPage() {
  const language = pageLanguage();
  const table = await loadTable(language);
  if (language !== pageLanguage()) return;
  const sample = table[SAMPLE_NUMBER];
  writeNumbersLike(typeof sample === "string" ? sample : SAMPLE_NUMBER);
  for (const reference of instances) {
    const words = reference.deref();
    if (!words) instances.delete(reference);
    else if (words.table !== table) words.use(table, language);
  }
}

const root = pageRoot();
if (root) new MutationObserver(followPage).observe(root, { attributeFilter: ["lang"] });

export class Words {
  constructor() {
    this.table = ENGLISH;
    this.language = SOURCE;
    /** Each tells whether its element is still there. @type {(() => boolean)[]} */ this.writers = [];
    this.mostWriters = MIN_WRITERS;
    /** @type {(() => void)[]} */ this.listeners = [];
    this.t = this.t.bind(this);
    this.n = this.n.bind(this);
    instances.add(new WeakRef(this));
    /** Once words are in the language that the page has now. */
    this.ready = pageLanguage() === SOURCE ? Promise.resolve() : followPage();
  }

  /**
   * A text in the page's language.
   * @param {string} key English, with ``{name}`` where a value stands
   * @param {Values} [values]
   */
  t(key, values) {
    const entry = this.table[key];
    return fill(typeof entry === "string" ? entry : key, values);
  }

  /**
   * A text that says how many.
   * @param {string} one in English
   * @param {string} many in English, for any other number
   * @param {number} count which decides; ``{count}`` in the texts, unless ``values`` say it otherwise
   * @param {Values} [values]
   */
  n(one, many, count, values) {
    const forms = this.table[one];
    const english = count === 1 ? one : many;
    return fill(Array.isArray(forms) ? pluralForm(forms, this.language, count) : english, { count, ...values });
  }

  /** Take another language and write all words anew. @param {Table} table @param {string} language */
  use(table, language = SOURCE) {
    this.table = table;
    this.language = language;
    this.writers = this.writers.filter((writer) => writer());
    for (const listener of this.listeners) listener();
  }

  /** Have ``listener`` called after each change of the language. @param {() => void} listener */
  onChange(listener) {
    this.listeners.push(listener);
  }

  /**
   * An element's text, now and in each language to come.
   * @template {HTMLElement} E
   * @param {E} element
   * @param {string} key
   * @param {Values} [values]
   * @returns {E}
   */
  write(element, key, values) {
    return this.track(element, (element) => text(element, this.t(key, values)));
  }

  /**
   * What assistive tools say, and the pointer's hint.
   * @template {Element} E
   * @param {E} element
   * @param {string} key
   * @param {boolean} [hint]
   * @param {Values} [values]
   * @returns {E}
   */
  label(element, key, hint = false, values) {
    return this.track(element, (element) => {
      element.setAttribute("aria-label", this.t(key, values));
      if (hint) element.setAttribute("title", this.t(key, values));
    });
  }

  /**
   * Have ``write`` called now and in each language to come, for as long as there is the element.
   * @template {Element} E
   * @param {E} element
   * @param {(element: E) => void} write
   * @returns {E}
   */
  track(element, write) {
    const reference = new WeakRef(element);
    const writer = () => {
      const present = reference.deref();
      if (present) write(present);
      return !!present;
    };
    if (this.writers.length >= this.mostWriters) {
      this.writers = this.writers.filter((writer) => writer());
      this.mostWriters = Math.max(MIN_WRITERS, 2 * this.writers.length);
    }
    this.writers.push(writer);
    write(element);
    return element;
  }
}

/**
 * Items as the language lists them: ``a, b, c``.
 * @param {Words["t"]} t
 * @param {(string|number)[]} items
 */
export const joinItems = (t, items) =>
  items.length ? String(items.reduceRight((rest, first) => t("{first}, {rest}", { first, rest }))) : "";

/** Chinese characters and their punctuation, which stand without spaces between them. */
const HAN = /[“”\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/;

/**
 * A text and its continuation, without the space between them where Han characters meet: a template has it for values
 * in Latin letters.
 * @param {string} text
 * @param {string} continuation
 */
function joinWithoutGap(text, continuation) {
  const [second = "", first = ""] = [text.at(-2), text.at(-1)];
  if (first === " " && HAN.test(second) && HAN.test(continuation.charAt(0))) return text.slice(0, -1) + continuation;
  if (HAN.test(first) && continuation[0] === " " && HAN.test(continuation.charAt(1)))
    return text + continuation.slice(1);
  return text + continuation;
}

/** @param {string} template @param {Values} [values] */
const fill = (template, values) =>
  values
    ? template
        .split(PLACE) // texts, and between them names
        .map((part, i) => (i % 2 ? (part in values ? String(values[part]) : `{${part}}`) : part))
        .reduce(joinWithoutGap)
    : template;

/** By language: the form of a count. @type {Map<string, (count: number) => number>} */
const formsByLanguage = new Map();
const CATEGORIES = ["zero", "one", "two", "few", "many", "other"];

/**
 * @param {string[]} forms in the order of the language's plural categories
 * @param {string} language
 * @param {number} count
 */
function pluralForm(forms, language, count) {
  let formOf = formsByLanguage.get(language);
  if (!formOf) {
    const rules = new Intl.PluralRules(language.replaceAll("_", "-"));
    const has = new Set(/** @type {string[]} */ (rules.resolvedOptions().pluralCategories));
    const categories = CATEGORIES.filter((category) => has.has(category));
    formOf = (count) => categories.indexOf(rules.select(count));
    formsByLanguage.set(language, formOf);
  }
  return forms[Math.min(forms.length - 1, formOf(count))];
}
