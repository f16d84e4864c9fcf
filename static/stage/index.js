/** Entry: the stage of one network. */
import { Series } from "../live/series.js";
import { mounter } from "../lib/mount.js";
import { Player } from "../live/player.js";
import { StageView } from "./view.js";

export const mount = mounter(
  (place) => new Player(place, (words, actions) => new StageView(place, words, actions), new Series()),
);
