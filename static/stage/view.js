/** A live network's stage: what surrounds every model, and the model's own panels, painted together. */
import { Branches } from "./branches.js";
import { atDensity, watchDensity } from "../lib/canvas.js";
import { Caption } from "./caption.js";
import { Capture } from "./capture/capture.js";
import { CurvesPanel } from "./curves-panel.js";
import { panel } from "../lib/widgets.js";
import { helpOf } from "./help.js";
import { el, text } from "../lib/dom.js";
import { GradientHistogram } from "./gradient-histogram.js";
import { applyHandout } from "../live/handout.js";
import { isFirstVisit, makeInvitation } from "./invitation.js";
import { LessonPanel } from "./lesson/lesson-panel.js";
import { Menu } from "./menu.js";
import { Notices } from "./notices.js";
import { Projector } from "./projector.js";
import { restoreSettings, watchSettings } from "../live/moment.js";
import { mark } from "../lib/i18n.js";
import { applyColours, paper, readTheme } from "../lib/theme.js";
import { Tour } from "./tour.js";
import { Transport } from "../live/transport.js";

/** Widths from which on more stands side by side, in CSS pixels. */
const MEDIUM = 620;
const WIDE = 900;
/** From which on a lesson stands beside the stage, and what it takes there with the gap. */
const LESSON_BESIDE = 950;
const LESSON_WIDTH = 324;
/** The page's head and the row of choices, in CSS pixels. */
const USUAL_ABOVE = 118;

/** @typedef {import("../live/types.js").PlayerView} PlayerView */
/** @typedef {import("../live/types.js").ModelPanels} ModelPanels */
/**
 * @typedef {(words: import("../lib/i18n.js").Words, root: HTMLElement,
 *   actions: import("../live/transport.js").Actions) => ModelPanels} PanelsMaker
 */
/** @implements {PlayerView} */
export class StageView {
  /**
   * @param {ShadowRoot|HTMLElement} parent
   * @param {import("../lib/i18n.js").Words} words
   * @param {import("../live/transport.js").Actions} actions
   * @param {PanelsMaker} makeModelPanels
   */
  constructor(parent, words, actions, makeModelPanels) {
    this.words = words;
    /** @type {import("../live/types.js").Scene|undefined} */ this.scene = undefined;
    /** Switches that have had the state that the link asks for. @type {Set<string>} */ this.begun = new Set();
    this.root = words.label(el("div", "stage", { "data-testid": "stage", role: "region" }), mark("The live network"));
    this.root.style.visibility = "hidden";
    this.transport = new Transport(words, actions);
    this.branches = new Branches(words, actions.command);
    this.tour = new Tour(words, this.root);
    this.caption = new Caption(words);
    this.capture = new Capture(words, this.root, {
      name: () => `neural-playground-step-${this.root.dataset.step}`,
      start: actions.start,
      words: () => this.caption.words,
      render: (white, density, work) => this.render(white, density, work),
      wearWhite: (on) => this.wearWhite(on),
    });
    this.projector = new Projector(
      this.root,
      () => this.model.leastWidth,
      () => this.resize(),
    );
    this.caption.element.append(this.projector.makeExit(words));
    this.menu = new Menu(words, this.capture.options, { project: () => this.projector.toggle() });
    this.transport.ends.append(this.branches.element, this.capture.element, this.menu.element, this.tour.open);
    this.model = makeModelPanels(words, this.root, actions);
    this.curves = new CurvesPanel(words, () => this.repaint());
    const invitation = isFirstVisit() ? makeInvitation(words, () => this.tour.start()) : null;
    this.notices = new Notices(words, actions.command, invitation);
    this.histogram = new GradientHistogram(words);
    this.message = el("div", "message", { role: "alert" });
    this.lesson = new LessonPanel(words, actions, this.root);
    this.frame = el("div", "stage-frame");
    this.frame.append(this.root, this.lesson.element);
    this.root.append(this.lesson.peek);
    this.root.append(
      this.caption.element,
      this.transport.element,
      this.transport.line,
      ...this.model.elements,
      this.curves.panel.element,
      this.makeHistogramPanel(),
      this.notices.panel.element,
      this.message,
      this.tour.element,
    );

    const sheet = el("link", "", { rel: "stylesheet", href: new URL("./stage.css", import.meta.url).href });
    const showRoot = () => {
      this.root.style.visibility = "";
      this.layout();
      document.getElementById("first-look")?.remove(); // what the server has drawn in its place
    };
    // Hidden until its style and its words are there, so that it never shows without.
    for (const event of ["load", "error"]) sheet.addEventListener(event, () => words.ready.then(showRoot));
    this.sheet = sheet;
    this.move(parent);
    this.observer = new ResizeObserver(() => this.layout());
    this.observer.observe(this.root);
    const page = document.querySelector(".stMainBlockContainer"); // what stands above the stage may become higher
    if (page) this.observer.observe(page);
    const drawAnew = () => {
      this.dress();
      this.repaint();
    };
    this.unwatch = watchDensity(drawAnew);
    words.onChange(drawAnew);
  }

