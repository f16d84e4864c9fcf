/** The player: it asks for frames, keeps them, and shows one after another. Nothing of it waits for the server but new frames. */
import { Frames } from "./frames.js";
import { listen } from "./keys.js";
import { View } from "./view.js";
import * as wire from "./wire.js";

/** A question unanswered for so long counts as lost: what is sent while the socket is down is dropped. */
const LOST = 1200;
const COMPILING_PAUSE = 150;
/** Seconds of frames to hold in hand: enough that the next answer comes in time. */
const IN_HAND = 0.3;
const WAITING_AFTER = 300;

export class Player {
  /** @param {ShadowRoot|HTMLElement} parent */
  constructor(parent) {
    this.words = /** @type {Record<string, string>} */ ({});
    this.frames = new Frames();
    this.place = -1;
    this.run = "";
    this.epoch = 0;
    this.playing = false;
    /** @type {{at: number, start: number}|null} */ this.pending = null;
    this.notBefore = 0;
    this.nonce = 0;
    this.chunk = 16;
    this.credit = 0;
    this.server = { state: "ready", text: "" };
    this.painted = -2;
    this.lastTick = 0;
    this.resetting = false;
    this.queue = Promise.resolve();
    const t = (/** @type {string} */ key) => this.words[key] || key;
    this.t = t;
    this.view = new View(parent, t, {
      toggle: () => this.toggle(),
      step: () => this.step(),
      stepOne: () => this.stepOne(),
      reset: () => this.reset(),
      newStart: () => this.command("new_start"),
      scrub: (place) => this.scrub(place),
      pace: () => this.changePace(),
    });
    this.unlisten = listen({
      " ": () => this.toggle(),
      r: () => this.reset(),
      n: () => this.command("new_start"),
      ".": () => this.stepOne(),
      arrowright: () => this.step(),
      arrowleft: () => this.scrub(this.place - 1),
      home: () => this.scrub(0),
      end: () => this.scrub(this.frames.newest),
    });
    this.tick = this.tick.bind(this);
    this.animation = requestAnimationFrame(this.tick);
  }

  /** @param {{setTriggerValue: (name: string, value: unknown) => void}} component */
  use(component) {
    this.component = component;
    if (this.view.readTheme()) this.painted = -2;
  }

  destroy() {
    cancelAnimationFrame(this.animation);
    this.unlisten();
    this.view.destroy();
  }

  // ---- what comes from the server

  /** @param {Uint8Array|null} data */
  accept(data) {
    if (!data || data === this.seen) return;
    this.seen = data;
    const message = wire.open(data);
    if (!message) return;
    // Bodies unpack asynchronously: one after another keeps their order.
    this.queue = this.queue
      .then(() => wire.frames(message.header, message.body))
      .then((frames) => this.take(message.header, frames))
      .catch((error) => console.warn("stage: a message could not be read", String(error)));
  }

  /** @param {wire.Header} header @param {wire.Frame[]} frames */
  take(header, frames) {
    if (header.run !== this.run) {
      if (!header.scene) {
        if (!this.run) this.want({ mount: true });
        return;
      }
      this.begin(header, frames);
      return;
    }
    if (header.scene && (!this.frames.kept.length || header.epoch !== this.epoch || header.start + frames.length - 1 > this.frames.last)) {
      this.begin(header, frames);
      return;
    }
    if (header.epoch !== this.epoch) {
      if (header.epoch < this.epoch) return;
      // A knob was turned: what was computed beyond the frame that is shown does not hold any more.
      this.epoch = header.epoch;
      this.frames.cut(this.place);
      this.pending = null;
      this.server = { state: "ready", text: "" };
      this.view.say("");
    }
    if (header.start !== this.frames.last + 1) return;
    this.answered(header, frames.length);
    this.frames.add(header.start, frames);
    if (frames.length && this.stepping) this.show(this.frames.newest);
    if (frames.length) this.stepping = false;
    this.place -= this.frames.thin(this.place);
  }

  /** A run from its beginning, or a stage that was empty. @param {wire.Header} header @param {wire.Frame[]} frames */
  begin(header, frames) {
    const same = header.run === this.run;
    this.run = header.run;
    this.epoch = header.epoch;
    if (header.scene.text) this.words = header.scene.text;
    this.frames.clear();
    this.frames.history = header.history || null;
    this.frames.add(header.start, frames);
    this.pending = null;
    this.notBefore = 0;
    this.stepping = false;
    this.server = { state: header.state, text: header.text };
    if (this.resetting && !same) this.playing = false;
    this.resetting = false;
    this.view.say("");
    this.view.show(header.scene, header);
    this.show(this.frames.newest);
  }

