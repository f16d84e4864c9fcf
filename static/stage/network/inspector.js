/** What is known of one unit or one link: the rows of its card, to read and to edit, and its map shown large. */
import { makeEditor, makeReadout, sparkline, makeSwitch } from "./inspector-card.js";
import { el, text } from "../../lib/dom.js";
import { small } from "./layer-heads.js";
import { isLocked } from "../../live/handout.js";
import { percent, precise } from "../../lib/format.js";
import { mark } from "../../lib/i18n.js";
import { css } from "../../lib/theme.js";

/** Frames looked at for a weight's history. */
const PAST = 120;
/** What keeps a unit from learning on a sample, said with what it means. */
const SHUT_WORDS = {
  silent: mark("silent (slope 0) on"),
  saturated: mark("saturated (slope near 0) on"),
};

/**
 * @typedef {import("../../live/types.js").Frame} Frame @typedef {import("./links.js").Link} Link
 * @typedef {import("./nodes.js").Node} Node
 */

export class Inspector {
  /** @param {import("./network.js").Network} network */
  constructor(network) {
    this.network = network;
  }

  /** @param {Node} node @param {boolean} pinned */
  inspect(node, pinned) {
    const { words, parameters, card } = this.network;
    const { t } = words;
    const { layer, unit, feature } = node;
    this.network.chosen = null;
    this.enlarge(node);
    const frame = () => /** @type {Frame} */ (this.network.frame);
    if (!parameters || !this.network.frame) return;
    const rows = [];
    if (feature) {
      const press = unit >= 0 ? t("Click to leave this feature out.") : t("Click to use this feature.");
      const fixed = feature.held ? t("Held at its mean in the picture: {value}", { value: feature.held }) : "";
      for (const line of [feature.words, fixed, this.isLocked("features") ? "" : press]) {
        const row = el("div", "label");
        text(row, line);
        if (line && line !== feature.label) rows.push({ row, write: () => {} });
      }
    } else {
      const of = (/** @type {"mean"|"deviation"|"shut"} */ name) => () => parameters.number(frame(), layer, unit, name);
      const spread = () => `${precise(of("mean")(), 2)} ± ${precise(of("deviation")(), 2)}`;
      rows.push(makeReadout(t("activation, mean ± deviation"), spread));
      // Not every unit can be silent or saturated.
      const word = /** @type {keyof typeof SHUT_WORDS|""} */ (this.network.scene?.network.shut_words[layer - 1] || "");
      const share = () => t("{share} of the samples", { share: percent(t, of("shut")()) });
      if (word) rows.push(makeReadout(t(SHUT_WORDS[word]), share));
      const bias = () => frame().weights[parameters.at(layer - 1, null, unit)];
      const edit = (/** @type {number} */ value) => this.edit(layer - 1, null, unit, value);
      rows.push(this.parameter(t("bias"), "bias", bias, edit), ...this.incoming(node));
    }
    const worth = this.network.rings.worth(node);
    if (worth !== undefined)
      rows.push(makeReadout(t("loss without it"), () => (worth >= 0 ? "+" : "−") + precise(Math.abs(worth))));
    const last = (this.network.scene?.network.widths.length || 1) - 1;
    if (layer < last && unit >= 0) {
      const set = (/** @type {boolean} */ on) =>
        this.network.hands.command("switch", { kind: "unit", layer, unit, on: on ? 1 : 0 });
      rows.push(this.onOff("unit-on", !this.network.isOff(node), set));
    }
    const at = { x: node.x + node.size + 8, y: node.y, before: node.x - 8 };
    const key = `${layer} ${unit} ${feature?.name || ""} ${this.network.switchKey} ${worth}`;
    const [elements, writers] = [rows.map((entry) => entry.row), rows.map((entry) => entry.write)];
    card.show(key, this.network.name(node), elements, writers, at, pinned, node.button);
  }

  /** @param {string} control whether the handout locks or hides it */
  isLocked(control) {
    return isLocked(this.network.scene?.handout, control);
  }

  /**
   * A row of a weight or a bias: to edit, or text where the handout locks the diagram.
   * @param {string} name @param {string} testid @param {() => number} read @param {(value: number) => void} set
   */
  parameter(name, testid, read, set) {
    return this.isLocked("diagram") ? makeReadout(name, () => precise(read())) : makeEditor(name, testid, read, set);
  }

  /**
   * Set a weight, or a bias where there is no source.
   * @param {number} layer
   * @param {number|null} source
   * @param {number} unit
   * @param {number} value
   */
  edit(layer, source, unit, value) {
    this.network.hands.command("edit", { layer, source, unit, value });
  }

