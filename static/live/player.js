/**
 * The player: it shows one frame after another and asks for more in time. Nothing but new frames waits for the server.
 */
import { listen } from "../lib/shortcuts.js";
import { isLocked } from "./handout.js";
import { keyActions } from "./keys.js";
import { keepMoment, recallFrame, rememberFrame } from "./moment.js";
import { MAX_FRAME_RATE, Pacing } from "./pacing.js";
import { RunClient } from "./run-client.js";
import { mark, pageLanguage, Words } from "../lib/i18n.js";

/** Seconds without a frame in hand from which on it is said that the server is waited for. */
const WAITING_AFTER = 0.3;
/** Milliseconds after which a hand on the time line rests. */
const REST_MS = 350;
/** What the states are called. */
const STATE_WORDS = {
  playing: mark("playing"),
  paused: mark("paused"),
  waiting: mark("waiting for the server"),
  compiling: mark("compiling the network"),
  failed: mark("could not be compiled"),
  returning: mark("coming back to this step"),
  diverged: mark("diverged"),
  stopped: mark("stopped"),
};

export class Player {
  /**
   * @param {ShadowRoot|HTMLElement} parent
   * @param {(words: Words, actions: import("./types.js").Actions) => import("./types.js").PlayerView} makeView
   * @param {import("./types.js").FrameSeries} curves what keeps the numbers of past frames
   */
  constructor(parent, makeView, curves) {
    this.words = new Words();
    this.pacing = new Pacing();
    this.client = new RunClient(
      {
        onOutline: (header) => this.outline(header),
        onRun: (header, first) => this.begin(header, first),
        onEpoch: (frames) => this.onEpoch(frames),
        onTruncate: () => this.paint(true),
        onFrames: (frames, waited) => this.onFrames(frames, waited),
        onHeard: (header) => this.takeSurroundings(header),
        onHeader: (header) => this.onHeader(header),
        onTranslation: (header) => this.translate(header),
      },
      curves,
    );
    this.connection = this.client.connection;
    this.playhead = this.client.playhead;
    this.playing = false;
    /**
     * The closer looks that are wanted of the frame that is shown, each until it is there, and what they are about.
     * @type {Map<string, Record<string, unknown>>}
     */
    this.looks = new Map();
    /** What a step asked for, until it is there. @type {{frames: number, steps?: number}|null} */
    this.pendingStep = null;
    /** @type {import("./types.js").Frame|null} */ this.paintedFrame = null;
    /** Whether a step was pressed before the run was there: it is taken then. */
    this.stepsOnceReady = false;
    this.shownState = "";
    /** The language of what is said of the run. */
    this.describedIn = "";
    this.lastTick = 0;
    this.view = makeView(this.words, {
      toggle: () => this.toggle(),
      start: () => !this.playing && this.start(),
      pause: () => this.playing && this.pause(),
      step: () => this.step(),
      stepOne: () => this.stepOne(),
      reset: () => this.reset(),
      newStart: () => this.newStart(),
      scrub: (index) => this.scrub(this.playhead.buffer.placeOf(index)),
      pace: () => this.changePace(),
      command: (name, data) => this.command(name, data),
      look: (name, of = {}) => this.looks.set(name, of),
      past: () => this.playhead.buffer.frames.slice(0, this.playhead.place + 1),
    });
    this.unlisten = listen(this.view.root, keyActions(this));
    this.words.onChange(() => {
      this.shownState = "";
      if (this.describedIn && this.describedIn !== pageLanguage()) this.client.requestTranslation();
    });
    this.saveMoment = this.saveMoment.bind(this);
    window.addEventListener("pagehide", this.saveMoment);
    this.tick = this.tick.bind(this);
    this.animation = requestAnimationFrame(this.tick);
  }

  /** @param {import("./connection.js").Component} component */
  use(component) {
    this.connection.component = component;
    if (this.view.readTheme()) this.paint(true);
  }

  /** @param {Uint8Array|null} data */
  accept(data) {
    this.client.accept(data);
  }

  destroy() {
    cancelAnimationFrame(this.animation);
    this.unlisten();
    window.removeEventListener("pagehide", this.saveMoment);
    clearTimeout(this.restTimer);
    this.view.destroy();
  }

  /** The page is being left, perhaps to be loaded again. */
  saveMoment() {
    const { client, playhead, playing } = this;
    if (client.story && this.view.root.isConnected)
      keepMoment({ story: client.story, step: playhead.frame?.step || 0, playing });
  }

  // ---- what comes from the server

  /** @param {import("./types.js").Header} header @param {boolean} first whether the stage was empty */
  begin(header, first) {
    const goesOn =
      this.client.lastMoment?.playing && (this.playhead.buffer.frames[this.playhead.buffer.newest]?.step || 0) > 0;
    if (first || header.resumes) this.playing = !!(header.playing || goesOn || header.resumes);
    if (isLocked(header.scene.handout, "play")) this.playing = !!header.playing;
    // It may be another server than the one that was told.
    else if (this.playing && !header.playing) this.connection.command("play");
    if (!this.stepsOnceReady) this.pendingStep = null;
    this.stepsOnceReady = false;
    this.describe(header);
    const index = recallFrame(header.run);
    if (index !== undefined) this.playhead.lastSeen = this.playhead.buffer.last;
    this.show(index === undefined ? this.playhead.buffer.newest : this.playhead.buffer.placeOf(index));
  }

