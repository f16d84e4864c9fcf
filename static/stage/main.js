/** Entry: one player for each place on the page, kept over Streamlit's repeated mounts. */
import { Player } from "./player.js";

/** Streamlit cleans up before it mounts again: milliseconds to wait whether it does. */
const GONE = 500;

/** @type {WeakMap<object, {player: Player, generation: number}>} */
const players = new WeakMap();

/**
 * Called by the loader at each change of data or theme.
 * @param {{data: Uint8Array|null, parentElement: ShadowRoot|HTMLElement, setTriggerValue: (name: string, value: unknown) => void}} component
 * @returns {() => void} cleanup, which acts only for the newest call
 */
export function mount(component) {
  const { parentElement } = component;
  const entry = players.get(parentElement) || { player: new Player(parentElement), generation: 0 };
  players.set(parentElement, entry);
  const generation = ++entry.generation;
  entry.player.use(component);
  entry.player.accept(component.data);
  return () => {
    setTimeout(() => {
      if (entry.generation !== generation || players.get(parentElement) !== entry) return;
      entry.player.destroy();
      players.delete(parentElement);
    }, GONE);
  };
}
