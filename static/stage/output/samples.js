/**
 * Single samples: what the network says of the one under the pointer, and which are worst. The server judges them when
 * asked.
 */
import { toggle } from "../../lib/widgets.js";
import { text } from "../../lib/dom.js";
import { mark } from "../../lib/i18n.js";
import { placeWords } from "./boundary.js";
import { answer, truth } from "./readout.js";

const WORST = 10;
/** What was judged is asked for again while it plays, milliseconds. */
const AGAIN = 700;

export class Samples {
  /**
   * @param {import("../../lib/i18n.js").Words} words
   * @param {import("./boundary.js").Boundary} boundary
   * @param {(name: string) => void} look
   */
  constructor(words, boundary, look) {
    this.words = words;
    this.boundary = boundary;
    this.look = look;
    /** @type {import("../../live/types.js").Scene|undefined} */ this.scene = undefined;
    this.worst = false;
    this.point = -1;
    this.askedAt = 0;
    this.index = 0;
    const ring = (/** @type {boolean} */ on) => {
      this.worst = on;
      if (on) this.request();
      else boundary.ring([]);
    };
    const hint = mark("Ring the {count} points with the largest loss");
    this.toggle = toggle(words, "worst", mark("worst"), hint, false, ring, { count: WORST });
    boundary.onHover = (point) => this.hover(point);
  }

  /** @param {import("../../live/types.js").Scene} scene */
  show(scene) {
    if (scene !== this.scene) {
      this.predictions = undefined;
      this.boundary.ring([]); // what was worst among other points
    }
    this.scene = scene;
  }

  request() {
    this.askedAt = performance.now();
    this.look("samples");
  }

  /** @param {number} point under the pointer, -1 for none */
  hover(point) {
    const fresh = point >= 0 && point !== this.point;
    this.point = point;
    if (point < 0) return false;
    if (fresh && this.predictions?.frame !== this.index) this.request();
    this.describe();
    return true;
  }

  /** @param {{frame: number, value: number[][], loss: number[], error?: number[]}} judged */
  applyPredictions(judged) {
    this.predictions = judged;
    if (this.worst) {
      const { train } = this.scene?.points || { train: [] };
      const ranked = judged.loss.map((loss, i) => [loss, i]).filter(([, i]) => train[i] === 1 || this.boundary.test);
      ranked.sort((a, b) => b[0] - a[0]);
      this.boundary.ring(ranked.slice(0, WORST).map(([, i]) => i));
    }
    this.describe();
  }

  /** @param {import("../../live/types.js").Frame} frame @param {number} index @param {boolean} moving */
  paint(frame, index, moving) {
    this.index = index;
    if (!this.worst && this.point < 0) return;
    if (this.predictions?.frame === index || performance.now() - this.askedAt < (moving ? AGAIN : 100)) return;
    this.request();
  }

  describe() {
    const { scene, point, predictions } = this;
    if (point < 0 || !scene) return;
    const { t } = this.words;
    const { axes, points } = scene;
    const value = points.value[point];
    // Upwards stands the target itself, where there is one input.
    const place = placeWords(axes, points.x[point], scene.curve ? undefined : points.y[point], t);
    const values = { place, target: truth(/** @type {any} */ (scene), value, t) };
    const isTrain = points.train[point];
    if (!predictions?.value[point]) {
      const sample = isTrain ? t("{place}: {target}", values) : t("{place}: {target} (test)", values);
      return text(this.boundary.note, sample);
    }
    const prediction = {
      value: predictions.value[point],
      loss: predictions.loss[point],
      error: predictions.error?.[point],
    };
    const judged = { ...values, answer: answer(/** @type {any} */ (scene), value, prediction, t) };
    text(
      this.boundary.note,
      isTrain ? t("{place}: {target}; {answer}", judged) : t("{place}: {target} (test); {answer}", judged),
    );
  }
}
