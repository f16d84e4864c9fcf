/** All panels in their places, painted together. */
import { Boundary } from "./boundary.js";
import { panel, toggle } from "./controls.js";
import { el, text } from "./dom.js";
import { Histogram, named } from "./histogram.js";
import { Lines } from "./lines.js";
import { mix, readTheme } from "./theme.js";
import { Transport } from "./transport.js";

/** Widths from which on more stands side by side, in CSS pixels. */
const MEDIUM = 620;
const WIDE = 900;

export class View {
  /**
   * @param {ShadowRoot|HTMLElement} parent @param {import("./words.js").Words} words @param {import("./transport.js").Actions} actions
   */
  constructor(parent, words, actions) {
    this.words = words;
    this.root = words.label(el("div", "stage", { "data-testid": "stage", role: "region" }), "The live network");
    this.root.style.visibility = "hidden";
    this.transport = new Transport(words, actions);
    this.boundary = new Boundary(words);
    this.loss = new Lines(words, "Loss over steps");
    this.norms = new Lines(words, "Gradient norm of each layer over steps");
    this.histogram = new Histogram(words);
    this.log = true;
    this.metric = false;
    this.message = el("div", "message", { role: "alert" });
    this.root.append(this.transport.element, this.transport.line, ...this.makePanels(), this.message);

    const sheet = el("link", "", { rel: "stylesheet", href: new URL("./stage.css", import.meta.url).href });
    const shown = () => {
      this.root.style.visibility = "";
      this.layout();
    };
    // Hidden until its style is there, so that it never shows without.
    sheet.addEventListener("load", shown);
    sheet.addEventListener("error", shown);
    parent.append(sheet, this.root);
    this.sheet = sheet;
    this.observer = new ResizeObserver(() => this.layout());
    this.observer.observe(this.root);
  }

  makePanels() {
    const { words } = this;
    const test = toggle(words, "test-points", "test points", "Show the test points, as triangles", false, (on) => this.boundary.setTest(on));
    const discretize = toggle(words, "discretize", "discretise", "Show only which class is likelier, or the sign", false, (on) => this.boundary.setDiscretize(on));
    const output = panel(words, "output", "Output", [test, discretize], this.boundary.element);

    const key = el("span", "key");
    key.append(words.write(el("span", "train"), "train"), words.write(el("span", "test"), "test"));
    const log = toggle(words, "log", "log", "Logarithmic axis", true, (on) => {
      this.log = on;
      this.repaint();
    });
    this.metricToggle = toggle(words, "metric", "accuracy", "Show accuracy, or R², instead of the loss", false, (on) => {
      this.metric = on;
      log.classList.toggle("off", on);
      this.title();
      this.repaint();
    });
    this.lossPanel = panel(words, "loss", "Loss", [key, log, this.metricToggle], this.loss.element);

    const bins = panel(words, "bins", "Gradients by layer", [words.write(el("span", "hint"), "input → output")], this.histogram.element);
    this.layerKey = el("span", "key");
    const norms = panel(words, "norms", "Gradient norms", [this.layerKey], this.norms.element);
    return [output.element, this.lossPanel.element, norms.element, bins.element];
  }

  /** The scene's measure in words. */
  title() {
    const { t } = this.words;
    const name = this.scene?.metric || "accuracy";
    text(/** @type {HTMLElement} */ (this.metricToggle?.lastChild), t(name));
    this.lossPanel?.rename(t(this.metric ? name[0].toUpperCase() + name.slice(1) : "Loss"));
  }

  /** Read the page's colours; tells whether they changed. */
  readTheme() {
    const theme = readTheme(this.root);
    if (this.theme && this.theme.key === theme.key) return false;
    this.theme = theme;
    this.root.classList.toggle("dark", theme.dark);
    const colours = { "--ink": theme.ink, "--quiet": theme.quiet, "--hair": theme.line, "--ground": theme.ground, "--accent": theme.primary, "--test": theme.negative };
    for (const [name, colour] of Object.entries(colours)) this.root.style.setProperty(name, `rgb(${colour})`);
    this.root.style.fontFamily = theme.font;
    if (this.scene) this.dress();
    return true;
  }

