/** The network, drawn and alive: its nodes with their maps, its links, and what can be done to them by hand. */
import { Surface } from "../../lib/canvas.js";
import { InspectorCard } from "./inspector-card.js";
import { el, text } from "../../lib/dom.js";
import { withSoftHyphens } from "../../lib/hyphens.js";
import { mark } from "../../lib/i18n.js";
import { Inspector } from "./inspector.js";
import { LayerHeads } from "./layer-heads.js";
import { Links } from "./links.js";
import { cells, Nodes } from "./nodes.js";
import { ParameterIndex } from "./parameter-index.js";
import { ImportanceRings } from "./importance-rings.js";

/** Room above the nodes for the layers' heads, beside them for the features' names, in CSS pixels. */
const TOP = 58;
const LEFT = 70;
const RIGHT = 20;
const LARGEST = 34;
/** A unit's size where the screen is as large as a projector's. */
const HUGE = 52;
const GAP = 8;
/** The most room between two units, where there are few. */
const APART = 24;
/** The least distance of two layers whose heads take two lines: a list of activations with a lock beside it. */
const COLUMN = 105;
/** Letters that a line of a feature's name holds. */
const NAME_LETTERS = 11;
/** As which weight the strongest pull is drawn. */
const LARGEST_PULL = 4;
/**
 * Nearer than that heads take three lines; nearer than this, half as wide again as a unit, and the drawing scrolls
 * sideways.
 */
const CROWDED = { column: 55, top: 88 };

/**
 * @typedef {import("../../live/types.js").Frame} Frame
 * @typedef {import("./links.js").Link} Link
 * @typedef {import("./nodes.js").Node} Node
 * @typedef {object} Hands what is done to a network by hand
 * @property {(changes: Record<string, unknown>) => void} change
 * @property {(name: string, data: Record<string, unknown>) => void} command
 * @property {() => Frame[]} past
 * @property {(focus: Focus|null) => void} focus
 * @property {(name: string) => void} look
 * @property {(name: string) => void} named
 *
 * @typedef {object} Focus a map that is shown large
 * @property {string} name
 * @property {(frame: Frame) => Uint8Array} cells
 * @property {(frame: Frame) => number} peak
 */

export class Network {
  /** @param {import("../../lib/i18n.js").Words} words @param {Hands} hands */
  constructor(words, hands) {
    this.words = words;
    this.hands = hands;
    this.layers = new LayerHeads(
      words,
      (layer, name_of) => hands.command("activate", { layer, name_of }),
      (by, layer) => hands.command("resize", { by, layer }),
      (layer, on) => hands.command("switch", { kind: "layer", layer, on: on ? 1 : 0 }),
    );
    this.inspector = new Inspector(this);
    this.rings = new ImportanceRings(this);
    this.links = new Links();
    this.nodes = new Nodes();
    this.surface = new Surface().name(words, mark("The network: its units with their maps, and its links"));
    this.card = new InspectorCard(words);
    this.field = el("div", "field");
    this.field.append(this.surface.element, this.layers.element, this.card.element);
    this.element = el("div", "network-scroll", { tabindex: "-1" });
    this.element.append(this.field);
    /** @type {Link|null} */ this.chosen = null;
    this.off = { units: new Set(), links: new Set(), frozen: /** @type {number[]} */ ([]) };
    /** @type {import("../../live/types.js").Switches[]} */ this.switches = [];
    this.index = 0;
    /** @type {import("../../live/types.js").Scene|undefined} */ this.scene = undefined;
    /** What is off, as text. */
    this.switchKey = "";
    /** What a sample pulls at, instead of the weights. @type {number[]|null} */ this.pull = null;
    this.card.close = () => this.leave();
    this.ending = new AbortController();
    this.listen();
    words.onChange(() => this.leave());
  }

  destroy() {
    this.ending.abort();
  }

  /** What stands beside the panel's name. */
  tools() {
    return [this.layers.makeCount(), this.rings.makeButton()];
  }

