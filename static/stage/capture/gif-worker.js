/** The GIF encoder beside the page: pictures come in, the film goes out. */
import { GifEncoder } from "./gif.js";

/** @type {GifEncoder|undefined} */
let encoder;

/** @param {MessageEvent} event */
onmessage = ({ data }) => {
  if (data.width) encoder = new GifEncoder(data.width, data.height, data.colours);
  else if (data.rgba && encoder) postMessage({ bytes: encoder.add(new Uint8ClampedArray(data.rgba), data.delay) });
  else if (data.finish && encoder)
    postMessage({ film: new Blob(/** @type {BlobPart[]} */ (encoder.finish()), { type: "image/gif" }) });
};
