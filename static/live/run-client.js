/**
 * The run as the server and the stage agree on it: what is asked, what is taken of the answers, and what is held of
 * them.
 */
import { Connection } from "./connection.js";
import { takeMoment } from "./moment.js";
import { Playhead } from "./playhead.js";
import * as wire from "./decoding.js";

/**
 * @typedef {object} Events
 * @property {(header: wire.Header) => void} onOutline another run's network and data, of which nothing is computed yet
 * @property {(header: wire.Header, first: boolean) => void} onRun another run, or all that an empty stage needs
 * @property {(frames: number) => void} onEpoch a knob was, or something was changed by hand, which shows in so many new
 * frames
 * @property {() => void} onTruncate frames in hand are gone
 * @property {(frames: number, waited: number) => void} onFrames so many frames, after so many seconds
 * @property {(header: wire.Header) => void} onHeard that a command was done already; perhaps what came of it was lost
 * @property {(header: wire.Header) => void} onHeader what a message says beside its frames
 * @property {(header: wire.Header) => void} onTranslation the same run, described in another language
 */

export class RunClient {
  /** @param {Events} events @param {import("./types.js").FrameSeries} curves */
  constructor(events, curves) {
    this.events = events;
    this.connection = new Connection();
    this.playhead = new Playhead(curves);
    this.run = "";
    this.epoch = 0;
    this.server = { state: "ready", text: "" };
    /** Whether a run is begun whose first picture is not there yet. */
    this.isAwaiting = false;
    /** The run of which there is nothing but what it is: its name, "" for none. */
    this.outlinedRun = "";
    /** The run that is waited for, once the server has said what it is. */
    this.describedRun = "";
    /** Whether the run is to be described once more, since the page has another language. */
    this.wantsTranslation = false;
    /**
     * Optimizer steps that the last question was about, if it was about one frame of so many.
     * @type {number|undefined}
     */
    this.requestedSteps = undefined;
    /** What this run was, as a server that knows nothing of it needs it. @type {any} */
    this.story = null;
    /** The story, and the step to come to, while a server makes the run again. @type {Record<string, unknown>|null} */
    this.recallRequest = null;
    /** What was shown before this page was loaded again. */
    this.lastMoment = takeMoment();
    /** The message that came last. @type {Uint8Array|null} */ this.latest = null;
    this.queue = Promise.resolve();
  }

  /** Whether training cannot go on from the last frame held. */
  get isEnded() {
    return this.server.state === "diverged" || this.server.state === "stopped";
  }

  /** @param {Uint8Array|null} data */
  accept(data) {
    if (!data && !this.run) this.requestScene();
    if (!data || data === this.latest) return;
    this.latest = data;
    // Bodies unpack asynchronously: one after another keeps their order.
    this.queue = this.queue
      .then(async () => {
        const message = wire.decodeHeader(data);
        if (!message) return;
        this.connection.acknowledge(message.header.heard);
        if (message.header.only_heard) return this.hear(message.header);
        const { header, body } = await wire.decodeBulk(message);
        const frames = await wire.decodeFrames(header, body);
        this.apply(header, frames.splice((header.earlier || []).length), frames);
        if (header.run !== this.run || this.outlinedRun) return;
        this.story = header.story || this.story;
        this.events.onHeader(header);
      })
      .catch((error) => console.warn("stage: a message could not be read", String(error)));
  }

  /**
   * A command was done already. What came of it may never have arrived, since Streamlit brings only the newest of
   * several messages: then it is asked for.
   * @param {wire.Header} header
   */
  hear(header) {
    if (header.run === this.run) this.events.onHeard(header);
    const isKnown = header.run === this.run && header.epoch <= this.epoch;
    if (isKnown || this.isAwaiting) return;
    if (this.run && this.canRecall(header)) this.recall();
    else this.requestScene();
  }

  /** Ask for frames. @param {number} pace optimizer steps a frame @param {{frames?: number, steps?: number}} [only] */
  requestFrames(pace, only = {}) {
    this.requestedSteps = only.steps;
    this.request({ pace, ...only });
  }

  /** Ask for all that an empty stage needs. */
  requestScene() {
    if (!this.connection.askedAt) this.request({ mount: true });
  }

  /** Have the run described in the language that the page has now; before there is one it will be so anyway. */
  requestTranslation() {
    this.describedRun = "";
    this.wantsTranslation = !!this.run && !this.isAwaiting;
  }

  /** @param {Record<string, unknown>} what */
  request(what) {
    const { run, epoch, playhead } = this;
    this.connection.request({
      run,
      epoch,
      from: playhead.buffer.last + 1,
      head: playhead.index,
      ...what,
      ...(what.mount ? { drawn: this.describedRun, ...this.recallRequest } : {}),
    });
  }

  /** @param {wire.Header} header @param {wire.Frame[]} frames @param {wire.Frame[]} [earlier] some of those before */
  apply(header, frames, earlier = []) {
    // Said before the server heard what to come back to: its beginning is not what is shown.
    if (header.opened && this.recallRequest) return;
    if (this.canRecall(header)) return this.recall();
    if (header.run !== this.run || header.epoch > this.epoch) {
      if (header.scene && !frames.length) return this.awaitRun(header);
      if (header.scene) return this.beginRun(header, frames, earlier);
      if (header.run !== this.run) return this.requestScene();
      return this.beginEpoch(header, frames);
    }
    if (header.epoch < this.epoch) return;
    if (header.scene) return this.reconcile(header, frames, earlier);
    if ("look" in header) return this.connection.settle(!header.look);
    if (this.connection.outdated) return this.connection.settle(header.state === "compiling");
    if (header.start !== this.playhead.buffer.last + 1) return;
    const waited = this.connection.secondsWaiting(performance.now());
    this.connection.settle(header.state === "compiling", header.calm?.rest);
    if (!this.matchesRequest(frames)) return;
    this.server = { state: header.state, text: header.text };
    this.playhead.add(header.start, frames);
    this.events.onFrames(frames.length, waited);
  }

