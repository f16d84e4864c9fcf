/**
 * The run as the server and the stage agree on it: what is asked, what is taken of the answers, and what is held of
 * them.
 */
import { Asking } from "./connection.js";
import { takeMoment } from "./moment.js";
import { Reel } from "./playhead.js";
import * as wire from "./decoding.js";

/**
 * @typedef {object} Events
 * @property {(header: wire.Header) => void} outlined another run's network and data, of which nothing is computed yet
 * @property {(header: wire.Header, first: boolean) => void} begun another run, or all that an empty stage needs
 * @property {(frames: number) => void} turned a knob was, or something was changed by hand, which shows in so many new
 * frames
 * @property {() => void} cut frames in hand are gone
 * @property {(frames: number, waited: number) => void} arrived so many frames, after so many seconds
 * @property {(header: wire.Header) => void} told what a message says beside its frames
 */

export class Thread {
  /** @param {Events} events @param {import("./types.js").FrameSeries} curves */
  constructor(events, curves) {
    this.events = events;
    this.asking = new Asking();
    this.reel = new Reel(curves);
    this.run = "";
    this.epoch = 0;
    this.server = { state: "ready", text: "" };
    /** Whether a run is begun whose first picture is not there yet. */
    this.awaiting = false;
    /** The run of which there is nothing but what it is: its name, "" for none. */
    this.outlined = "";
    /** The run that is waited for, once the server has said what it is. */
    this.described = "";
    /**
     * Optimizer steps that the last question was about, if it was about one frame of so many.
     * @type {number|undefined}
     */
    this.steps = undefined;
    /** What this run was, as a server that knows nothing of it needs it. @type {any} */
    this.story = null;
    /** The story, and the step to come to, while a server makes the run again. @type {Record<string, unknown>|null} */
    this.recalling = null;
    /** What was shown before this page was loaded again. */
    this.before = takeMoment();
    /** The message that came last. @type {Uint8Array|null} */ this.latest = null;
    this.queue = Promise.resolve();
  }

  /** Whether training cannot go on from the last frame held. */
  get ended() {
    return this.server.state === "diverged" || this.server.state === "stopped";
  }

  /** @param {Uint8Array|null} data */
  accept(data) {
    if (!data && !this.run) this.mount();
    if (!data || data === this.latest) return;
    this.latest = data;
    // Bodies unpack asynchronously: one after another keeps their order.
    this.queue = this.queue
      .then(async () => {
        const message = wire.open(data);
        if (!message) return;
        this.asking.heard(message.header.heard);
        if (message.header.only_heard) return this.run ? undefined : this.mount();
        const { header, body } = await wire.complete(message);
        const frames = await wire.frames(header, body);
        this.take(header, frames.splice((header.earlier || []).length), frames);
        if (header.run !== this.run || this.outlined) return;
        this.story = header.story || this.story;
        this.events.told(header);
      })
      .catch((error) => console.warn("stage: a message could not be read", String(error)));
  }

  /** Ask for frames. @param {number} pace optimizer steps a frame @param {{frames?: number, steps?: number}} [only] */
  want(pace, only = {}) {
    this.steps = only.steps;
    this.ask({ pace, ...only });
  }

  /** Ask for all that an empty stage needs. */
  mount() {
    if (!this.asking.since) this.ask({ mount: true });
  }

  /** @param {Record<string, unknown>} what */
  ask(what) {
    const { run, epoch, reel } = this;
    this.asking.want({
      run,
      epoch,
      from: reel.frames.last + 1,
      head: reel.index,
      ...what,
      ...(what.mount ? { drawn: this.described, ...this.recalling } : {}),
    });
  }

  /** @param {wire.Header} header @param {wire.Frame[]} frames @param {wire.Frame[]} [earlier] some of those before */
  take(header, frames, earlier = []) {
    // Said before the server heard what to come back to: its beginning is not what is shown.
    if (header.opened && this.recalling) return;
    if (this.remembers(header)) return this.recall();
    if (header.run !== this.run || header.epoch > this.epoch) {
      if (header.scene && !frames.length) return this.await(header);
      if (header.scene) return this.begin(header, frames, earlier);
      if (header.run !== this.run) return this.mount();
      return this.turn(header, frames);
    }
    if (header.epoch < this.epoch) return;
    if (header.scene) return this.agree(header, frames, earlier);
    if ("look" in header) return this.asking.answered(!header.look);
    if (this.asking.outdated) return this.asking.answered(header.state === "compiling");
    if (header.start !== this.reel.frames.last + 1) return;
    const waited = this.asking.waited(performance.now());
    this.asking.answered(header.state === "compiling", header.calm?.rest);
    if (!this.asAsked(frames)) return;
    this.server = { state: header.state, text: header.text };
    this.reel.add(header.start, frames);
    this.events.arrived(frames.length, waited);
  }