  /** Stand in another place. @param {ShadowRoot|HTMLElement} parent */
  move(parent) {
    this.root.style.visibility = "hidden";
    parent.append(this.sheet, this.frame);
    this.projector.show();
  }

  makeHistogramPanel() {
    const { words } = this;
    const hint = words.write(el("span", "hint"), mark("input → output"));
    const title = mark("Gradients by layer");
    return panel(words, "bins", title, helpOf(".panel.bins"), [hint], this.histogram.element).element;
  }

  /** Read the page's colours, unless the stage is white for a film; tells whether they changed. */
  readTheme() {
    const page = readTheme(this.root);
    const theme = this.white ? paper(page) : page;
    if (this.theme && this.theme.key === theme.key) return false;
    this.applyTheme(theme);
    return true;
  }

  /** @param {boolean} on */
  wearWhite(on) {
    this.white = on;
    this.root.classList.toggle("white", on);
    if (this.readTheme()) this.repaint();
  }

  /**
   * Have all of the stage drawn as a picture wants it, for as long as that is taken: nobody sees it.
   * @param {boolean} white
   * @param {number} density pixels for one of CSS
   * @param {() => void} work
   */
  render(white, density, work) {
    const { theme } = this;
    if (!theme) return;
    atDensity(density, () => {
      this.applyTheme(white ? paper(theme) : theme);
      this.repaint();
      work();
    });
    this.applyTheme(theme);
    this.repaint();
  }

  /** Fit another size of the stage. */
  resize() {
    if (!this.readTheme()) this.layout();
    this.repaint();
  }

  /** Have a theme's colours. @param {import("../lib/theme.js").Theme} theme */
  applyTheme(theme) {
    this.theme = theme;
    for (const element of [this.root, this.lesson.element]) applyColours(element, theme);
    theme.branches.forEach((colour, i) => this.root.style.setProperty(`--branch-${"ABCD"[i]}`, `rgb(${colour})`));
    if (this.scene) this.dress();
  }

  /**
   * Take another run's description: no frame of it is there yet.
   * @param {import("../live/types.js").Scene} scene
   * @param {import("../live/types.js").ScalarNames} names of the scalars
   */
  show(scene, names) {
    this.last = undefined;
    this.notices.clear();
    this.lesson.beginRun();
    this.scene = scene;
    this.names = names;
    this.transport.restart();
    for (const [name, toggle] of Object.entries(this.model.toggles)) this.begin(name, toggle);
    if (this.theme) this.dress();
    if (this.restored) return;
    this.restored = true;
    restoreSettings(this.root);
    watchSettings(this.root);
  }

  /** Switch on what the link asks to be shown from the start, once. @param {string} name @param {HTMLElement} toggle */
  begin(name, toggle) {
    const box = toggle.querySelector("input");
    if (!box || this.begun.has(name) || !this.scene?.handout.show.includes(name)) return;
    this.begun.add(name);
    box.checked = true;
    if (this.theme) box.dispatchEvent(new Event("change"));
    else this.model.switchOn(name);
  }

  /** Give the scene the theme's colours. */
  dress() {
    const { scene, names, theme } = this;
    if (!scene || !names || !theme) return;
    this.model.show(scene, theme);
    this.transport.nameMetrics(scene.metric, scene.target.spread);
    this.curves.show(scene, theme);
    this.caption.show(scene);
    this.histogram.show(scene, names, theme);
    this.layout();
  }

