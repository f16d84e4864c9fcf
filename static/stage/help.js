/** What each part of the stage is, said once: the pointer's hint and the tour read the same words. */

import { mark } from "../lib/i18n.js";

/** @typedef {{where: string, name: string, words: string}} Part */

/** @type {Part[]} In the order in which one reads them. */
export const PARTS = [
  {
    where: ".buttons",
    name: mark("Play"),
    words: mark(
      "Play trains the network live; pause keeps the moment. One frame or one optimizer step forward, back to " +
        "the same start, or a new one.",
    ),
  },
  {
    where: ".numbers",
    name: mark("The numbers of this moment"),
    words: mark(
      "An epoch is one pass over the train samples, a step one update of the weights from one batch. The train " +
        "loss is what training makes small; the test loss tells whether it holds for samples that were never " +
        "trained on.",
    ),
  },
  {
    where: ".line",
    name: mark("The time line"),
    words: mark(
      "Drag it back and watch it learn again. From any frame you can branch, which keeps the run as it was, mark " +
        "two moments (1 and 2) to compare, and save a picture or a film. With branches it has the colour of the " +
        "one that is shown, and marks where others leave it.",
    ),
  },
  {
    where: ".panel.network",
    name: mark("The network"),
    words: mark(
      "Features come in on the left; click one to use it or not. Each square is a unit: what it answers over the " +
        "whole picture. A link's width is the size of its weight, its colour the sign. Click a link or a unit to " +
        "read it, change it, or switch it off.",
    ),
  },
  {
    where: ".depth",
    name: mark("Layers and units"),
    words: mark(
      "Plus and minus add and remove layers and units; below them stands a layer's activation. The lock freezes " +
        "a layer: it keeps its weights while the others learn.",
    ),
  },
  {
    where: ".panel.output",
    name: mark("The output"),
    words: mark(
      "What the network answers at every place of the picture, with the samples on it. Point at one to read its " +
        "prediction and loss; click it to see what it pulls at, and which others pull against it. Choose a class " +
        "below and paint samples of your own.",
    ),
  },
  {
    where: ".panel.loss",
    name: mark("The curves"),
    words: mark(
      "Loss over steps, for train and test samples. When the test loss rises while the train loss falls, the " +
        "network learns its samples by heart. Accuracy, the gap and each layer's gradients are in the same list.",
    ),
  },
  {
    where: ".panel.bins",
    name: mark("Gradients by layer"),
    words: mark(
      "How large the gradient of each weight is, layer by layer, in powers of ten. A layer far to the left " +
        "hardly learns: its gradients vanish. Far to the right, they explode. Dead: the share of units that no " +
        "sample makes fire, so that no gradient reaches them. Saturated (sat.): the share of outputs at an end of " +
        "the activation, where its slope is almost 0.",
    ),
  },
  {
    where: ".panel.notice",
    name: mark("What to notice"),
    words: mark(
      "When something goes wrong, dead units or vanishing gradients, say, it is told here, with a remedy to try " +
        "at one click.",
    ),
  },
];

/** The words of one part. @param {string} where */
export const helpOf = (where) => PARTS.find((part) => part.where === where)?.words || "";
