/** One student on the wall: the picture, the loss, and how it goes. */
import { attribute, el, text } from "../../lib/dom.js";
import { count, precise } from "../../lib/format.js";
import { mark } from "../../lib/i18n.js";
import { SmallPicture } from "./picture.js";
import { paintCurve } from "./sparkline.js";
import { Surface } from "../../lib/canvas.js";

/** After so many seconds without progress it is said in a stronger colour. */
const LONG = 60;

/**
 * @typedef {import("./picture.js").Picture & {seat: number, nickname: string, away: boolean, idle: number,
 * shared: boolean, watched: boolean, title?: string, state?: string, done?: boolean, step?: number, train?:
 * number|null, test?: number|null, metric?: number|null, rate?: number, lesson?: {title: string, step: number, steps:
 * number}|null}} Student
 */

/** How long ago, in words. @param {import("../../lib/i18n.js").Words} words @param {number} seconds */
export function agoWords(words, seconds) {
  if (seconds < 6) return words.t("improving");
  if (seconds < 100) return words.t("still for {seconds} s", { seconds });
  return words.t("still for {minutes} min", { minutes: Math.round(seconds / 60) });
}

/** How it goes, in a word; "" where there is nothing to say. @param {Student} student */
export function stateOf(student) {
  if (student.away) return mark("away");
  if (student.state === undefined) return mark("no stage yet");
  if (student.state === "diverged") return mark("diverged");
  if (student.state === "failed") return mark("stopped");
  if (student.done) return mark("solved");
  return "";
}

export class Tile {
  /** @param {import("../../lib/i18n.js").Words} words @param {() => void} press */
  constructor(words, press) {
    this.words = words;
    this.element = el("button", "tile", { type: "button" });
    this.element.addEventListener("click", press);
    this.picture = new SmallPicture();
    this.curve = new Surface();
    /** @type {(number|null)[]} */ this.losses = [];
    this.name = el("span", "name");
    this.badge = el("span", "badge");
    this.shared = words.write(el("span", "badge shared"), mark("shared"));
    this.loss = el("span", "loss");
    this.note = el("span", "note");
    const head = el("span", "head");
    head.append(this.name, this.shared, this.badge);
    const numbers = el("span", "numbers");
    numbers.append(this.loss, this.curve.element);
    this.element.append(this.picture.element, head, numbers, this.note);
    this.side = 0;
  }

  /** @param {Student} student @param {import("../../lib/theme.js").Theme} theme */
  show(student, theme) {
    const { words } = this;
    const state = stateOf(student);
    text(this.name, student.nickname);
    text(this.badge, state && words.t(state));
    this.badge.hidden = !state;
    this.shared.hidden = !student.shared;
    const loss = student.test ?? NaN;
    const step = student.step ?? 0;
    text(this.loss, student.state === undefined ? "" : words.t("test {loss}", { loss: precise(loss) }));
    const ago = student.state === undefined ? "" : agoWords(words, student.idle);
    const where = student.lesson ? lessonWords(words, student.lesson) : words.t("step {step}", { step: count(step) });
    text(this.note, student.state === undefined ? "" : words.t("{where} · {ago}", { where, ago }));
    const { classList } = this.element;
    classList.toggle("away", student.away);
    classList.toggle("trouble", student.state === "diverged" || student.state === "failed");
    classList.toggle("long", !student.done && !student.away && student.idle >= LONG);
    classList.toggle("solved", !!student.done);
    classList.toggle("watched", student.watched);
    const parts = [student.nickname, state && words.t(state), this.loss.textContent, this.note.textContent];
    attribute(this.element, "aria-label", parts.filter(Boolean).join(", "));
    if (student.curve) this.losses = student.curve;
    if (this.picture.take(student)) this.paint(this.side, theme);
  }

  /** @param {number} side of the picture, in CSS pixels @param {import("../../lib/theme.js").Theme} theme */
  paint(side, theme) {
    this.side = side;
    if (!side) return;
    this.picture.paint(side, theme);
    paintCurve(this.curve, this.losses, Math.max(30, Math.round(side * 0.34)), 18, theme);
  }
}

/** @param {import("../../lib/i18n.js").Words} words @param {{step: number, steps: number}} lesson */
function lessonWords(words, { step, steps }) {
  if (step >= steps) return words.t("lesson finished");
  return words.t("lesson step {step} of {steps}", { step: step + 1, steps });
}
