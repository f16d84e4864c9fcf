/**
 * What is seen of the stage, drawn once more on a canvas: panels with their names, axes, legends and chosen values,
 * closed up under a head.
 */

/** What is drawn: what moves, what it is called, and what was chosen; what is only there to be pressed is left out. */
const PARTS = ".panel, .message.shown";
const LEFT_OUT =
  "button:not(.node, .lock[aria-pressed=true]), input[type=range], option, .tools select, .card, .unseen, " +
  ".gone, .cursor, .crosshair, .spot";
const PAD = 16;
/** Heights of the head's lines: the experiment, what was chosen; in CSS pixels. */
const TITLE = 24;
const LINE = 18;
const GAP = 8;

/**
 * @typedef {{title: string, lines: string[]}} Words above the picture
 * @typedef {{root: HTMLElement, context: CanvasRenderingContext2D, zoom: number, left: number, top: number}} Sheet
 *           zoom: pixels of the screen for one of CSS; left, top: of the root on the screen
 */

/**
 * Draw the stage.
 * @param {HTMLElement} root
 * @param {HTMLCanvasElement} canvas
 * @param {number} scale pixels for one of CSS
 * @param {Words} words
 * @param {boolean} [same] size as before, for a film: what does not fit any more is cut off
 */
export function drawStage(root, canvas, scale, words, same = false) {
  const { width, zoom, left, top } = measure(root);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  const style = getComputedStyle(root);
  const lines = words.lines.flatMap((line) => breakLines(context, line, width, `13px ${style.fontFamily}`));
  const numbers = root.querySelector(".numbers:not(.gone)");
  const band = [".transport", ".line"]
    .map((selector) => extent(root.querySelector(selector), top, zoom))
    .filter((box) => box.height);
  const from = Math.min(...band.map((box) => box.top));
  const closed = band.reduce((sum, box) => sum + box.height, 0);
  const parts = [...root.querySelectorAll(PARTS)].filter((part) => isDrawn(/** @type {HTMLElement} */ (part)));
  const places = parts
    .map((part) => extent(part, top, zoom))
    .map((box) => ({ ...box, top: box.top >= from ? box.top - closed : box.top }));
  const high = Math.min(...places.map((box) => box.top));
  const head = TITLE + LINE * lines.length + GAP + (numbers ? extent(numbers, top, zoom).height + GAP : 0);
  if (!same) {
    const height = head + Math.max(...places.map((box) => box.top + box.height)) - high;
    // Films want even sides.
    canvas.width = 2 * Math.ceil(((width + 2 * PAD) * scale) / 2);
    canvas.height = 2 * Math.ceil(((height + 2 * PAD) * scale) / 2);
  }
  context.setTransform(scale, 0, 0, scale, PAD * scale, PAD * scale);
  context.fillStyle = style.getPropertyValue("--ground");
  context.fillRect(-PAD, -PAD, canvas.width / scale, canvas.height / scale);
  writeHead(context, words.title, lines, style);
  /** @param {Element} part @param {number} x @param {number} y */
  const put = (part, x, y) =>
    drawElement({ root, context, zoom, left: left - x * zoom, top: top - y * zoom }, /** @type {HTMLElement} */ (part));
  if (numbers)
    put(
      numbers,
      -extent(numbers, left, zoom, "left").top,
      TITLE + LINE * lines.length + GAP - extent(numbers, top, zoom).top,
    );
  parts.forEach((part, i) => put(part, 0, head + places[i].top - high - extent(part, top, zoom).top));
}

/** @param {HTMLElement} root */
function measure(root) {
  const box = root.getBoundingClientRect();
  return { width: root.offsetWidth, zoom: box.width / root.offsetWidth || 1, left: box.left, top: box.top };
}

/**
 * Where an element begins and how long it is, in CSS pixels from the root's edge.
 * @param {Element|null} element
 * @param {number} origin
 * @param {number} zoom
 * @param {"top"|"left"} [side]
 */
function extent(element, origin, zoom, side = "top") {
  const box = element?.getBoundingClientRect();
  return {
    top: ((box?.[side] ?? 0) - origin) / zoom,
    height: (box?.[side === "top" ? "height" : "width"] ?? 0) / zoom,
  };
}

