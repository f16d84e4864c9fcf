/** Play, pause, steps, speed, time line, and the numbers of the moment. */
import { button } from "../lib/widgets.js";
import { attribute, el, text } from "../lib/dom.js";
import { reach } from "../charts/axis.js";
import { count, fixed, percent, precise } from "../lib/format.js";
import { mark } from "../lib/i18n.js";
import { colourOf } from "../lib/theme.js";

/** Optimizer steps a frame; 0 is as many as time allows. */
export const PACES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 0];
/** Widths of the time line's thumb, and of the mark of a fork, in CSS pixels. */
const THUMB = 14;
const FORK = 3;
/** What the numbers beside the transport are. @type {Record<string, string>} */
const HINTS = {
  epoch: mark("Passes over all train samples so far"),
  step: mark("Updates of the weights so far"),
  train: mark("Loss over the train samples, without penalties: what training makes small"),
  test: mark("Loss over samples that were never trained on"),
  metric: mark(
    "Accuracy: the share of samples whose likeliest class is right. R²: the share of the variance that is explained",
  ),
  rmse: mark("Root mean square error: how far predictions are off, in the target's units; large errors count more"),
};
const NUMBERS = {
  epoch: mark("epoch"),
  step: mark("step"),
  train: mark("train loss"),
  test: mark("test loss"),
  metric: mark("test accuracy"),
  rmse: mark("test RMSE"),
};
/** What metrics are called, of the train and of the test samples. @type {Record<string, [string, string]>} */
const METRICS = {
  accuracy: [mark("train accuracy"), mark("test accuracy")],
  "R²": [mark("train R²"), mark("test R²")],
};

/** @typedef {import("./types.js").Place} Place */
/** @typedef {import("./types.js").Actions} Actions */

export class Transport {
  /**
   * @param {import("../lib/i18n.js").Words} words
   * @param {Actions} actions
   * @param {Record<string, string>} [numbers] those of the moment, by name
   */
  constructor(words, actions, numbers = NUMBERS) {
    this.words = words;
    this.element = el("div", "transport");
    const buttons = el("div", "buttons");
    this.playing = false;
    this.play = button(words, "play", mark("Play (space)"), actions.toggle);
    words.track(this.play, () => this.namePlay());
    this.play.append(el("span", "glyph"));
    buttons.append(
      button(words, "reset", mark("Reset to the same start (R)"), actions.reset),
      this.play,
      button(words, "step", mark("Step one frame (right arrow)"), actions.step),
      button(words, "step-one", mark("Step one optimizer step (.)"), actions.stepOne),
      button(words, "new-start", mark("New start: other initial weights (N)"), actions.newStart),
    );
    const right = el("div", "right");
    this.state = el("div", "state", { role: "status", "aria-live": "polite" });
    right.append(this.makeSpeed(actions.pace), this.state);
    this.element.append(buttons, this.makeNumbers(numbers), right);

    this.line = el("div", "line");
    this.scrub = words.label(
      el("input", "scrub", { type: "range", min: "0", max: "10", step: "1", value: "0", "data-testid": "scrub" }),
      mark("Time line: go back and watch it learn again"),
      true,
    );
    this.scrub.addEventListener("input", () => actions.scrub(Number(this.scrub.value)));
    /** What else is done with time stands at the line's end. */
    this.ends = el("div", "ends");
    this.line.append(this.scrub, this.ends);
    this.reach = 0;
    /** Where others left the branch that is shown. @type {{letter: string, fork: number}[]} */ this.forks = [];
  }

  /**
   * Have the colour of the branch that is shown, and a mark in another's where it is apart from that one.
   * @param {{letter: string, shown: boolean, fork?: number}[]} branches
   */
  showBranches(branches) {
    const current = branches.length > 1 && branches.find((branch) => branch.shown);
    if (current) this.scrub.style.setProperty("--accent", colourOf(current.letter));
    else this.scrub.style.removeProperty("--accent");
    this.forks = current ? branches.flatMap(({ letter, fork }) => (fork === undefined ? [] : [{ letter, fork }])) : [];
    this.markForks();
  }

  markForks() {
    const room = THUMB - FORK; // the thumb stays within the line
    const marks = this.forks.map(({ letter, fork }, i) => {
      // at one place, one beside the other
      const apart = this.forks.slice(0, i).filter((other) => other.fork === fork).length;
      const at = `calc(${room / 2 + apart * (FORK + 1)}px + (100% - ${room}px) * ${(fork / this.reach).toFixed(4)})`;
      return `linear-gradient(${colourOf(letter)} 0 0) ${at} 50% / ${FORK}px 14px no-repeat`;
    });
    this.scrub.style.background = this.reach ? marks.join() : "";
    this.scrub.dataset.forks = this.forks.map(({ letter, fork }) => letter + fork).join(" ");
  }

  /** @param {() => void} changed */
  makeSpeed(changed) {
    const speed = el("label", "speed");
    const label = el("span", "label");
    const slider = this.words.label(
      el("input", "", { type: "range", min: "0", max: String(PACES.length - 1), step: "1", "data-testid": "speed" }),
      mark("Speed: optimizer steps a frame"),
      true,
    );
    slider.value = String(PACES.indexOf(10));
    this.speed = slider;
    const showSpeed = () => {
      const { t, n } = this.words;
      const pace = this.pace ? n("{count} step a frame", "{count} steps a frame", this.pace) : t("as fast as possible");
      text(label, t("speed · {pace}", { pace }));
      slider.setAttribute("aria-valuetext", pace);
      slider.style.setProperty("--played", `${(100 * Number(slider.value)) / (PACES.length - 1)}%`);
    };
    this.words.track(label, showSpeed);
    this.showSpeed = showSpeed;
    this.speed.addEventListener("input", () => {
      showSpeed();
      changed();
    });
    speed.append(label, this.speed);
    return speed;
  }

