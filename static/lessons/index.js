/** Tells the page how far lessons were done in this browser; it shows nothing. */
import { storedLessons } from "../live/lesson-store.js";

/** What was reported last: the page is drawn again with each answer. */
let reported = "";

/**
 * Called by the loader at each change of data or theme.
 * @param {{data: {is_known: boolean}, setTriggerValue: (name: string, value: unknown) => void}} component
 * @returns {() => void} cleanup
 */
export function mount({ data, setTriggerValue }) {
  const stored = storedLessons();
  const text = JSON.stringify(stored);
  if (Object.keys(stored).length && (!data.is_known || text !== reported)) {
    reported = text;
    setTriggerValue("stored", stored);
  }
  return () => {};
}
