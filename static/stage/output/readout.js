/** What is said of one sample: what the network answers, beside the target, so that the loss follows from the two. */
import { precise } from "../../lib/format.js";
import { joinItems } from "../../lib/i18n.js";

/**
 * @typedef {{value: number[], loss: number, error?: number}} Judged of one sample: what is shown of its output, its
 * loss, and of a regression its error
 * @typedef {{readout: string, classes: string[], target: {name: string, zero: number, one: number, deviation: number}}}
 * Scene what it takes of one
 */

/**
 * A sample's target in words.
 * @param {Scene} scene
 * @param {number} value class, or a regression's target from -1 to 1
 * @param {import("../../lib/i18n.js").Words["t"]} t
 */
export const truth = ({ classes, target }, value, t) =>
  classes.length
    ? classes[value]
    : t("{name} {value}", { name: target.name, value: precise(target.zero + target.one * value) });

/**
 * The answer and its loss, in words.
 * @param {Scene} scene
 * @param {number} value class, or a regression's target from -1 to 1
 * @param {Judged} judged
 * @param {import("../../lib/i18n.js").Words["t"]} t
 */
export function answer({ readout, classes, target }, value, judged, t) {
  const loss = precise(judged.loss);
  const outputs = judged.value;
  if (readout === "number") {
    const error = judged.error ?? NaN;
    const numbers = { output: precise(outputs[0]), error: precise(error), loss };
    if (target.deviation === 1) return t("predicted {output}, error {error}, loss {loss}", numbers);
    const deviations = precise(error / target.deviation);
    return t("predicted {output}, error {error} ({deviations} standard deviations), loss {loss}", {
      ...numbers,
      deviations,
    });
  }
  if (readout === "output" && outputs.length === 1) {
    const numbers = { output: precise(outputs[0]), target: value ? "1" : "−1", loss };
    return t("output {output}, target {target}, loss {loss}", numbers);
  }
  const name = classes[outputs.indexOf(Math.max(...outputs))];
  if (readout === "output") {
    const targets = outputs.map((_, k) => (k === value ? "1" : "−1"));
    const lists = {
      outputs: joinItems(
        t,
        outputs.map((v) => precise(v)),
      ),
      targets: joinItems(t, targets),
    };
    return t("predicted {name}, outputs {outputs}, targets {targets}, loss {loss}", { name, ...lists, loss });
  }
  const probability = precise(outputs[value]);
  const values = { name, target: classes[value], probability, loss };
  return t("predicted {name}, probability of {target} {probability}, loss {loss}", values);
}
