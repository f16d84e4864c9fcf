/** Entry: the stage of one network. */
import { Curves } from "./curves.js";
import { mounter } from "./mounting.js";
import { Player } from "./player.js";
import { View } from "./view.js";

export const mount = mounter((place) => new Player(place, (words, actions) => new View(place, words, actions), new Curves()));
