/** The marks of points: a class has its own shape as well as its colour; test points are triangles. */

const SIDES = [4, 0, 45, 5, 6, 3.5, 8, 7];

/**
 * @param {CanvasRenderingContext2D} context @param {number} k class @param {boolean} test
 * @param {number} x @param {number} y @param {number} r @param {string} fill @param {string} rim
 */
export function marker(context, k, test, x, y, r, fill, rim) {
  context.beginPath();
  if (test) polygon(context, 3, -Math.PI / 2 + (k % 2) * Math.PI + Math.floor(k / 2) * 0.5, x, y, r * 1.35);
  else {
    const sides = SIDES[k % SIDES.length];
    if (sides === 0) context.arc(x, y, r, 0, 2 * Math.PI);
    else if (sides === 45) polygon(context, 4, 0, x, y, r * 1.3);
    else if (sides === 3.5) cross(context, x, y, r * 1.15);
    else polygon(context, sides, sides === 4 ? Math.PI / 4 : -Math.PI / 2, x, y, r * (sides === 4 ? 1.2 : 1.15));
  }
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = rim;
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {number} n @param {number} turn @param {number} x @param {number} y @param {number} r */
function polygon(context, n, turn, x, y, r) {
  for (let i = 0; i < n; i++) {
    const a = turn + (i * 2 * Math.PI) / n;
    if (i) context.lineTo(x + r * Math.cos(a), y + r * Math.sin(a));
    else context.moveTo(x + r * Math.cos(a), y + r * Math.sin(a));
  }
  context.closePath();
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} r */
function cross(context, x, y, r) {
  const a = r * 0.42;
  const outline = [[-a, -r], [a, -r], [a, -a], [r, -a], [r, a], [a, a], [a, r], [-a, r], [-a, a], [-r, a], [-r, -a], [-a, -a]];
  outline.forEach(([dx, dy], i) => (i ? context.lineTo(x + dx, y + dy) : context.moveTo(x + dx, y + dy)));
  context.closePath();
}
