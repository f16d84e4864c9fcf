/** What the keys do, wherever on the page the focus is: one table for the player and for the menu that lists them. */
import { mark } from "../lib/i18n.js";
import { isLocked } from "./handout.js";

/**
 * @typedef {import("./player.js").Player} Player
 * @typedef {Object} Row
 * @property {string} shown how the keys are called
 * @property {string} does in words
 * @property {string} control the handout's name of what they do; "" where nothing locks it
 * @property {Record<string, (player: Player) => void>} actions by key, as `listen` names them
 */

/** @type {Row[]} */
export const KEYS = [
  { shown: mark("space"), does: mark("play, pause"), control: "play", actions: { " ": (player) => player.toggle() } },
  { shown: "→", does: mark("one frame on"), control: "step", actions: { arrowright: (player) => player.step() } },
  {
    shown: ".",
    does: mark("one optimizer step on"),
    control: "step_one",
    actions: { ".": (player) => player.stepOne() },
  },
  {
    shown: "← Home End",
    does: mark("back in time"),
    control: "time_line",
    actions: {
      arrowleft: (player) => player.scrub(player.playhead.place - 1),
      home: (player) => player.scrub(0),
      end: (player) => player.scrub(player.playhead.buffer.newest),
    },
  },
  {
    shown: "R",
    does: mark("the same start again"),
    control: "reset",
    actions: { r: (player) => player.reset() },
  },
  { shown: "N", does: mark("a new start"), control: "new_start", actions: { n: (player) => player.newStart() } },
  {
    shown: "B",
    does: mark("a branch from here"),
    control: "branches",
    actions: { b: (player) => player.command("branch") },
  },
  {
    shown: "Ctrl+Z Ctrl+Y",
    does: mark("undo, redo"),
    control: "undo",
    actions: {
      "ctrl+z": (player) => player.command("undo"),
      "ctrl+shift+z": (player) => player.command("redo"),
      "ctrl+y": (player) => player.command("redo"),
    },
  },
  {
    shown: "P",
    does: mark("the projector, and back"),
    control: "",
    actions: { p: (player) => player.view.projector?.toggle() },
  },
  {
    shown: "H",
    does: mark("a tour of the stage"),
    control: "",
    actions: {
      h: (player) => {
        player.view.projector?.leave();
        player.view.tour?.start();
      },
    },
  },
];

/**
 * The actions of a player's keys; what the handout locks does nothing.
 * @param {Player} player
 * @returns {Record<string, () => void>}
 */
export function keyActions(player) {
  /** @type {Record<string, () => void>} */
  const actions = {};
  for (const row of KEYS) {
    for (const [key, act] of Object.entries(row.actions)) {
      actions[key] = () => !isLocked(player.view.scene?.handout, row.control) && act(player);
    }
  }
  return actions;
}
