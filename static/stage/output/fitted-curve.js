/** The fitted curve of a network with one input: its line, from a map whose cells lie along the input. */
import { css } from "../../lib/theme.js";

/** In a map: what 0 is, and what 1 is beyond it. */
const ZERO = 128;
const ONE = 127;

/**
 * The curve's places, finer than the map's levels: it passes a step between two levels half-way, and turns in the
 * middle of a level.
 * @param {Uint8Array} map values from 1 (-1) over 128 (0) to 255 (1), along x
 * @returns {number[][]} [share of the width, value from -1 to 1]
 */
export function placesOf(map) {
  const value = (/** @type {number} */ level) => (level - ZERO) / ONE;
  const at = (/** @type {number} */ cell) => cell / map.length;
  /** @type {number[][]} */ const places = [[at(0.5), value(map[0])]];
  let start = 0;
  let rose = 0;
  for (let i = 1; i <= map.length; i++) {
    const step = i < map.length ? map[i] - map[i - 1] : 0;
    if (!step && i < map.length) continue;
    if (step * rose < 0) places.push([at((start + i) / 2), value(map[i - 1])]);
    if (i === map.length) break;
    if (Math.abs(step) === 1) places.push([at(i), value((map[i] + map[i - 1]) / 2)]);
    else places.push([at(i - 0.5), value(map[i - 1])], [at(i + 0.5), value(map[i])]);
    start = i;
    rose = step;
  }
  places.push([at(map.length - 0.5), value(map[map.length - 1])]);
  return places;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} side of the picture
 * @param {number[][]} places as `placesOf` gives them
 * @param {{zero: number, one: number}} unit what a value stands for
 * @param {number[]} ylim
 * @param {number[]} colour
 * @param {number} width
 */
export function drawCurve(context, side, places, { zero, one }, [low, high], colour, width) {
  context.strokeStyle = css(colour);
  context.lineWidth = width;
  context.lineJoin = "round";
  context.beginPath();
  for (const [x, value] of places) context.lineTo(x * side, side - ((zero + one * value - low) / (high - low)) * side);
  context.stroke();
}
