/** A training step to walk through: transport, trail of sub-steps, diagram, equations, and where a number came from. */
import { attribute, el, text } from "../../lib/dom.js";
import { listen } from "../../lib/shortcuts.js";
import { cellName, makeGrid } from "./grid.js";
import { StepDiagram } from "./diagram.js";
import { CHAPTERS, plan } from "./plan.js";
import { linkFirstMentions, makeFinder } from "../../glossary/term-links.js";
import { css, readTheme } from "../../lib/theme.js";
import { mark, Words } from "../../lib/i18n.js";

/** Milliseconds that a number stays in slow motion, by speed. */
const PACES = /** @type {[string, number][]} */ ([
  ["¼×", 3600],
  ["½×", 1800],
  ["1×", 900],
  ["2×", 450],
  ["4×", 220],
]);
/** Numbers of one equation that slow motion goes through. */
const MAX_REVEALED = 12;
/** Layers, inputs among them, from which on the diagram needs the whole width. */
const LONG = 5;
/** Milliseconds after which a step that did not come may be asked for again. */
const RETRY_MS = 4000;

export class StepView {
  /** @param {ShadowRoot|HTMLElement} place */
  constructor(place) {
    this.words = new Words();
    const { words } = this;
    this.at = 0;
    this.sample = 0;
    this.pace = PACES[2][1];
    this.beat = -1;
    this.timer = 0;
    this.trigger = (/** @type {string} */ _name, /** @type {unknown} */ _value) => {};
    this.sheet = el("link", "", { rel: "stylesheet", href: new URL("./step.css", import.meta.url).href });
    this.root = el("div", "steps", { role: "group", "data-testid": "steps" });
    words.label(this.root, mark("One training step"));
    this.root.style.visibility = "hidden";
    const showRoot = () => (this.root.style.visibility = "");
    for (const event of ["load", "error"]) this.sheet.addEventListener(event, () => words.ready.then(showRoot));
    this.network = new StepDiagram(words.t);
    this.trail = el("div", "trail", { role: "group" });
    words.label(this.trail, mark("Sub-steps"));
    this.chapters = this.listChapters();
    this.heading = el("h3", "", { "aria-live": "polite" });
    this.explanation = el("div", "told");
    this.blocks = el("div", "blocks");
    this.trace = el("p", "trace", { "data-testid": "steps-trace" });
    this.walk = el("div", "walk");
    const numbers = el("div", "numbers");
    numbers.append(this.heading, this.explanation, this.blocks);
    this.walk.append(this.network.element, numbers);
    const course = el("div", "course");
    course.append(this.chapters, this.trail);
    this.back = this.button("back", mark("Back"), () => this.go(this.at - 1));
    this.play = this.button("play", mark("Play"), () => this.toggle());
    this.next = this.button("next", mark("Next"), () => this.go(this.at + 1));
    this.speed = this.choice("speed", () => (this.pace = Number(this.speed.value)));
    for (const [label, pace] of PACES)
      this.speed.append(new Option(label, String(pace), pace === this.pace, pace === this.pace));
    this.samples = this.choice("sample", () => {
      this.sample = Number(this.samples.value);
      this.replan();
    });
    this.count = el("span", "count", { "data-testid": "steps-count" });
    this.taking = this.button("take", mark("Take this step"), () => this.take());
    this.taking.classList.add("take");
    this.root.append(this.bar(), course, this.walk, this.trace);
    this.move(place);
    this.stop = listen(this.root, {
      arrowright: () => this.go(this.at + 1),
      arrowleft: () => this.go(this.at - 1),
      home: () => this.go(0),
      end: () => this.go(this.steps.length - 1),
      " ": () => this.toggle(),
      ...Object.fromEntries(CHAPTERS.map(([kind], i) => [String(i + 1), () => this.goChapter(kind)])),
    });
    /** @type {import("./plan.js").SubStep[]} */
    this.steps = [];
    /** @type {{grids: (import("./grid.js").GridElement|null)[], block: import("./plan.js").Block}[]} */
    this.drawn = [];
    words.onChange(() => {
      if (!this.data) return;
      this.pause();
      this.listSamples();
      this.replan();
    });
  }

  /** Take another place on the page. @param {ShadowRoot|HTMLElement} place */
  move(place) {
    place.replaceChildren(this.sheet, this.root);
  }

  destroy() {
    this.pause();
    this.stop();
    this.network.destroy();
  }

  bar() {
    const bar = el("div", "bar");
    bar.append(
      ...[this.back, this.play, this.next],
      this.withLabel(mark("Speed"), this.speed),
      this.withLabel(mark("Shown"), this.samples),
      ...[this.count, this.taking],
    );
    return bar;
  }

