/** Above each layer: its number of units with minus and plus, its activation, and whether it learns. */
import { el, text } from "./dom.js";

const MOST_LAYERS = 8;
const MOST_UNITS = 64;

/**
 * @param {import("./words.js").Words} words @param {string} testid @param {string} sign @param {string} label @param {() => void} press
 */
export function small(words, testid, sign, label, press) {
  const made = el("button", "small", { type: "button", "data-testid": testid, "aria-label": words.t(label), title: words.t(label) });
  text(made, sign);
  made.addEventListener("click", press);
  return made;
}

export class Layers {
  /**
   * @param {import("./words.js").Words} words @param {(layer: number, name: string) => void} activate
   * @param {(by: number, layer: number|null) => void} resize one unit more or less in a layer, or one layer @param {(layer: number, on: boolean) => void} learn
   */
  constructor(words, activate, resize, learn) {
    this.words = words;
    this.resize = resize;
    this.activate = activate;
    this.learn = learn;
    this.element = el("div", "layers");
    this.count = el("span", "depth");
    /** @type {HTMLElement[]} */ this.heads = [];
    /** @type {HTMLButtonElement[]} */ this.locks = [];
  }

  /** Number of hidden layers, to stand beside the panel's name. */
  makeCount() {
    const { words } = this;
    const number = el("span", "count", { "aria-live": "polite" });
    this.number = number;
    this.fewer = small(words, "fewer-layers", "−", "One hidden layer less", () => this.resize(-1, null));
    this.more = small(words, "more-layers", "+", "One hidden layer more", () => this.resize(1, null));
    this.count.append(words.write(el("span", "label"), "hidden layers"), this.fewer, number, this.more);
    return this.count;
  }

  /** @param {Record<string, any>} network @param {number[]} centres of the columns @param {number} room width of a column @param {boolean} crowded whether a head takes three lines */
  show(network, centres, room, crowded) {
    const { words } = this;
    this.network = network;
    const { hidden, activations, choices, widths, shown } = network;
    text(/** @type {HTMLElement} */ (this.number), String(hidden.length));
    if (this.fewer) this.fewer.disabled = !hidden.length;
    if (this.more) this.more.disabled = hidden.length >= MOST_LAYERS;
    const depth = widths.length - 1;
    this.locks = [];
    this.heads = centres.map((_, column) => {
      const head = el("div", crowded ? "layer-head crowded" : "layer-head");
      const top = el("div", "row");
      const count = el("span", "count");
      if (column === 0) text(top, words.t("features"));
      else if (column === depth) text(top, words.t("output"));
      else {
        const i = column - 1;
        const fewer = small(words, `fewer-${i}`, "−", `One unit less in layer ${column}`, () => this.resize(-1, i));
        const more = small(words, `more-${i}`, "+", `One unit more in layer ${column}`, () => this.resize(1, i));
        fewer.disabled = hidden[i] <= 1;
        more.disabled = hidden[i] >= MOST_UNITS;
        text(count, String(hidden[i]));
        top.append(fewer, ...(crowded ? [] : [count]), more);
      }
      head.append(top);
      if (column > 0) head.append(...this.second(column - 1, depth, activations, choices, crowded ? count : null));
      if (widths[column] > shown[column]) {
        const rest = el("div", "rest");
        text(rest, crowded ? `+${widths[column] - shown[column]}` : `${widths[column] - shown[column]} ${words.t("more not drawn")}`);
        rest.title = `${widths[column] - shown[column]} ${words.t("more not drawn")}`;
        head.append(rest);
      }
      head.style.left = `${centres[column]}px`;
      head.style.width = `${room}px`;
      return head;
    });
    this.element.replaceChildren(...this.heads);
  }

  /**
   * The layer's activation and its lock; in two lines with the number of units where it is crowded.
   * @param {number} i @param {number} depth @param {string[]} activations @param {string[][]} choices @param {HTMLElement|null} count
   */
  second(i, depth, activations, choices, count) {
    const { words } = this;
    const row = el("div", "row");
    if (i < depth - 1) {
      const select = el("select", "activation", { "data-testid": `activation-${i}`, "aria-label": words.t(`Activation of layer ${i + 1}`), title: words.t(`Activation of layer ${i + 1}`) });
      for (const [name, label] of choices) {
        const option = el("option", "", { value: name });
        text(option, words.t(label));
        option.selected = name === activations[i];
        select.append(option);
      }
      select.addEventListener("change", () => {
        this.activate(i, select.value);
      });
      row.append(select);
    } else {
      const label = el("span", "label");
      text(label, words.t(choices.find(([name]) => name === activations[i])?.[1] || activations[i]));
      row.append(label);
    }
    const lock = small(words, `freeze-${i}`, "", "Freeze this layer: it keeps its weights while the others learn", () => this.learn(i, lock.getAttribute("aria-pressed") === "true"));
    lock.classList.add("lock");
    lock.setAttribute("aria-pressed", "false");
    this.locks.push(lock);
    if (!count) {
      row.append(lock);
      return [row];
    }
    const line = el("div", "row");
    line.append(count, lock);
    return [line, row];
  }

  /** @param {number[]} frozen layers */
  freeze(frozen) {
    this.locks.forEach((lock, i) => lock.setAttribute("aria-pressed", String(frozen.includes(i))));
  }
}
