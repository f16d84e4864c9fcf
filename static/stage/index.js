/** Entry: the stage of one network. */
import { Curves } from "../live/series.js";
import { mounter } from "../lib/mount.js";
import { Player } from "../live/player.js";
import { View } from "./view.js";

export const mount = mounter(
  (place) => new Player(place, (words, actions) => new View(place, words, actions), new Curves()),
);