  /** @param {wire.Header} header @param {number} n */
  answered(header, n) {
    this.pending = null;
    this.server = { state: header.state, text: header.text };
    if (n) this.chunk = n;
    if (header.state === "compiling") this.notBefore = performance.now() + COMPILING_PAUSE;
  }

  // ---- what goes to the server

  /** @param {Record<string, unknown>} [more] */
  want(more = {}) {
    if (!this.component) return;
    this.pending = { at: performance.now(), start: this.frames.last + 1 };
    this.component.setTriggerValue("want", {
      run: this.run,
      epoch: this.epoch,
      from: this.frames.last + 1,
      pace: this.view.transport.pace,
      head: this.frames.indices[this.place] ?? 0,
      nonce: ++this.nonce,
      ...more,
    });
  }

  /** @param {string} name */
  command(name) {
    this.component?.setTriggerValue("command", { name, nonce: ++this.nonce });
  }

  // ---- what a person does

  toggle() {
    this.playing ? this.pause() : this.start();
  }

  start() {
    if (this.ended && this.place >= this.frames.newest) {
      this.view.say(this.server.text);
      return;
    }
    this.playing = true;
    this.stepping = false;
    this.credit = 1;
    this.command("play");
  }

  pause() {
    this.playing = false;
    this.stepping = false;
    this.tell();
    this.command("pause");
  }

  reset() {
    this.playing = false;
    this.resetting = true;
    this.tell();
    this.command("reset");
  }

  /** @param {number} place */
  scrub(place) {
    if (this.playing) this.pause();
    this.show(Math.max(0, Math.min(this.frames.newest, place)));
  }

  step() {
    if (this.playing) this.pause();
    if (this.place < this.frames.newest) this.show(this.place + 1);
    else this.ask({ frames: 1 });
  }

  stepOne() {
    if (this.playing) this.pause();
    if (this.place < this.frames.newest) this.frames.cut(this.place);
    this.ask({ frames: 1, steps: 1 });
  }

  changePace() {
    // Frames in hand were made at the old pace: drop those not shown yet.
    if (this.playing) {
      this.frames.cut(this.place);
      this.pending = null;
    }
  }

  /** @param {Record<string, unknown>} more */
  ask(more) {
    if (this.ended) {
      this.view.say(this.server.text);
      return;
    }
    this.stepping = true;
    this.again = more;
    this.want(more);
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
    if (this.playing && ahead > 0) {
      // Slower than the screen when few frames are in hand, so that they come evenly and not in bursts.
      const rate = Math.min(62, Math.max(1, ahead / IN_HAND));
      this.credit = Math.min(1.6, this.credit + passed * rate);
      if (this.credit >= 1) {
        this.credit -= 1;
        this.show(this.place + 1);
      }
    }
    if (this.playing && this.ended && this.place >= this.frames.newest && !this.pending) {
      this.playing = false;
      this.view.say(this.server.text);
      this.command("pause");
    }
    this.pull(now, ahead);
    this.tell();
    this.paint();
  }

  /** @param {number} now @param {number} ahead */
  pull(now, ahead) {
    if (!this.run || document.hidden || now < this.notBefore || this.ended) return;
    if (this.pending && now - this.pending.at < LOST) return;
    if (this.playing && ahead < 2 * this.chunk) this.want();
    else if (this.stepping && this.place >= this.frames.newest) this.want(this.again);
  }

  /** @param {number} place */
  show(place) {
    this.place = place;
    if (!this.ended || place < this.frames.newest) this.view.say("");
    this.paint();
  }

  paint() {
    const frame = this.frames.kept[this.place];
    if (!frame) return;
    if (this.painted === frame && this.paintedRows === this.frames.kept.length) return;
    if (this.painted === frame && this.playing) return; // more frames in hand are no reason to paint
    this.painted = /** @type {any} */ (frame);
    this.paintedRows = this.frames.kept.length;
    this.view.paint(this.frames, this.place);
    const data = this.view.root.dataset;
    data.step = String(frame.scalars[0]);
    data.epoch = frame.scalars[1].toFixed(2);
    data.run = this.run;
    data.frame = String(this.frames.indices[this.place]);
  }

  tell() {
    const { t } = this;
    let state = "paused";
    let words = t("paused");
    const waiting = this.pending && performance.now() - this.pending.at > WAITING_AFTER;
    if (this.playing || this.stepping) {
      const empty = this.place >= this.frames.newest;
      if (empty && this.server.state === "compiling") [state, words] = ["compiling", t("compiling the network")];
      else if (empty && waiting) [state, words] = ["waiting", t("waiting for the server")];
      else if (this.playing) [state, words] = ["playing", t("playing")];
    } else if (this.ended && this.place >= this.frames.newest) {
      state = this.server.state;
      words = t(state);
    }
    if (this.told !== state) {
      this.told = state;
      this.view.root.dataset.state = state;
    }
    this.view.transport.tell(state, words);
  }
}
