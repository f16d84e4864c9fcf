/** The marks of points: a class has its own shape as well as its colour; test points are triangles, turned by class. */

/** @typedef {{corners: number, turn: number, size: number}} Shape corners 0 is a circle */
/** @type {Shape[]} */
const TRAIN = [
  { corners: 4, turn: Math.PI / 4, size: 1.2 },
  { corners: 0, turn: 0, size: 1 },
  { corners: 4, turn: 0, size: 1.3 },
  { corners: 5, turn: -Math.PI / 2, size: 1.2 },
  { corners: 6, turn: 0, size: 1.15 },
  { corners: -4, turn: 0, size: 1.25 },
];
/** Down, up, left, right, and the two ways between. */
const TURNS = [0.5, -0.5, 1, 0, 0.25, -0.75].map((share) => share * Math.PI);

/**
 * @param {CanvasRenderingContext2D} context @param {number} k class @param {boolean} test
 * @param {number} x
 * @param {number} y
 * @param {number} r
 * @param {string} fill
 * @param {string} rim
 * @param {number} [width] of the rim
 */
export function marker(context, k, test, x, y, r, fill, rim, width = 1) {
  const shape = test ? { corners: 3, turn: TURNS[k % TURNS.length], size: 1.4 } : TRAIN[k % TRAIN.length];
  context.beginPath();
  if (shape.corners === 0) context.arc(x, y, r, 0, 2 * Math.PI);
  else if (shape.corners > 0) polygon(context, shape.corners, shape.turn, x, y, r * shape.size);
  else star(context, -shape.corners, x, y, r * shape.size);
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = width;
  context.strokeStyle = rim;
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} n
 * @param {number} turn
 * @param {number} x
 * @param {number} y
 * @param {number} r
 */
function polygon(context, n, turn, x, y, r) {
  for (let i = 0; i < n; i++) {
    const a = turn + (i * 2 * Math.PI) / n;
    context.lineTo(x + r * Math.cos(a), y + r * Math.sin(a));
  }
  context.closePath();
}

/** @param {CanvasRenderingContext2D} context @param {number} n @param {number} x @param {number} y @param {number} r */
function star(context, n, x, y, r) {
  for (let i = 0; i < 2 * n; i++) {
    const a = (i * Math.PI) / n;
    const far = i % 2 ? r * 0.5 : r * 1.15;
    context.lineTo(x + far * Math.cos(a), y + far * Math.sin(a));
  }
  context.closePath();
}
