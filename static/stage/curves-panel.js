/**
 * The curves of the run: loss, accuracy, the gap between the sets, or each layer's gradient norms, one chart at a time.
 */
import { choice, panel, slider, toggle } from "../lib/widgets.js";
import { helpOf } from "./help.js";
import { el } from "../lib/dom.js";
import { layerName } from "./gradient-histogram.js";
import { LineChart } from "../charts/line-chart.js";
import { count } from "../lib/format.js";
import { mark } from "../lib/i18n.js";
import { branchColour, mix } from "../lib/theme.js";

/** What can be shown, by name. */
const KINDS = {
  loss: mark("Loss"),
  metric: mark("Accuracy"),
  gap: mark("Generalisation gap"),
  norms: mark("Gradient norms"),
};

/** Time constants of the smoothed line as shares of the axis. */
const SMOOTHINGS = [0, 0.003, 0.008, 0.02, 0.05, 0.12];

/** Share of the rows shown that must have come since the best test loss for it to be worth a mark. */
const PAST_BEST = 0.1;

/** @typedef {keyof typeof KINDS} Kind */

export class CurvesPanel {
  /** @param {import("../lib/i18n.js").Words} words @param {() => void} repaint */
  constructor(words, repaint) {
    this.words = words;
    this.lines = new LineChart(words, mark("The run's curves over steps"));
    /** @type {Kind} */ this.kind = "loss";
    this.isLog = true;
    /** @type {import("../live/types.js").OtherBranch[]} */ this.branches = [];
    this.version = 0;
    /** @type {import("../live/types.js").Scene|undefined} */ this.scene = undefined;
    /** Test loss minus train loss, by row; of which version of the curves. @type {number[]} */ this.gaps = [];
    this.gapped = -1;
    /** Whether training stopped early after the last row. */
    this.stopped = false;
    this.key = el("span", "key");
    this.select = choice(words, "chart", mark("What the chart shows"), KINDS, (kind) => {
      this.kind = /** @type {Kind} */ (kind);
      this.log.classList.toggle("off", kind === "metric" || kind === "gap");
      this.lines.reset();
      this.applyTheme();
      repaint();
    });
    this.log = toggle(words, "log", mark("log"), mark("Logarithmic axis"), true, (on) => {
      this.isLog = on;
      repaint();
    });
    this.smooth = slider(
      words,
      "smooth",
      mark("Smoothing: a mean over recent steps; the raw line stays, paler"),
      SMOOTHINGS.length - 1,
      2,
      (rung) => {
        this.lines.smooth = SMOOTHINGS[rung];
        this.lines.redrawAll();
      },
    );
    this.panel = panel(
      words,
      "loss",
      mark("Curves"),
      helpOf(".panel.loss"),
      [this.select, this.key, this.log, this.smooth],
      this.lines.element,
    );
    this.panel.title.classList.add("unseen");
  }

  /** @param {import("../live/types.js").Scene} scene @param {import("../lib/theme.js").Theme} theme */
  show(scene, theme) {
    if (scene !== this.scene) this.lines.reset();
    this.scene = scene;
    this.theme = theme;
    const { layers } = scene;
    this.colours = layers.map((/** @type {string} */ _, /** @type {number} */ i) =>
      shade(theme, layers.length < 2 ? 1 : i / (layers.length - 1)),
    );
    const option = this.select.querySelector("option[value=metric]");
    if (option) option.textContent = scene.metric === "accuracy" ? this.words.t("Accuracy") : scene.metric;
    this.applyTheme();
  }

  /** Say what the colours mean. */
  applyTheme() {
    const { scene, colours, words } = this;
    if (!scene || !colours) return;
    if (this.kind === "norms")
      this.key.replaceChildren(
        ...layerKeys(
          scene.layers.map((/** @type {string} */ name) => layerName(words.t, name)),
          colours,
        ),
      );
    else if (this.kind === "gap") this.key.replaceChildren(word("test", words.t("test minus train")));
    else this.key.replaceChildren(word("train", words.t("train")), word("test", words.t("test")));
  }

  /** @param {(import("../live/types.js").Branch|import("../live/types.js").OtherBranch)[]} branches */
  compare(branches) {
    this.branches = /** @type {import("../live/types.js").OtherBranch[]} */ (branches.filter(({ shown }) => !shown));
    this.version++;
  }

  empty() {
    this.lines.empty();
  }

  layout() {
    this.lines.layout();
  }