  /** Take what a message says beside its frames. @param {import("../live/types.js").Header} header */
  applyHeader(header) {
    this.model.applyHeader(header);
    if (header.settings) this.caption.use(header.settings);
    if (header.notices) this.notices.add(header.notices);
    if (header.branches) {
      this.branches.show(header.branches);
      this.transport.showBranches(header.branches);
      this.curves.compare(header.branches);
      this.repaint();
    }
    if (header.bookmarks) this.branches.mark(header.bookmarks);
  }

  /** @param {import("../live/types.js").LessonMessage|null} message */
  takeLesson(message) {
    if (this.lesson.take(message)) this.layout();
  }

  /** Put the lesson beside the stage where there is room, else below the time line. */
  placeLesson() {
    const { frame, root, lesson } = this;
    const isBeside = frame.classList.contains("beside");
    const room = root.clientWidth + (isBeside ? LESSON_WIDTH : 0);
    const fits = lesson.isOpen && room >= LESSON_BESIDE;
    if (this.projector.on) return;
    frame.classList.toggle("beside", fits);
    root.classList.toggle("with-lesson", lesson.isOpen && !fits);
    const place = lesson.isOpen && !fits ? root : frame;
    if (lesson.element.parentElement === place) return;
    if (place === root) this.transport.line.after(lesson.element);
    else frame.append(lesson.element);
  }

  layout() {
    if (this.scene) this.placeLesson();
    const width = this.projector.on ? Infinity : this.root.clientWidth;
    this.root.classList.toggle("narrow", width < MEDIUM);
    this.root.classList.toggle("medium", width >= MEDIUM && width < WIDE);
    if (!this.scene) return;
    // What stands above it (a row of choices, a task in words) is not the stage's to know: its height is what is left.
    // While the page still loads it stands higher than it will.
    const usual = document.querySelector(".stAppHeader")?.getClientRects().length ? USUAL_ABOVE : 0;
    const top = this.root.getBoundingClientRect().top + (document.querySelector(".stMain")?.scrollTop || 0);
    const above = Math.max(usual, top);
    if (above > 0 && !this.projector.on)
      this.root.style.setProperty("--above", `${Math.min(300, Math.round(above))}px`);
    for (const part of [this.model, this.curves, this.histogram]) part.layout();
    applyHandout(this.root, this.scene.handout); // what was drawn anew is to be locked as well
    this.placeMessage();
  }

  /** Show the scene without a frame: nothing of it is computed yet. */
  clear() {
    this.last = undefined;
    this.transport.empty();
    this.curves.empty();
    this.histogram.empty();
    this.notices.empty();
  }

  repaint() {
    if (this.last) this.paint(...this.last);
  }

  /** @param {boolean} stopped whether training stopped early after the newest frame */
  setStopped(stopped) {
    this.curves.stopped = stopped;
  }

  /**
   * @param {import("../live/types.js").Frame} frame @param {import("../live/transport.js").Place} place
   * @param {import("../live/series.js").Series} curves @param {boolean} moving whether the next frame follows at once
   */
  paint(frame, place, curves, moving) {
    const { scene, theme } = this;
    if (!scene || !theme) return;
    this.last = /** @type {const} */ ([frame, place, curves, false]);
    this.transport.paint(frame, place, scene.metric, scene.target.spread);
    this.model.paint(frame, place.index, moving);
    this.histogram.paint(frame, moving);
    this.curves.paint(frame, place.seen, curves);
    this.caption.paint(place.index);
    this.notices.paint(place.index);
    this.lesson.paint(place.index);
    this.capture.paint();
  }

  /** @param {string} sentence */
  showMessage(sentence) {
    text(this.message, sentence);
    this.message.classList.toggle("shown", !!sentence);
    this.placeMessage();
  }

  /** Among what is to be noticed, where that stands beside the curves; else over the curves. */
  placeMessage() {
    const {
      list,
      panel: { element: panel },
    } = this.notices;
    const isBeside = !this.root.classList.contains("narrow") && !!panel.getClientRects().length;
    if (isBeside && this.message.parentElement !== panel) panel.insertBefore(this.message, list);
    if (!isBeside && this.message.parentElement !== this.root) this.root.append(this.message);
  }

  destroy() {
    this.observer.disconnect();
    this.notices.destroy();
    this.capture.cancel();
    this.projector.leave();
    this.unwatch();
    this.model.destroy();
    this.lesson.destroy();
    this.frame.remove();
    this.sheet.remove();
  }
}
