/** All panels in their places, painted together. */
import { Boundary } from "./boundary.js";
import { el, text, toggle } from "./dom.js";
import { Histogram } from "./histogram.js";
import { Lines } from "./lines.js";
import { mix, readTheme } from "./theme.js";
import { Transport } from "./transport.js";

export class View {
  /**
   * @param {ShadowRoot|HTMLElement} parent @param {(key: string) => string} t @param {import("./transport.js").Actions} actions
   */
  constructor(parent, t, actions) {
    this.t = t;
    this.root = el("div", "stage", { "data-testid": "stage", role: "region", "aria-label": t("The live network"), tabindex: "-1" });
    this.root.style.visibility = "hidden";
    this.transport = new Transport(t, actions);
    this.boundary = new Boundary(t);
    this.loss = new Lines(t("Loss over steps"));
    this.norms = new Lines(t("Gradient norm of each layer over steps"));
    this.histogram = new Histogram(t);
    this.log = true;
    this.quantity = "loss";

    const again = () => this.repaint();
    const discretize = toggle("discretize", t("discretise"), false, (on) => {
      this.boundary.discretize = on;
      this.boundary.shades();
      again();
    });
    const test = toggle("test-points", t("test points"), false, (on) => {
      this.boundary.showTest = on;
      this.boundary.drawPoints();
    });
    const log = toggle("log", t("log"), true, (on) => {
      this.log = on;
      again();
    });
    this.metric = toggle("metric", t("accuracy"), false, (on) => {
      this.quantity = on ? "metric" : "loss";
      text(this.lossTitle, on ? this.metricName() : t("Loss"));
      again();
    });
    const output = panel("output", t("Output"), [test, discretize], this.boundary.element);
    const legend = el("span", "key");
    this.trainKey = el("span", "train");
    this.testKey = el("span", "test");
    text(this.trainKey, t("train"));
    text(this.testKey, t("test"));
    legend.append(this.trainKey, this.testKey);
    const loss = panel("loss", t("Loss"), [legend, log, this.metric], this.loss.element);
    this.lossTitle = loss.title;
    const inward = el("span", "hint");
    text(inward, t("input → output"));
    const bins = panel("bins", t("Gradients by layer"), [inward], this.histogram.element);
    this.layerKey = el("span", "key");
    const norms = panel("norms", t("Gradient norms"), [this.layerKey], this.norms.element);
    this.message = el("div", "message", { role: "alert" });
    this.root.append(this.transport.element, this.transport.line, this.message, loss.element, output.element, bins.element, norms.element);

    const sheet = el("link", "", { rel: "stylesheet", href: new URL("./stage.css", import.meta.url).href });
    sheet.addEventListener("load", () => {
      this.root.style.visibility = "";
      this.layout();
    });
    parent.append(sheet, this.root);
    this.observer = new ResizeObserver(() => this.layout());
    this.observer.observe(this.root);
  }

  metricName() {
    return this.scene && this.scene.metric === "R²" ? "R²" : this.t("Accuracy");
  }

  /** Read the page's colours; tells whether they changed. */
  readTheme() {
    const theme = readTheme(this.root);
    if (this.theme && this.theme.key === theme.key) return false;
    this.theme = theme;
    this.root.classList.toggle("dark", theme.dark);
    const set = (/** @type {string} */ name, /** @type {number[]} */ c) => this.root.style.setProperty(name, `rgb(${c})`);
    set("--ink", theme.ink);
    set("--quiet", theme.quiet);
    set("--hair", theme.line);
    set("--ground", theme.ground);
    set("--accent", theme.primary);
    set("--test", theme.negative);
    this.root.style.fontFamily = theme.font;
    if (this.scene) this.show(this.scene, this.names);
    return true;
  }