  /** @param {Record<string, string>} shown */
  makeNumbers(shown) {
    const numbers = el("div", "numbers");
    /** @type {Record<string, HTMLElement>} */ this.values = {};
    /** @type {Record<string, HTMLElement>} */ this.names = {};
    for (const [name, key] of Object.entries(shown)) {
      const box = el("div", "number " + name);
      this.names[name] = this.words.write(el("div", "label"), key);
      this.values[name] = el("div", "value");
      text(this.values[name], "–");
      this.words.track(box, (element) => (element.title = this.words.t(HINTS[name])));
      box.append(this.names[name], this.values[name]);
      numbers.append(box);
    }
    this.nameMetrics("accuracy");
    return numbers;
  }

  /** Optimizer steps a frame, 0 for as fast as possible. */
  get pace() {
    return PACES[Number(this.speed?.value)];
  }

  /** Begin at another speed than usual. @param {number} pace one of ``PACES`` */
  begin(pace) {
    if (this.speed) this.speed.value = String(PACES.indexOf(pace));
    this.showSpeed?.();
  }

  /** @param {string} stateText @param {boolean} playing whether Pause is what the large button does */
  showState(stateText, playing) {
    text(this.state, stateText);
    if (this.playing === playing) return;
    this.playing = playing;
    this.play.classList.toggle("on", playing);
    this.namePlay();
  }

  namePlay() {
    const label = this.playing ? this.words.t("Pause (space)") : this.words.t("Play (space)");
    this.play.setAttribute("aria-label", label);
    this.play.title = label;
  }

  /** Forget the run's time line. */
  restart() {
    this.reach = 0;
  }

  /** Nothing is computed yet. */
  empty() {
    for (const value of Object.values(this.values || {})) text(value, "–");
    this.moveLine({ index: 0, last: 0, seen: 0, ended: false }, 0);
  }

  /**
   * @param {import("./types.js").Frame} frame @param {Place} place @param {string} metric
   * @param {number[]} [spread] standard deviations of a regression's train and test targets, in their units
   */
  paint(frame, place, metric, spread = []) {
    const [step, epoch, trainLoss, testLoss, trainMetric, testMetric] = frame.scalars;
    const { values, words } = this;
    if (!values) return;
    this.paintTime(step, epoch);
    text(values.train, precise(trainLoss));
    text(values.test, precise(testLoss));
    const tested = Number.isFinite(testMetric);
    this.nameMetrics(metric, spread, tested);
    const value = tested ? testMetric : trainMetric;
    text(
      values.metric,
      !Number.isFinite(value) ? "–" : metric === "accuracy" ? percent(words.t, value, 1) : precise(value),
    );
    if (spread.length) text(values.rmse, precise(rootMeanSquareError(value, spread[tested ? 1 : 0])));
    this.moveLine(place, step);
  }

  /**
   * Call the metrics by their names, also before the first frame.
   * @param {string} metric
   * @param {number[]} [spread] standard deviations of a regression's targets
   * @param {boolean} [tested] whether they are of test samples
   */
  nameMetrics(metric, spread = [], tested = true) {
    const { names, words } = this;
    if (!names?.metric) return;
    text(names.metric, words.t(METRICS[metric]?.[tested ? 1 : 0] ?? metric));
    text(names.rmse, tested ? words.t("test RMSE") : words.t("train RMSE"));
    names.rmse.parentElement?.classList.toggle("gone", !spread.length);
  }

  /** @param {number} step @param {number} epoch */
  paintTime(step, epoch) {
    const { values } = this;
    if (!values) return;
    if (values.epoch) text(values.epoch, epoch < 10 && epoch % 1 ? fixed(epoch, 1) : count(epoch));
    text(values.step, count(step));
  }

  /**
   * The line has room for what is to come, and none once training is over.
   * @param {Place} place
   * @param {number} step
   */
  moveLine({ index, last, ended }, step) {
    const { scrub } = this;
    const end = ended ? Math.max(1, last) : reach(last, this.reach);
    const isRescaled = end !== this.reach;
    if (isRescaled) {
      this.reach = end;
      scrub.max = String(end);
      if (this.forks.length) this.markForks();
    }
    if (Number(scrub.value) !== index) scrub.value = String(index);
    const share = (/** @type {number} */ i) => `${((100 * i) / end).toFixed(2)}%`;
    if (isRescaled || this.index !== index) scrub.style.setProperty("--played", share(index));
    if (isRescaled || this.last !== last) scrub.style.setProperty("--held", share(last));
    this.index = index;
    this.last = last;
    attribute(scrub, "aria-valuetext", this.words.t("step {step}", { step }));
  }
}

/** @param {number} metric R² @param {number} spread the targets' standard deviation */
const rootMeanSquareError = (metric, spread) => spread * Math.sqrt(Math.max(0, 1 - metric));
