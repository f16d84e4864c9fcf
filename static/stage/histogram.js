/** Gradients by layer: a row a layer, how its gradients are spread over sizes, and their norm. Vanishing drifts to the left. */
import { powerOfTen } from "./axis.js";
import { Surface } from "./canvas.js";
import { el } from "./dom.js";
import { precise } from "./lines.js";
import { css, mix } from "./theme.js";

const LEFT = 58;
const RIGHT = 92;
const BOTTOM = 34;

export class Histogram {
  /** @param {(key: string) => string} t */
  constructor(t) {
    this.t = t;
    this.surface = new Surface(t("Sizes of the gradients in each layer"));
    this.element = el("div", "chart");
    this.element.append(this.surface.element);
  }

  layout() {
    if (this.surface.resize(Math.max(80, this.element.clientWidth), Math.max(60, this.element.clientHeight))) this.paint(this.frame);
  }

  /** @param {Record<string, any>} scene @param {Record<string, any>} names @param {import("./theme.js").Theme} theme */
  show(scene, names, theme) {
    this.scene = scene;
    this.names = names;
    this.theme = theme;
    this.shades = Array.from({ length: 65 }, (_, i) => css(mix(theme.ground, theme.positive, i / 64)));
    this.paint(this.frame);
  }

  /** @param {import("./wire.js").Frame|undefined} frame */
  paint(frame) {
    this.frame = frame;
    const { context, width, height } = this.surface;
    if (!frame || !this.scene || !width) return;
    this.surface.clear();
    const { layers, bins } = this.scene;
    const depth = layers.length;
    const cells = frame.bins.length / depth;
    const row = Math.min(26, (height - BOTTOM - 14) / depth);
    const cell = (width - LEFT - RIGHT) / cells;
    const each = frame.layers.length / depth;
    const at = (/** @type {string} */ name) => this.names.layer_scalars.indexOf(name);
    const [norm, dead, saturated] = [at("gradient_norm"), at("dead"), at("saturated")];
    const theme = /** @type {import("./theme.js").Theme} */ (this.theme);
    context.font = `12px ${theme.font}`;
    context.textBaseline = "middle";
    context.fillStyle = css(theme.quiet);
    context.textAlign = "right";
    context.fillText(this.t("norm"), width - RIGHT + 44, 7);
    for (let i = 0; i < depth; i++) {
      const top = 14 + i * row;
      const middle = top + row / 2;
      context.textAlign = "left";
      context.fillStyle = css(theme.quiet);
      if (row > 9) context.fillText(this.t(layers[i]), 0, middle);
      for (let j = 0; j < cells; j++) {
        const share = frame.bins[i * cells + j];
        if (!share) continue;
        context.fillStyle = /** @type {string[]} */ (this.shades)[Math.min(64, 8 + Math.round(56 * Math.sqrt((share / 255) * 2.2)))];
        context.fillRect(LEFT + j * cell, top + 1, cell - 1, row - 3);
      }
      if (row > 9) {
        context.textAlign = "right";
        context.fillStyle = css(theme.ink);
        context.fillText(precise(frame.layers[i * each + norm]), width - RIGHT + 44, middle);
        const lost = frame.layers[i * each + dead];
        const full = frame.layers[i * each + saturated];
        context.fillStyle = css(theme.negative);
        if (lost > 0.005) context.fillText(`${Math.round(lost * 100)}% ${this.t("dead")}`, width, middle);
        else if (full > 0.3) context.fillText(`${Math.round(full * 100)}% ${this.t("sat.")}`, width, middle);
      }
    }
    context.fillStyle = css(theme.quiet);
    context.textAlign = "center";
    const under = 14 + depth * row + 9;
    for (let e = bins.low + 2; e <= bins.high; e += 2) {
      context.fillText(powerOfTen(e), LEFT + ((e - bins.low) / (bins.high - bins.low)) * (width - LEFT - RIGHT), under);
    }
    context.textAlign = "left";
    context.fillText("← " + this.t("vanishing"), LEFT, under + 15);
    context.textAlign = "right";
    context.fillText(this.t("exploding") + " →", width - RIGHT, under + 15);
  }
}
