/**
 * GIF films: each picture's own colours by median cut, only what changed since the one before, packed by LZW (GIF89a).
 */

/** Colours of a picture, one of which is kept for what did not change. */
const MAX_COLOURS = 255;
/** A pixel may differ by so much in each of red, green, blue from what is shown, before it is drawn anew. */
const TOLERANCE = 2;
/** Bits of each of red, green, blue by which colours are counted. */
const BITS = 5;
const CELLS = 1 << (3 * BITS);
const MAX_CODE = 4095;

export class GifEncoder {
  /** @param {number} width @param {number} height pixels @param {number} [colours] of each picture, at most 255 */
  constructor(width, height, colours = MAX_COLOURS) {
    this.width = width;
    this.height = height;
    this.colours = Math.max(2, Math.min(MAX_COLOURS, colours));
    /** What a viewer shows, 0 where nothing was drawn yet. */
    this.shown = new Uint32Array(width * height);
    /** @type {Uint8Array[]} */ this.parts = [header(width, height)];
    this.bytes = this.parts[0].length;
  }

  /**
   * Add a picture.
   * @param {Uint8ClampedArray} rgba (height * width * 4), opaque
   * @param {number} delay hundredths of a second until the next one
   * @returns {number} bytes so far
   */
  add(rgba, delay) {
    const { width, height, shown } = this;
    const pixels = new Uint32Array(rgba.buffer, rgba.byteOffset, width * height);
    const changed = changes(pixels, shown);
    const box = bounds(changed, width, height);
    const { palette, place } = quantize(pixels, changed, this.colours);
    const indices = new Uint8Array(box.width * box.height);
    const transparent = palette.length;
    for (let y = 0, at = 0; y < box.height; y++) {
      let from = (box.top + y) * width + box.left;
      for (let x = 0; x < box.width; x++, from++, at++) {
        if (!changed[from]) {
          indices[at] = transparent;
          continue;
        }
        indices[at] = place[cell(pixels[from])];
        shown[from] = (0xff000000 | palette[indices[at]]) >>> 0;
      }
    }
    const part = picture(box, palette, indices, delay);
    this.parts.push(part);
    this.bytes += part.length;
    return this.bytes;
  }

  /** The film as the parts of a file. @returns {Uint8Array[]} */
  finish() {
    return [...this.parts, new Uint8Array([0x3b])];
  }
}

/** Which pixels are drawn anew. @param {Uint32Array} pixels @param {Uint32Array} shown */
function changes(pixels, shown) {
  const changed = new Uint8Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) {
    const [a, b] = [pixels[i], shown[i]];
    if (a === b) continue;
    changed[i] = !b || far(a, b) || far(a >>> 8, b >>> 8) || far(a >>> 16, b >>> 16) ? 1 : 0;
  }
  return changed;
}

/** @param {number} a @param {number} b their lowest bytes are compared */
const far = (a, b) => Math.abs((a & 255) - (b & 255)) > TOLERANCE;

/**
 * The smallest rectangle around what changed, one pixel where nothing did.
 * @param {Uint8Array} changed
 * @param {number} width
 * @param {number} height
 */
function bounds(changed, width, height) {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (!changed[i]) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (top === height) top = y;
      bottom = y;
    }
  }
  return bottom < 0
    ? { left: 0, top: 0, width: 1, height: 1 }
    : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** The cell of the table of colours that a pixel is counted in. @param {number} pixel */
const cell = (pixel) => ((pixel & 0xf8) << 7) | ((pixel >>> 6) & 0x3e0) | ((pixel >>> 19) & 0x1f);

/**
 * Colours for what changed, by median cut (Heckbert 1982).
 * @param {Uint32Array} pixels
 * @param {Uint8Array} changed
 * @param {number} most
 * @returns {{palette: number[], place: Uint8Array}} colours as 0xbbggrr, and the place in them of each cell
 */
function quantize(pixels, changed, most) {
  const counts = new Uint32Array(CELLS);
  const sums = [0, 8, 16].map(() => new Float64Array(CELLS));
  for (let i = 0; i < pixels.length; i++) {
    if (!changed[i]) continue;
    const pixel = pixels[i];
    const at = cell(pixel);
    counts[at]++;
    sums[0][at] += pixel & 255;
    sums[1][at] += (pixel >>> 8) & 255;
    sums[2][at] += (pixel >>> 16) & 255;
  }
  const used = [];
  for (let at = 0; at < CELLS; at++) if (counts[at]) used.push(at);
  const boxes = [measure(used, counts)];
  while (boxes.length < most) {
    let widest = 0;
    for (let i = 1; i < boxes.length; i++) if (boxes[i].worth > boxes[widest].worth) widest = i;
    if (!(boxes[widest].worth > 0)) break;
    const [low, high] = split(boxes[widest], counts);
    boxes.splice(widest, 1, measure(low, counts), measure(high, counts));
  }
  const place = new Uint8Array(CELLS);
  const palette = boxes.map(({ cells }, i) => {
    let many = 0;
    const sum = [0, 0, 0];
    for (const at of cells) {
      place[at] = i;
      many += counts[at];
      for (const k of [0, 1, 2]) sum[k] += sums[k][at];
    }
    const [red, green, blue] = sum.map((channel) => Math.round(channel / Math.max(1, many)));
    return red | (green << 8) | (blue << 16);
  });
  return { palette, place };
}

/** @param {number} at a cell @param {number} channel */
const level = (at, channel) => (at >>> (BITS * (2 - channel))) & 31;