  /** Show what a run is. @param {import("./types.js").Header} header */
  describe(header) {
    this.shownState = "";
    this.describedIn = pageLanguage();
    this.view.showMessage("");
    this.view.show(header.scene, this.playhead.names);
  }

  /** Show the same run in another language. @param {import("./types.js").Header} header */
  translate(header) {
    this.describe(header);
    if (this.atEnd) this.explain();
    this.paint(true);
  }

  /** Show what is going to be trained, of which there is no picture yet. @param {import("./types.js").Header} header */
  outline(header) {
    this.paintedFrame = null;
    this.pendingStep = null;
    clearTimeout(this.restTimer);
    this.describe(header);
    this.view.applyHeader(header);
    this.takeSurroundings(header);
    this.view.clear?.();
  }

  /** @param {number} frames @param {number} waited seconds */
  onFrames(frames, waited) {
    if (frames > 0) this.pacing.recordReply(frames, waited);
    if (this.pendingStep && frames > 0) {
      this.pendingStep = null;
      this.rest(this.playhead.place + 1);
    } else if (!this.playing) this.paint(true);
  }

  /** @param {number} frames that show what was changed by hand */
  onEpoch(frames) {
    this.view.showMessage("");
    if (frames && !this.playing) this.show(this.playhead.buffer.newest);
  }

  /** What a message says beside its frames. @param {import("./types.js").Header} header */
  onHeader(header) {
    this.pacing.maxRate = header.calm?.fastest || MAX_FRAME_RATE;
    if (header.look) this.endLook(header.look);
    // Of an older epoch: what was to be noticed there may be of frames that are gone.
    this.view.applyHeader(header.epoch === this.client.epoch ? header : { ...header, notices: null });
    this.takeSurroundings(header);
  }

  /** What each message says, whatever else it brings: the handout, and the lesson. @param {import("./types.js").Header} header */
  takeSurroundings(header) {
    this.takeHandout(header);
    this.view.takeLesson?.(header.lesson || null);
    this.connection.lessonKey = this.view.lesson?.key || "";
  }

  /** Other controls may be locked, and what plays may stop. @param {import("./types.js").Header} header */
  takeHandout({ handout, playing }) {
    const { scene } = this.view;
    if (!scene || !handout || handout.key === scene.handout?.key) return;
    scene.handout = handout;
    this.view.layout();
    if (!isLocked(handout, "play") || this.playing === !!playing) return;
    this.playing = !!playing;
    this.pendingStep = null;
    this.connection.invalidate();
    this.client.truncate();
  }

  /** A closer look is there, unless it is of what is not asked about any more. @param {Record<string, any>} look */
  endLook(look) {
    const of = this.looks.get(look.name);
    if (of && (of.point === undefined || look.point < 0 || look.point === of.point)) this.looks.delete(look.name);
  }

  // ---- what a person does

  /**
   * Have the server do something to the frame that is shown.
   * @param {string} name
   * @param {Record<string, unknown>} [data]
   */
  command(name, data = {}) {
    this.connection.command(name, { ...data, head: this.playhead.index, epoch: this.client.epoch });
  }

  toggle() {
    if (this.playing) this.pause();
    else this.start();
  }

  newStart() {
    this.connection.command("new_start");
  }

  start() {
    if (this.atEnd) return this.explain();
    this.playing = true;
    this.pendingStep = null;
    this.pacing.showNext();
    this.connection.command("play");
  }

  pause() {
    this.halt();
    this.command("pause");
  }

  reset() {
    this.halt();
    this.connection.command("reset");
  }

  /** Whether it plays, and the handout has nobody stop it: neither a step nor the time line does. */
  get isUnstoppable() {
    return this.playing && !this.atEnd && isLocked(this.view.scene?.handout, "play");
  }

  halt() {
    if (this.isUnstoppable) return;
    this.stepsOnceReady = false;
    this.playing = false;
    this.pendingStep = null;
    this.showState(performance.now());
  }

  /** @param {number} place among the frames held */
  scrub(place) {
    if (this.isUnstoppable) return this.paint(true);
    if (this.playing) this.halt();
    this.pendingStep = null;
    this.rest(place);
  }

  /**
   * Show a frame, and stay there: the page around shows what belongs to it, once the hand rests.
   * @param {number} place
   */
  rest(place) {
    if (this.client.outlinedRun) return;
    this.show(place);
    clearTimeout(this.restTimer);
    this.restTimer = setTimeout(() => !this.playing && this.command("pause"), REST_MS);
  }

