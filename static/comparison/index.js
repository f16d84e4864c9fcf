/** Entry: several trainings side by side, in step with one another. */
import { ComparisonSeries } from "./series.js";
import { ComparisonView } from "./view.js";
import { mounter } from "../lib/mount.js";
import { Player } from "../live/player.js";

export const mount = mounter(
  (place) => new Player(place, (words, actions) => new ComparisonView(place, words, actions), new ComparisonSeries()),
);
