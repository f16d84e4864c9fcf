/** How far lessons were done, as this browser remembers it: by the digest of a lesson's content. */

const KEY = "neural-playground-lessons";
/** Lessons that are remembered, and characters of what is remembered of one. */
const MAX_LESSONS = 40;
const MAX_CHARS = 6000;

/** What the server has signed: the latest progress, and that of the last time that all steps were done. */
/** @typedef {{progress: string, finished: string}} Entry */

/** @returns {Record<string, Entry>} all that is remembered, oldest first */
export function storedLessons() {
  try {
    const entries = Object.entries(JSON.parse(localStorage.getItem(KEY) || "{}"));
    return Object.fromEntries(
      entries
        .map(([digest, entry]) => /** @type {[string, Entry]} */ ([digest, readEntry(entry)]))
        .filter(([, { progress }]) => progress),
    );
  } catch {
    return {}; // not allowed, or not ours
  }
}

/** @param {any} entry @returns {Entry} */
function readEntry(entry) {
  const read = (/** @type {unknown} */ value) => (typeof value === "string" && value.length <= MAX_CHARS ? value : "");
  return { progress: read(entry?.progress), finished: read(entry?.finished) };
}

/** The progress in a lesson that was kept last, "" for none. @param {string} digest */
export const recallLesson = (digest) => storedLessons()[digest]?.progress || "";

/** @param {string} digest @param {string} progress @param {boolean} isComplete whether all steps are done */
export function keepLesson(digest, progress, isComplete) {
  if (!progress) return;
  const { [digest]: before, ...others } = storedLessons();
  const finished = isComplete ? progress : before?.finished || "";
  if (before?.progress === progress && before.finished === finished) return;
  const entries = [...Object.entries(others), [digest, { progress, finished }]].slice(-MAX_LESSONS);
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(entries)));
  } catch {
    // No room, or not allowed: then the address alone remembers it.
  }
}
