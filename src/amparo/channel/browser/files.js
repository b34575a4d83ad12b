/** Files sealed piece by piece: the format `AF` 01 of `vault/files.py`, to the byte, in bounded memory. */

import { hmac, sha256 } from "@hpke/common";

import { concat, identifierBytes, randomBytes, sameBytes, toHex, utf8 } from "./bytes.js";
import { paddedLength } from "./padding.js";
import { cipherOf, DoesNotOpen } from "./sections.js";

const SEALED_FILE_V1 = Uint8Array.of(0x41, 0x46, 1);
const SALT_BYTES = 16;
const CHUNK_BYTES = 65536;
const TAG_BYTES = 16;
const NOTHING = new Uint8Array(0);
// Sealed bytes are handed to the browser, which may put them on its disk, whenever so many have come together.
const PIECE_BYTES = 4 * 1024 ** 2;

/** Let the browser paint and answer: sealing must not freeze the page. */
export const pause = () => new Promise((resolve) => setTimeout(resolve));

/**
 * Seal `file` (a Blob) under `dataKey` as the file `identifier`, a UUID.
 *
 * Gives `sealed` (a Blob), the `length` in bytes and the `sha256` (hexadecimal) of what was sealed. `progress` is called
 * with the bytes done. At no time more than some megabytes are in memory, and nothing of it in clear beyond a chunk.
 * Rejects where the file cannot be read, as when it was moved or its card was taken out.
 */
export async function sealFile(file, dataKey, identifier, progress = () => {}) {
  const sealer = new Sealer(dataKey, identifier);
  const hash = sha256.create();
  const reader = file.stream().getReader();
  let length = 0;
  let rested = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    hash.update(value);
    length += value.length;
    await sealer.take(value);
    if (length - rested > 1024 ** 2) {
      rested = length;
      progress(length);
      await pause();
    }
  }
  const sealed = await sealer.finish(length);
  progress(length);
  return { sealed, length, sha256: toHex(hash.digest()) };
}

/** The plaintext of a sealed file, its first `length` bytes. Throws `DoesNotOpen` on any change. */
export async function openFile(sealed, dataKey, identifier, length) {
  const start = SEALED_FILE_V1.length + SALT_BYTES;
  if (!sameBytes(sealed.subarray(0, SEALED_FILE_V1.length), SEALED_FILE_V1)) throw new DoesNotOpen();
  const cipher = fileCipher(dataKey, sealed.subarray(SEALED_FILE_V1.length, start), identifier);
  const opened = [];
  const step = CHUNK_BYTES + TAG_BYTES;
  for (let place = start, number = 0; place < sealed.length || number === 0; place += step, number++) {
    const last = place + step >= sealed.length;
    try {
      opened.push(new Uint8Array(await cipher.open(nonce(number, last), sealed.subarray(place, place + step), NOTHING)));
    } catch {
      throw new DoesNotOpen();
    }
  }
  const plain = concat(...opened);
  if (plain.length !== paddedLength(length) || plain.subarray(length).some(Boolean)) throw new DoesNotOpen();
  return plain.subarray(0, length);
}

class Sealer {
  constructor(dataKey, identifier) {
    const salt = randomBytes(SALT_BYTES);
    this.cipher = fileCipher(dataKey, salt, identifier);
    this.chunk = new Uint8Array(CHUNK_BYTES);
    this.filled = 0;
    this.number = 0;
    this.parts = [concat(SEALED_FILE_V1, salt)];
    this.partBytes = 0;
    this.pieces = [];
  }

  async take(some) {
    for (let place = 0; place < some.length; ) {
      // A chunk is sealed only when a further byte is there: which one is the last is known at the end.
      if (this.filled === CHUNK_BYTES) await this.sealChunk(false);
      const taken = Math.min(CHUNK_BYTES - this.filled, some.length - place);
      this.chunk.set(some.subarray(place, place + taken), this.filled);
      this.filled += taken;
      place += taken;
    }
  }

  async finish(length) {
    for (let missing = paddedLength(length) - length; missing > 0; ) {
      const zeros = Math.min(missing, CHUNK_BYTES);
      missing -= zeros;
      await this.take(new Uint8Array(zeros));
    }
    await this.sealChunk(true);
    this.handOver();
    return new Blob(this.pieces);
  }

  async sealChunk(last) {
    const sealed = await this.cipher.seal(nonce(this.number, last), this.chunk.subarray(0, this.filled), NOTHING);
    this.parts.push(new Uint8Array(sealed));
    this.partBytes += sealed.byteLength;
    this.number += 1;
    this.filled = 0;
    if (this.partBytes >= PIECE_BYTES) this.handOver();
  }

  handOver() {
    this.pieces.push(new Blob(this.parts));
    this.parts = [];
    this.partBytes = 0;
  }
}

/** HKDF-SHA-256 (RFC 5869): one block of output is all that is needed. */
function fileCipher(dataKey, salt, identifier) {
  const extracted = hmac(sha256, salt, dataKey);
  const info = concat(utf8("amparo/file/1/"), identifierBytes(identifier), Uint8Array.of(1));
  return cipherOf(hmac(sha256, extracted, info));
}

function nonce(number, last) {
  const bytes = new Uint8Array(12);
  new DataView(bytes.buffer).setUint32(7, number);
  bytes[11] = last ? 1 : 0;
  return bytes;
}
