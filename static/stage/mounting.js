/** One player for each place on the page, kept over Streamlit's repeated mounts. */

/** Streamlit cleans up before it mounts again, now and then in another place: milliseconds to wait whether it does. */
const GONE = 1500;

/** @typedef {import("./player.js").Player} Player */

/**
 * What the loader calls at each change of data or theme, for players that are made so.
 * @param {(place: ShadowRoot|HTMLElement) => Player} make
 */
export function mounter(make) {
  /** @type {WeakMap<object, {player: Player, generation: number}>} */
  const players = new WeakMap();
  /** Players without a place: the next one is theirs. @type {Set<Player>} */
  const waiting = new Set();

  /** The player that has lost its place, in this one; or a new one. @param {ShadowRoot|HTMLElement} place */
  function settle(place) {
    const [player] = waiting;
    if (!player) return make(place);
    player.view.move(place);
    return player;
  }

  /**
   * @param {{data: Uint8Array|null, parentElement: ShadowRoot|HTMLElement, setTriggerValue: (name: string, value: unknown) => void}} component
   * @returns {() => void} cleanup, which acts only for the newest call
   */
  return function mount(component) {
    const { parentElement } = component;
    const entry = players.get(parentElement) || { player: settle(parentElement), generation: 0 };
    players.set(parentElement, entry);
    waiting.delete(entry.player);
    const generation = ++entry.generation;
    entry.player.use(component);
    entry.player.accept(component.data);
    return () => {
      if (entry.generation !== generation) return;
      waiting.add(entry.player);
      setTimeout(() => {
        if (entry.generation !== generation || !waiting.delete(entry.player)) return;
        entry.player.destroy();
        players.delete(parentElement);
      }, GONE);
    };
  };
}
