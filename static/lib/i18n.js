/**
 * The stage's words: English is the key. The page says its language (``<html lang>``), a file a language has the words;
 * where they stand is kept, so that another language can take their place.
 */
import { text } from "./dom.js";

/** By English text: a text, or one for each plural form. @typedef {Record<string, string|string[]>} Table */
/** @typedef {Record<string, string|number>} Values what stands in a text's ``{name}`` places */

const SOURCE = "en";
const PLACE = /\{(\w+)\}/g;

/** @type {Map<string, Promise<Table>>} */
const tables = new Map();
/** All that show words, to be told of another language. @type {Set<WeakRef<Words>>} */
const shown = new Set();

/** @returns {string} the page's language, as catalogues are called: ``zh_CN`` */
const pageLanguage = () =>
  (typeof document === "undefined" ? "" : document.documentElement.lang).replace("-", "_") || SOURCE;

/** @param {string} language @returns {Promise<Table>} empty where there is none */
function loadTable(language) {
  if (language.split("_")[0] === SOURCE && !language.endsWith("_XA")) return Promise.resolve({});
  let table = tables.get(language);
  if (!table) {
    table = fetch(new URL(`../locales/${language}.json`, import.meta.url))
      .then((answer) => (answer.ok ? answer.json() : {}))
      .catch(() => ({}));
    tables.set(language, table);
  }
  return table;
}

/** Have all words in the page's language. */
async function followPage() {
  const language = pageLanguage();
  const table = await loadTable(language);
  if (language !== pageLanguage()) return;
  for (const reference of shown) {
    const words = reference.deref();
    if (words) words.use(table, language);
    else shown.delete(reference);
  }
}

if (typeof document !== "undefined") {
  new MutationObserver(followPage).observe(document.documentElement, { attributeFilter: ["lang"] });
}

/** A text that is translated where it is shown. @template {string} T @param {T} text @returns {T} */
export const mark = (text) => text;

export class Words {
  constructor() {
    this.table = /** @type {Table} */ ({});
    this.language = SOURCE;
    /** @type {(() => void)[]} */ this.writers = [];
    this.t = this.t.bind(this);
    this.n = this.n.bind(this);
    shown.add(new WeakRef(this));
    if (pageLanguage() !== SOURCE) followPage();
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
    for (const write of this.writers) write();
  }

  /** @template {HTMLElement} E @param {E} element @param {string} key @returns {E} */
  write(element, key) {
    return this.track(element, () => text(element, this.t(key)));
  }

  /**
   * What assistive tools say, and the pointer's hint.
   * @template {Element} E
   * @param {E} element
   * @param {string} key
   * @param {boolean} [hint]
   * @returns {E}
   */
  label(element, key, hint = false) {
    return this.track(element, () => {
      element.setAttribute("aria-label", this.t(key));
      if (hint) element.setAttribute("title", this.t(key));
    });
  }

  /** @template E @param {E} element @param {() => void} write @returns {E} */
  track(element, write) {
    this.writers.push(write);
    write();
    return element;
  }
}

/** @param {string} template @param {Values} [values] */
const fill = (template, values) =>
  values ? template.replace(PLACE, (place, name) => (name in values ? String(values[name]) : place)) : template;

/** @param {string[]} forms in the order of the language's plural categories @param {string} language @param {number} count */
function pluralForm(forms, language, count) {
  const rules = new Intl.PluralRules(language.replace("_", "-"));
  const order = ["zero", "one", "two", "few", "many", "other"];
  const categories = order.filter((category) =>
    rules.resolvedOptions().pluralCategories.includes(/** @type {Intl.LDMLPluralRule} */ (category)),
  );
  return forms[Math.min(forms.length - 1, categories.indexOf(rules.select(count)))];
}
