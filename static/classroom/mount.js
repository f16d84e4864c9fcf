/** Parts of a page that outlive its runs: made once for a place, and told of each change. */

/** A part that has lost its place waits so long whether it is called again, in milliseconds. */
const REMOUNT_MS = 400;

/**
 * What Streamlit hands over.
 * @template D
 * @typedef {{data: D, parentElement: ShadowRoot|HTMLElement, setTriggerValue: (name: string, value: unknown) => void}}
 * Component
 */
/** @template D @typedef {{use: (component: Component<D>) => void, destroy: () => void}} Part */

/**
 * What the loader calls at each change of data or theme, for parts that are made so.
 * @template D
 * @param {(place: ShadowRoot|HTMLElement) => Part<D>} make
 */
export function mounter(make) {
  /** @type {WeakMap<object, {part: Part<D>, generation: number}>} */
  const parts = new WeakMap();

  /** @param {Component<D>} component @returns {() => void} cleanup, which acts only for the newest call */
  return function mount(component) {
    const place = component.parentElement;
    const entry = parts.get(place) ?? { part: make(place), generation: 0 };
    parts.set(place, entry);
    const generation = ++entry.generation;
    entry.part.use(component);
    return () => {
      setTimeout(() => {
        if (entry.generation !== generation) return;
        entry.part.destroy();
        parts.delete(place);
      }, REMOUNT_MS);
    };
  };
}
