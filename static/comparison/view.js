/** The lanes in their grid, and one chart over all of them. */
import { watchDensity } from "../lib/canvas.js";
import { choice, panel, toggle } from "../lib/widgets.js";
import { helpOf } from "../stage/help.js";
import { el, text } from "../lib/dom.js";
import { mark } from "../lib/i18n.js";
import { applyHandout } from "../live/handout.js";
import { Lane } from "./lane.js";
import { LineChart } from "../charts/line-chart.js";
import { applyColours, css, readTheme } from "../lib/theme.js";
import { Transport } from "../live/transport.js";

/** The numbers of the moment. */
const NUMBERS = { epoch: mark("epoch"), step: mark("step") };

/** @typedef {import("../live/types.js").PlayerView} PlayerView */
/** @implements {PlayerView} */
export class ComparisonView {
  /**
   * @param {ShadowRoot|HTMLElement} parent
   * @param {import("../lib/i18n.js").Words} words
   * @param {import("../live/transport.js").Actions} actions
   */
  constructor(parent, words, actions) {
    this.words = words;
    this.actions = actions;
    this.root = words.label(
      el("div", "stage lanes", { "data-testid": "lanes", role: "region" }),
      mark("Several trainings side by side"),
    );
    this.root.style.visibility = "hidden";
    this.transport = new Transport(words, actions, NUMBERS);
    this.grid = el("div", "lane-grid");
    /** @type {Lane[]} */ this.lanes = [];
    this.lines = new LineChart(words, mark("The curves of all lanes over steps"));
    this.lines.smooth = 0.004;
    this.chart = 0;
    this.isLog = true;
    this.key = el("span", "key");
    this.log = toggle(words, "lanes-log", mark("log"), mark("Logarithmic axis"), true, (on) => {
      this.isLog = on;
      this.repaint();
    });
    this.head = el("span", "choices");
    this.panel = panel(
      words,
      "loss",
      mark("Curves"),
      helpOf(".panel.loss"),
      [this.head, this.log, this.key],
      this.lines.element,
    );
    this.panel.title.classList.add("unseen");
    this.message = el("div", "message", { role: "alert" });
    this.root.append(this.transport.element, this.transport.line, this.grid, this.panel.element, this.message);
    this.sheets = ["../stage/stage.css", "./comparison.css"].map((name) =>
      el("link", "", { rel: "stylesheet", href: new URL(name, import.meta.url).href }),
    );
    let missing = this.sheets.length;
    const showRoot = () => {
      if (--missing > 0) return;
      this.root.style.visibility = "";
      this.layout();
    };
    for (const sheet of this.sheets) {
      for (const event of ["load", "error"]) sheet.addEventListener(event, () => words.ready.then(showRoot));
    }
    this.move(parent, false);
    this.observer = new ResizeObserver(() => this.layout());
    this.observer.observe(this.root);
    const drawAnew = () => {
      this.dress();
      this.repaint();
    };
    this.unwatch = watchDensity(drawAnew);
    words.onChange(drawAnew);
  }

  /**
   * Stand in another place.
   * @param {ShadowRoot|HTMLElement} parent
   * @param {boolean} [styled] whether the styles were there before
   */
  move(parent, styled = true) {
    parent.append(...this.sheets, this.root);
    if (styled) this.root.style.visibility = "";
  }

  /** Read the page's colours; tells whether they changed. */
  readTheme() {
    const theme = readTheme(this.root);
    if (this.theme && this.theme.key === theme.key) return false;
    this.theme = theme;
    applyColours(this.root, theme);
    if (this.scene) this.dress();
    return true;
  }