  step() {
    if (this.isUnstoppable) return;
    if (this.playing) this.pause();
    if (this.playhead.ahead) this.rest(this.playhead.place + 1);
    else if (this.client.isEnded) this.explain();
    else {
      this.pendingStep ??= { frames: 1 };
      this.stepsOnceReady = this.client.isAwaiting;
    }
  }

  stepOne() {
    if (this.isUnstoppable) return;
    if (this.playing) this.pause();
    if (this.atEnd) return this.explain();
    this.connection.invalidate();
    this.client.truncate();
    this.pendingStep = { frames: 1, steps: 1 };
    this.stepsOnceReady = this.client.isAwaiting;
  }

  /** Frames never shown yet were made at the old pace: they go. Those to be seen again stay. */
  changePace() {
    if (!this.playhead.frame) return;
    this.connection.invalidate();
    this.client.truncate(Math.max(this.playhead.place, this.playhead.buffer.placeOf(this.playhead.lastSeen)));
  }

  // ---- time

  /** Whether the last frame is shown after which training cannot go on. */
  get atEnd() {
    return this.client.isEnded && !this.playhead.ahead;
  }

  /** Say why it does not go on. */
  explain() {
    this.view.showMessage(this.client.server.text);
  }

  /** @param {number} now */
  tick(now) {
    this.animation = requestAnimationFrame(this.tick);
    const passed = Math.min(0.1, (now - this.lastTick) / 1000);
    this.lastTick = now;
    const { ahead } = this.playhead;
    if (
      this.playing &&
      !this.client.isAwaiting &&
      ahead > 0 &&
      this.pacing.isDue(passed, ahead, this.connection.secondsWaiting(now))
    )
      this.show(this.playhead.place + 1);
    if (this.playing && this.atEnd) {
      this.pause();
      this.explain();
    }
    this.requestMore(now, ahead);
    this.connection.resend(now);
    this.showState(now);
  }

  /** Ask for more where there is need. @param {number} now @param {number} ahead */
  requestMore(now, ahead) {
    const { client } = this;
    const { pace } = this.view.transport;
    if (document.hidden || !this.connection.isFree(now)) return;
    if (client.isAwaiting || (!client.run && this.connection.askedAt)) return client.request({ mount: true });
    if (client.wantsTranslation) return client.request({ mount: true });
    for (const [look, of] of client.run ? this.looks : []) return client.request({ look, ...of });
    if (!client.run || client.isEnded) return;
    if (this.playing) {
      if (ahead < 2 * Math.max(4, this.pacing.framesPerReply) && !this.connection.isResting(now))
        client.requestFrames(pace);
    } else if (this.pendingStep) client.requestFrames(pace, this.pendingStep);
  }

  /** @param {number} place */
  show(place) {
    this.playhead.moveTo(place);
    if (!this.atEnd) this.view.showMessage("");
    this.paint();
    rememberFrame(this.client.run, this.playhead.index);
    this.view.root.dataset.turn = String(this.client.epoch);
  }

  /** @param {boolean} [anew] though the frame is painted already */
  paint(anew = false) {
    const { frame: frame, index, buffer, series } = this.playhead;
    if (!frame || (frame === this.paintedFrame && !anew)) return;
    this.paintedFrame = frame;
    this.view.setStopped(this.client.server.state === "stopped");
    this.view.paint(
      frame,
      { index, last: buffer.last, seen: this.playhead.seenStep, ended: this.client.isEnded },
      series,
      this.playing,
    );
    const { dataset } = this.view.root;
    dataset.step = String(frame.step);
    dataset.epoch = frame.scalars[1].toFixed(2);
    dataset.run = this.client.run;
    dataset.frame = String(index);
  }

  /** Say what goes on. @param {number} now */
  showState(now) {
    const state = this.state(now);
    const { server } = this.client;
    const progress = state === "returning" && server.text ? ` · ${server.text}` : "";
    const stateText = `${state}${progress} ${this.playing}`;
    if (this.shownState === stateText) return;
    this.shownState = stateText;
    this.view.root.dataset.state = state;
    if (this.playing) this.view.notices?.endInvitation();
    this.view.transport.showState(this.words.t(STATE_WORDS[state]) + progress, this.playing);
    if (state === "failed") this.explain();
    // The numbers that are calm while it moves come to those of the frame.
    if (!this.playing) this.paint(true);
  }

  /** @param {number} now @returns {keyof typeof STATE_WORDS} */
  state(now) {
    const { client, playhead } = this;
    const { server } = client;
    if (client.isAwaiting)
      return server.state === "failed" || server.state === "returning" ? server.state : "compiling";
    if (this.playing || this.pendingStep) {
      if (!playhead.ahead && client.server.state === "compiling") return "compiling";
      if (!playhead.ahead && this.connection.secondsWaiting(now) > WAITING_AFTER) return "waiting";
      return this.playing ? "playing" : "paused";
    }
    return this.atEnd ? /** @type {"diverged"|"stopped"} */ (client.server.state) : "paused";
  }
}