  /**
   * A row that switches something on or off, or says which where the handout locks the diagram.
   * @param {string} testid @param {boolean} on @param {(on: boolean) => void} set
   */
  onOff(testid, on, set) {
    const { t } = this.network.words;
    const label = t("switched on while it trains");
    if (this.isLocked("diagram")) return makeReadout(label, () => (on ? t("yes") : t("no")));
    return { row: makeSwitch(label, testid, on, set), write: () => {} };
  }

  /** The weights into a unit, to edit. @param {Node} node */
  incoming({ layer, unit }) {
    const { parameters } = this.network;
    const from = this.network.nodes.all.filter((entry) => entry.layer === layer - 1 && entry.unit >= 0);
    return from.map((source) => {
      const name = source.feature
        ? source.feature.label
        : this.network.words.t("from unit {unit}", { unit: source.unit + 1 });
      const read = () => this.network.frame?.weights[parameters?.at(layer - 1, source.unit, unit) || 0] || 0;
      const edit = (/** @type {number} */ value) => this.edit(layer - 1, source.unit, unit, value);
      const weight = this.parameter(name, `weight-${source.unit}`, read, edit);
      const open = () => this.open(layer - 1, source.unit, unit);
      const help = mark("This link: its gradient, its history, on and off");
      weight.row.append(small(this.network.words, `open-link-${source.unit}`, "›", help, open));
      return weight;
    });
  }

  /**
   * Show one link's card, beside the unit that it goes into.
   * @param {number} layer
   * @param {number} source
   * @param {number} unit
   */
  open(layer, source, unit) {
    const { all } = this.network.links;
    const link = all.find((entry) => entry.layer === layer && entry.source === source && entry.unit === unit);
    if (!link) return;
    this.choose(link, { x: link.to[0] + 44, y: link.to[1], before: link.to[0] - 8 }, true);
    /** @type {HTMLElement|null} */ (this.network.card.element.querySelector("[data-testid=weight]"))?.focus();
  }

  /** Show a node's map large. @param {Node} node */
  enlarge(node) {
    const { parameters } = this.network;
    const side = this.network.scene?.network.small ?? 0;
    const many = side * side;
    const { feature, map, layer, unit } = node;
    const hasMap = map >= 0 || feature?.cells;
    if (!parameters || !hasMap || (feature && this.network.scene?.curve)) return this.network.hands.focus(null);
    this.network.hands.focus({
      name: this.network.name(node),
      cells: (frame) => feature?.cells || frame.maps.subarray(map * many, (map + 1) * many),
      peak: (frame) => (feature ? NaN : parameters.number(frame, layer, unit, "peak")),
    });
  }

  /** @param {Link|null} link @param {{x: number, y: number, before?: number}} at @param {boolean} pinned */
  choose(link, at, pinned) {
    const { words, parameters } = this.network;
    const { t } = words;
    this.network.chosen = link;
    this.network.hands.focus(null);
    if (!link || !parameters || !this.network.frame) {
      this.network.card.hide();
      return this.network.repaint();
    }
    const { layer, source, unit } = link;
    const place = parameters.at(layer, source, unit);
    const weight = () => this.network.frame?.weights[place] || 0;
    const past = () =>
      this.network.hands
        .past()
        .slice(-PAST)
        .map((frame) => frame.weights[place]);
    const ink = () => css(this.network.theme?.ink || [0, 0, 0]);
    const rows = [
      this.parameter(t("weight"), "weight", weight, (value) => this.edit(layer, source, unit, value)),
      makeReadout(t("gradient"), () => precise(this.network.frame?.slopes[place] ?? NaN)),
      ...(this.network.pull ? [makeReadout(t("this point's pull"), () => precise(this.network.pullAt(place)))] : []),
      sparkline(t("The weight in the latest frames"), past, ink),
    ];
    const off = this.network.linkOff(link);
    const set = (/** @type {boolean} */ on) =>
      this.network.hands.command("switch", { kind: "link", layer, source, unit, on: on ? 1 : 0 });
    const box = this.onOff("link-on", !off, set);
    const from = this.network.nodes.all.find((node) => node.layer === layer && node.unit === source);
    const to = this.network.nodes.all.find((node) => node.layer === layer + 1 && node.unit === unit);
    const title = from && to ? `${this.network.name(from)} → ${this.network.name(to)}` : "";
    const key = `${layer} ${source} ${unit} ${off} ${!!this.network.pull}`;
    const elements = [...rows, box].map((entry) => entry.row);
    this.network.card.show(
      key,
      title,
      elements,
      rows.map((entry) => entry.write),
      at,
      pinned,
    );
    this.network.repaint();
  }
}
