/**
 * Films of a canvas: by the browser's own encoder as WebM or MP4, by ours as a GIF. Bounded in pictures, time and
 * memory.
 */

import { mark } from "../../lib/i18n.js";

/** Pictures, milliseconds and bytes after which a film ends by itself. */
export const MAX_PICTURES = 1500;
export const MAX_MILLISECONDS = 120_000;
export const MAX_BYTES = 64e6;
/** Milliseconds between two pictures, and the longest that one of a GIF is shown. */
const VIDEO_EVERY = 40;
const GIF_EVERY = 80;
const GIF_LONGEST = 1000;
/** Milliseconds for which a GIF's last picture stays before it begins again. */
const GIF_END = 1500;
/** Pictures that may wait for the GIF's encoder: what comes while it has not kept up is left out. */
const MAX_WAITING = 3;
/** Milliseconds that the browser's encoder is given to deliver its first bytes: it starts late on a busy machine. */
const PATIENCE = 10_000;

/**
 * What a browser may encode, by what it is called: the cheapest first, since the film shares the machine with the
 * training.
 */
const VIDEOS = /** @type {Record<string, string[]>} */ ({
  webm: ["video/webm;codecs=vp8", "video/webm;codecs=vp9", "video/webm"],
  mp4: ["video/mp4;codecs=avc1.42E01E", "video/mp4;codecs=avc1", "video/mp4"],
});

/** @param {string} format */
const codec = (format) => (VIDEOS[format] || []).find((type) => window.MediaRecorder?.isTypeSupported(type));

/** The formats in which this browser can make a film: a GIF always. */
export const formats = () => [...Object.keys(VIDEOS).filter(codec), "gif"];

/**
 * A film that takes pictures of a canvas.
 * @typedef {object} Film
 * @property {number} every milliseconds between two pictures
 * @property {number} bytes so far
 * @property {(now: number) => void} add
 * @property {() => Promise<Blob>} finish
 * @property {() => void} cancel
 */

/** @param {string} format @param {HTMLCanvasElement} canvas @param {(error: Error) => void} failed @returns {Film} */
export function makeFilm(format, canvas, failed) {
  return format === "gif"
    ? new GifFilm(canvas, failed)
    : new VideoFilm(canvas, /** @type {string} */ (codec(format)), failed);
}

class VideoFilm {
  /** @param {HTMLCanvasElement} canvas @param {string} type @param {(error: Error) => void} failed */
  constructor(canvas, type, failed) {
    this.every = VIDEO_EVERY;
    this.bytes = 0;
    this.canvas = canvas;
    this.type = type;
    /** @type {Blob[]} */ this.parts = [];
    /** What waits for the first bytes. @type {(() => void)|undefined} */ this.delivered = undefined;
    this.stream = canvas.captureStream();
    this.recorder = new MediaRecorder(this.stream, { mimeType: type, videoBitsPerSecond: 6_000_000 });
    this.recorder.addEventListener("dataavailable", ({ data }) => {
      if (!data.size) return;
      this.parts.push(data);
      this.bytes += data.size;
      this.delivered?.();
    });
    this.recorder.addEventListener("error", () => failed(new Error(mark("The browser's encoder stopped."))));
    this.recorder.start(250);
  }

  /** The canvas is recorded by itself whenever it was drawn on. */
  add() {}

  async finish() {
    if (!this.parts.length) await this.first();
    await new Promise((resolve) => {
      this.recorder.addEventListener("stop", resolve);
      this.recorder.stop();
    });
    this.end();
    if (!this.parts.length) throw new Error(mark("The browser's encoder delivered nothing."));
    return new Blob(this.parts, { type: this.type.split(";")[0] });
  }

  /** Wait for the encoder's first bytes; it takes pictures only of a canvas that is drawn on. */
  async first() {
    const context = this.canvas.getContext("2d");
    const touch = setInterval(() => context?.drawImage(this.canvas, 0, 0), 50);
    await new Promise((resolve) => {
      this.delivered = () => resolve(undefined);
      setTimeout(resolve, PATIENCE);
    });
    clearInterval(touch);
  }

  cancel() {
    if (this.recorder.state !== "inactive") this.recorder.stop();
    this.end();
  }

  end() {
    for (const track of this.stream.getTracks()) track.stop();
  }
}

class GifFilm {
  /** @param {HTMLCanvasElement} canvas @param {(error: Error) => void} failed */
  constructor(canvas, failed) {
    this.every = GIF_EVERY;
    this.bytes = 0;
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
    this.waiting = 0;
    /**
     * The latest picture: how long it is shown is known when the next one comes.
     * @type {{rgba: ArrayBuffer, at: number}|null}
     */
    this.latest = null;
    this.worker = new Worker(new URL("./gif-worker.js", import.meta.url), { type: "module" });
    this.worker.postMessage({ width: canvas.width, height: canvas.height });
    this.worker.addEventListener("message", ({ data }) => {
      if (data.film) return this.done?.(data.film);
      this.waiting--;
      this.bytes = data.bytes;
    });
    this.worker.addEventListener("error", () => {
      const error = new Error(mark("The GIF's encoder could not run."));
      this.broken?.(error);
      failed(error);
    });
  }

  /** @param {number} now milliseconds */
  add(now) {
    if (this.waiting >= MAX_WAITING) return;
    this.send(this.latest ? now - this.latest.at : 0);
    const { width, height } = this.canvas;
    this.latest = { rgba: this.context.getImageData(0, 0, width, height).data.buffer, at: now };
  }

  /** @param {number} shown milliseconds for which the latest picture was shown */
  send(shown) {
    if (!this.latest) return;
    const { rgba } = this.latest;
    this.waiting++;
    this.worker.postMessage({ rgba, delay: Math.min(GIF_LONGEST, shown) / 10 }, [rgba]);
    this.latest = null;
  }

  /** @returns {Promise<Blob>} */
  async finish() {
    if (this.latest) {
      this.waiting++;
      this.worker.postMessage({ rgba: this.latest.rgba, delay: GIF_END / 10 }, [this.latest.rgba]);
    }
    try {
      return await new Promise((resolve, reject) => {
        this.done = resolve;
        this.broken = reject;
        this.worker.postMessage({ finish: true });
      });
    } finally {
      this.cancel();
    }
  }

  cancel() {
    this.worker.terminate();
  }
}