/**
 * A box of cells: along which channel it is widest, and what it is worth to cut it.
 * @param {number[]} cells
 * @param {Uint32Array} counts
 */
function measure(cells, counts) {
  let many = 0;
  const low = [31, 31, 31];
  const high = [0, 0, 0];
  for (const at of cells) {
    many += counts[at];
    for (const k of [0, 1, 2]) {
      low[k] = Math.min(low[k], level(at, k));
      high[k] = Math.max(high[k], level(at, k));
    }
  }
  const spans = [0, 1, 2].map((k) => high[k] - low[k]);
  const span = Math.max(...spans);
  // By the root of how often it is seen, so that what is small on the screen, such as letters, gets colours too.
  return { cells, channel: spans.indexOf(span), worth: cells.length > 1 ? span * span * Math.sqrt(many) : 0 };
}

/** @param {{cells: number[], channel: number}} box @param {Uint32Array} counts */
function split({ cells, channel }, counts) {
  const sorted = cells.sort((a, b) => level(a, channel) - level(b, channel));
  const half = sorted.reduce((sum, at) => sum + counts[at], 0) / 2;
  let below = 0;
  let at = 0;
  while (at < sorted.length - 1 && below + counts[sorted[at]] <= half) below += counts[sorted[at++]];
  const where = Math.max(1, Math.min(sorted.length - 1, at));
  return [sorted.slice(0, where), sorted.slice(where)];
}

/** @param {number} value */
const word = (value) => [value & 255, (value >>> 8) & 255];

/**
 * The file's beginning: no colours of its own, shown again without end.
 * @param {number} width
 * @param {number} height
 */
function header(width, height) {
  const text = (/** @type {string} */ letters) => [...letters].map((letter) => letter.charCodeAt(0));
  const loop = [0x21, 0xff, 11, ...text("NETSCAPE2.0"), 3, 1, 0, 0, 0];
  return new Uint8Array([...text("GIF89a"), ...word(width), ...word(height), 0x70, 0, 0, ...loop]);
}

/**
 * One picture of the file.
 * @param {{left: number, top: number, width: number, height: number}} box
 * @param {number[]} palette
 * @param {Uint8Array} indices @param {number} delay hundredths of a second
 */
function picture(box, palette, indices, delay) {
  const bits = Math.max(2, Math.ceil(Math.log2(palette.length + 1)));
  const control = [0x21, 0xf9, 4, 0x05, ...word(Math.max(2, Math.min(65535, Math.round(delay)))), palette.length, 0];
  const place = [0x2c, ...word(box.left), ...word(box.top), ...word(box.width), ...word(box.height), 0x80 | (bits - 1)];
  const table = new Uint8Array(3 << bits);
  palette.forEach((colour, i) => table.set([colour & 255, (colour >>> 8) & 255, (colour >>> 16) & 255], 3 * i));
  const packed = compress(indices, bits);
  const start = [...control, ...place];
  const part = new Uint8Array(start.length + table.length + packed.length);
  part.set(start);
  part.set(table, start.length);
  part.set(packed, start.length + table.length);
  return part;
}

/**
 * LZW with codes of growing width, in blocks of at most 255 bytes (Welch 1984).
 * @param {Uint8Array} indices
 * @param {number} bits of an index
 */
function compress(indices, bits) {
  const clear = 1 << bits;
  const out = new ByteBlocks(bits);
  /** Codes of a code followed by an index. */
  const table = new Int16Array((MAX_CODE + 1) << bits).fill(-1);
  let width = bits + 1;
  let next = clear + 2;
  out.write(clear, width);
  let code = indices[0];
  for (let i = 1; i < indices.length; i++) {
    const key = (code << bits) | indices[i];
    if (table[key] >= 0) {
      code = table[key];
      continue;
    }
    out.write(code, width);
    if (next <= MAX_CODE) {
      if (next === 1 << width) width++;
      table[key] = next++;
    } else {
      out.write(clear, width);
      table.fill(-1);
      width = bits + 1;
      next = clear + 2;
    }
    code = indices[i];
  }
  out.write(code, width);
  if (next === 1 << width && width < 12) width++;
  out.write(clear + 1, width);
  return out.finish();
}

/** Codes of any width in blocks of bytes, each with its length before it. */
class ByteBlocks {
  /** @param {number} bits of an index: the first byte */
  constructor(bits) {
    this.bytes = new Uint8Array(4096);
    this.bytes[0] = bits;
    this.at = 2;
    this.start = 1;
    this.rest = 0;
    this.filled = 0;
  }

  /** @param {number} code @param {number} width */
  write(code, width) {
    this.rest |= code << this.filled;
    this.filled += width;
    while (this.filled >= 8) {
      this.push(this.rest & 255);
      this.rest >>>= 8;
      this.filled -= 8;
    }
  }

  /** @param {number} byte */
  push(byte) {
    if (this.at + 3 > this.bytes.length) {
      const larger = new Uint8Array(2 * this.bytes.length);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes[this.at++] = byte;
    if (this.at - this.start === 256) this.close();
  }

  close() {
    this.bytes[this.start] = this.at - this.start - 1;
    this.start = this.at++;
  }

  finish() {
    if (this.filled) this.push(this.rest & 255);
    if (this.at - this.start > 1) this.close();
    this.bytes[this.start] = 0;
    return this.bytes.subarray(0, this.start + 1);
  }
}
