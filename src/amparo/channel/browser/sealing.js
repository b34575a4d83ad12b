/** Sealing what a form holds: whether this browser can, and the fields in which sealed things travel. */

import { fromBase64, makeIdentifier, toBase64 } from "./bytes.js";
import { sealFile } from "./files.js";
import { makeDataKey, PUBLIC_KEY_BYTES, sealSection } from "./sections.js";

// Between the wrapped keys of one section, in the order of the public keys.
const BETWEEN_KEYS = ".";

/** Public keys in Base64, as the page has them, separated by spaces. Throws where one is none. */
export function readPublicKeys(words) {
  const keys = words.split(" ").map(fromBase64);
  if (keys.some((key) => key.length !== PUBLIC_KEY_BYTES)) throw new Error("no public key");
  return keys;
}

/** Whether this browser can seal to `words`: found out by doing it. */
export async function canSeal(words) {
  try {
    if (typeof BigInt === "undefined" || !Blob.prototype.stream) return false;
    await sealSection({ tried: "x" }, "trial", readPublicKeys(words));
    return true;
  } catch {
    return false;
  }
}

/** `fields` sealed as a section of `kind`, as pairs of field and text; `prefix` begins the fields' names. */
export async function sealFields(prefix, fields, kind, publicKeys, known = {}) {
  const { section, ciphertext, wrappedKeys } = await sealSection(fields, kind, publicKeys, known);
  return [
    [prefix + "_id", section],
    [prefix + "_sealed", toBase64(ciphertext)],
    [prefix + "_keys", wrappedKeys.map(toBase64).join(BETWEEN_KEYS)],
  ];
}

/** A file that the browser cannot read any more; `file` is its name. */
export class NotReadable extends Error {
  constructor(file) {
    super();
    this.file = file;
  }
}

/**
 * `files` sealed, as pairs of field and value: of each its identifier, its sealed facts and keys, and a Blob.
 *
 * The Blobs come last: of what follows one that is too large the server reads nothing.
 */
export async function sealFiles(files, publicKeys, progress = () => {}) {
  const pairs = [];
  const blobs = [];
  const all = files.reduce((length, file) => length + file.size, 0) || 1;
  let done = 0;
  for (const file of files) {
    const identifier = makeIdentifier();
    const dataKey = makeDataKey();
    const { sealed, length, sha256 } = await readable(file, () =>
      sealFile(file, dataKey, identifier, (bytes) => progress((done + bytes) / all)),
    );
    done += length;
    const facts = { name: file.name, kind: "", length, sha256 };
    pairs.push(...(await sealFields("file", facts, "file", publicKeys, { section: identifier, dataKey })));
    blobs.push(["sealed_files", sealed]);
  }
  return [...pairs, ...blobs];
}

async function readable(file, seal) {
  try {
    return await seal();
  } catch (failure) {
    // What a browser says when a file was moved, changed, or lay on a card that is gone.
    if (failure instanceof DOMException || failure instanceof TypeError) throw new NotReadable(file.name);
    throw failure;
  }
}
