/** The network as a diagram: what is being computed stands out, what is known already has its number. */
import { el, text } from "../../lib/dom.js";
import { number } from "./grid.js";
import { joinItems } from "../../lib/i18n.js";
import { css, mix } from "../../lib/theme.js";

const NS = "http://www.w3.org/2000/svg";
const RADIUS = 21;
const ROW = 52;
const TOP = 30;
/** From the last layer's middle to the edge: its name is not much wider than its units. */
const RIGHT = RADIUS + 6;
/**
 * Between two layers at least, so that links are seen; narrower than this for all of them, the diagram is moved
 * sideways.
 */
const LEAST_GAP = 50;
/** How wide a letter of a feature's name is. */
const LETTER = 6.8;

/** @param {string} tag @param {Record<string, string|number>} attributes @param {string} [words] */
function shape(tag, attributes, words) {
  const element = document.createElementNS(NS, tag);
  for (const key in attributes) element.setAttribute(key, String(attributes[key]));
  if (words !== undefined) element.textContent = words;
  return element;
}

export class StepDiagram {
  /** @param {import("../../lib/i18n.js").Words["t"]} t */
  constructor(t) {
    this.t = t;
    this.element = el("div", "diagram", { role: "img", tabindex: "0" });
    /** @type {Map<string, Element>} */
    this.marks = new Map();
    /** Draws what is shown once more. */
    this.redraw = () => {};
    this.observer = new ResizeObserver(() => this.element.clientWidth !== this.drawnWidth && this.redraw());
    this.observer.observe(this.element);
  }

  destroy() {
    this.observer.disconnect();
  }

  /**
   * @param {any} data
   * @param {import("./plan.js").SubStep} now
   * @param {number} sample -1 for the batch
   * @param {import("../../lib/theme.js").Theme} theme
   */
  show(data, now, sample, theme) {
    const { t } = this;
    const widths = data.widths.map((/** @type {number} */ width) => Math.min(width, data.shown));
    const many = widths.length;
    this.redraw = () => this.show(data, now, sample, theme);
    this.drawnWidth = this.element.clientWidth;
    const room = this.drawnWidth || 760;
    const { left, gap, letters, width: across } = arrange(data.features.slice(0, widths[0]), many, room);
    const rows = Math.max(...widths);
    const roomForMore = data.widths.some((/** @type {number} */ width) => width > data.shown) ? 18 : 0;
    const [width, height] = [across, TOP + rows * ROW + roomForMore];
    const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, width, height });
    const x = (/** @type {number} */ layer) => left + gap * layer;
    const y = (/** @type {number} */ layer, /** @type {number} */ unit) =>
      TOP + (rows * ROW) / 2 + (unit - (widths[layer] - 1) / 2) * ROW;
    const values = shownValues(data, now, sample);
    this.marks.clear();
    for (let layer = 1; layer < many; layer++) {
      const weights =
        now.kind === "backward" && layer === now.layer
          ? data.layers[layer - 1].gradient.w
          : data.layers[layer - 1].own.w;
      const most = Math.max(1e-9, ...weights.flat().map((/** @type {number|null} */ v) => Math.abs(v ?? 0)));
      const active = now.layer === layer || now.kind === "optimizer" || now.kind === "update";
      for (let unit = 0; unit < widths[layer]; unit++) {
        for (let source = 0; source < widths[layer - 1]; source++) {
          const w = weights[unit][source] ?? 0;
          const line = shape("line", {
            x1: x(layer - 1) + RADIUS,
            y1: y(layer - 1, source),
            x2: x(layer) - RADIUS,
            y2: y(layer, unit),
            stroke: css(w < 0 ? theme.negative : theme.positive),
            "stroke-width": 0.8 + (3.2 * Math.abs(w)) / most,
            opacity: active ? 0.85 : 0.22,
          });
          this.marks.set(`${layer} ${unit} ${source}`, line);
          svg.append(line);
        }
      }
    }
    for (let layer = 0; layer < many; layer++) {
      const active = layer === now.layer && now.layer >= 0;
      const name = layer === 0 ? t("input") : layer === many - 1 ? t("output") : t("layer {layer}", { layer });
      svg.append(
        shape("text", { x: x(layer), y: 14, "text-anchor": "middle", class: active ? "active" : "quiet" }, name),
      );
      const known = values[layer];
      const most = Math.max(1e-9, ...(known || []).map((v) => Math.abs(v ?? 0)));
      for (let unit = 0; unit < widths[layer]; unit++) {
        const v = known?.[unit] ?? null;
        const fill =
          known && v !== null
            ? mix(theme.ground, v < 0 ? theme.negative : theme.positive, 0.08 + (0.3 * Math.abs(v)) / most)
            : theme.ground;
        const node = shape("circle", {
          cx: x(layer),
          cy: y(layer, unit),
          r: RADIUS,
          fill: css(fill),
          stroke: css(active ? theme.primary : theme.line),
          "stroke-width": active ? 3 : 1.5,
        });
        this.marks.set(`${layer} ${unit}`, node);
        svg.append(node);
        if (known)
          svg.append(
            shape(
              "text",
              { x: x(layer), y: y(layer, unit) + 4, "text-anchor": "middle", class: "value" },
              number(v, 2),
            ),
          );
        if (layer === 0) svg.append(featureName(data.features[unit] || "", letters, x(0) - RADIUS - 8, y(0, unit) + 4));
      }
      const left_out = data.widths[layer] - widths[layer];
      if (left_out > 0)
        svg.append(
          shape("text", { x: x(layer), y: height - 6, "text-anchor": "middle", class: "quiet" }, `+${left_out}`),
        );
    }
    this.element.replaceChildren(svg);
    const widths_of = joinItems(t, data.widths);
    this.element.setAttribute("aria-label", t("The network: {widths}. {step}", { widths: widths_of, step: now.title }));
  }

  /**
   * Let a node, or the links into it, or one of them, stand out.
   * @param {{layer: number, unit: number, source?: number}|undefined} at
   */
  point(at) {
    for (const mark of this.element.querySelectorAll(".at")) mark.classList.remove("at");
    if (!at) return;
    const { layer, unit, source } = at;
    if (source !== undefined) return this.marks.get(`${layer} ${unit} ${source}`)?.classList.add("at");
    this.marks.get(`${layer} ${unit}`)?.classList.add("at");
    for (const [key, mark] of this.marks) if (key.startsWith(`${layer} ${unit} `)) mark.classList.add("at");
  }
}

