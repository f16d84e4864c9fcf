/** The stage as a picture or a film: what is on the screen, drawn once more on one canvas, in the browser. */
import { button } from "./controls.js";
import { attribute, el } from "./dom.js";

/** What is drawn: what moves and what it is called; buttons and sliders are left out. */
const DRAWN = ".numbers, .panel:not(.notice):not(.gone)";
const LEFT_OUT = "button:not(.node), select, input, .toggle, .tools, .depth, .card, .unseen, .painting, .gone, .layer-head .row:first-child";
/** Pixels of the picture for one of CSS; a film has as many as the screen. */
const SHARP = 2;
/** Milliseconds between two pictures of a film, and the longest film. */
const BETWEEN = 40;
const LONGEST = 120_000;
/** Milliseconds that a film pressed off at once waits for its first picture: the encoder starts late on a busy machine. */
const PATIENCE = 10_000;
/** The cheapest to encode first: the film shares the machine with the training. */
const FORMATS = ["video/webm;codecs=vp8", "video/webm;codecs=vp9", "video/webm", "video/mp4"];

export class Capture {
  /** @param {import("./words.js").Words} words @param {HTMLElement} root @param {() => string} name of the file without its end @param {() => void} start have it play */
  constructor(words, root, name, start) {
    this.root = root;
    this.name = name;
    this.start = start;
    this.title = "";
    this.element = el("span", "capture");
    this.film = button(words, "film", "Film the training: press again to save it", () => (this.recorder ? this.finish() : this.begin()));
    this.film.setAttribute("aria-pressed", "false");
    this.element.append(button(words, "picture", "Save the stage as a picture", () => this.picture()), this.film);
  }

  picture() {
    const canvas = document.createElement("canvas");
    this.draw(canvas, SHARP);
    canvas.toBlob((blob) => blob && save(blob, `${this.name()}.png`), "image/png");
  }

  begin() {
    const format = FORMATS.find((one) => window.MediaRecorder?.isTypeSupported(one));
    if (!format) return this.film.setAttribute("title", "This browser cannot record films.");
    this.canvas = document.createElement("canvas");
    this.draw(this.canvas, 1);
    /** @type {Blob[]} */ const parts = [];
    const recorder = new MediaRecorder(this.canvas.captureStream(), { mimeType: format, videoBitsPerSecond: 6_000_000 });
    recorder.addEventListener("dataavailable", ({ data }) => data.size && parts.push(data));
    recorder.addEventListener("stop", () => !parts.length ? this.film.setAttribute("title", "This browser recorded nothing: press to try again.") : save(new Blob(parts, { type: format.split(";")[0] }), `${this.name()}.${format.includes("webm") ? "webm" : "mp4"}`));
    recorder.start(250);
    this.recorder = recorder;
    this.parts = parts;
    this.drawnAt = 0;
    this.ending = setTimeout(() => this.finish(), LONGEST);
    attribute(this.film, "aria-pressed", "true");
    this.start();
  }

  /** Stop once there is something to save. @param {number} [patience] milliseconds */
  finish(patience = PATIENCE) {
    clearTimeout(this.ending);
    const { recorder, canvas } = this;
    if (!recorder || !canvas) return;
    if (!this.parts?.length && patience > 0) {
      this.draw(canvas, 1, true);
      this.ending = setTimeout(() => this.finish(patience - 100), 100);
      return;
    }
    recorder.stop();
    this.recorder = undefined;
    attribute(this.film, "aria-pressed", "false");
  }

  /** A frame was painted: the film takes it. */
  paint() {
    if (!this.recorder || !this.canvas || performance.now() - (this.drawnAt || 0) < BETWEEN) return;
    this.drawnAt = performance.now();
    this.draw(this.canvas, 1, true);
  }

  /** @param {HTMLCanvasElement} canvas @param {number} scale @param {boolean} [same] */
  draw(canvas, scale, same) {
    draw(this.root, this.title, canvas, scale, same);
  }
}

/** @param {Blob} blob @param {string} name */
function save(blob, name) {
  const link = el("a", "", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/**
 * Draw what is seen of the stage. @param {HTMLElement} root @param {string} title in place of the buttons @param {HTMLCanvasElement} canvas @param {number} scale pixels for one of CSS
 * @param {boolean} [same] size as before
 */
export function draw(root, title, canvas, scale, same = false) {
  const whole = root.getBoundingClientRect();
  if (!same) {
    // Films want even sides.
    canvas.width = 2 * Math.ceil((whole.width * scale) / 2);
    canvas.height = 2 * Math.ceil((whole.height * scale) / 2);
  }
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(scale, 0, 0, scale, -whole.left * scale, -whole.top * scale);
  context.fillStyle = getComputedStyle(root).getPropertyValue("--ground");
  context.fillRect(whole.left, whole.top, canvas.width / scale, canvas.height / scale);
  context.fillStyle = getComputedStyle(root).color;
  context.font = `600 14px ${getComputedStyle(root).fontFamily}`;
  context.fillText(title, whole.left + 12, whole.top + 100, whole.width - 24);
  for (const part of root.querySelectorAll(DRAWN)) drawElement(context, /** @type {HTMLElement} */ (part));
}

/** @param {CanvasRenderingContext2D} context @param {HTMLElement} element */
function drawElement(context, element) {
  if (element.matches(LEFT_OUT)) return;
  const box = element.getBoundingClientRect();
  if (!box.width && !box.height) return;
  const style = getComputedStyle(element);
  if (style.visibility === "hidden" || style.display === "none") return;
  if (element instanceof HTMLCanvasElement) {
    if (element.width && element.height) context.drawImage(element, box.left, box.top, box.width, box.height);
    return;
  }
  drawBox(context, box, style, element);
  for (const child of element.childNodes) {
    if (child instanceof HTMLElement) drawElement(context, child);
    else if (child.nodeType === Node.TEXT_NODE && child.textContent?.trim()) drawText(context, /** @type {Text} */ (child), style);
  }
}

/** A ground, a bar of colours, or a unit's frame. @param {CanvasRenderingContext2D} context @param {DOMRect} box @param {CSSStyleDeclaration} style @param {HTMLElement} element */
function drawBox(context, box, style, element) {
  const stops = style.backgroundImage.match(/rgba?\([^)]*\)/g);
  if (stops && stops.length > 1) {
    const ramp = context.createLinearGradient(box.left, 0, box.right, 0);
    stops.forEach((stop, i) => ramp.addColorStop(i / (stops.length - 1), stop));
    context.fillStyle = ramp;
  } else context.fillStyle = style.backgroundColor;
  context.fillRect(box.left, box.top, box.width, box.height);
  if (!element.matches(".node")) return;
  context.strokeStyle = style.borderColor;
  context.lineWidth = 1;
  context.setLineDash(style.borderStyle === "dashed" ? [3, 2] : []);
  context.beginPath();
  context.roundRect(box.left, box.top, box.width, box.height, 7);
  context.stroke();
  context.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} context @param {Text} node @param {CSSStyleDeclaration} style */
function drawText(context, node, style) {
  const range = document.createRange();
  range.selectNodeContents(node);
  const lines = range.getClientRects();
  context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.fillStyle = style.color;
  context.textBaseline = "middle";
  context.textAlign = "left";
  const put = (/** @type {string} */ said, /** @type {DOMRect} */ at) => context.fillText(said, at.left, at.top + at.height / 2);
  if (lines.length < 2) return lines[0] && put(node.data.trim(), lines[0]);
  for (const word of node.data.matchAll(/\S+/g)) {
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    put(word[0], range.getBoundingClientRect());
  }
}
