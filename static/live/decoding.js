/** A message of bytes as a header and frames. The format is told in playground/live/protocol/encoding.py. */

/** @typedef {import("./types.js").Header} Header */
/** @typedef {import("./types.js").Frame} Frame */

const decoder = new TextDecoder();

/**
 * The header alone, at once, without what is long; the body is decoded later.
 * @param {Uint8Array} data
 * @returns {{header: Header, body: Uint8Array}|null} null when it is no message
 */
export function decodeHeader(data) {
  if (!data || data.byteLength < 4) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const length = view.getUint32(0, true);
  if (4 + length > data.byteLength) return null;
  const header = JSON.parse(decoder.decode(data.subarray(4, 4 + length)));
  const at = 4 + length + ((4 - ((4 + length) % 4)) % 4);
  return { header, body: data.slice(at) };
}

/**
 * The whole header, with what came in the body, and the body that is left.
 * @param {{header: Header, body: Uint8Array}} message
 * @returns {Promise<{header: Header, body: Uint8Array}>}
 */
export async function decodeBulk({ header, body }) {
  const { packed } = header;
  if (!packed) return { header, body };
  const bulk = JSON.parse(decoder.decode(await inflate(body.subarray(0, packed))));
  return { header: { ...header, ...bulk }, body: body.subarray(packed) };
}

/** @param {Uint8Array} bytes a zlib stream @returns {Promise<ArrayBuffer>} */
function inflate(bytes) {
  const packed = new Blob([/** @type {any} */ (bytes)]).stream();
  return new Response(packed.pipeThrough(new DecompressionStream("deflate"))).arrayBuffer();
}

/**
 * @param {Header} header
 * @param {Uint8Array} body
 * @returns {Promise<Frame[]>}
 */
export async function decodeFrames(header, body) {
  const n = header.n;
  if (!n) return [];
  const raw = await inflate(body);
  /** @type {Record<string, (i: number) => any>} */
  const part = {};
  let at = 0;
  let perFrame = 0;
  for (const [name, kind, shape] of header.blocks) {
    const size = shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
    if (kind === "f32") {
      const all = new Float32Array(raw.slice(at, at + 4 * n * size));
      at += 4 * n * size;
      perFrame += 4 * size;
      part[name] = (i) => all.subarray(i * size, (i + 1) * size);
    } else if (kind === "d32") {
      const all = decodeFloats(new Uint8Array(raw, at, 4 * n * size), size);
      at += 4 * n * size;
      perFrame += 4 * size;
      part[name] = (i) => all.subarray(i * size, (i + 1) * size);
    } else {
      const all = new Uint8Array(raw, at, n * size);
      at += n * size;
      perFrame += size;
      for (let i = size; i < all.length; i++) all[i] = all[i] + all[i - size];
      part[name] = (i) => all.subarray(i * size, (i + 1) * size);
    }
  }
  const decoded = [];
  for (let i = 0; i < n; i++) {
    /** @type {any} */
    const frame = { bytes: perFrame };
    for (const name in part) frame[name] = part[name](i);
    frame.step = frame.scalars[0];
    decoded.push(frame);
  }
  return decoded;
}

/**
 * Numbers whose bits travelled as differences, in four planes of bytes.
 * @param {Uint8Array} planes
 * @param {number} size numbers a frame
 */
function decodeFloats(planes, size) {
  const many = planes.length / 4;
  const bits = new Uint32Array(many);
  for (let i = 0; i < many; i++) {
    const change = planes[i] | (planes[many + i] << 8) | (planes[2 * many + i] << 16) | (planes[3 * many + i] << 24);
    bits[i] = i < size ? change : bits[i - size] + change;
  }
  return new Float32Array(bits.buffer);
}
