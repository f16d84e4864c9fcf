/** The player: it shows one frame after another and asks for more in time. Nothing but new frames waits for the server. */
import { Asking } from "./asking.js";
import { Curves } from "./curves.js";
import { Frames } from "./frames.js";
import { listen } from "./keys.js";
import { Tempo } from "./tempo.js";
import { View } from "./view.js";
import * as wire from "./wire.js";
import { Words } from "./words.js";

/** Seconds without a frame in hand from which on it is said that the server is waited for. */
const WAITING_AFTER = 0.3;
/** What the states are called. */
const SAID = { playing: "playing", paused: "paused", waiting: "waiting for the server", compiling: "compiling the network", diverged: "diverged", stopped: "stopped" };

export class Player {
  /** @param {ShadowRoot|HTMLElement} parent */
  constructor(parent) {
    this.words = new Words();
    this.frames = new Frames();
    this.curves = new Curves();
    this.tempo = new Tempo();
    this.asking = new Asking();
    /** Place of the frame that is shown among those held. */
    this.place = -1;
    /** Index in the run of the latest frame that was shown. */
    this.seenUpTo = -1;
    this.run = "";
    this.epoch = 0;
    this.playing = false;
    /** What a step asked for, until it is there. @type {{frames: number, steps?: number}|null} */
    this.stepping = null;
    this.server = { state: "ready", text: "" };
    /** @type {wire.Frame|null} */ this.painted = null;
    this.lastTick = 0;
    this.queue = Promise.resolve();
    this.view = new View(parent, this.words, {
      toggle: () => (this.playing ? this.pause() : this.start()),
      step: () => this.step(),
      stepOne: () => this.stepOne(),
      reset: () => this.reset(),
      newStart: () => this.asking.command("new_start"),
      scrub: (index) => this.scrub(this.frames.find(index)),
      pace: () => this.changePace(),
    });
    this.unlisten = listen(this.view.root, {
      " ": () => (this.playing ? this.pause() : this.start()),
      r: () => this.reset(),
      n: () => this.asking.command("new_start"),
      ".": () => this.stepOne(),
      arrowright: () => this.step(),
      arrowleft: () => this.scrub(this.place - 1),
      home: () => this.scrub(0),
      end: () => this.scrub(this.frames.newest),
    });
    this.tick = this.tick.bind(this);
    this.animation = requestAnimationFrame(this.tick);
  }

  /** @param {import("./asking.js").Component} component */
  use(component) {
    this.asking.component = component;
    if (this.view.readTheme()) this.paint(true);
  }

  destroy() {
    cancelAnimationFrame(this.animation);
    this.unlisten();
    this.view.destroy();
  }

  // ---- what comes from the server

  /** @param {Uint8Array|null} data */
  accept(data) {
    if (!data && !this.run) this.mount();
    if (!data || data === this.seen) return;
    this.seen = data;
    // Bodies unpack asynchronously: one after another keeps their order.
    this.queue = this.queue
      .then(async () => {
        const message = wire.open(data);
        if (message) this.take(message.header, await wire.frames(message.header, message.body));
      })
      .catch((error) => console.warn("stage: a message could not be read", String(error)));
  }

  /** Ask for all that an empty stage needs. */
  mount() {
    if (!this.asking.since) this.want({ mount: true });
  }

  /** @param {wire.Header} header @param {wire.Frame[]} frames */
  take(header, frames) {
    if (header.run !== this.run || header.epoch > this.epoch) {
      if (header.scene && !frames.length) return this.await(header);
      if (header.scene) return this.begin(header, frames);
      if (header.run !== this.run) return this.mount();
      return this.turn(header);
    }
    if (header.epoch < this.epoch) return;
    if (header.scene) return this.agree(header, frames);
    if (this.asking.outdated) return this.asking.answered(header.state === "compiling");
    if (header.start !== this.frames.last + 1) return;
    const waited = this.asking.waited(performance.now());
    this.asking.answered(header.state === "compiling");
    if (!this.asAsked(frames)) return;
    this.server = { state: header.state, text: header.text };
    if (frames.length > 0) this.tempo.arrived(frames.length, waited);
    this.add(header.start, frames);
    if (this.stepping && frames.length > 0) {
      this.stepping = null;
      this.show(this.place + 1);
    } else if (!this.playing) this.paint(true);
  }

