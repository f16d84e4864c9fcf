/** The values under the pointer in a chart over steps. */
import { el, text } from "../lib/dom.js";
import { count, precise } from "../lib/format.js";

export class Crosshair {
  /** @param {HTMLElement} chart @param {import("../lib/i18n.js").Words} words */
  constructor(chart, words) {
    this.words = words;
    this.element = el("div", "crosshair", { "aria-hidden": "true" });
    this.tip = el("div", "tip");
    this.element.append(this.tip);
    chart.addEventListener("pointermove", (event) => {
      const box = chart.getBoundingClientRect();
      // It may be enlarged.
      const { offsetWidth: width } = chart;
      this.show(((event.clientX - box.left) * width) / box.width, width);
    });
    chart.addEventListener("pointerleave", () => this.hide());
  }

  /**
   * @param {import("./line-chart.js").Data} data
   * @param {(step: number) => number} x
   * @param {number} reach last step of the axis
   */
  use(data, x, reach) {
    this.data = data;
    this.x = x;
    this.reach = reach;
    this.hide();
  }

  hide() {
    this.element.style.visibility = "hidden";
  }

  /** @param {number} at in pixels from the chart's left @param {number} width of the chart */
  show(at, width) {
    const { data, x } = this;
    if (!data || !x || !data.steps.length) return;
    const row = nearest(data.steps, x, at);
    const { steps } = data;
    const { t } = this.words;
    const lines = [
      t("step {step}", { step: count(steps[row]) }),
      ...data.lines.map(({ name, values }) => t("{name} {value}", { name, value: precise(values[row]) })),
    ];
    while (this.tip.children.length < lines.length) this.tip.append(el("div"));
    [...this.tip.children].forEach((child, i) => {
      const item = /** @type {HTMLElement} */ (child);
      item.hidden = i >= lines.length;
      if (item.hidden) return;
      text(item, lines[i]);
      item.style.color = i ? `rgb(${data.lines[i - 1].colour})` : "";
    });
    const left = Math.round(x(steps[row]));
    this.element.style.transform = `translateX(${left}px)`;
    this.tip.classList.toggle("left", left > width / 2);
    this.element.style.visibility = "visible";
  }
}

/**
 * Row whose step is drawn nearest to a place.
 * @param {number[]} steps
 * @param {(step: number) => number} x
 * @param {number} at
 */
function nearest(steps, x, at) {
  let low = 0;
  let high = steps.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x(steps[middle]) < at) low = middle + 1;
    else high = middle;
  }
  return low > 0 && at - x(steps[low - 1]) < x(steps[low]) - at ? low - 1 : low;
}
