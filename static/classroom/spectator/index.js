/** Entry: the teacher's stage, as the students of a class see it. */
import { el } from "../../lib/dom.js";
import { mark, Words } from "../../lib/i18n.js";
import { mounter } from "../mount.js";
import { Poll } from "../poll.js";
import { Spectator } from "./spectator.js";

/** Milliseconds between two questions. */
const EVERY = 1000;

/** @typedef {{class: string, token: string, lang: string}} Lecture */

/** @typedef {import("../mount.js").Part<Lecture>} Part */
/** @implements {Part} */
class LectureStage {
  /** @param {ShadowRoot|HTMLElement} place */
  constructor(place) {
    this.words = new Words();
    this.waiting = this.words.write(el("p", "waiting", { role: "status" }), mark("Waiting for your teacher's stage…"));
    place.append(this.waiting);
    this.spectator = new Spectator(place);
    this.number = 0;
    this.token = "";
    /** @type {Poll|null} */ this.poll = null;
  }

  /** @param {import("../mount.js").Component<Lecture>} component */
  use({ data }) {
    this.spectator.readTheme();
    if (data.token === this.token) return;
    this.token = data.token;
    this.poll?.stop();
    this.poll = new Poll({
      ask: () => ["lecture", { since: this.number }],
      code: data.class,
      token: data.token,
      every: EVERY,
      take: (answer) => this.take(answer),
      lost: () => {}, // the page's own question finds out as well, and says it
    });
  }

  /** @param {Response} answer */
  async take(answer) {
    this.number = Number(answer.headers.get("X-Class-Number"));
    await this.spectator.accept(new Uint8Array(await answer.arrayBuffer()));
    this.waiting.hidden = true;
  }

  destroy() {
    this.poll?.stop();
    this.waiting.remove();
    this.spectator.destroy();
  }
}

export const mount = mounter((place) => new LectureStage(place));
