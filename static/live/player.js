/**
 * The player: it shows one frame after another and asks for more in time. Nothing but new frames waits for the server.
 */
import { listen } from "../lib/shortcuts.js";
import { refuses } from "./lesson.js";
import { keepMoment, recallFrame, rememberFrame } from "./moment.js";
import { FASTEST, Tempo } from "./pacing.js";
import { Thread } from "./run-client.js";
import { Words } from "../lib/i18n.js";

/** Seconds without a frame in hand from which on it is said that the server is waited for. */
const WAITING_AFTER = 0.3;
/** Milliseconds after which a hand on the time line rests. */
const REST = 350;
/** What the states are called. */
const SAID = {
  playing: "playing",
  paused: "paused",
  waiting: "waiting for the server",
  compiling: "compiling the network",
  failed: "could not be compiled",
  returning: "coming back to this step",
  diverged: "diverged",
  stopped: "stopped",
};

export class Player {
  /**
   * @param {ShadowRoot|HTMLElement} parent
   * @param {(words: Words, actions: import("./types.js").Actions) => import("./types.js").PlayerView} makeView what shows the frames
   * @param {import("./types.js").FrameSeries} curves what keeps the numbers of past frames
   */
  constructor(parent, makeView, curves) {
    this.words = new Words();
    this.tempo = new Tempo();
    this.thread = new Thread(
      {
        outlined: (header) => this.outline(header),
        begun: (header, first) => this.begin(header, first),
        turned: (frames) => this.turned(frames),
        cut: () => this.paint(true),
        arrived: (frames, waited) => this.arrived(frames, waited),
        told: (header) => this.heard(header),
      },
      curves,
    );
    this.asking = this.thread.asking;
    this.reel = this.thread.reel;
    this.playing = false;
    /**
     * The closer looks that are wanted of the frame that is shown, each until it is there, and what they are about.
     * @type {Map<string, Record<string, unknown>>}
     */
    this.looking = new Map();
    /** What a step asked for, until it is there. @type {{frames: number, steps?: number}|null} */
    this.stepping = null;
    /** @type {import("./types.js").Frame|null} */ this.painted = null;
    /** Whether a step was pressed before the run was there: it is taken then. */
    this.stepsFirst = false;
    this.told = "";
    this.lastTick = 0;
    const toggle = () => (this.playing ? this.pause() : this.start());
    const newStart = () => this.asking.command("new_start");
    const [step, stepOne, reset] = [() => this.step(), () => this.stepOne(), () => this.reset()];
    this.view = makeView(this.words, {
      toggle,
      start: () => !this.playing && this.start(),
      step,
      stepOne,
      reset,
      newStart,
      scrub: (index) => this.scrub(this.reel.frames.find(index)),
      pace: () => this.changePace(),
      command: (name, data) => this.command(name, data),
      look: (name, of = {}) => this.looking.set(name, of),
      past: () => this.reel.frames.kept.slice(0, this.reel.place + 1),
    });
    /** @type {(control: string, action: () => void) => () => void} */
    const unless = (control, action) => () => !refuses(this.view.scene?.lesson, control) && action();
    this.unlisten = listen(this.view.root, {
      " ": unless("play", toggle),
      r: unless("reset", reset),
      n: unless("new_start", newStart),
      h: () => {
        this.view.projector?.leave();
        this.view.tour?.start();
      },
      p: () => this.view.projector?.toggle(),
      b: unless("branches", () => this.command("branch")),
      "ctrl+z": unless("undo", () => this.command("undo")),
      "ctrl+shift+z": unless("undo", () => this.command("redo")),
      "ctrl+y": unless("undo", () => this.command("redo")),
      ".": unless("step_one", stepOne),
      arrowright: unless("step", step),
      arrowleft: unless("time_line", () => this.scrub(this.reel.place - 1)),
      home: unless("time_line", () => this.scrub(0)),
      end: unless("time_line", () => this.scrub(this.reel.frames.newest)),
    });
    this.keep = this.keep.bind(this);
    window.addEventListener("pagehide", this.keep);
    this.tick = this.tick.bind(this);
    this.animation = requestAnimationFrame(this.tick);
  }

  /** @param {import("./connection.js").Component} component */
  use(component) {
    this.asking.component = component;
    if (this.view.readTheme()) this.paint(true);
  }

  /** @param {Uint8Array|null} data */
  accept(data) {
    this.thread.accept(data);
  }

  destroy() {
    cancelAnimationFrame(this.animation);
    this.unlisten();
    window.removeEventListener("pagehide", this.keep);
    clearTimeout(this.resting);
    this.view.destroy();
  }

