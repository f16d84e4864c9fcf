/** Play, pause, steps, speed, time line, and the numbers of the moment. */
import { button, el, text } from "./dom.js";
import { precise } from "./lines.js";

/** Optimizer steps a frame; 0 is as many as time allows. */
export const PACES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 0];

/**
 * @typedef {{toggle: () => void, step: () => void, stepOne: () => void, reset: () => void, newStart: () => void,
 *            scrub: (place: number) => void, pace: (steps: number) => void}} Actions
 */

export class Transport {
  /** @param {(key: string) => string} t @param {Actions} actions */
  constructor(t, actions) {
    this.t = t;
    this.element = el("div", "transport");
    this.reset = button("reset", t("Reset to the same start (R)"), "⟲", actions.reset);
    this.play = button("play", t("Play (space)"), "", actions.toggle);
    this.play.append(el("span", "glyph"));
    this.step = button("step", t("Step one frame (right arrow)"), "▸|", actions.step);
    this.stepOne = button("step-one", t("Step one optimizer step (.)"), "▸1", actions.stepOne);
    this.fresh = button("new-start", t("New start: other initial weights (N)"), "↻", actions.newStart);

    const numbers = el("div", "numbers");
    /** @type {Record<string, HTMLElement>} */ this.values = {};
    /** @type {Record<string, HTMLElement>} */ this.names = {};
    for (const name of ["epoch", "step", "train loss", "test loss", "test metric"]) {
      const box = el("div", "number " + name.replace(" ", "-"));
      const label = el("div", "label");
      const value = el("div", "value");
      text(label, t(name));
      text(value, "–");
      box.append(label, value);
      numbers.append(box);
      this.values[name] = value;
      this.names[name] = label;
    }
    const speed = el("label", "speed");
    this.speedLabel = el("span", "label");
    this.speed = el("input", "", { type: "range", min: "0", max: String(PACES.length - 1), step: "1", "data-testid": "speed", "aria-label": t("Speed: optimizer steps a frame") });
    this.speed.value = String(PACES.indexOf(10));
    this.speed.addEventListener("input", () => {
      this.tellSpeed();
      actions.pace(this.pace);
    });
    speed.append(this.speedLabel, this.speed);
    this.tellSpeed();
    this.state = el("div", "state", { role: "status", "aria-live": "polite" });
    const buttons = el("div", "buttons");
    buttons.append(this.reset, this.play, this.step, this.stepOne, this.fresh);
    const right = el("div", "right");
    right.append(speed, this.state);
    this.element.append(buttons, numbers, right);

    this.line = el("div", "line");
    this.scrub = el("input", "scrub", { type: "range", min: "0", max: "0", step: "1", value: "0", "data-testid": "scrub", "aria-label": t("Time line: go back and watch it learn again") });
    this.scrub.addEventListener("input", () => actions.scrub(Number(this.scrub.value)));
    this.line.append(this.scrub);
  }

  get pace() {
    return PACES[Number(this.speed.value)];
  }

  tellSpeed() {
    const { pace, t } = this;
    const words = pace === 0 ? t("as fast as possible") : pace === 1 ? t("1 step a frame") : `${pace} ${t("steps a frame")}`;
    text(this.speedLabel, `${t("speed")} · ${words}`);
    this.speed.setAttribute("aria-valuetext", words);
    this.speed.style.setProperty("--fill", `${(100 * Number(this.speed.value)) / (PACES.length - 1)}%`);
  }

  /** @param {string} state @param {string} words */
  tell(state, words) {
    text(this.state, words);
    const playing = state === "playing" || state === "waiting" || state === "compiling";
    if (this.playing !== playing) {
      this.playing = playing;
      this.play.classList.toggle("on", playing);
      const label = this.t(playing ? "Pause (space)" : "Play (space)");
      this.play.setAttribute("aria-label", label);
      this.play.title = label;
    }
  }

  /**
   * @param {import("./wire.js").Frame} frame @param {number} place @param {number} newest @param {string} metric
   */
  paint(frame, place, newest, metric) {
    const s = frame.scalars;
    const { values } = this;
    const epoch = s[1];
    text(values.epoch, epoch < 10 && epoch % 1 ? epoch.toFixed(1) : Math.floor(epoch).toLocaleString("en"));
    text(values.step, s[0].toLocaleString("en"));
    text(values["train loss"], precise(s[2]));
    text(values["test loss"], precise(s[3]));
    const test = Number.isFinite(s[5]) ? s[5] : s[4];
    text(this.names["test metric"], this.t((Number.isFinite(s[5]) ? "test " : "train ") + metric));
    text(values["test metric"], !Number.isFinite(test) ? "–" : metric === "accuracy" ? `${(test * 100).toFixed(1)} %` : test.toFixed(3));
    const max = String(newest);
    if (this.scrub.max !== max) this.scrub.max = max;
    const value = String(place);
    if (this.scrub.value !== value) this.scrub.value = value;
    this.scrub.style.setProperty("--fill", `${newest ? (100 * place) / newest : 0}%`);
    this.scrub.setAttribute("aria-valuetext", `${this.t("step")} ${s[0]}`);
  }
}
