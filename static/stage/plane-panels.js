/** The panels of a dense network whose samples lie in a plane: its units, and the output over the plane. */
import { el } from "../lib/dom.js";
import { mark } from "../lib/i18n.js";
import { panel, toggle } from "../lib/widgets.js";
import { helpOf } from "./help.js";
import { Network } from "./network/network.js";
import { Boundary } from "./output/boundary.js";
import { KeyboardCursor } from "./output/keyboard-cursor.js";
import { Painting } from "./output/painting.js";
import { PerExampleGradients } from "./output/per-example-gradients.js";
import { Samples } from "./output/samples.js";

/** @typedef {import("../live/types.js").ModelPanels} ModelPanels */
/** @implements {ModelPanels} */
export class PlanePanels {
  /**
   * @param {import("../lib/i18n.js").Words} words
   * @param {HTMLElement} root of the stage
   * @param {import("../live/transport.js").Actions} actions
   */
  constructor(words, root, actions) {
    this.words = words;
    this.root = root;
    /** @type {import("../live/types.js").Scene|undefined} */ this.scene = undefined;
    /** Has the panel of the network say whose pull it shows. @type {(name: string) => void} */
    this.nameNetwork = () => {};
    this.boundary = new Boundary(words);
    const change = (/** @type {Record<string, unknown>} */ changes) => actions.command("change", { changes });
    this.network = new Network(words, {
      change,
      command: actions.command,
      past: actions.past,
      look: actions.look,
      focus: (focus) => this.boundary.setFocus(focus),
      named: (name) => this.nameNetwork(name),
    });
    this.painting = new Painting(
      words,
      this.boundary.points.element,
      (data) => actions.command("paint", data),
      (points) => this.boundary.drawNew(points),
    );
    this.samples = new Samples(words, this.boundary, actions.look);
    this.gradients = new PerExampleGradients(words, this.boundary, this.network, actions.look);
    this.cursor = this.listen();
    const test = toggle(words, "test-points", mark("test"), mark("Show the test points, as triangles"), false, (on) =>
      this.boundary.setTest(on),
    );
    const discretize = toggle(
      words,
      "discretize",
      mark("discretise"),
      mark("Show only which class is likelier, or the sign"),
      false,
      (on) => this.boundary.setDiscretize(on),
    );
    /** By the names that links have for them. @type {Record<string, HTMLElement>} */
    this.toggles = { test, discretize };
    this.elements = [this.makeNetworkPanel(), this.makeOutputPanel()];
  }

  /** Of the network, in CSS pixels. */
  get leastWidth() {
    return this.network.least;
  }

  /**
   * What the pointer and the keys do on the picture: paint, where a brush is chosen, else ask what a sample pulls at.
   * @returns {KeyboardCursor}
   */
  listen() {
    const { boundary, painting, gradients } = this;
    const surface = boundary.points.element;
    const scaled = (/** @type {number} */ u, /** @type {number} */ v) =>
      /** @type {[number, number]} */ ([u * surface.clientWidth, v * surface.clientHeight]);
    const cursor = new KeyboardCursor(surface, {
      moved: (u, v) => boundary.point(...scaled(u, v)),
      entered: (u, v) => {
        if (painting.tool) return painting.once(u, v);
        const point = boundary.near(...scaled(u, v), Infinity);
        const [x, y] = boundary.placed?.find(([, , i]) => i === point) || scaled(u, v);
        cursor.place([x / surface.clientWidth, y / surface.clientHeight]);
        gradients.choose(point);
      },
      left: () => boundary.point(),
    });
    // A click leaves the focus, and with it the keys, where they are.
    surface.addEventListener("mousedown", (event) => !painting.tool && event.preventDefault());
    surface.addEventListener(
      "click",
      (event) => !painting.tool && gradients.choose(boundary.near(event.offsetX, event.offsetY)),
    );
    return cursor;
  }

  makeOutputPanel() {
    const { words, boundary, painting } = this;
    const output = panel(
      words,
      "output",
      mark("Output"),
      helpOf(".panel.output"),
      [this.toggles.test, this.toggles.discretize, this.samples.toggle],
      boundary.element,
    );
    const hand = el("div", "tools");
    hand.append(this.gradients.element, painting.select, painting.clear);
    boundary.note.before(hand); // what is said of a sample may take two lines: nothing that is pressed moves
    boundary.onFocus = (name) => output.rename(name || mark("Output"));
    boundary.square.append(this.cursor.mark);
    return output.element;
  }

  makeNetworkPanel() {
    const { words } = this;
    const pullKey = el("span", "key pull-key");
    for (const [name, label] of [
      ["falls", mark("falls")],
      ["rises", mark("rises")],
    ]) {
      const item = el("span");
      item.append(el("i", `swatch ${name}`), words.write(el("span"), label));
      pullKey.append(item);
    }
    pullKey.hidden = true;
    const signKey = el("span", "key sign-key");
    for (const [name, sign] of [
      ["rises", mark("positive")],
      ["falls", mark("negative")],
    ]) {
      const item = el("span");
      item.append(el("i", `swatch ${name}`), words.write(el("span"), sign));
      signKey.append(item);
    }
    const network = panel(
      words,
      "network",
      mark("Network"),
      helpOf(".panel.network"),
      [pullKey, ...this.network.tools(), signKey],
      this.network.element,
    );
    this.nameNetwork = (name) => {
      network.rename(name || mark("Network"));
      this.root.classList.toggle("pulling", !!name);
      pullKey.hidden = !name;
    };
    return network.element;
  }

  /** Switch on one of ``toggles`` before there is anything to draw. @param {string} name */
  switchOn(name) {
    if (name === "test") this.boundary.test = true;
    else this.boundary.discretize = true;
  }

  /** @param {import("../live/types.js").Scene} scene @param {import("../lib/theme.js").Theme} theme */
  show(scene, theme) {
    this.scene = scene;
    this.boundary.show(scene, theme);
    this.network.show(scene, theme);
    this.painting.show(scene);
    this.samples.show(scene);
    this.gradients.show(scene);
  }

  /** Take what a message says beside its frames. @param {import("../live/types.js").Header} header */
  applyHeader({ points, switched, look }) {
    if (points && this.scene) {
      this.gradients.leave();
      this.scene.points = points;
      this.boundary.drawPoints();
      this.painting.count(points);
    }
    if (switched) this.network.use(switched);
    if (look?.name === "importance") this.network.rings.weigh(look.layers, look.frame);
    if (look?.name === "samples") this.samples.applyPredictions(look);
    if (look?.name === "pulls") this.gradients.applyGradients(look);
  }

  layout() {
    this.boundary.layout();
    this.network.layout();
  }

  /**
   * @param {import("../live/types.js").Frame} frame
   * @param {number} index of the frame in the run
   * @param {boolean} moving whether the next frame follows at once
   */
  paint(frame, index, moving) {
    this.boundary.paint(frame);
    this.network.paint(frame, index, moving);
    this.samples.paint(frame, index, moving);
    this.gradients.paint(index, moving);
  }

  destroy() {
    this.gradients.destroy();
    this.network.destroy();
  }
}

/**
 * @param {import("../lib/i18n.js").Words} words
 * @param {HTMLElement} root
 * @param {import("../live/transport.js").Actions} actions
 */
export const makePlanePanels = (words, root, actions) => new PlanePanels(words, root, actions);
