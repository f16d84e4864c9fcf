/** Importance: a ring round each unit shows how much the loss would rise without it (ablation). */
import { attribute } from "../../lib/dom.js";
import { small } from "./layer-heads.js";
import { precise } from "../../lib/format.js";
import { mark } from "../../lib/i18n.js";

/** Rings are asked for again while it plays, and while it stands, milliseconds. */
const AGAIN = 700;
const SOON = 100;
/** The widest ring where there is room, in pixels, and where units stand close. */
const [WIDEST, NARROWEST] = [8, 2.5];

export class ImportanceRings {
  /** @param {import("./network.js").Network} network */
  constructor(network) {
    this.network = network;
    /** By how much the loss would rise without each unit, by layer; null for no rings. @type {number[][]|null} */
    this.importance = null;
    this.isWanted = false;
    this.moving = false;
    this.askedAt = 0;
    /** The frame that they are of. @type {import("../../live/types.js").Frame|undefined} */
    this.weighed = undefined;
    /** @type {HTMLButtonElement|undefined} */ this.button = undefined;
  }

  /** What switches them on and off. */
  makeButton() {
    const label = mark("Ablate each unit: a ring shows how much the loss would rise without it");
    this.button = small(this.network.words, "importance", mark("importance"), label, () =>
      this.request(!this.importance),
    );
    this.button.classList.add("wide");
    return this.button;
  }

  /** Another run. */
  clear() {
    this.importance = null;
    this.isWanted = false;
  }

  /** Rings of the frame that is shown, or none. @param {boolean} on */
  request(on) {
    this.isWanted = on;
    if (!on) return this.weigh(null);
    this.askedAt = performance.now();
    this.network.hands.look("importance");
  }

  /** Rings belong to a frame: of another one they are asked for again. @param {boolean} moving */
  renew(moving) {
    this.moving = moving;
    if (
      !this.importance ||
      this.weighed === this.network.frame ||
      performance.now() - (this.askedAt || 0) < (moving ? AGAIN : SOON)
    )
      return;
    this.request(true);
  }

  /**
   * @param {number[][]|null} layers by how much the loss would rise without each unit, null for no rings
   * @param {number} [index] of the frame that it was found at
   */
  weigh(layers, index = this.network.index) {
    if (layers && !this.isWanted) return; // an answer that came after they were switched off
    this.importance = layers;
    if (index === this.network.index) this.weighed = this.network.frame;
    else if (layers && !this.moving) this.request(true);
    this.draw();
  }

  /** @param {{layer: number, unit: number}} node */
  worth({ layer, unit }) {
    return unit < 0 ? undefined : this.importance?.[layer]?.[unit];
  }

  draw() {
    this.button?.setAttribute("aria-pressed", String(!!this.importance));
    const most = Math.max(1e-9, ...(this.importance || []).flat());
    const widest = widestRing(this.network.nodes.all);
    for (const node of this.network.nodes.all) {
      const worth = this.worth(node);
      const width = worth === undefined ? 0 : Math.round(2 * widest * Math.sqrt(Math.max(0, worth) / most)) / 2;
      node.button.style.setProperty("--ring", `${width}px`);
      attribute(
        node.button,
        "aria-description",
        worth === undefined ? "" : this.network.words.t("loss without it {loss}", { loss: precise(worth) }),
      );
      node.button.classList.toggle("off", this.network.isOff(node));
    }
  }
}

/**
 * How wide the widest ring may be for neighbours' rings not to meet: the same for all, since they are compared.
 * @param {{layer: number, y: number, size: number}[]} nodes from above within a layer
 */
export function widestRing(nodes) {
  let gap = 2 * WIDEST;
  for (let i = 1; i < nodes.length; i++) {
    const [above, below] = [nodes[i - 1], nodes[i]];
    if (above.layer === below.layer) gap = Math.min(gap, below.y - above.y - above.size);
  }
  return Math.max(NARROWEST, gap / 2);
}
