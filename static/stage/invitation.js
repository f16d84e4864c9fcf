/** On a first visit: the tour, and a first thing to try. */
import { el, text } from "../lib/dom.js";
import { mark } from "../lib/i18n.js";

const KEY = "neural-playground-visited";

/** Whether this browser was never here; asked once, since asking counts as a visit. */
export function isFirstVisit() {
  try {
    const visited = localStorage.getItem(KEY);
    localStorage.setItem(KEY, "1");
    return !visited;
  } catch {
    return false; // not allowed to remember: it would be a first visit for ever
  }
}

/**
 * @param {import("../lib/i18n.js").Words} words
 * @param {() => void} tour
 * @returns {HTMLElement} a quiet line with a button
 */
export function makeInvitation(words, tour) {
  const line = el("p", "calm", { "data-testid": "invitation" });
  const open = words.write(el("button", "link", { type: "button" }), mark("take the tour (one minute)"));
  open.addEventListener("click", tour);
  const [before, after] = [el("span"), el("span")];
  line.append(before, open, after);
  return words.track(line, () => {
    const sentence = words.t("New here? Press Play and watch the two colours part, or {tour}.");
    const [beginning, end = ""] = sentence.split("{tour}");
    text(before, beginning);
    text(after, end);
  });
}