  /** Take another run's description. @param {Record<string, any>} scene @param {Record<string, any>} names of the scalars */
  show(scene, names) {
    this.scene = scene;
    this.names = names;
    this.loss.reset();
    this.norms.reset();
    this.transport.restart();
    this.title();
    if (this.theme) this.dress();
  }

  /** Give the scene the theme's colours. */
  dress() {
    const { scene, names, theme } = this;
    if (!scene || !names || !theme) return;
    const { t } = this.words;
    this.boundary.show(scene, theme);
    this.histogram.show(scene, names, theme);
    const { layers } = scene;
    this.colours = layers.map((/** @type {string} */ _, /** @type {number} */ i) => shade(theme, layers.length < 2 ? 1 : i / (layers.length - 1)));
    this.layerKey?.replaceChildren(...layerKeys(layers.map((/** @type {string} */ name) => named(t, name)), this.colours));
    this.layout();
  }

  layout() {
    if (!this.scene) return;
    const width = this.root.clientWidth;
    this.root.classList.toggle("narrow", width < MEDIUM);
    this.root.classList.toggle("medium", width >= MEDIUM && width < WIDE);
    this.boundary.layout();
    for (const chart of [this.loss, this.norms, this.histogram]) chart.layout();
  }

  repaint() {
    if (this.last) this.paint(...this.last);
  }

  /**
   * @param {import("./wire.js").Frame} frame @param {{index: number, last: number}} place of the frame in the run, and of the newest one in hand
   * @param {import("./curves.js").Curves} curves @param {boolean} moving whether the next frame follows at once
   */
  paint(frame, place, curves, moving) {
    const { scene, theme, colours } = this;
    if (!scene || !theme || !colours) return;
    this.last = /** @type {const} */ ([frame, place, curves, false]);
    const { t } = this.words;
    this.transport.paint(frame, place.index, place.last, scene.metric);
    this.boundary.paint(frame);
    this.histogram.paint(frame, moving);
    const { columns, version } = curves;
    const steps = columns.step;
    const shown = curves.until(frame.step);
    const [train, test] = this.metric ? ["train_metric", "test_metric"] : ["train_loss", "test_loss"];
    const log = this.log && !this.metric;
    const lines = [
      { name: t("test"), colour: theme.negative, smooth: !this.metric, values: columns[test] },
      { name: t("train"), colour: theme.ink, smooth: !this.metric, values: columns[train] },
    ];
    this.loss.paint({ key: `${version} ${log} ${this.metric}`, steps, shown, lines, log, floor: 1e-7, unit: this.metric && scene.metric === "accuracy" }, theme);
    const norms = curves.norms.map((values, i) => ({ name: named(t, scene.layers[i]), colour: colours[i], smooth: true, faint: 0.2, values }));
    this.norms.paint({ key: `${version}`, steps, shown, lines: norms, log: true, floor: 1e-10 }, theme);
  }

  /** @param {string} sentence */
  say(sentence) {
    text(this.message, sentence);
    this.message.classList.toggle("shown", !!sentence);
  }

  destroy() {
    this.observer.disconnect();
    this.root.remove();
    this.sheet.remove();
  }
}

/** What the colours of the layers are: each by name where they are few, else the first, the last, and what is between. @param {string[]} names @param {number[][]} colours */
function layerKeys(names, colours) {
  const swatch = (/** @type {string} */ background, /** @type {string} */ kind) => {
    const made = el("span", "swatch" + kind);
    made.style.background = background;
    return made;
  };
  const few = names.length <= 4;
  const all = colours.map((colour) => `rgb(${colour})`);
  const parts = few ? names.map((name, i) => [swatch(all[i], ""), name]) : [[names[0], swatch(`linear-gradient(90deg, ${all})`, " ramp"), names[names.length - 1]]];
  return parts.map((part) => {
    const item = el("span");
    item.append(...part);
    return item;
  });
}

/** A layer's colour, from pale (first) over blue to ink (last): a sequence, since layers are in order. @param {import("./theme.js").Theme} theme @param {number} share */
function shade(theme, share) {
  const pale = mix(theme.ground, theme.positive, 0.5);
  return share < 0.5 ? mix(pale, theme.positive, share * 2) : mix(theme.positive, theme.ink, (share - 0.5) * 1.7);
}
