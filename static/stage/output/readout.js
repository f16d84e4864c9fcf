/** What is said of one sample: what the network answers, beside the target, so that the loss follows from the two. */
import { precise } from "../../lib/format.js";

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
 */
export const truth = ({ classes, target }, value) =>
  classes.length ? classes[value] : `${target.name} ${precise(target.zero + target.one * value)}`;

/**
 * The answer and its loss, in words.
 * @param {Scene} scene
 * @param {number} value class, or a regression's target from -1 to 1
 * @param {Judged} judged
 * @param {(key: string) => string} t
 */
export function answer({ readout, classes, target }, value, judged, t) {
  const loss = `${t("loss")} ${precise(judged.loss)}`;
  const outputs = judged.value;
  if (readout === "number") {
    const error = judged.error ?? NaN;
    const scaled = target.deviation === 1 ? "" : ` (${precise(error / target.deviation)} ${t("standard deviations")})`;
    return `${t("predicted")} ${precise(outputs[0])}, ${t("error")} ${precise(error)}${scaled}, ${loss}`;
  }
  if (readout === "output" && outputs.length === 1)
    return `${t("output")} ${precise(outputs[0])}, ${t("target")} ${value ? "1" : "−1"}, ${loss}`;
  const likeliest = classes[outputs.indexOf(Math.max(...outputs))];
  if (readout === "output")
    return (
      `${t("predicted")} ${likeliest}, ${t("outputs")} ${outputs.map((v) => precise(v)).join(", ")}, ${t("targets")} ` +
      `${outputs.map((_, k) => (k === value ? "1" : "−1")).join(", ")}, ${loss}`
    );
  return `${t("predicted")} ${likeliest}, ${t("probability of")} ${classes[value]} ${precise(outputs[value])}, ${loss}`;
}