/**
 * Where the layers stand: the first one's names have as many letters as they need, where there is room.
 * @param {string[]} names of the features @param {number} many layers @param {number} room
 */
export function arrange(names, many, room) {
  const besides = RADIUS + 10;
  const wanted = besides + LETTER * Math.max(0, ...names.map((name) => name.length));
  const left = Math.min(Math.max(64, wanted), Math.max(64, 0.3 * Math.min(room, 1100)));
  const gap = Math.max(LEAST_GAP, Math.min(190, (Math.min(room, 1100) - left - RIGHT) / (many - 1)));
  return { left, gap, letters: Math.floor((left - besides) / LETTER), width: left + gap * (many - 1) + RIGHT };
}

/** @param {string} name @param {number} letters @param {number} x @param {number} y */
function featureName(name, letters, x, y) {
  const element = shape("text", { x, y, "text-anchor": "end", class: "quiet" }, clip(name, letters));
  if (name.length > letters) element.append(shape("title", {}, name));
  return element;
}

/** @param {string} name @param {number} most letters */
const clip = (name, most) => (name.length > most ? `${name.slice(0, most - 1)}…` : name);

/**
 * By layer, the numbers that are known at a sub-step: outputs on the way forward, derivatives on the way back.
 * @param {any} data
 * @param {import("./plan.js").SubStep} now
 * @param {number} sample
 * @returns {((number|null)[]|null)[]}
 */
function shownValues(data, now, sample) {
  const lone = sample >= 0;
  const inputs = lone
    ? data.x[sample]
    : data.x[0].map((/** @type {unknown} */ _, /** @type {number} */ k) =>
        mean(data.x.map((/** @type {number[]} */ row) => row[k])),
      );
  const forward = [
    inputs,
    ...data.layers.map((/** @type {any} */ layer) => (lone ? layer.training.h[sample] : layer.mean)),
  ];
  const backward = [
    null,
    ...data.layers.map((/** @type {any} */ layer) => (lone ? layer.back.z[sample] : layer.total)),
  ];
  if (now.kind === "backward") return backward.map((values, layer) => (layer >= now.layer ? values : null));
  if (now.kind === "samples" || now.kind === "forward")
    return forward.map((values, layer) => (layer <= now.layer ? values : null));
  return now.kind === "loss" ? forward : forward.map(() => null);
}

/** @param {number[]} values */
const mean = (values) => values.reduce((sum, v) => sum + v, 0) / values.length;