  /** Take another description. @param {import("../live/types.js").ComparisonScene} scene */
  show(scene) {
    if (this.scene?.charts.length !== scene.charts.length) this.chart = 0;
    // A scene that asks for its own speed gets it once; what is chosen by hand stays.
    if ((scene.pace || 10) !== (this.scene?.pace || 10)) this.transport.begin(scene.pace || 10);
    this.scene = scene;
    if (scene.backdrop) scene.backdrop = Uint8Array.from(atob(scene.backdrop), (item) => item.charCodeAt(0));
    this.transport.restart();
    this.lanes = scene.lanes.map(
      (/** @type {any} */ _, /** @type {number} */ i) => this.lanes[i] || new Lane(this.words, i),
    );
    this.grid.replaceChildren(...this.lanes.map((lane) => lane.element));
    this.grid.style.setProperty("--columns", String(scene.columns || Math.min(4, this.lanes.length)));
    this.grid.classList.toggle("alone", this.lanes.length === 1);
    this.root.classList.toggle("no-epochs", scene.epochs === false);
    this.root.dataset.lanes = String(this.lanes.length);
    for (const lane of this.lanes) lane.forget();
    this.last = undefined;
    const titles = Object.fromEntries(
      scene.charts.map((/** @type {any} */ item, /** @type {number} */ i) => [i, item.title]),
    );
    const select = choice(this.words, "lanes-chart", mark("What the chart shows"), titles, (value) => {
      this.chart = Number(value);
      this.lines.reset();
      this.tellKey();
      this.repaint();
    });
    select.value = String(this.chart);
    this.head.replaceChildren(select);
    this.isLog = scene.charts[this.chart]?.log !== false && this.isLog;
    this.lines.reset();
    if (this.theme) this.dress();
  }

  /** Give the scene the theme's colours. */
  dress() {
    const { scene, theme } = this;
    if (!scene || !theme) return;
    this.lanes.forEach((lane, i) => lane.show(scene, theme, this.colour(i)));
    this.tellKey();
    this.layout();
    applyHandout(this.root, scene.handout);
  }

  /** @param {number} lane @returns {number[]} */
  colour(lane) {
    const theme = /** @type {import("../lib/theme.js").Theme} */ (this.theme);
    if (lane < 0) return theme.quiet;
    const order = [1, 0, 2, 3, 4, 5, 6, 7];
    return theme.classes[order[lane % order.length]];
  }

  /** Say what the colours of the chart mean. */
  tellKey() {
    const { lines } = this.scene?.charts[this.chart] || { lines: [] };
    const parts = lines.map((/** @type {any} */ line) => {
      const item = el("span");
      const swatch = el("span", "swatch");
      swatch.style.background = css(this.colour(line.lane));
      item.append(swatch, line.name);
      return item;
    });
    this.key.replaceChildren(...parts);
  }

  /** Take what a message says beside its frames. @param {import("../live/types.js").Header} header */
  applyHeader(header) {
    if (header.lanes)
      header.lanes.forEach((/** @type {string|[number, string, string]} */ caption, /** @type {number} */ i) =>
        this.lanes[i]?.setCaption(caption),
      );
  }

  layout() {
    const width = this.root.clientWidth;
    this.root.classList.toggle("narrow", width < 620);
    this.root.classList.toggle("medium", width >= 620 && width < 900);
    if (!this.scene) return;
    for (const lane of this.lanes) lane.layout();
    this.lines.layout();
  }

  repaint() {
    if (this.last) this.paint(...this.last);
  }

  setStopped() {}

  /**
   * @param {any} frame @param {import("../live/transport.js").Place} place
   * @param {import("./series.js").ComparisonSeries} curves @param {boolean} _moving
   */
  paint(frame, place, curves, _moving) {
    const { scene, theme } = this;
    if (!scene || !theme) return;
    this.last = /** @type {[any, import("../live/transport.js").Place, any, boolean]} */ ([
      frame,
      place,
      curves,
      false,
    ]);
    this.transport.paintTime(frame.step, frame.scalars[1]);
    this.transport.moveLine(place, frame.step);
    const past = scene.path ? this.actions.past() : [];
    for (const lane of this.lanes) lane.paint(frame, past);
    const chart = scene.charts[this.chart];
    if (!chart) return;
    const lines = chart.lines.map((/** @type {any} */ line) => ({
      name: line.name,
      colour: this.colour(line.lane),
      smooth: line.lane >= 0,
      faint: 0.25,
      values: curves.columns[line.series],
    }));
    const log = chart.log !== false && this.isLog;
    this.lines.paint(
      {
        key: `${curves.version} ${this.chart} ${log} ${this.words.language}`,
        steps: curves.steps,
        shown: curves.rowsUntil(frame.step),
        seen: curves.rowsUntil(place.seen),
        lines,
        log,
        floor: chart.floor ?? 1e-7,
        unit: chart.unit,
      },
      theme,
    );
  }

  /** @param {string} sentence */
  showMessage(sentence) {
    text(this.message, sentence);
    this.message.classList.toggle("shown", !!sentence);
  }

  destroy() {
    this.observer.disconnect();
    this.unwatch();
    this.root.remove();
    for (const sheet of this.sheets) sheet.remove();
  }
}
