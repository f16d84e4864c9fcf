/** One player for each place on the page, kept over Streamlit's repeated mounts. */

/** Streamlit cleans up before it mounts again, now and then in another place: milliseconds to wait whether it does. */
const REMOUNT_MS = 1500;

/** @typedef {import("../live/player.js").Player} Player */

/**
 * What the loader calls at each change of data or theme, for players that are made so.
 * @param {(place: ShadowRoot|HTMLElement) => Player} make
 */
export function mounter(make) {
  /** @type {WeakMap<object, {player: Player, name: string, generation: number}>} */
  const players = new WeakMap();
  /**
   * Players without a place, and what they played: the next place for the same is theirs, but another page's is not.
   * @type {Map<Player, string>}
   */
  const waiting = new Map();

  /**
   * The player of the component ``name`` that has lost its place, in this one; or a new one.
   * @param {ShadowRoot|HTMLElement} place
   * @param {string} name
   */
  function settle(place, name) {
    for (const [player, its] of waiting) {
      if (its !== name) continue;
      player.view.move(place);
      return player;
    }
    return make(place);
  }

  /** The player in this place. @param {ShadowRoot|HTMLElement} place @param {string} name */
  function occupy(place, name) {
    const entry = players.get(place);
    if (entry?.name === name) return entry;
    if (entry) {
      waiting.delete(entry.player);
      entry.player.destroy();
    }
    return { player: settle(place, name), name, generation: entry?.generation ?? 0 };
  }

  /**
   * @param {{name: string, data: Uint8Array|null, parentElement: ShadowRoot|HTMLElement, setTriggerValue: (name:
   * string, value: unknown) => void}} component
   * @returns {() => void} cleanup, which acts only for the newest call
   */
  return function mount(component) {
    const { parentElement, name } = component;
    const entry = occupy(parentElement, name);
    players.set(parentElement, entry);
    waiting.delete(entry.player);
    const generation = ++entry.generation;
    entry.player.use(component);
    entry.player.accept(component.data);
    return () => {
      if (entry.generation !== generation) return;
      waiting.set(entry.player, name);
      setTimeout(() => {
        if (entry.generation !== generation || !waiting.delete(entry.player)) return;
        entry.player.destroy();
        players.delete(parentElement);
      }, REMOUNT_MS);
    };
  };
}
