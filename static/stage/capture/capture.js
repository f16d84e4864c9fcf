/** The stage as a picture or a film: what is on the screen, drawn once more on one canvas, in the browser. */
import { button } from "../../lib/widgets.js";
import { drawStage } from "./drawing.js";
import { attribute, el, text } from "../../lib/dom.js";
import { mark } from "../../lib/i18n.js";
import { fixed } from "../../lib/format.js";
import { formats, makeFilm, MAX_BYTES, MAX_MILLISECONDS, MAX_PICTURES } from "./film.js";

/** Pixels of a film for one of CSS; of a picture it is chosen. */
const FILM_SCALE = 1;
/** A canvas of more pixels than this is refused by some browsers. */
const MAX_PIXELS = 100e6;

/** @typedef {{scale: number, white: boolean, format: string}} Options */

/**
 * @typedef {object} Stage
 * @property {() => string} name of the file
 * @property {() => void} start
 * @property {() => import("./drawing.js").Words} words
 * @property {(white: boolean, density: number, work: () => void) => void} render
 * @property {(on: boolean) => void} wearWhite
 * name: of the file without its end; start: have it play; words: above the picture; render: have the stage look as it
 * should for a moment;
 *          wearWhite: have it look so until it is said otherwise
 */

export class Capture {
  /** @param {import("../../lib/i18n.js").Words} words @param {HTMLElement} root @param {Stage} stage */
  constructor(words, root, stage) {
    this.words = words;
    this.root = root;
    this.stage = stage;
    /** @type {Options} */ this.options = { scale: 2, white: true, format: formats()[0] };
    this.element = el("span", "capture");
    this.film = button(words, "film", mark("Film the training: press again to save it"), () =>
      this.recording ? this.finish() : this.begin(),
    );
    this.film.setAttribute("aria-pressed", "false");
    this.sentence = el("span", "", { role: "status", "data-testid": "film-said" });
    this.cancelling = words.write(
      el("button", "small wide", { type: "button", "data-testid": "film-cancel" }),
      mark("Cancel"),
    );
    this.cancelling.addEventListener("click", () => this.cancel());
    this.status = el("div", "film-status");
    this.status.hidden = true;
    this.status.append(this.sentence, this.cancelling);
    this.element.append(
      button(words, "picture", mark("Save the stage as a picture"), () => this.picture()),
      this.film,
      this.status,
    );
  }

  picture() {
    const { words } = this;
    const canvas = document.createElement("canvas");
    const { scale, white } = this.options;
    this.stage.render(white, scale, () => drawStage(this.root, canvas, scale, this.stage.words()));
    canvas.toBlob(
      (blob) =>
        blob
          ? save(blob, `${this.stage.name()}.png`)
          : this.showStatus(words.t("The browser could not make a picture of this size: choose the smaller one.")),
      "image/png",
    );
    canvas.width * canvas.height > MAX_PIXELS &&
      this.showStatus(words.t("This picture is very large: the smaller size may be wiser."));
  }

  begin() {
    const { white, format } = this.options;
    const canvas = document.createElement("canvas");
    canvas.getContext("2d", { willReadFrequently: format === "gif" });
    this.canvas = canvas;
    this.stage.wearWhite(white);
    try {
      this.draw(false);
      this.recording = makeFilm(format, canvas, (error) => this.fail(error));
    } catch (error) {
      return this.fail(/** @type {Error} */ (error));
    }
    this.pictures = 0;
    this.began = performance.now();
    this.drawnAt = -Infinity;
    this.ending = setTimeout(() => this.finish(), MAX_MILLISECONDS);
    this.progressTimer = setInterval(() => this.showProgress(), 250);
    attribute(this.film, "aria-pressed", "true");
    this.cancelling.hidden = false;
    this.paint();
    this.showProgress();
    this.stage.start();
  }

  /** A frame was painted: the film takes it. */
  paint() {
    const { recording } = this;
    const now = performance.now();
    if (!recording || this.saving || now - (this.drawnAt ?? 0) < recording.every) return;
    this.drawnAt = now;
    this.draw(true);
    recording.add(now);
    this.pictures = (this.pictures || 0) + 1;
    if (this.pictures >= MAX_PICTURES || recording.bytes > MAX_BYTES) this.finish();
  }

  /** Save what was filmed. */
  async finish() {
    const { recording } = this;
    if (!recording || this.saving) return;
    this.saving = true;
    this.showStatus(this.words.t("The film is being put together…"));
    try {
      const blob = await recording.finish();
      if (this.recording !== recording) return;
      save(blob, `${this.stage.name()}.${blob.type.split("/")[1]}`);
      this.end("");
    } catch (error) {
      this.fail(/** @type {Error} */ (error));
    }
  }

  cancel() {
    this.recording?.cancel();
    this.end("");
  }

  /** @param {Error} error */
  fail(error) {
    this.recording?.cancel();
    const { t } = this.words;
    const reason = t(error.message);
    this.end(t("No film could be made. {reason} Another format may work: it is chosen in the menu.", { reason }));
  }

  /** @param {string} sentence to be read afterwards */
  end(sentence) {
    clearTimeout(this.ending);
    clearInterval(this.progressTimer);
    this.recording = undefined;
    this.canvas = undefined;
    this.saving = false;
    this.stage.wearWhite(false);
    attribute(this.film, "aria-pressed", "false");
    this.cancelling.hidden = true;
    this.showStatus(sentence);
  }

  /** How far the film is. */
  showProgress() {
    const { recording, pictures = 0, began = 0 } = this;
    if (!recording || this.saving) return;
    const seconds = Math.floor((performance.now() - began) / 1000);
    const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    const values = { clock, size: fixed(recording.bytes / 1e6, 1) };
    this.showStatus(
      this.words.n("{clock} · {count} picture · {size} MB", "{clock} · {count} pictures · {size} MB", pictures, values),
    );
  }

  /** @param {string} sentence */
  showStatus(sentence) {
    text(this.sentence, sentence);
    this.status.hidden = !sentence;
    clearTimeout(this.hiding);
    if (sentence && !this.recording) this.hiding = setTimeout(() => this.showStatus(""), 12_000);
  }

  /** @param {boolean} same size as before */
  draw(same) {
    const { canvas } = this;
    if (canvas) drawStage(this.root, canvas, FILM_SCALE, this.stage.words(), same);
  }
}

/** @param {Blob} blob @param {string} name */
function save(blob, name) {
  const link = el("a", "", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
