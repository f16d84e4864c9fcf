/** Above each layer: its number of units with minus and plus, its activation, and whether it learns. */
import { el, text } from "../../lib/dom.js";
import { mark } from "../../lib/i18n.js";

const MOST_LAYERS = 8;
const MOST_UNITS = 64;

/**
 * @param {import("../../lib/i18n.js").Words} words
 * @param {string} testid
 * @param {string} sign
 * @param {string} label
 * @param {() => void} press
 * @param {import("../../lib/i18n.js").Values} [values] of the label
 */
export function small(words, testid, sign, label, press, values) {
  const element = words.label(el("button", "small", { type: "button", "data-testid": testid }), label, true, values);
  words.write(element, sign);
  element.addEventListener("click", press);
  return element;
}

export class LayerHeads {
  /**
   * @param {import("../../lib/i18n.js").Words} words @param {(layer: number, name: string) => void} activate
   * @param {(by: number, layer: number|null) => void} resize one unit more or less in a layer, or one layer
   * @param {(layer: number, on: boolean) => void} learn
   */
  constructor(words, activate, resize, learn) {
    this.words = words;
    this.resize = resize;
    this.activate = activate;
    this.learn = learn;
    this.element = el("div", "layers");
    this.count = el("span", "depth");
    /** What the heads were made for. */
    this.shape = "";
    /** @type {HTMLElement[]} */ this.heads = [];
    /** @type {HTMLButtonElement[]} */ this.locks = [];
  }

  /** Number of hidden layers, to stand beside the panel's name. */
  makeCount() {
    const { words } = this;
    const number = el("span", "count", { "aria-live": "polite" });
    this.number = number;
    this.fewerButton = small(words, "fewer-layers", "−", mark("One hidden layer less"), () => this.resize(-1, null));
    this.moreButton = small(words, "more-layers", "+", mark("One hidden layer more"), () => this.resize(1, null));
    this.count.append(
      words.write(el("span", "label"), mark("hidden layers")),
      this.fewerButton,
      number,
      this.moreButton,
    );
    return this.count;
  }

  /**
   * Heads of as many layers as before stay the elements that they are: a press that is under way when a new network
   * comes is not lost, nor the focus.
   * @param {import("../../live/types.js").NetworkScene} network
   * @param {number[]} centres of the columns
   * @param {number} room width of a column
   * @param {boolean} crowded whether a head takes three lines
   */
  show(network, centres, room, crowded) {
    const { hidden, choices } = network;
    this.network = network;
    text(/** @type {HTMLElement} */ (this.number), String(hidden.length));
    if (this.fewerButton) this.fewerButton.disabled = !hidden.length;
    if (this.moreButton) this.moreButton.disabled = hidden.length >= MOST_LAYERS;
    const shape = [centres.length, crowded, ...choices.flat()].join();
    if (shape !== this.shape) {
      this.shape = shape;
      this.locks = [];
      this.heads = centres.map((_, column) => this.makeHead(column, centres.length - 1, choices, crowded));
      this.element.replaceChildren(...this.heads);
    }
    this.heads.forEach((head, column) => {
      head.style.left = `${centres[column]}px`;
      head.style.width = `${room}px`;
      this.update(head, column, crowded);
    });
  }

  /**
   * @param {number} column
   * @param {number} depth the output's column
   * @param {string[][]} choices of activations
   * @param {boolean} crowded
   */
  makeHead(column, depth, choices, crowded) {
    const { words } = this;
    const head = el("div", crowded ? "layer-head crowded" : "layer-head");
    const top = el("div", "row");
    const count = el("span", "count");
    if (column === 0) words.write(top, mark("features"));
    else if (column === depth) words.write(top, mark("output"));
    else {
      const i = column - 1;
      const layer = { layer: column };
      const [less, more] = [mark("One unit less in layer {layer}"), mark("One unit more in layer {layer}")];
      const fewer = small(words, `fewer-${i}`, "−", less, () => this.resize(-1, i), layer);
      const adding = small(words, `more-${i}`, "+", more, () => this.resize(1, i), layer);
      top.append(fewer, ...(crowded ? [] : [count]), adding);
    }
    head.append(top);
    if (column > 0) head.append(...this.second(column - 1, depth, choices, crowded ? count : null));
    head.append(el("div", "rest"));
    return head;
  }

  /**
   * Have a head say what the network is now.
   * @param {HTMLElement} head
   * @param {number} column
   * @param {boolean} crowded
   */
  update(head, column, crowded) {
    const { hidden, activations, choices, widths, shown } = /** @type {import("../../live/types.js").NetworkScene} */ (
      this.network
    );
    const i = column - 1;
    const count = head.querySelector(".count");
    if (count && i < hidden.length) text(/** @type {HTMLElement} */ (count), String(hidden[i]));
    const [fewer, adding] = ["fewer", "more"].map(
      (name) => /** @type {HTMLButtonElement|null} */ (head.querySelector(`[data-testid^="${name}-"]`)),
    );
    if (fewer) fewer.disabled = hidden[i] <= 1;
    if (adding) adding.disabled = hidden[i] >= MOST_UNITS;
    const select = head.querySelector("select");
    if (select) select.value = activations[i];
    const name = head.querySelector(".label");
    if (name)
      text(
        /** @type {HTMLElement} */ (name),
        choices.find((/** @type {string[]} */ [key]) => key === activations[i])?.[1] || activations[i],
      );
    const rest = /** @type {HTMLElement} */ (head.querySelector(".rest"));
    const missing = widths[column] - shown[column];
    rest.title = missing > 0 ? this.words.n("{count} more not drawn", "{count} more not drawn", missing) : "";
    text(rest, missing > 0 && crowded ? `+${missing}` : rest.title);
  }

  /**
   * The layer's activation and its lock; in two lines with the number of units where it is crowded.
   * @param {number} i @param {number} depth @param {string[][]} choices @param {HTMLElement|null} count
   */
  second(i, depth, choices, count) {
    const { words } = this;
    const row = el("div", "row");
    if (i < depth - 1) {
      const select = el("select", "activation", { "data-testid": `activation-${i}` });
      words.label(select, mark("Activation of layer {layer}"), true, { layer: i + 1 });
      for (const [name, label] of choices) {
        const option = el("option", "", { value: name });
        text(option, label);
        select.append(option);
      }
      select.addEventListener("change", () => this.activate(i, select.value));
      row.append(select);
    } else row.append(el("span", "label"));
    const freeze = mark("Freeze this layer: it keeps its weights while the others learn");
    const lock = small(words, `freeze-${i}`, "", freeze, () =>
      this.learn(i, lock.getAttribute("aria-pressed") === "true"),
    );
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
