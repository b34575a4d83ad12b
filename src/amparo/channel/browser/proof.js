/** Proof of work for `channel/limits.py`: how a browser gets through when very many write at once. */

import { sha256 } from "@hpke/common";

import { concat, utf8 } from "./bytes.js";
import { pause } from "./files.js";

const SLICE_MILLISECONDS = 30;

/** The counter for which SHA-256(challenge, counter in 8 bytes) begins with `bits` zero bits; stops in between. */
export async function prove(challenge, bits) {
  const start = utf8(challenge);
  const tried = concat(start, new Uint8Array(8));
  const view = new DataView(tried.buffer, start.length);
  for (let counter = 0, since = performance.now(); ; counter++) {
    view.setUint32(4, counter);
    if (beginsWithZeros(sha256(tried), bits)) return String(counter);
    if ((counter & 255) === 255 && performance.now() - since > SLICE_MILLISECONDS) {
      await pause();
      since = performance.now();
    }
  }
}

function beginsWithZeros(digest, bits) {
  const first = ((digest[0] << 24) | (digest[1] << 16) | (digest[2] << 8) | digest[3]) >>> 0;
  return Math.clz32(first) >= bits;
}