  /**
   * Whether the server knows nothing of the run that is shown here, or was before the page was loaded again, but could
   * make it again.
   * @param {wire.Header} header
   */
  canRecall(header) {
    const { story, playhead, run, lastMoment } = this;
    if (!header.opened) return false;
    if (!run) return !!lastMoment;
    return header.run !== run && story && story.of === header.story.of && (playhead.frame?.step || 0) > 0;
  }

  /** Have the server come to the step that is shown, or was; the picture stays meanwhile. */
  recall() {
    const { story, step } = this.run
      ? { story: this.story, step: this.playhead.frame?.step }
      : /** @type {import("./moment.js").Moment} */ (this.lastMoment);
    this.recallRequest = { story, step, reloaded: !this.run };
    this.isAwaiting = true;
    this.server = { state: "returning", text: "" };
    this.connection.reset();
  }

  /**
   * Whether frames are what a single optimizer step asked for; older answers may still come in.
   * @param {wire.Frame[]} frames
   */
  matchesRequest(frames) {
    if (!this.requestedSteps || !frames.length) return true;
    const { buffer } = this.playhead;
    return frames.length === 1 && frames[0].step === buffer.frames[buffer.newest].step + this.requestedSteps;
  }

  /**
   * A run whose first picture is still being compiled: its network is shown, of which the old picture says nothing.
   * @param {wire.Header} header
   */
  awaitRun(header) {
    this.isAwaiting = true;
    const stays = this.recallRequest && this.run;
    if (header.scene.network && header.run !== this.run && !stays) this.outline(header);
    this.describedRun = header.run;
    this.server = { state: header.state, text: header.text };
    this.connection.settle(true);
    if (header.state === "failed") this.connection.backOff();
  }

  /** What the server is about to train; what was there before goes. @param {wire.Header} header */
  outline(header) {
    this.outlinedRun = header.run;
    this.story = null;
    this.playhead.reset(namesOf(header), header.scene.layers);
    this.events.onOutline(header);
  }

  /**
   * A run from its beginning, or what an empty stage needs.
   * @param {wire.Header} header
   * @param {wire.Frame[]} frames
   * @param {wire.Frame[]} earlier
   */
  beginRun(header, frames, earlier) {
    const first = !this.run;
    this.isAwaiting = false;
    this.outlinedRun = this.describedRun = "";
    this.recallRequest = null;
    this.wantsTranslation = false;
    this.run = header.run;
    this.epoch = header.epoch;
    this.server = { state: header.state, text: header.text };
    this.connection.reset();
    this.playhead.reset(namesOf(header), header.scene.layers, header.history);
    this.playhead.addEarlier(header.earlier || [], earlier);
    this.playhead.add(header.start, frames);
    this.events.onRun(header, first);
    this.lastMoment = null;
  }

  /**
   * A knob was turned: what was computed beyond the frame that is shown does not hold any more. Or something was
   * changed by hand, after the frame before those that come.
   * @param {wire.Header} header @param {wire.Frame[]} frames
   */
  beginEpoch(header, frames) {
    this.epoch = header.epoch;
    if (frames.length) this.playhead.moveTo(this.playhead.buffer.placeOf(header.start - 1));
    this.truncate();
    this.server = { state: "ready", text: "" };
    this.connection.reset();
    if (header.start === this.playhead.buffer.last + 1) this.playhead.add(header.start, frames);
    this.events.onEpoch(frames.length);
  }

  /**
   * The server cannot go on from the newest frame here, as when it answered twice, and told what it has. What both have
   * stays.
   * @param {wire.Header} header @param {wire.Frame[]} frames @param {wire.Frame[]} earlier
   */
  reconcile(header, frames, earlier) {
    const { buffer } = this.playhead;
    const theirs = header.start + frames.length - 1;
    // The page may have been drawn anew with its last message.
    if (!this.connection.askedAt && (buffer.last >= theirs || theirs < 0)) return;
    const place = buffer.placeOf(theirs);
    const newest = frames[frames.length - 1];
    const same = newest && buffer.indices[place] === theirs && buffer.frames[place].step === newest.step;
    if (!same || place < this.playhead.place) return this.beginRun(header, frames, earlier);
    this.connection.reset();
    this.truncate(place);
    this.server = { state: header.state, text: header.text };
    if (!this.wantsTranslation) return;
    this.wantsTranslation = false;
    this.events.onTranslation(header);
  }

  /** Forget the frames after a place, and what the server said of them. @param {number} [place] */
  truncate(place = this.playhead.place) {
    if (!this.playhead.truncate(place)) return;
    this.server = { state: "ready", text: "" };
    this.events.onTruncate();
  }
}

/** What the numbers of a run are called. @param {wire.Header} header @returns {import("./playhead.js").Names} */
const namesOf = ({ scalars, layer_scalars }) => ({ scalars, layer_scalars });
