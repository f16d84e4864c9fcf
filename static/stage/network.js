/** The network, drawn and alive: its nodes with their maps, its links, and what can be done to them by hand. */
import { Surface } from "./canvas.js";
import { Card, editing, reading, sparkline, switching } from "./card.js";
import { attribute, el, text } from "./dom.js";
import { Layers, small } from "./layers.js";
import { refuses } from "./lesson.js";
import { Links } from "./links.js";
import { cells, Nodes } from "./nodes.js";
import { precise } from "./numbers.js";
import { Parameters } from "./parameters.js";
import { css } from "./theme.js";

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
/** As which weight the strongest pull is drawn. */
const LARGEST_PULL = 4;
/** Nearer than that heads take three lines; nearer than this, half as wide again as a unit, and the drawing scrolls sideways. */
const CROWDED = { column: 55, top: 88 };
/** Frames looked at for a weight's history. */
const PAST = 120;
/** Rings are asked for again while it plays, and while it stands, milliseconds. */
const AGAIN = 700;
const SOON = 100;

/**
 * @typedef {import("./wire.js").Frame} Frame @typedef {import("./links.js").Link} Link @typedef {import("./nodes.js").Node} Node
 * @typedef {{change: (changes: Record<string, unknown>) => void, command: (name: string, data: Record<string, unknown>) => void,
 *            past: () => Frame[], focus: (focus: null|{name: string, cells: (frame: Frame) => Uint8Array, peak: (frame: Frame) => number}) => void,
 *            look: (name: string) => void, named: (name: string) => void}} Hands
 */

/** What keeps a unit from learning on a sample, said with what it means. */
const SHUT_WORDS = { silent: "silent (slope 0) on", saturated: "saturated (slope near 0) on" };

export class Network {
  /** @param {import("./words.js").Words} words @param {Hands} hands */
  constructor(words, hands) {
    this.words = words;
    this.hands = hands;
    this.layers = new Layers(words, (layer, name_of) => hands.command("activate", { layer, name_of }), (by, layer) => hands.command("resize", { by, layer }), (layer, on) => hands.command("switch", { kind: "layer", layer, on: on ? 1 : 0 }));
    this.links = new Links();
    this.nodes = new Nodes();
    this.surface = new Surface().name(words, "The network: its units with their maps, and its links");
    this.card = new Card(words);
    this.field = el("div", "field");
    this.field.append(this.surface.element, this.layers.element, this.card.element);
    this.element = el("div", "network-scroll", { tabindex: "-1" });
    this.element.append(this.field);
    /** @type {Link|null} */ this.chosen = null;
    this.off = { units: new Set(), links: new Set(), frozen: /** @type {number[]} */ ([]) };
    /** @type {Record<string, any>[]} */ this.switches = [];
    this.index = 0;
    /** What a sample pulls at, instead of the weights. @type {number[]|null} */ this.pull = null;
    this.card.close = () => this.leave();
    this.ending = new AbortController();
    this.listen();
  }

  destroy() {
    this.ending.abort();
  }

  /** What stands beside the panel's name. */
  tools() {
    const { words } = this;
    const label = "Ablate each unit: a ring shows how much the loss would rise without it";
    this.rings = small(words, "importance", "importance", label, () => this.askRings(!this.importance));
    this.rings.classList.add("wide");
    return [this.layers.makeCount(), this.rings];
  }