  /** Whether frames are what a single optimizer step asked for; older answers may still come in. @param {wire.Frame[]} frames */
  asAsked(frames) {
    if (!this.stepping?.steps || !frames.length) return true;
    return frames.length === 1 && frames[0].step === this.frames.kept[this.frames.newest].step + this.stepping.steps;
  }

  /** A run whose first picture is still being compiled: the old one stays until then. @param {wire.Header} header */
  await(header) {
    this.awaiting = true;
    this.server = { state: header.state, text: header.text };
    this.asking.answered(true);
  }

  /** A run from its beginning, or what an empty stage needs. @param {wire.Header} header @param {wire.Frame[]} frames */
  begin(header, frames) {
    if (!this.run && header.playing) this.playing = true;
    this.awaiting = false;
    this.run = header.run;
    this.epoch = header.epoch;
    this.stepping = null;
    this.server = { state: header.state, text: header.text };
    this.asking.forget();
    this.words.use(header.scene.text || {});
    this.told = "";
    this.names = /** @type {{scalars: string[], layer_scalars: string[]}} */ ({ scalars: header.scalars, layer_scalars: header.layer_scalars });
    this.frames.clear();
    this.curves.clear(header.scene.layers);
    if (header.history) this.curves.fill(header.history);
    this.place = this.seenUpTo = -1;
    this.add(header.start, frames);
    this.view.say("");
    this.view.show(header.scene, this.names);
    this.show(this.frames.newest);
  }

  /** A knob was turned: what was computed beyond the frame that is shown does not hold any more. @param {wire.Header} header */
  turn(header) {
    this.epoch = header.epoch;
    this.cut();
    this.server = { state: "ready", text: "" };
    this.asking.forget();
    this.view.say("");
  }

  /**
   * The server cannot go on from the newest frame here, as when it answered twice, and told what it has. What both have stays.
   * @param {wire.Header} header @param {wire.Frame[]} frames
   */
  agree(header, frames) {
    const last = header.start + frames.length - 1;
    const place = this.frames.find(last);
    const same = frames.length > 0 && this.frames.indices[place] === last && this.frames.kept[place].step === frames[frames.length - 1].step;
    if (!this.asking.since && (this.frames.last >= last || last < 0)) return; // the page was drawn anew with its last message
    if (!same || place < this.place) return this.begin(header, frames);
    this.asking.forget();
    this.cut(place);
    this.server = { state: header.state, text: header.text };
  }

  /** @param {number} start @param {wire.Frame[]} frames */
  add(start, frames) {
    if (!this.names) return;
    this.frames.add(start, frames);
    for (const frame of frames) this.curves.add(frame, this.names);
    this.place -= this.frames.thin(this.place);
  }

  /** Forget the frames after a place. @param {number} [place] */
  cut(place = this.place) {
    const frame = this.frames.kept[place];
    if (!frame || place >= this.frames.newest) return;
    this.frames.cut(place);
    this.curves.cut(frame.step);
    this.seenUpTo = Math.min(this.seenUpTo, this.frames.last);
    this.server = { state: "ready", text: "" };
    this.paint(true);
  }

  // ---- what goes to the server

  /** @param {Record<string, unknown>} [more] */
  want(more = {}) {
    const { run, epoch, frames } = this;
    this.asking.want({ run, epoch, from: frames.last + 1, pace: this.view.transport.pace, head: frames.indices[this.place] ?? 0, ...more });
  }

  // ---- what a person does

  start() {
    if (this.ended && this.place >= this.frames.newest) return this.view.say(this.server.text);
    this.playing = true;
    this.stepping = null;
    this.tempo.ready();
    this.asking.command("play");
  }

  pause() {
    this.playing = false;
    this.stepping = null;
    this.tell(performance.now());
    this.asking.command("pause");
  }

