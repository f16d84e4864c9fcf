/** Somebody else's stage: all that it shows, and nothing to press. */
import { decodeBulk, decodeFrames, decodeHeader } from "../../live/decoding.js";
import { el } from "../../lib/dom.js";
import { Words } from "../../lib/i18n.js";
import { Series } from "../../live/series.js";
import { makePlanePanels } from "../../stage/plane-panels.js";
import { StageView } from "../../stage/view.js";

const ignore = () => {};
/** @type {import("../../live/types.js").Actions} */
const NO_ACTIONS = {
  toggle: ignore,
  pause: ignore,
  step: ignore,
  stepOne: ignore,
  start: ignore,
  reset: ignore,
  newStart: ignore,
  scrub: ignore,
  pace: ignore,
  command: ignore,
  look: ignore,
  past: () => [],
};

export class Spectator {
  /** @param {ShadowRoot|HTMLElement} parent */
  constructor(parent) {
    this.series = new Series();
    // Apart from the styles of whatever stands around it.
    this.place = el("div");
    this.place.hidden = true; // until there is a stage to show
    parent.append(this.place);
    const root = this.place.attachShadow({ mode: "open" });
    this.view = new StageView(root, new Words(), NO_ACTIONS, makePlanePanels);
    const stage = this.view.root;
    stage.classList.add("watched");
    stage.dataset.testid = "watched-stage";
    stage.inert = true;
    this.view.notices.endInvitation();
    this.shown = "";
    this.queue = Promise.resolve();
    this.view.readTheme();
  }

  /** Fit the page's theme. */
  readTheme() {
    if (this.view.readTheme()) this.view.repaint();
  }

  /** Show what a message holds. @param {Uint8Array} data */
  accept(data) {
    this.queue = this.queue
      .then(async () => {
        const message = decodeHeader(data);
        if (!message) return;
        const { header, body } = await decodeBulk(message);
        const [frame] = await decodeFrames(header, body);
        if (frame) this.show(header, frame);
      })
      .catch((error) => console.warn("class: a stage could not be shown", String(error)));
    return this.queue;
  }

  /** @param {import("../../live/types.js").Header} header @param {import("../../live/types.js").Frame} frame */
  show(header, frame) {
    const { view, series } = this;
    this.place.hidden = false;
    const { scene, history } = header;
    const names = { scalars: header.scalars, layer_scalars: header.layer_scalars };
    const epoch = `${header.run} ${header.epoch}`;
    if (epoch !== this.shown) {
      view.readTheme();
      view.show(scene, names);
    }
    this.shown = epoch;
    series.clear(scene.layers);
    if (history) series.fill(history);
    series.add(frame, names);
    view.applyHeader(header);
    const place = { index: header.start, last: header.start, seen: frame.step, ended: header.state !== "ready" };
    view.paint(frame, place, series, false);
    view.root.dataset.step = String(frame.step);
  }

  destroy() {
    this.view.destroy();
    this.place.remove();
  }
}