  /** The page is being left, perhaps to be loaded again. */
  keep() {
    const { thread, reel, playing } = this;
    if (thread.story && this.view.root.isConnected)
      keepMoment({ story: thread.story, step: reel.shown?.step || 0, playing });
  }

  // ---- what comes from the server

  /** @param {import("./types.js").Header} header @param {boolean} first whether the stage was empty */
  begin(header, first) {
    const goesOn = this.thread.before?.playing && (this.reel.frames.kept[this.reel.frames.newest]?.step || 0) > 0;
    if (first || header.resumes) this.playing = !!(header.playing || goesOn || header.resumes);
    if (refuses(header.scene.lesson, "play")) this.playing = !!header.playing;
    // It may be another server than the one that was told.
    else if (this.playing && !header.playing) this.asking.command("play");
    if (!this.stepsFirst) this.stepping = null;
    this.stepsFirst = false;
    this.describe(header);
    const index = recallFrame(header.run);
    if (index !== undefined) this.reel.seen = this.reel.frames.last;
    this.show(index === undefined ? this.reel.frames.newest : this.reel.frames.find(index));
  }

  /** Show what a run is. @param {import("./types.js").Header} header */
  describe(header) {
    this.words.use(header.scene.text || {});
    this.told = "";
    this.view.say("");
    this.view.show(header.scene, this.reel.names);
  }

  /** Show what is going to be trained, of which there is no picture yet. @param {import("./types.js").Header} header */
  outline(header) {
    this.painted = null;
    this.stepping = null;
    clearTimeout(this.resting);
    this.describe(header);
    this.view.hear(header);
    this.view.empty?.();
  }

  /** @param {number} frames @param {number} waited seconds */
  arrived(frames, waited) {
    if (frames > 0) this.tempo.arrived(frames, waited);
    if (this.stepping && frames > 0) {
      this.stepping = null;
      this.rest(this.reel.place + 1);
    } else if (!this.playing) this.paint(true);
  }

  /** @param {number} frames that show what was changed by hand */
  turned(frames) {
    this.view.say("");
    if (frames && !this.playing) this.show(this.reel.frames.newest);
  }

  /** What a message says beside its frames. @param {import("./types.js").Header} header */
  heard(header) {
    this.tempo.fastest = header.calm?.fastest || FASTEST;
    if (header.look) this.looked(header.look);
    // Of an older epoch: what was to be noticed there may be of frames that are gone.
    this.view.hear(header.epoch === this.thread.epoch ? header : { ...header, notices: null });
  }

  /** A closer look is there, unless it is of what is not asked about any more. @param {Record<string, any>} found */
  looked(found) {
    const of = this.looking.get(found.name);
    if (of && (of.point === undefined || found.point < 0 || found.point === of.point)) this.looking.delete(found.name);
  }

  // ---- what a person does

  /**
   * Have the server do something to the frame that is shown.
   * @param {string} name
   * @param {Record<string, unknown>} [data]
   */
  command(name, data = {}) {
    this.asking.command(name, { ...data, head: this.reel.index, epoch: this.thread.epoch });
  }

  start() {
    if (this.atEnd) return this.explain();
    this.playing = true;
    this.stepping = null;
    this.tempo.ready();
    this.asking.command("play");
  }

  pause() {
    this.halt();
    this.command("pause");
  }

  reset() {
    this.halt();
    this.asking.command("reset");
  }

  /** Whether it plays, and the lesson has nobody stop it: neither a step nor the time line does. */
  get goesOn() {
    return this.playing && !this.atEnd && refuses(this.view.scene?.lesson, "play");
  }

  halt() {
    if (this.goesOn) return;
    this.stepsFirst = false;
    this.playing = false;
    this.stepping = null;
    this.tell(performance.now());
  }

  /** @param {number} place among the frames held */
  scrub(place) {
    if (this.goesOn) return this.paint(true);
    if (this.playing) this.halt();
    this.stepping = null;
    this.rest(place);
  }

  /**
   * Show a frame, and stay there: the page around shows what belongs to it, once the hand rests.
   * @param {number} place
   */
  rest(place) {
    if (this.thread.outlined) return;
    this.show(place);
    clearTimeout(this.resting);
    this.resting = setTimeout(() => !this.playing && this.command("pause"), REST);
  }