  /** @param {string} id @param {string} label @param {() => void} press */
  button(id, label, press) {
    const button = el("button", "press", { type: "button", "data-testid": `steps-${id}` });
    button.addEventListener("click", press);
    return this.words.write(button, label);
  }

  /** A row of chapters to jump to, each with its key. */
  listChapters() {
    const row = this.words.label(el("div", "chapters", { role: "group" }), mark("Chapters"));
    for (const [i, [kind, name]] of CHAPTERS.entries()) {
      const button = el("button", "chapter", {
        type: "button",
        "data-testid": `steps-chapter-${kind}`,
        "data-kind": kind,
        "aria-keyshortcuts": String(i + 1),
        title: String(i + 1),
      });
      button.addEventListener("click", () => this.goChapter(kind));
      row.append(this.words.write(button, name));
    }
    return row;
  }

  /** To the first sub-step of a kind. @param {string} kind */
  goChapter(kind) {
    this.go(this.steps.findIndex((step) => step.kind === kind));
  }

  /** @param {string} id @param {() => void} change */
  choice(id, change) {
    const select = el("select", "", { "data-testid": `steps-${id}` });
    select.addEventListener("change", change);
    return select;
  }

  /** @param {string} label @param {HTMLElement} control */
  withLabel(label, control) {
    const box = el("label", "choice");
    box.append(this.words.write(el("span"), label), control);
    return box;
  }

  // ---- what is shown

  /** @param {any} data @param {(name: string, value: unknown) => void} trigger */
  show(data, trigger) {
    this.trigger = trigger;
    const before = this.data;
    this.theme = readTheme(this.root);
    this.paintTheme();
    if (before && JSON.stringify(before) === JSON.stringify(data)) return this.draw();
    this.data = data;
    this.finder = makeFinder(data.terms);
    this.taking.disabled = data.broken;
    if (!before || before.run !== data.run || before.step !== data.step) this.at = 0;
    this.pause();
    this.listSamples();
    this.replan();
  }

  paintTheme() {
    const { theme, root } = this;
    if (!theme) return;
    for (const [name, colour] of Object.entries({
      "--ink": theme.ink,
      "--ground": theme.ground,
      "--quiet": theme.quiet,
      "--hair": theme.line,
      "--accent": theme.primary,
    }))
      root.style.setProperty(name, css(colour));
    root.style.fontFamily = theme.font;
    root.classList.toggle("dark", theme.dark);
  }

  listSamples() {
    const { data, samples, words } = this;
    const many = data.x.length;
    this.sample = Math.min(this.sample, many - 1);
    const names = [...Array(many).keys()].map(
      (i) => new Option(words.t("sample {number} of {count}", { number: i + 1, count: data.samples }), String(i)),
    );
    samples.replaceChildren(...(data.samples > 1 ? [new Option(words.t("the whole batch"), "-1")] : []), ...names);
    samples.value = String(this.sample);
  }

  replan() {
    this.steps = plan(this.data, this.sample, this.words);
    const { steps } = this;
    this.at = Math.min(this.at, steps.length - 1);
    this.trail.replaceChildren(
      ...steps.map((entry, i) => {
        const element = el("button", `stop ${entry.kind}`, {
          type: "button",
          title: entry.title,
          "aria-label": `${i + 1}. ${entry.title}`,
          "data-testid": `steps-stop-${i + 1}`,
        });
        text(element, entry.short);
        element.addEventListener("click", () => this.go(i));
        return element;
      }),
    );
    this.draw();
  }

  draw() {
    const now = this.steps[this.at];
    if (!now || !this.theme) return;
    const { data, words } = this;
    this.beat = -1;
    text(this.heading, `${this.at + 1}. ${now.title}`);
    const linked = new Set();
    this.explanation.replaceChildren(
      ...now.words.map((line) => {
        const element = el("p");
        linkFirstMentions(element, line, this.finder || null, data.terms, linked);
        return element;
      }),
    );
    this.walk.classList.toggle("long", data.widths.length > LONG);
    this.network.show(data, now, this.sample, this.theme);
    this.drawn = now.blocks.map((block, b) => ({ block, grids: this.parts(block, b) }));
    this.blocks.replaceChildren(
      ...now.blocks.map((block, b) => {
        const line = el("div", "block");
        line.append(...block.parts.map((part, p) => this.drawn[b].grids[p]?.element || sign(String(part))));
        return line;
      }),
    );
    [...this.trail.children].forEach((stop, i) =>
      i === this.at ? attribute(stop, "aria-current", "step") : stop.removeAttribute("aria-current"),
    );
    for (const chapter of /** @type {Iterable<HTMLElement>} */ (this.chapters.children))
      attribute(chapter, "aria-pressed", String(chapter.dataset.kind === now.kind));
    this.back.disabled = this.at === 0;
    this.next.disabled = this.at === this.steps.length - 1;
    text(this.trace, words.t("Point at a number to see where it came from."));
    this.mark();
  }

