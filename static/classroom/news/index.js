/** Entry: a student's page asks whether there is anything to know of the class; it shows nothing itself. */
import { mounter } from "../mount.js";
import { Poll } from "../poll.js";

/** Milliseconds between two questions. */
const EVERY = 2000;

/**
 * ``news``: what the page knows; ``cookies``: what the browser is to remember, "" to forget; ``move``: another address
 * to go to.
 * @typedef {{class: string, token: string, news: string, cookies: Record<string, string>, move?: string}} News
 */
/** @typedef {import("../mount.js").Component<News>} Component */

/** @typedef {import("../mount.js").Part<News>} Part */
/** @implements {Part} */
class NewsPoll {
  constructor() {
    /** @type {Component|null} */ this.component = null;
    /** @type {Poll|null} */ this.poll = null;
    this.token = "";
  }

  /** @param {Component} component */
  use(component) {
    this.component = component;
    const { class: code, token, cookies, move } = component.data;
    for (const [name, value] of Object.entries(cookies)) remember(name, value);
    if (move) return location.replace(move);
    if (token === this.token) return;
    this.token = token;
    this.poll?.stop();
    this.poll = token
      ? new Poll({
          ask: () => ["news", {}],
          code,
          token,
          every: EVERY,
          take: this.take.bind(this),
          lost: () => this.tell("lost"),
        })
      : null;
  }

  /** @param {Response} answer */
  async take(answer) {
    const { news } = await answer.json();
    if (news !== this.component?.data.news) this.tell(news);
  }

  /** @param {string} news */
  tell(news) {
    this.component?.setTriggerValue("news", news);
  }

  destroy() {
    this.poll?.stop();
  }
}

/** Have the browser remember a value as long as it runs, or forget it. @param {string} name @param {string} value */
function remember(name, value) {
  const end = value ? "" : "; max-age=0";
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; path=/; SameSite=Lax${secure}${end}`;
}

export const mount = mounter(() => new NewsPoll());