/** Whether a part has something to say: calm notices only tell what could be pressed. @param {HTMLElement} part */
function isDrawn(part) {
  return part.matches(".gone") || !part.getClientRects().length
    ? false
    : !part.matches(".notice") || !!part.querySelector(".trouble");
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} title
 * @param {string[]} lines
 * @param {CSSStyleDeclaration} style
 */
function writeHead(context, title, lines, style) {
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.fillStyle = style.getPropertyValue("--ink");
  context.font = `600 16px ${style.fontFamily}`;
  context.fillText(title, 0, TITLE / 2);
  context.fillStyle = style.getPropertyValue("--quiet");
  context.font = `13px ${style.fontFamily}`;
  lines.forEach((line, i) => context.fillText(line, 0, TITLE + (i + 0.5) * LINE));
}

/**
 * A line in lines that fit, cut between what " · " divides.
 * @param {CanvasRenderingContext2D} context
 * @param {string} line
 * @param {number} width
 * @param {string} font
 */
function breakLines(context, line, width, font) {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.font = font;
  const lines = [""];
  for (const part of line.split(" · ")) {
    const longer = lines[lines.length - 1] ? `${lines[lines.length - 1]} · ${part}` : part;
    if (!lines[lines.length - 1] || context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines.filter(Boolean);
}

/** @param {Sheet} sheet @param {HTMLElement} element */
function drawElement(sheet, element) {
  if (element.matches(LEFT_OUT)) return;
  const { context } = sheet;
  const style = getComputedStyle(element);
  if (style.display === "none" || (element.matches("label") && !element.querySelector("input:checked"))) return;
  const isVisible = style.visibility !== "hidden" && style.opacity !== "0";
  const box = place(sheet, element.getBoundingClientRect());
  context.save();
  context.globalAlpha *= Number(style.opacity);
  if (style.overflowX !== "visible" && box.width) {
    context.beginPath();
    context.rect(box.left, box.top, box.width, box.height);
    context.clip();
  }
  if (isVisible) drawItself(sheet, element, box, style);
  for (const child of element.matches("select, .lock")
    ? []
    : element.matches(".square")
      ? stack(element)
      : element.childNodes) {
    if (child instanceof HTMLElement) drawElement(sheet, child);
    else if (isVisible && child.nodeType === Node.TEXT_NODE && child.textContent?.trim())
      drawText(sheet, /** @type {Text} */ (child), style);
  }
  context.restore();
}

/** The picture's layers from below: a fitted curve lies over its points. @param {HTMLElement} square */
function stack(square) {
  const height = (/** @type {Element} */ layer) => Number(getComputedStyle(layer).zIndex) || 0;
  return [...square.children].sort((a, b) => height(a) - height(b));
}

/**
 * @typedef {{left: number, top: number, width: number, height: number}} Box
 * @param {Sheet} sheet
 * @param {DOMRect} box
 * @returns {Box}
 */
function place({ zoom, left, top }, box) {
  return {
    left: (box.left - left) / zoom,
    top: (box.top - top) / zoom,
    width: box.width / zoom,
    height: box.height / zoom,
  };
}

/** @param {Sheet} sheet @param {HTMLElement} element @param {Box} box @param {CSSStyleDeclaration} style */
function drawItself({ context }, element, box, style) {
  if (element instanceof HTMLCanvasElement) {
    if (element.width && element.height && box.width)
      context.drawImage(element, box.left, box.top, box.width, box.height);
  } else if (element instanceof HTMLSelectElement) drawChosen(context, element, box, style);
  else if (element.matches("input")) drawTick(context, box, style);
  else if (element.matches(".lock")) drawLock(context, box, style);
  else drawBox(context, box, style, element);
}

/**
 * What is chosen of a list, as text.
 * @param {CanvasRenderingContext2D} context
 * @param {HTMLSelectElement} select
 * @param {Box} box
 * @param {CSSStyleDeclaration} style
 */
function drawChosen(context, select, box, style) {
  context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.fillStyle = style.color;
  context.textBaseline = "middle";
  const label = select.selectedOptions[0]?.textContent || "";
  const centred = !!select.closest(".layer-head");
  context.textAlign = centred ? "center" : "left";
  context.fillText(label, centred ? box.left + box.width / 2 : box.left, box.top + box.height / 2, box.width);
}

/** Whether a computed colour has no opacity: "rgba(r, g, b, 0)", but not "rgb(r, g, 0)". @param {string} colour */
export const isTransparent = (colour) => colour === "transparent" || /^rgba\(.*, 0\)$/.test(colour);

/**
 * A switch that is on.
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {CSSStyleDeclaration} style
 */
function drawTick(context, { left, top, width, height }, style) {
  context.strokeStyle = style.accentColor === "auto" ? style.color : style.accentColor;
  context.lineWidth = width / 7;
  context.setLineDash([]);
  context.beginPath();
  context.moveTo(left + width * 0.15, top + height * 0.55);
  context.lineTo(left + width * 0.4, top + height * 0.8);
  context.lineTo(left + width * 0.9, top + height * 0.2);
  context.stroke();
}

/**
 * A layer that is frozen.
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {CSSStyleDeclaration} style
 */
function drawLock(context, box, style) {
  const x = box.left + box.width / 2;
  const y = box.top + box.height / 2;
  context.fillStyle = context.strokeStyle = style.getPropertyValue("--accent");
  context.beginPath();
  context.roundRect(x - 5, y - 1, 10, 8, 2);
  context.fill();
  context.lineWidth = 1.5;
  context.setLineDash([]);
  context.beginPath();
  context.arc(x, y - 2, 3, Math.PI, 2 * Math.PI);
  context.stroke();
}

/**
 * A ground, a bar of colours, a line at its left, or a unit's frame.
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {CSSStyleDeclaration} style
 * @param {HTMLElement} element
 */
function drawBox(context, box, style, element) {
  const { left, top, width, height } = box;
  const stops = style.backgroundImage.match(/rgba?\([^)]*\)/g);
  const radius = parseFloat(style.borderTopLeftRadius) || 0;
  if (width && height && ((stops && stops.length > 1) || !isTransparent(style.backgroundColor))) {
    if (stops && stops.length > 1) {
      const ramp = context.createLinearGradient(left, 0, left + width, 0);
      stops.forEach((stop, i) => ramp.addColorStop(i / (stops.length - 1), stop));
      context.fillStyle = ramp;
    } else context.fillStyle = style.backgroundColor;
    context.beginPath();
    context.roundRect(left, top, width, height, radius);
    context.fill();
  }
  if (element.matches(".node")) return drawNode(context, box, style);
  const line = parseFloat(style.borderLeftWidth);
  if (!line || style.borderLeftStyle === "none" || !height) return;
  context.strokeStyle = style.borderLeftColor;
  context.lineWidth = line;
  context.setLineDash(style.borderLeftStyle === "dashed" ? [3, 3] : []);
  context.beginPath();
  context.moveTo(left + line / 2, top);
  context.lineTo(left + line / 2, top + height);
  context.stroke();
}

/**
 * A unit's frame, and around it the ring of its importance.
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {CSSStyleDeclaration} style
 */
function drawNode(context, { left, top, width, height }, style) {
  const ring = parseFloat(style.getPropertyValue("--ring")) || 0;
  if (ring) {
    context.strokeStyle = style.boxShadow.match(/^(rgba?|color)\([^)]*\)/)?.[0] || style.borderColor;
    context.lineWidth = ring;
    context.setLineDash([]);
    context.beginPath();
    context.roundRect(left - ring / 2, top - ring / 2, width + ring, height + ring, 7 + ring / 2);
    context.stroke();
  }
  context.strokeStyle = style.borderTopColor;
  context.lineWidth = 1;
  context.setLineDash(style.borderTopStyle === "dashed" ? [3, 2] : []);
  context.beginPath();
  context.roundRect(left + 0.5, top + 0.5, width - 1, height - 1, 7);
  context.stroke();
}

/** @param {Sheet} sheet @param {Text} node @param {CSSStyleDeclaration} style */
function drawText(sheet, node, style) {
  const { context } = sheet;
  const range = document.createRange();
  range.selectNodeContents(node);
  const lines = range.getClientRects();
  context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.fillStyle = style.color;
  context.textBaseline = "middle";
  context.textAlign = "left";
  const put = (/** @type {string} */ line, /** @type {DOMRect} */ rect) => {
    const at = place(sheet, rect);
    context.fillText(line, at.left, at.top + at.height / 2);
  };
  if (lines.length < 2) return lines[0] && put(node.data.trim(), lines[0]);
  for (const word of node.data.matchAll(/\S+/g)) {
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    put(word[0], range.getBoundingClientRect());
  }
}
