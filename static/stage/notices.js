/** What to notice: calm sentences on what goes wrong, each with what would help at one click; at most two at a time. */
import { panel } from "./controls.js";
import { el, text } from "./dom.js";
import { linkTerms } from "./terms.js";

const MOST = 2;

export class Notices {
  /**
   * @param {import("./words.js").Words} words @param {(name: string, data?: Record<string, unknown>) => void} command
   * @param {HTMLElement|null} invitation what a first visit begins with
   */
  constructor(words, command, invitation) {
    this.words = words;
    this.invitation = invitation;
    this.command = command;
    this.list = el("div", "notices", { role: "status", "data-testid": "notices" });
    this.panel = panel(words, "notice", "What to notice", [], this.list);
    this.key = "";
    this.show([]);
  }

  /** @param {{name: string, sentence: string, terms?: Record<string, string>, remedies: {label: string, changes: Record<string, unknown>, step: number|null}[]}[]} notices */
  show(notices) {
    const key = JSON.stringify(notices);
    if (key === this.key) return;
    this.key = key;
    const { t } = this.words;
    if (!notices.length) {
      const calm = el("p", "calm");
      text(calm, t("Nothing unusual. Hover a unit to see its map large; click a link to set its weight; go back on the time line and branch."));
      return this.list.replaceChildren(...(this.invitation ? [this.invitation] : []), calm);
    }
    this.list.replaceChildren(
      ...notices.slice(0, MOST).map(({ name, sentence, remedies, terms }) => {
        const made = el("div", "trouble", { "data-notice": name });
        const said = el("p");
        linkTerms(said, sentence, terms || {});
        made.append(said);
        for (const { label, changes, step } of remedies) {
          const press = el("button", "remedy", { type: "button" });
          text(press, label);
          press.addEventListener("click", () => this.command("cure", { changes, ...(step === null ? {} : { step }) }));
          made.append(press);
        }
        return made;
      }),
    );
  }
}