  /** @param {import("./plan.js").Block} block @param {number} b */
  parts(block, b) {
    const extent = {
      brief: this.data.brief,
      opened: this.data.opened,
      open: (/** @type {boolean} */ all) => this.trigger("rows", { all }),
    };
    let first = true;
    return block.parts.map((part, p) => {
      if (typeof part === "string") return null;
      const result = first;
      first = false;
      const grid = makeGrid(part, this.words, extent, (i, j) =>
        result ? this.point(b, i, j) : this.explain(part, grid, i, j),
      );
      if (result) grid.element.classList.add("result");
      return grid;
    });
  }

  // ---- where a number came from

  /**
   * A number that is given.
   * @param {import("./grid.js").Grid} grid
   * @param {import("./grid.js").GridElement|null} element
   * @param {number} i
   * @param {number} j
   */
  explain(grid, element, i, j) {
    const cell = /** @type {import("./grid.js").GridElement} */ (element).cells[i][j];
    this.clear();
    cell.classList.add("on");
    const why = grid.why ? grid.why(i, j) : this.words.t("made further up");
    const formula = `${cellName(grid, i, j)} = ${cell.textContent}`;
    text(this.trace, this.words.t("{formula}: {explanation}", { formula, explanation: why }));
    attribute(cell, "aria-description", this.trace.textContent || "");
  }

  /** A result. @param {number} b @param {number} i @param {number} j */
  point(b, i, j) {
    const { block, grids } = this.drawn[b];
    const trace = block.trace(i, j);
    this.clear();
    const cell = grids.find((grid) => grid)?.cells[i][j];
    cell?.classList.add("on");
    for (const [p, u, v] of trace.cells || []) grids[p]?.cells[u]?.[v]?.classList.add("from");
    text(this.trace, trace.text);
    if (cell) attribute(cell, "aria-description", trace.text);
    this.network.point(trace.at);
  }

  clear() {
    for (const cell of this.blocks.querySelectorAll(".on, .from")) cell.classList.remove("on", "from");
    this.network.point(undefined);
  }

  // ---- time

  /** @param {number} at */
  go(at) {
    if (at < 0 || at >= this.steps.length) return;
    this.at = at;
    this.draw();
    if (this.timer) this.schedule();
  }

  toggle() {
    if (this.timer) return this.pause();
    if (this.at === this.steps.length - 1) this.go(0);
    this.schedule();
    this.mark();
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.reveal(Infinity);
    this.mark();
  }

  /** The numbers that slow motion goes through: block, row, column. */
  beats() {
    return this.drawn.flatMap(({ grids }, b) => {
      const cells = grids.find((grid) => grid)?.cells || [];
      return cells
        .flatMap((line, i) => line.map((_, j) => /** @type {[number, number, number]} */ ([b, i, j])))
        .slice(0, MAX_REVEALED);
    });
  }

  schedule() {
    clearTimeout(this.timer);
    if (this.beat < 0) this.reveal(0);
    this.timer = window.setTimeout(() => this.tick(), this.pace);
  }

  tick() {
    const beats = this.beats();
    this.beat += 1;
    if (this.beat < beats.length) {
      this.reveal(this.beat + 1);
      this.point(...beats[this.beat]);
      return this.schedule();
    }
    if (this.at === this.steps.length - 1) return this.pause();
    this.go(this.at + 1);
  }

  /** Show results up to so many beats. @param {number} many */
  reveal(many) {
    this.beats().forEach(([b, i, j], k) =>
      this.drawn[b].grids.find((grid) => grid)?.cells[i][j].classList.toggle("pending", k >= many),
    );
  }

  take() {
    this.taking.disabled = true;
    setTimeout(() => (this.taking.disabled = this.data.broken), RETRY_MS);
    this.trigger("take", { run: this.data.run, frame: this.data.frame });
  }

  /** Tell what is shown, to the page's tests as well. */
  mark() {
    const { data, root, words } = this;
    text(this.play, this.timer ? words.t("Pause") : words.t("Play"));
    if (!data) return;
    text(this.count, words.t("Step {step}", { step: data.step + 1 }));
    for (const [name, value] of Object.entries({
      step: data.step,
      at: this.at + 1,
      of: this.steps.length,
      state: this.timer ? "playing" : "paused",
      sample: this.sample,
    }))
      attribute(root, `data-${name}`, String(value));
  }
}

/** @param {string} words */
function sign(words) {
  const element = el("span", "sign");
  text(element, words);
  return element;
}
