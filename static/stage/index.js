/** Entry: the stage of a dense network. */
import { Series } from "../live/series.js";
import { mounter } from "../lib/mount.js";
import { Player } from "../live/player.js";
import { makePlanePanels } from "./plane-panels.js";
import { StageView } from "./view.js";

export const mount = mounter(
  (place) => new Player(place, (words, actions) => new StageView(place, words, actions, makePlanePanels), new Series()),
);