  /**
   * Whether the server knows nothing of the run that is shown here, or was before the page was loaded again, but could
   * make it again.
   * @param {wire.Header} header
   */
  remembers(header) {
    const { story, reel, run, before } = this;
    if (!header.opened) return false;
    if (!run) return !!before;
    return header.run !== run && story && story.of === header.story.of && (reel.shown?.step || 0) > 0;
  }

  /** Have the server come to the step that is shown, or was; the picture stays meanwhile. */
  recall() {
    const { story, step } = this.run
      ? { story: this.story, step: this.reel.shown?.step }
      : /** @type {import("./moment.js").Moment} */ (this.before);
    this.recalling = { story, step, reloaded: !this.run };
    this.awaiting = true;
    this.server = { state: "returning", text: "" };
    this.asking.forget();
  }

  /**
   * Whether frames are what a single optimizer step asked for; older answers may still come in.
   * @param {wire.Frame[]} frames
   */
  asAsked(frames) {
    if (!this.steps || !frames.length) return true;
    const { kept, newest } = this.reel.frames;
    return frames.length === 1 && frames[0].step === kept[newest].step + this.steps;
  }

  /**
   * A run whose first picture is still being compiled: its network is shown, of which the old picture says nothing.
   * @param {wire.Header} header
   */
  await(header) {
    this.awaiting = true;
    const stays = this.recalling && this.run;
    if (header.scene.network && header.run !== this.run && !stays) this.outline(header);
    this.described = header.run;
    this.server = { state: header.state, text: header.text };
    this.asking.answered(true);
    if (header.state === "failed") this.asking.backOff();
  }

  /** What the server is about to train; what was there before goes. @param {wire.Header} header */
  outline(header) {
    this.outlined = header.run;
    this.story = null;
    this.reel.begin(namesOf(header), header.scene.layers);
    this.events.outlined(header);
  }

  /**
   * A run from its beginning, or what an empty stage needs.
   * @param {wire.Header} header
   * @param {wire.Frame[]} frames
   * @param {wire.Frame[]} earlier
   */
  begin(header, frames, earlier) {
    const first = !this.run;
    this.awaiting = false;
    this.outlined = this.described = "";
    this.recalling = null;
    this.run = header.run;
    this.epoch = header.epoch;
    this.server = { state: header.state, text: header.text };
    this.asking.forget();
    this.reel.begin(namesOf(header), header.scene.layers, header.history);
    this.reel.addEarlier(header.earlier || [], earlier);
    this.reel.add(header.start, frames);
    this.events.begun(header, first);
    this.before = null;
  }

  /**
   * A knob was turned: what was computed beyond the frame that is shown does not hold any more. Or something was
   * changed by hand, after the frame before those that come.
   * @param {wire.Header} header @param {wire.Frame[]} frames
   */
  turn(header, frames) {
    this.epoch = header.epoch;
    if (frames.length) this.reel.go(this.reel.frames.find(header.start - 1));
    this.cut();
    this.server = { state: "ready", text: "" };
    this.asking.forget();
    if (header.start === this.reel.frames.last + 1) this.reel.add(header.start, frames);
    this.events.turned(frames.length);
  }

  /**
   * The server cannot go on from the newest frame here, as when it answered twice, and told what it has. What both have
   * stays.
   * @param {wire.Header} header @param {wire.Frame[]} frames @param {wire.Frame[]} earlier
   */
  agree(header, frames, earlier) {
    const { indices, kept, last } = this.reel.frames;
    const theirs = header.start + frames.length - 1;
    // The page may have been drawn anew with its last message.
    if (!this.asking.since && (last >= theirs || theirs < 0)) return;
    const place = this.reel.frames.find(theirs);
    const same = frames.length > 0 && indices[place] === theirs && kept[place].step === frames[frames.length - 1].step;
    if (!same || place < this.reel.place) return this.begin(header, frames, earlier);
    this.asking.forget();
    this.cut(place);
    this.server = { state: header.state, text: header.text };
  }

  /** Forget the frames after a place, and what the server said of them. @param {number} [place] */
  cut(place = this.reel.place) {
    if (!this.reel.cut(place)) return;
    this.server = { state: "ready", text: "" };
    this.events.cut();
  }
}

/** What the numbers of a run are called. @param {wire.Header} header @returns {import("./playhead.js").Names} */
const namesOf = ({ scalars, layer_scalars }) => ({ scalars, layer_scalars });