  /**
   * @param {import("../live/types.js").Frame} frame
   * @param {number} seen the latest step that was shown
   * @param {import("../live/series.js").Series} curves
   */
  paint(frame, seen, curves) {
    const { scene, theme, colours, kind, isLog } = this;
    const { t } = this.words;
    if (!scene || !theme || !colours) return;
    const { columns, version } = curves;
    const shared = {
      steps: columns.step,
      shown: curves.rowsUntil(frame.step),
      seen: curves.rowsUntil(seen),
      key: `${version} ${kind} ${isLog} ${this.version} ${this.words.language}`,
    };
    if (kind === "norms") {
      const lines = curves.norms.map((values, i) => ({
        name: layerName(t, scene.layers[i]),
        colour: colours[i],
        smooth: true,
        faint: 0.2,
        values,
      }));
      return this.lines.paint({ ...shared, lines, log: isLog, floor: 1e-10 }, theme);
    }
    if (kind === "gap") {
      const values = this.gap(curves);
      return this.lines.paint(
        { ...shared, lines: [{ name: t("gap"), colour: theme.negative, smooth: true, values }], log: false, floor: 0 },
        theme,
      );
    }
    const metric = kind === "metric";
    const [train, test] = metric ? ["train_metric", "test_metric"] : ["train_loss", "test_loss"];
    const lines = [
      { name: t("test"), colour: theme.negative, smooth: !metric, values: columns[test] },
      { name: t("train"), colour: theme.ink, smooth: !metric, values: columns[train] },
    ];
    const ghosts = metric
      ? []
      : this.branches.map((branch) => ({
          label: t("branch {letter}", { letter: branch.letter }),
          steps: branch.step,
          values: branch.test_loss.map(
            (/** @type {number|null} */ v, /** @type {number} */ i) => v ?? branch.train_loss[i] ?? NaN,
          ),
          colour: branchColour(theme, branch.letter),
        }));
    const marks = metric
      ? []
      : [
          best(columns.step, columns.test_loss, shared.shown, t),
          this.stopped ? { step: columns.step[columns.step.length - 1], label: t("stopped early") } : null,
        ];
    this.lines.paint(
      {
        ...shared,
        lines,
        log: isLog && !metric,
        floor: 1e-7,
        unit: metric && scene.metric === "accuracy",
        ghosts,
        marks,
      },
      theme,
    );
  }

  /** Test loss minus train loss, made longer as rows come. @param {import("../live/series.js").Series} curves */
  gap(curves) {
    const { train_loss: train, test_loss: test } = curves.columns;
    if (this.gapped !== curves.version) this.gaps = [];
    this.gapped = curves.version;
    for (let i = this.gaps.length; i < train.length; i++) this.gaps.push(test[i] - train[i]);
    return this.gaps;
  }
}

/**
 * The step at which the test loss was lowest, where it is not just noise that it was lower a moment ago.
 * @param {number[]} steps
 * @param {number[]} values
 * @param {number} shown
 * @param {import("../lib/i18n.js").Words["t"]} t
 */
function best(steps, values, shown, t) {
  let at = -1;
  for (let i = 0; i < shown; i++) if (Number.isFinite(values[i]) && (at < 0 || values[i] < values[at])) at = i;
  return at < 0 || shown - at < Math.max(3, PAST_BEST * shown)
    ? null
    : { step: steps[at], label: t("best test loss: step {step}", { step: count(steps[at]) }) };
}

/** @param {string} kind @param {string} label */
function word(kind, label) {
  const element = el("span", kind);
  element.textContent = label;
  return element;
}

/**
 * What the colours of the layers are: each by name where they are few, else the first, the last, and what is between.
 * @param {string[]} names
 * @param {number[][]} colours
 */
function layerKeys(names, colours) {
  const swatch = (/** @type {string} */ background, /** @type {string} */ kind) => {
    const element = el("span", "swatch" + kind);
    element.style.background = background;
    return element;
  };
  const few = names.length <= 3;
  const all = colours.map((colour) => `rgb(${colour})`);
  const parts = few
    ? names.map((name, i) => [swatch(all[i], ""), name])
    : [[names[0], swatch(`linear-gradient(90deg, ${all})`, " ramp"), names[names.length - 1]]];
  return parts.map((part) => {
    const item = el("span");
    item.append(...part);
    return item;
  });
}

/**
 * A layer's colour, from pale (first) over blue to ink (last): a sequence, since layers are in order.
 * @param {import("../lib/theme.js").Theme} theme
 * @param {number} share
 */
function shade(theme, share) {
  const pale = mix(theme.ground, theme.positive, 0.5);
  return share < 0.5 ? mix(pale, theme.positive, share * 2) : mix(theme.positive, theme.ink, (share - 0.5) * 1.7);
}
