/** Looking over a student's shoulder: the whole stage, read only; the student is told. */
import { el, text } from "../../lib/dom.js";
import { mark, Words } from "../../lib/i18n.js";
import { Poll } from "../poll.js";
import { Spectator } from "../spectator/spectator.js";

/** Milliseconds between two questions. */
const EVERY = 2000;

export class Look {
  /**
   * @param {import("../../lib/i18n.js").Words} words
   * @param {import("./gallery.js").Act} act
   * @param {() => void} close
   */
  constructor(words, act, close) {
    this.words = words;
    this.act = act;
    this.seat = 0;
    /** @type {Poll|null} */ this.poll = null;
    /** @type {Spectator|null} */ this.spectator = null;
    this.element = words.label(el("section", "look", { tabindex: "-1" }), mark("A student's stage"));
    this.title = el("h2");
    this.told = words.write(el("span", "hint"), mark("The student is told that you look."));
    this.pick = this.makeButton(mark("Add to the gallery"), () => act("pick", { number: this.seat }));
    this.remove = this.makeButton(mark("Remove from the class"), () => this.confirm());
    const leave = this.makeButton(mark("Back to the wall"), close);
    const head = el("div", "look-head");
    head.append(leave, this.title, this.told, this.pick, this.remove);
    this.waiting = words.write(el("p", "hint", { role: "status" }), mark("Waiting for this student's stage…"));
    this.place = el("div", "look-stage");
    this.element.append(head, this.waiting, this.place);
    this.element.hidden = true;
    this.close = close;
  }

  /** @param {string} label @param {() => void} press */
  makeButton(label, press) {
    const button = this.words.write(el("button", "action", { type: "button" }), label);
    button.addEventListener("click", press);
    return button;
  }

  /** Have the student leave, at the second press. */
  confirm() {
    if (!this.isAsked) {
      this.isAsked = true;
      text(this.remove, this.words.t("Press again to remove {name}", { name: this.title.textContent || "" }));
      return;
    }
    this.act("remove", { number: this.seat });
    this.close();
  }

  /** @param {number} seat @param {string} nickname @param {{class: string, token: string}} of */
  open(seat, nickname, { class: code, token }) {
    this.stop();
    this.seat = seat;
    this.isAsked = false;
    text(this.title, nickname);
    text(this.remove, this.words.t("Remove from the class"));
    this.element.hidden = false;
    this.waiting.hidden = false;
    let since = 0;
    this.poll = new Poll({
      ask: () => ["look", { seat, since }],
      code,
      token,
      every: EVERY,
      take: async (answer) => {
        since = Number(answer.headers.get("X-Class-Number"));
        const data = new Uint8Array(await answer.arrayBuffer());
        if (this.seat !== seat) return;
        this.spectator ??= new Spectator(this.place);
        this.waiting.hidden = true;
        await this.spectator.accept(data);
      },
      lost: () => this.close(), // the student has left
    });
    this.element.focus({ preventScroll: true });
    this.element.scrollIntoView({ block: "nearest" });
  }

  stop() {
    this.seat = 0;
    this.poll?.stop();
    this.poll = null;
    this.spectator?.destroy();
    this.spectator = null;
    this.element.hidden = true;
  }

  /** @param {Words} [_words] */
  readTheme(_words) {
    this.spectator?.readTheme();
  }
}
