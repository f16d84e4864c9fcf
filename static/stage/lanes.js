/** Entry: several trainings side by side, in step with one another. */
import { LaneCurves } from "./lane-curves.js";
import { LanesView } from "./lanes-view.js";
import { mounter } from "./mounting.js";
import { Player } from "./player.js";

export const mount = mounter((place) => new Player(place, (words, actions) => new LanesView(place, words, actions), /** @type {any} */ (new LaneCurves())));