  step() {
    if (this.goesOn) return;
    if (this.playing) this.pause();
    if (this.reel.ahead) this.rest(this.reel.place + 1);
    else if (this.thread.ended) this.explain();
    else {
      this.stepping ??= { frames: 1 };
      this.stepsFirst = this.thread.awaiting;
    }
  }

  stepOne() {
    if (this.goesOn) return;
    if (this.playing) this.pause();
    if (this.atEnd) return this.explain();
    this.asking.discard();
    this.thread.cut();
    this.stepping = { frames: 1, steps: 1 };
    this.stepsFirst = this.thread.awaiting;
  }

  /** Frames never shown yet were made at the old pace: they go. Those to be seen again stay. */
  changePace() {
    if (!this.reel.shown) return;
    this.asking.discard();
    this.thread.cut(Math.max(this.reel.place, this.reel.frames.find(this.reel.seen)));
  }

  // ---- time

  /** Whether the last frame is shown after which training cannot go on. */
  get atEnd() {
    return this.thread.ended && !this.reel.ahead;
  }

  /** Say why it does not go on. */
  explain() {
    this.view.say(this.thread.server.text);
  }

  /** @param {number} now */
  tick(now) {
    this.animation = requestAnimationFrame(this.tick);
    const passed = Math.min(0.1, (now - this.lastTick) / 1000);
    this.lastTick = now;
    const { ahead } = this.reel;
    if (this.playing && !this.thread.awaiting && ahead > 0 && this.tempo.due(passed, ahead, this.asking.waited(now)))
      this.show(this.reel.place + 1);
    if (this.playing && this.atEnd) {
      this.pause();
      this.explain();
    }
    this.pull(now, ahead);
    this.asking.remind(now);
    this.tell(now);
  }

  /** Ask for more where there is need. @param {number} now @param {number} ahead */
  pull(now, ahead) {
    const { thread } = this;
    const { pace } = this.view.transport;
    if (document.hidden || !this.asking.free(now)) return;
    if (thread.awaiting || (!thread.run && this.asking.since)) return thread.ask({ mount: true });
    for (const [look, of] of thread.run ? this.looking : []) return thread.ask({ look, ...of });
    if (!thread.run || thread.ended) return;
    if (this.playing) {
      if (ahead < 2 * Math.max(4, this.tempo.size) && !this.asking.resting(now)) thread.want(pace);
    } else if (this.stepping) thread.want(pace, this.stepping);
  }

  /** @param {number} place */
  show(place) {
    this.reel.go(place);
    if (!this.atEnd) this.view.say("");
    this.paint();
    rememberFrame(this.thread.run, this.reel.index);
    this.view.root.dataset.turn = String(this.thread.epoch);
  }

  /** @param {boolean} [anew] though the frame is painted already */
  paint(anew = false) {
    const { shown: frame, index, frames, curves } = this.reel;
    if (!frame || (frame === this.painted && !anew)) return;
    this.painted = frame;
    this.view.end(this.thread.server.state === "stopped");
    this.view.paint(
      frame,
      { index, last: frames.last, seen: this.reel.seenStep, ended: this.thread.ended },
      curves,
      this.playing,
    );
    const { dataset } = this.view.root;
    dataset.step = String(frame.step);
    dataset.epoch = frame.scalars[1].toFixed(2);
    dataset.run = this.thread.run;
    dataset.frame = String(index);
  }

  /** Say what goes on. @param {number} now */
  tell(now) {
    const state = this.state(now);
    const { server } = this.thread;
    const progress = state === "returning" && server.text ? ` · ${server.text}` : "";
    const told = `${state}${progress} ${this.playing}`;
    if (this.told === told) return;
    this.told = told;
    this.view.root.dataset.state = state;
    if (this.playing) this.view.notices?.endInvitation();
    this.view.transport.tell(this.words.t(SAID[state]) + progress, this.playing);
    if (state === "failed") this.explain();
    // The numbers that are calm while it moves come to those of the frame.
    if (!this.playing) this.paint(true);
  }

  /** @param {number} now @returns {keyof typeof SAID} */
  state(now) {
    const { thread, reel } = this;
    const { server } = thread;
    if (thread.awaiting) return server.state === "failed" || server.state === "returning" ? server.state : "compiling";
    if (this.playing || this.stepping) {
      if (!reel.ahead && thread.server.state === "compiling") return "compiling";
      if (!reel.ahead && this.asking.waited(now) > WAITING_AFTER) return "waiting";
      return this.playing ? "playing" : "paused";
    }
    return this.atEnd ? /** @type {"diverged"|"stopped"} */ (thread.server.state) : "paused";
  }
}
