/** Entry: one player for each place on the page, kept over Streamlit's repeated mounts. */
import { Player } from "./player.js";

/** @type {WeakMap<object, {player: Player, generation: number}>} */
const players = new WeakMap();

/**
 * Called by the loader at each change of data or theme.
 * @param {{data: Uint8Array|null, parentElement: ShadowRoot|HTMLElement, setTriggerValue: (name: string, value: unknown) => void}} component
 * @returns {() => void} cleanup, which acts only for the newest call
 */
export function mount(component) {
  const { parentElement } = component;
  let entry = players.get(parentElement);
  if (!entry) {
    entry = { player: new Player(parentElement), generation: 0 };
    players.set(parentElement, entry);
  }
  const generation = ++entry.generation;
  entry.player.use(component);
  entry.player.accept(component.data);
  return () => {
    queueMicrotask(() => {
      const now = players.get(parentElement);
      if (!now || now.generation !== generation) return;
      // Streamlit cleans up before it calls again: wait whether it does.
      setTimeout(() => {
        if (now.generation !== generation) return;
        now.player.destroy();
        players.delete(parentElement);
      }, 500);
    });
  };
}