  /** @param {Record<string, any>} scene @param {Record<string, any>} names */
  show(scene, names) {
    if (!this.theme) return;
    const same = this.scene === scene;
    this.scene = scene;
    this.names = names;
    if (!same) {
      this.loss.reset();
      this.norms.reset();
    }
    text(/** @type {HTMLElement} */ (this.metric.lastChild), scene.metric === "R²" ? "R²" : this.t("accuracy"));
    if (this.quantity === "metric") text(this.lossTitle, this.metricName());
    this.boundary.show(scene, this.theme);
    this.histogram.show(scene, names, this.theme);
    this.colours = scene.layers.map((/** @type {string} */ _, /** @type {number} */ i) => this.layerColour(i, scene.layers.length));
    this.layerKey.replaceChildren(
      ...scene.layers.map((/** @type {string} */ name, /** @type {number} */ i) => {
        const item = el("span", "layer");
        item.style.color = `rgb(${this.colours[i]})`;
        text(item, scene.layers.length > 5 ? (i === scene.layers.length - 1 ? this.t("output") : String(i + 1)) : this.t(name));
        return item;
      }),
    );
    this.layout();
  }

  /** From pale (first) to strong (last): a sequence, since layers are in order. @param {number} i @param {number} depth */
  layerColour(i, depth) {
    const theme = /** @type {import("./theme.js").Theme} */ (this.theme);
    const share = depth < 2 ? 1 : i / (depth - 1);
    return share < 0.5 ? mix(mix(theme.ground, theme.positive, 0.4), theme.positive, share * 2) : mix(theme.positive, theme.ink, (share - 0.5) * 1.7);
  }

  layout() {
    if (!this.scene) return;
    const width = this.root.clientWidth;
    this.root.classList.toggle("narrow", width < 620);
    this.root.classList.toggle("medium", width >= 620 && width < 860);
    this.boundary.layout();
    this.loss.layout();
    this.norms.layout();
    this.histogram.layout();
  }

  repaint() {
    if (this.last) this.paint(...this.last);
  }

  /**
   * @param {import("./frames.js").Frames} frames @param {number} place
   */
  paint(frames, place) {
    const frame = frames.kept[place];
    if (!frame || !this.scene || !this.theme) return;
    this.last = [frames, place];
    this.transport.paint(frame, place, frames.newest, this.scene.metric);
    this.boundary.paint(frame);
    this.histogram.paint(frame);
    const { history, kept } = frames;
    const before = history ? history.step.length : 0;
    const rows = before + kept.length;
    const shown = before + place + 1;
    const step = (/** @type {number} */ i) => (i < before ? history.step[i] : kept[i - before].scalars[0]);
    const at = (/** @type {string} */ name) => {
      const k = this.names.scalars.indexOf(name);
      return (/** @type {number} */ i) => {
        const v = i < before ? history[name][i] : kept[i - before].scalars[k];
        return v === null ? NaN : v;
      };
    };
    const metric = this.quantity === "metric";
    const [train, test] = metric ? ["train_metric", "test_metric"] : ["train_loss", "test_loss"];
    const lines = [
      { name: this.t("test"), colour: this.theme.negative, smooth: !metric, value: at(test) },
      { name: this.t("train"), colour: this.theme.ink, smooth: !metric, value: at(train) },
    ];
    this.loss.paint({ rows, shown, step, lines, log: this.log && !metric, floor: 1e-7, unit: metric && this.scene.metric !== "R²" }, this.theme);
    const depth = this.scene.layers.length;
    const each = frame.layers.length / depth;
    const norms = this.scene.layers.map((/** @type {string} */ name, /** @type {number} */ l) => ({
      name: this.t(name),
      colour: this.colours[l],
      width: 1.4,
      value: (/** @type {number} */ i) => (i < before ? history.gradient_norm[i][l] : kept[i - before].layers[l * each]),
    }));
    this.norms.paint({ rows, shown, step, lines: norms, log: true, floor: 1e-10 }, this.theme);
  }

  /** @param {string} sentence */
  say(sentence) {
    text(this.message, sentence);
    this.message.classList.toggle("shown", !!sentence);
  }

  destroy() {
    this.observer.disconnect();
    this.root.remove();
  }
}

/**
 * @param {string} area @param {string} name @param {HTMLElement[]} tools @param {HTMLElement} content
 */
function panel(area, name, tools, content) {
  const element = el("section", "panel " + area, { "aria-label": name });
  const head = el("div", "head");
  const title = el("h2");
  text(title, name);
  head.append(title, ...tools);
  element.append(head, content);
  return { element, title };
}
