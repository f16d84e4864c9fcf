/** Entry: several trainings side by side, in step with one another. */
import { LaneCurves } from "./series.js";
import { LanesView } from "./view.js";
import { mounter } from "../lib/mount.js";
import { Player } from "../live/player.js";

export const mount = mounter(
  (place) =>
    new Player(place, (words, actions) => new LanesView(place, words, actions), new LaneCurves()),
);