  reset() {
    this.playing = false;
    this.stepping = null;
    this.tell(performance.now());
    this.asking.command("reset");
  }

  /** @param {number} place among the frames held */
  scrub(place) {
    if (this.playing) this.pause();
    this.stepping = null;
    this.show(Math.max(0, Math.min(this.frames.newest, place)));
  }

  step() {
    if (this.playing) this.pause();
    if (this.place < this.frames.newest) this.show(this.place + 1);
    else if (this.ended) this.view.say(this.server.text);
    else this.stepping ??= { frames: 1 };
  }

  stepOne() {
    if (this.playing) this.pause();
    if (this.ended && this.place >= this.frames.newest) return this.view.say(this.server.text);
    this.asking.discard();
    this.cut();
    this.stepping = { frames: 1, steps: 1 };
  }

  /** Frames never shown yet were made at the old pace: they go. Those to be seen again stay. */
  changePace() {
    this.asking.discard();
    this.cut(Math.max(this.place, this.frames.find(this.seenUpTo)));
  }

  // ---- time

  get ended() {
    return this.server.state === "diverged" || this.server.state === "stopped";
  }

  /** @param {number} now */
  tick(now) {
    this.animation = requestAnimationFrame(this.tick);
    const passed = Math.min(0.1, (now - this.lastTick) / 1000);
    this.lastTick = now;
    const ahead = this.frames.newest - this.place;
    if (this.playing && !this.awaiting && ahead > 0 && this.tempo.due(passed, ahead, this.asking.waited(now))) this.show(this.place + 1);
    if (this.playing && this.ended && this.place >= this.frames.newest) {
      this.playing = false;
      this.view.say(this.server.text);
      this.asking.command("pause");
    }
    this.pull(now, ahead);
    this.tell(now);
  }

  /** @param {number} now @param {number} ahead */
  pull(now, ahead) {
    if (document.hidden || !this.asking.free(now)) return;
    if (this.awaiting || (!this.run && this.asking.since)) return this.want({ mount: true });
    if (!this.run || this.ended) return;
    if (this.playing && ahead < 2 * Math.max(4, this.tempo.size)) this.want();
    else if (this.stepping) this.want(this.stepping);
  }

  /** @param {number} place */
  show(place) {
    this.place = place;
    this.seenUpTo = Math.max(this.seenUpTo, this.frames.indices[place] ?? -1);
    if (!this.ended || place < this.frames.newest) this.view.say("");
    this.paint();
    this.view.root.dataset.turn = String(this.epoch);
  }

  /** @param {boolean} [anew] though the frame is painted already */
  paint(anew = false) {
    const frame = this.frames.kept[this.place];
    if (!frame || (frame === this.painted && !anew)) return;
    this.painted = frame;
    const index = this.frames.indices[this.place];
    this.view.paint(frame, { index, last: this.frames.last }, this.curves, this.playing);
    const { dataset } = this.view.root;
    dataset.step = String(frame.step);
    dataset.epoch = frame.scalars[1].toFixed(2);
    dataset.run = this.run;
    dataset.frame = String(index);
  }

  /** Say what goes on. @param {number} now */
  tell(now) {
    const state = this.state(now);
    if (this.told === state) return;
    this.told = state;
    this.view.root.dataset.state = state;
    this.view.transport.tell(state, this.words.t(SAID[state]));
    // The numbers that are calm while it moves come to those of the frame.
    if (!this.playing) this.paint(true);
  }

  /** @param {number} now @returns {keyof typeof SAID} */
  state(now) {
    const empty = this.place >= this.frames.newest;
    if (this.awaiting) return "compiling";
    if (this.playing || this.stepping) {
      if (empty && this.server.state === "compiling") return "compiling";
      if (empty && this.asking.waited(now) > WAITING_AFTER) return "waiting";
      return this.playing ? "playing" : "paused";
    }
    return this.ended && empty ? /** @type {"diverged"|"stopped"} */ (this.server.state) : "paused";
  }
}