  listen() {
    const { surface, field, card } = this;
    surface.element.addEventListener("pointermove", (event) => {
      const link = this.links.near(event.offsetX, event.offsetY);
      surface.element.style.cursor = link ? "pointer" : "";
      if (link === this.chosen || card.pinned) return;
      this.choose(link, { x: event.offsetX + 14, y: event.offsetY + 10 }, false);
    });
    surface.element.addEventListener("click", (event) => {
      const link = this.links.near(event.offsetX, event.offsetY);
      card.hide();
      this.choose(link, { x: event.offsetX + 8, y: event.offsetY + 8 }, true);
      /** @type {HTMLElement|null} */ (card.element.querySelector("[data-testid=weight]"))?.focus();
    });
    // A pinned card closes from everywhere; only play and the time line are pressed to watch it.
    const { signal } = this.ending;
    const leave = () => field.isConnected && card.pinned && this.leave();
    window.addEventListener("keydown", (event) => event.key === "Escape" && leave(), { signal });
    window.addEventListener("pointerdown", (event) => event.composedPath().some((part) => part instanceof Element && (part === card.element || part.matches(".transport, .line"))) || leave(), { signal });
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

  /** @param {Record<string, any>} scene @param {import("./theme.js").Theme} theme */
  show(scene, theme) {
    if (scene !== this.scene) {
      this.frame = undefined;
      this.importance = null;
      this.wantsRings = false;
      // The same network told again, as after an answer that was lost: what is open stays open.
      if (drawing(scene) !== drawing(this.scene)) this.leave();
      for (const feature of scene.network.features) feature.cells = cells(feature.map);
    }
    this.scene = scene;
    this.theme = theme;
    this.parameters = new Parameters(scene.network.shown);
    this.layout(true);
  }

  /** The least width that shows it whole, in CSS pixels. */
  get least() {
    const columns = this.scene?.network.shown.length || 0;
    return Math.min(LEFT + RIGHT + COLUMN * columns - COLUMN / 2, LEFT + RIGHT + LARGEST + CROWDED.column * (columns - 1));
  }

  /** Fit the panel. @param {boolean} [anew] */
  layout(anew) {
    const { scene, theme } = this;
    if (!scene || !theme) return;
    const { shown } = scene.network;
    // From far away only what is used can be seen.
    const features = scene.network.features.filter((/** @type {Record<string, any>} */ one) => !theme.thick || one.input >= 0);
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
    const nodes = features.map((/** @type {Record<string, any>} */ feature, /** @type {number} */ i) => this.node(0, feature.input, { ...place(0, i, features.length), feature, map: -1 }));
    const last = columns - 1;
    let map = 0;
    for (let column = 1; column < columns; column++) {
      const lone = column === last && shown[last] === 1;
      for (let unit = 0; unit < shown[column]; unit++) nodes.push(this.node(column, unit, { ...place(column, unit, shown[column]), map: lone ? -1 : map++ }));
    }
    for (const old of this.field.querySelectorAll(".node")) old.remove();
    this.field.append(...nodes.map((node) => node.button), this.card.element);
    this.nodes.use(nodes, scene.network.small, theme, scene.curve);
    this.links.use(this.connect(nodes), theme);
    this.layers.show(scene.network, centres, Math.min(110, space - 4), crowded);
    this.layers.freeze(this.off.frozen);
    this.ring();
    this.repaint();
  }

  /** @param {number} layer @param {number} unit @param {{x: number, y: number, size: number, map: number, feature?: Record<string, any>}} rest @returns {Node} */
  node(layer, unit, rest) {
    const { feature, x, y, size } = rest;
    const button = el("button", "node" + (feature && unit < 0 ? " unused" : ""), { type: "button", "data-testid": feature ? `feature-${feature.name}` : `unit-${layer}-${unit}` });
    const node = { layer, unit, button, ...rest };
    Object.assign(button.style, { left: `${x}px`, top: `${y}px`, width: `${size}px`, height: `${size}px` });
    button.setAttribute("aria-label", this.name(node));
    if (feature) {
      button.setAttribute("aria-pressed", String(unit >= 0));
      const label = el("span", feature.label.length > 8 ? "feature-name long" : "feature-name");
      text(label, feature.label);
      button.append(label);
    }
    button.addEventListener("pointerenter", () => !this.card.pinned && !this.card.busy && this.inspect(node, false));
    button.addEventListener("focus", () => button.matches(":focus-visible") && this.inspect(node, false));
    button.addEventListener("click", () => {
      if (!feature) return this.inspect(node, true);
      this.hands.command("feature", { name_of: feature.name });
    });
    return node;
  }

  /** @param {{layer: number, unit: number, feature?: Record<string, any>}} node */
  name({ layer, unit, feature }) {
    const { t } = this.words;
    if (feature) return `${t("feature")} ${feature.label}${feature.held ? `, ${t("held at its mean")} ${feature.held}` : ""}`;
    const { shown, outputs } = this.scene?.network || { shown: [], outputs: [] };
    if (layer < shown.length - 1) return `${t("layer")} ${layer}, ${t("unit")} ${unit + 1}`;
    return outputs.length ? `${t("output")} ${outputs[unit]}` : t("output");
  }

  /** @param {Node[]} nodes @returns {Link[]} */
  connect(nodes) {
    const links = [];
    for (const to of nodes) {
      if (to.layer === 0) continue;
      for (const from of nodes) {
        if (from.layer !== to.layer - 1 || from.unit < 0) continue;
        links.push({ layer: from.layer, source: from.unit, unit: to.unit, from: [from.x + from.size + 1, from.y + from.size / 2], to: [to.x - 1, to.y + to.size / 2] });
      }
    }
    return links;
  }

  // ---- what is known of a node or a link

  /** @param {Node} node @param {boolean} pinned */
  inspect(node, pinned) {
    const { words, parameters, card } = this;
    const { t } = words;
    const { layer, unit, feature } = node;
    this.chosen = null;
    this.enlarge(node);
    const frame = () => /** @type {Frame} */ (this.frame);
    if (!parameters || !this.frame) return;
    const rows = [];
    if (feature) {
      const press = unit >= 0 ? "Click to leave this feature out." : "Click to use this feature.";
      const fixed = feature.held ? `${t("Held at its mean in the picture:")} ${feature.held}` : "";
      for (const line of [feature.words, fixed, this.isLocked("features") ? "" : press]) {
        const row = el("div", "label");
        text(row, t(line));
        if (line && line !== feature.label) rows.push({ row, write: () => {} });
      }
    } else {
      const of = (/** @type {"mean"|"deviation"|"shut"} */ name) => () => parameters.number(frame(), layer, unit, name);
      const spread = reading(t("activation, mean ± deviation"), () => `${precise(of("mean")(), 2)} ± ${precise(of("deviation")(), 2)}`);
      rows.push(spread);
      const word = /** @type {keyof typeof SHUT_WORDS|""} */ (this.scene?.network.shut_words[layer - 1] || ""); // not every unit can be silent or saturated
      if (word) rows.push(reading(t(SHUT_WORDS[word]), () => `${Math.round(100 * of("shut")())} % ${t("of the samples")}`));
      const bias = this.parameter(t("bias"), "bias", () => frame().weights[parameters.at(layer - 1, null, unit)], (value) => this.hands.command("edit", { layer: layer - 1, source: null, unit, value }));
      rows.push(bias, ...this.incoming(node));
    }
    const worth = this.worth(node);
    if (worth !== undefined) rows.push(reading(t("loss without it"), () => (worth >= 0 ? "+" : "−") + precise(Math.abs(worth))));
    const last = (this.scene?.network.widths.length || 1) - 1;
    if (layer < last && unit >= 0) {
      const set = (/** @type {boolean} */ on) => this.hands.command("switch", { kind: "unit", layer, unit, on: on ? 1 : 0 });
      rows.push(this.onOff("unit-on", !this.isOff(node), set));
    }
    const at = { x: node.x + node.size + 8, y: node.y, before: node.x - 8 };
    const shown = `${layer} ${unit} ${feature?.name || ""} ${this.switchKey} ${worth}`;
    card.show(shown, this.name(node), rows.map((one) => one.row), rows.map((one) => one.write), at, pinned, node.button);
  }

  /** @param {string} control whether the lesson locks or hides it */
  isLocked(control) {
    return refuses(this.scene?.lesson, control);
  }

  /**
   * A row of a weight or a bias: to edit, or text where the lesson locks the diagram.
   * @param {string} name @param {string} testid @param {() => number} read @param {(value: number) => void} set
   */
  parameter(name, testid, read, set) {
    return this.isLocked("diagram") ? reading(name, () => precise(read())) : editing(name, testid, read, set);
  }

  /** A row that switches something on or off, or says which where the lesson locks the diagram. @param {string} testid @param {boolean} on @param {(on: boolean) => void} set */
  onOff(testid, on, set) {
    const { t } = this.words;
    const label = t("switched on while it trains");
    if (this.isLocked("diagram")) return reading(label, () => t(on ? "yes" : "no"));
    return { row: switching(label, testid, on, set), write: () => {} };
  }

  /** The weights into a unit, to edit. @param {Node} node */
  incoming({ layer, unit }) {
    const { parameters } = this;
    const from = this.nodes.all.filter((one) => one.layer === layer - 1 && one.unit >= 0);
    return from.map((source) => {
      const name = source.feature ? source.feature.label : `${this.words.t("from unit")} ${source.unit + 1}`;
      const read = () => this.frame?.weights[parameters?.at(layer - 1, source.unit, unit) || 0] || 0;
      const made = this.parameter(name, `weight-${source.unit}`, read, (value) => this.hands.command("edit", { layer: layer - 1, source: source.unit, unit, value }));
      const open = small(this.words, `open-link-${source.unit}`, "›", "This link: its gradient, its history, on and off", () => this.open(layer - 1, source.unit, unit));
      made.row.append(open);
      return made;
    });
  }

  /** Show one link's card, beside the unit that it goes into. @param {number} layer @param {number} source @param {number} unit */
  open(layer, source, unit) {
    const link = this.links.all.find((one) => one.layer === layer && one.source === source && one.unit === unit);
    if (!link) return;
    this.choose(link, { x: link.to[0] + 44, y: link.to[1], before: link.to[0] - 8 }, true);
    /** @type {HTMLElement|null} */ (this.card.element.querySelector("[data-testid=weight]"))?.focus();
  }

  /** Show a node's map large. @param {Node} node */
  enlarge(node) {
    const { parameters } = this;
    const side = this.scene?.network.small;
    const many = side * side;
    const { feature, map, layer, unit } = node;
    if (!parameters || (map < 0 && !feature?.cells) || (feature && this.scene?.curve)) return this.hands.focus(null);
    this.hands.focus({
      name: this.name(node),
      cells: (frame) => feature?.cells || frame.maps.subarray(map * many, (map + 1) * many),
      peak: (frame) => (feature ? NaN : parameters.number(frame, layer, unit, "peak")),
    });
  }

  /** @param {Link|null} link @param {{x: number, y: number}} at @param {boolean} pinned */
  choose(link, at, pinned) {
    const { words, parameters } = this;
    const { t } = words;
    this.chosen = link;
    this.hands.focus(null);
    if (!link || !parameters || !this.frame) {
      this.card.hide();
      return this.repaint();
    }
    const { layer, source, unit } = link;
    const place = parameters.at(layer, source, unit);
    const rows = [
      this.parameter(t("weight"), "weight", () => this.frame?.weights[place] || 0, (value) => this.hands.command("edit", { layer, source, unit, value })),
      reading(t("gradient"), () => precise(this.frame?.slopes[place] ?? NaN)),
      ...(this.pull ? [reading(t("this point's pull"), () => precise(this.pullAt(place)))] : []),
      sparkline(t("The weight in the latest frames"), () => this.hands.past().slice(-PAST).map((frame) => frame.weights[place]), () => css(this.theme?.ink || [0, 0, 0])),
    ];
    const off = this.linkOff(link);
    const set = (/** @type {boolean} */ on) => this.hands.command("switch", { kind: "link", layer, source, unit, on: on ? 1 : 0 });
    const box = this.onOff("link-on", !off, set);
    const from = this.nodes.all.find((node) => node.layer === layer && node.unit === source);
    const to = this.nodes.all.find((node) => node.layer === layer + 1 && node.unit === unit);
    const title = from && to ? `${this.name(from)} → ${this.name(to)}` : "";
    this.card.show(`${layer} ${source} ${unit} ${off} ${!!this.pull}`, title, [...rows, box].map((one) => one.row), rows.map((one) => one.write), at, pinned);
    this.repaint();
  }

  /** Draw what a sample pulls at, in the order of the weights, or the weights again. @param {number[]|null} pull */
  pullBy(pull) {
    if (!pull && !this.pull) return;
    this.pull = pull;
    this.strongest = Math.max(1e-30, ...(pull || []).map(Math.abs));
    this.hands.named(pull ? "What this point would change" : "");
    this.repaint();
  }

  /** What a weight's link is drawn by, and its card tells. @param {number} place */
  pullAt(place) {
    return this.pull?.[place] ?? NaN;
  }

  // ---- what is off, what matters

  /** Rings of the frame that is shown, or none. @param {boolean} on */
  askRings(on) {
    this.wantsRings = on;
    if (!on) return this.weigh(null);
    this.askedAt = performance.now();
    this.hands.look("importance");
  }

  /** Rings belong to a frame: of another one they are asked for again. @param {boolean} moving */
  renewRings(moving) {
    this.moving = moving;
    if (!this.importance || this.weighed === this.frame || performance.now() - (this.askedAt || 0) < (moving ? AGAIN : SOON)) return;
    this.askRings(true);
  }

  /** @param {Record<string, any>[]} switches from which frame on what is off */
  use(switches) {
    this.switches = switches;
    this.pick();
    this.repaint();
  }

  /** What is off at the frame that is shown. */
  pick() {
    const now = this.switches.findLast((one) => one.from <= this.index) || { units: [], links: [], frozen: [] };
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
    return links.has(`${layer},${source},${unit}`) || units.has(`${layer},${source}`) || units.has(`${layer + 1},${unit}`);
  }

  /** @param {number[][]|null} layers by how much the loss would rise without each unit, null for no rings @param {number} [index] of the frame that it was found at */
  weigh(layers, index = this.index) {
    if (layers && !this.wantsRings) return;  // an answer that came after they were switched off
    this.importance = layers;
    if (index === this.index) this.weighed = this.frame;
    else if (layers && !this.moving) this.askRings(true);
    this.ring();
  }

  /** @param {{layer: number, unit: number}} node */
  worth({ layer, unit }) {
    return unit < 0 ? undefined : this.importance?.[layer]?.[unit];
  }

  ring() {
    this.rings?.setAttribute("aria-pressed", String(!!this.importance));
    const most = Math.max(1e-9, ...(this.importance || []).flat());
    for (const node of this.nodes.all) {
      const worth = this.worth(node);
      const width = worth === undefined ? 0 : Math.round(8 * Math.sqrt(Math.max(0, worth) / most));
      node.button.style.setProperty("--ring", `${width}px`);
      attribute(node.button, "aria-description", worth === undefined ? "" : `${this.words.t("loss without it")} ${precise(worth)}`);
      node.button.classList.toggle("off", this.isOff(node));
    }
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
    const strength = (/** @type {number} */ place) => (pull ? (LARGEST_PULL * (pull[place] || 0)) / strongest : weights[place]);
    this.links.paint(surface.context, ({ layer, source, unit }) => strength(parameters.at(layer, source, unit)), (link) => this.linkOff(link), this.chosen, moving ? performance.now() : null);
    this.nodes.paint(surface.context, frame, (node) => this.isOff(node));
    this.card.paint(moving);
    this.renewRings(moving);
  }
}

/** What of a scene the diagram's cards are about. @param {Record<string, any>|undefined} scene */
function drawing(scene) {
  const { shown, activations, features } = scene?.network || {};
  return JSON.stringify([shown, activations, features?.map((/** @type {any} */ one) => [one.name, one.input])]);
}