  listen() {
    const { surface, field, card } = this;
    surface.element.addEventListener("pointermove", (event) => {
      const link = this.links.near(event.offsetX, event.offsetY);
      surface.element.style.cursor = link ? "pointer" : "";
      if (link === this.chosen || card.pinned) return;
      this.inspector.choose(link, { x: event.offsetX + 14, y: event.offsetY + 10 }, false);
    });
    surface.element.addEventListener("click", (event) => {
      const link = this.links.near(event.offsetX, event.offsetY);
      card.hide();
      this.inspector.choose(link, { x: event.offsetX + 8, y: event.offsetY + 8 }, true);
      /** @type {HTMLElement|null} */ (card.element.querySelector("[data-testid=weight]"))?.focus();
    });
    // A pinned card closes from everywhere; only play and the time line are pressed to watch it.
    const { signal } = this.ending;
    const leave = () => field.isConnected && card.pinned && this.leave();
    window.addEventListener("keydown", (event) => event.key === "Escape" && leave(), { signal });
    window.addEventListener(
      "pointerdown",
      (event) =>
        event
          .composedPath()
          .some((part) => part instanceof Element && (part === card.element || part.matches(".transport, .line"))) ||
        leave(),
      { signal },
    );
    field.addEventListener("pointerleave", () => !card.pinned && !card.busy && this.leave());
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || card.element.hidden) return;
      event.stopPropagation();
      const node = /** @type {HTMLElement|null} */ (card.element.previousElementSibling);
      this.leave();
      if (node?.matches(".node")) node.focus();
    });
    field.addEventListener("focusout", (event) => {
      const to = /** @type {globalThis.Node|null} */ (event.relatedTarget);
      if (!to || !field.contains(to)) return;
      if (!card.element.contains(to) && !(/** @type {Element} */ (to).matches(".node"))) this.leave();
    });
  }

  leave() {
    this.card.hide();
    this.chosen = null;
    this.hands.focus(null);
    this.repaint();
  }

  /** @param {import("../../live/types.js").Scene} scene @param {import("../../lib/theme.js").Theme} theme */
  show(scene, theme) {
    if (scene !== this.scene) {
      this.frame = undefined;
      this.rings.clear();
      // The same network told again, as after an answer that was lost: what is open stays open.
      if (drawing(scene) !== drawing(this.scene)) this.leave();
      for (const feature of scene.network.features) feature.cells = cells(feature.map);
    }
    this.scene = scene;
    this.theme = theme;
    this.parameters = new ParameterIndex(scene.network.shown);
    this.layout(true);
  }

  /** The least width that shows it whole, in CSS pixels. */
  get least() {
    const columns = this.scene?.network.shown.length || 0;
    return Math.min(
      LEFT + RIGHT + COLUMN * columns - COLUMN / 2,
      LEFT + RIGHT + LARGEST + CROWDED.column * (columns - 1),
    );
  }

  /** Fit the panel. @param {boolean} [anew] */
  layout(anew) {
    const { scene, theme } = this;
    if (!scene || !theme) return;
    const { shown } = scene.network;
    // From far away only what is used can be seen.
    const features = scene.network.features.filter(
      (/** @type {import("../../live/types.js").Feature} */ feature) => !theme.thick || feature.input >= 0,
    );
    const columns = shown.length;
    const least = (/** @type {number} */ column) => LEFT + RIGHT + LARGEST + column * (columns - 1);
    const room = this.element.clientWidth;
    const crowded = room < least(COLUMN);
    const width = Math.max(room, least(CROWDED.column));
    const top = crowded ? CROWDED.top : TOP;
    const height = Math.max(160, this.element.clientHeight);
    if (!this.surface.resize(width, height) && !anew) return;
    this.field.style.width = `${width}px`;
    const roomOf = (/** @type {number} */ units) => Math.floor((height - top) / units) - Math.min(GAP, 4);
    const largest = Math.max(LARGEST, Math.min(HUGE, Math.floor(width / columns / 4)));
    // Units of all layers are of one size; many inputs on a low screen are smaller than those.
    const unitSize = Math.min(largest, roomOf(Math.max(...shown.slice(1))));
    const inputSize = Math.min(unitSize, roomOf(features.length));
    const space = (width - LEFT - RIGHT - unitSize) / (columns - 1);
    const centres = shown.map((/** @type {number} */ _, /** @type {number} */ i) => LEFT + unitSize / 2 + i * space);
    const middle = top + (height - top) / 2;
    const place = (/** @type {number} */ column, /** @type {number} */ row, /** @type {number} */ many) => {
      const size = column ? unitSize : inputSize;
      const y = middle + (row - (many - 1) / 2) * Math.min((height - top) / many, size + APART) - size / 2;
      return { x: Math.round(centres[column] - size / 2), y: Math.round(y), size };
    };
    /** @type {Node[]} */
    const nodes = features.map(
      (/** @type {import("../../live/types.js").Feature} */ feature, /** @type {number} */ i) =>
        this.node(0, feature.input, { ...place(0, i, features.length), feature, map: -1 }),
    );
    const last = columns - 1;
    let map = 0;
    for (let column = 1; column < columns; column++) {
      const lone = column === last && shown[last] === 1;
      for (let unit = 0; unit < shown[column]; unit++)
        nodes.push(this.node(column, unit, { ...place(column, unit, shown[column]), map: lone ? -1 : map++ }));
    }
    for (const old of this.field.querySelectorAll(".node")) old.remove();
    this.field.append(...nodes.map((node) => node.button), this.card.element);
    this.nodes.use(nodes, scene.network.small, theme, scene.curve);
    this.links.use(this.connect(nodes), theme);
    this.layers.show(scene.network, centres, Math.min(110, space - 4), crowded);
    this.layers.freeze(this.off.frozen);
    this.rings.draw();
    this.repaint();
  }

  /**
   * @param {number} layer
   * @param {number} unit
   * @param {{x: number, y: number, size: number, map: number, feature?: import("../../live/types.js").Feature}} rest
   * @returns {Node}
   */
  node(layer, unit, rest) {
    const { feature, x, y, size } = rest;
    const button = el("button", "node" + (feature && unit < 0 ? " unused" : ""), {
      type: "button",
      "data-testid": feature ? `feature-${feature.name}` : `unit-${layer}-${unit}`,
    });
    const node = { layer, unit, button, ...rest };
    Object.assign(button.style, { left: `${x}px`, top: `${y}px`, width: `${size}px`, height: `${size}px` });
    button.setAttribute("aria-label", this.name(node));
    if (feature) {
      button.setAttribute("aria-pressed", String(unit >= 0));
      const label = el("span", feature.label.length > 8 ? "feature-name long" : "feature-name");
      text(label, withSoftHyphens(feature.label, NAME_LETTERS));
      button.append(label);
    }
    button.addEventListener(
      "pointerenter",
      () => !this.card.pinned && !this.card.busy && this.inspector.inspect(node, false),
    );
    button.addEventListener("focus", () => button.matches(":focus-visible") && this.inspector.inspect(node, false));
    button.addEventListener("click", () => {
      if (!feature) return this.inspector.inspect(node, true);
      this.hands.command("feature", { name_of: feature.name });
    });
    return node;
  }

  /** @param {{layer: number, unit: number, feature?: import("../../live/types.js").Feature}} node */
  name({ layer, unit, feature }) {
    const { t } = this.words;
    if (feature?.held)
      return t("feature {name}, held at its mean {value}", { name: feature.label, value: feature.held });
    if (feature) return t("feature {name}", { name: feature.label });
    const { shown, outputs } = this.scene?.network || { shown: [], outputs: [] };
    if (layer < shown.length - 1) return t("layer {layer}, unit {unit}", { layer, unit: unit + 1 });
    return outputs.length ? t("output {name}", { name: outputs[unit] }) : t("output");
  }

  /** @param {Node[]} nodes @returns {Link[]} */
  connect(nodes) {
    const links = [];
    for (const to of nodes) {
      if (to.layer === 0) continue;
      for (const from of nodes) {
        if (from.layer !== to.layer - 1 || from.unit < 0) continue;
        links.push({
          layer: from.layer,
          source: from.unit,
          unit: to.unit,
          from: [from.x + from.size + 1, from.y + from.size / 2],
          to: [to.x - 1, to.y + to.size / 2],
          constant: !!from.feature?.held,
        });
      }
    }
    return links;
  }

  // ---- what a sample pulls at

  /** Draw what a sample pulls at, in the order of the weights, or the weights again. @param {number[]|null} pull */
  pullBy(pull) {
    if (!pull && !this.pull) return;
    this.pull = pull;
    this.strongest = Math.max(1e-30, ...(pull || []).map(Math.abs));
    this.hands.named(pull ? mark("What this point would change") : "");
    this.repaint();
  }

  /** What a weight's link is drawn by, and its card tells. @param {number} place */
  pullAt(place) {
    return this.pull?.[place] ?? NaN;
  }

  // ---- what is off

  /** @param {import("../../live/types.js").Switches[]} switches from which frame on what is off */
  use(switches) {
    this.switches = switches;
    this.pick();
    this.repaint();
  }

  /** What is off at the frame that is shown. */
  pick() {
    const now = this.switches.findLast((change) => change.from <= this.index) || { units: [], links: [], frozen: [] };
    const key = JSON.stringify([now.units, now.links, now.frozen]);
    if (key === this.switchKey) return;
    this.switchKey = key;
    this.off = { units: new Set(now.units.map(String)), links: new Set(now.links.map(String)), frozen: now.frozen };
    this.layers.freeze(now.frozen);
    for (const node of this.nodes.all) node.button.classList.toggle("off", this.isOff(node));
  }

  /** @param {Node} node */
  isOff({ layer, unit, feature }) {
    return (feature && unit < 0) || this.off.units.has(`${layer},${unit}`);
  }

  /** @param {Link} link */
  linkOff({ layer, source, unit }) {
    const { units, links } = this.off;
    return (
      links.has(`${layer},${source},${unit}`) || units.has(`${layer},${source}`) || units.has(`${layer + 1},${unit}`)
    );
  }

  // ---- painting

  repaint() {
    if (this.frame) this.paint(this.frame, this.index, false);
    else if (this.scene) this.paintOutline();
  }

  /** What there is before any weight: the units and their links, without sign and size. */
  paintOutline() {
    const { context } = this.surface;
    if (!this.surface.width) return;
    this.surface.clear();
    this.links.paintOutline(context);
    this.nodes.paint(context, null, (node) => this.isOff(node));
  }

  /** @param {Frame} frame @param {number} index @param {boolean} moving whether the next frame follows at once */
  paint(frame, index, moving) {
    const { parameters, surface } = this;
    this.frame = frame;
    this.index = index;
    if (!parameters || !surface.width || !frame.weights) return;
    this.pick();
    surface.clear();
    const { weights } = frame;
    const { pull, strongest = 1 } = this;
    const strength = (/** @type {number} */ place) =>
      pull ? (LARGEST_PULL * (pull[place] || 0)) / strongest : weights[place];
    this.links.paint(
      surface.context,
      ({ layer, source, unit }) => strength(parameters.at(layer, source, unit)),
      (link) => this.linkOff(link),
      this.chosen,
      moving ? performance.now() : null,
    );
    this.nodes.paint(surface.context, frame, (node) => this.isOff(node));
    this.card.paint(moving);
    this.rings.renew(moving);
  }
}

/** What of a scene the diagram's cards are about. @param {import("../../live/types.js").Scene|undefined} scene */
function drawing(scene) {
  const { shown, activations, features } = scene?.network || {};
  return JSON.stringify([
    shown,
    activations,
    features?.map((/** @type {any} */ feature) => [feature.name, feature.input]),
  ]);
}
