/** Sections and the keys wrapped to their holders: the formats `AS` 01 and `AK` 01 of `vault/seal.py`, to the byte. */

import { Chacha20Poly1305 } from "@hpke/chacha20poly1305";
import { CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";

import { concat, fromUtf8, identifierBytes, makeIdentifier, randomBytes, sameBytes, utf8 } from "./bytes.js";
import { paddedLength } from "./padding.js";

export const PUBLIC_KEY_BYTES = 1216;
const SEALED_V1 = Uint8Array.of(0x41, 0x53, 1);
const WRAPPED_V1 = Uint8Array.of(0x41, 0x4b, 1);
const ENCAPSULATED_BYTES = 1120;
const NONCE_BYTES = 12;
const DATA_KEY_BYTES = 32;

const suite = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Chacha20Poly1305() });

/** Whatever was changed, cut, or sealed for somebody else. */
export class DoesNotOpen extends Error {}

export const makeDataKey = () => randomBytes(DATA_KEY_BYTES);

/** The cipher under `key`, with `seal` and `open`. */
export const cipherOf = (key) => new Chacha20Poly1305().createEncryptionContext(key);

/**
 * Close `fields` as a new section of `kind` for the holders of `publicKeys` (each of 1,216 bytes).
 *
 * Gives `section` (a UUID), `ciphertext` and, in the order of the keys, `wrappedKeys`.
 */
export async function sealSection(fields, kind, publicKeys, { section = makeIdentifier(), dataKey = makeDataKey() } = {}) {
  const ciphertext = await encryptFields(fields, dataKey, section, kind);
  const wrappedKeys = [];
  for (const each of publicKeys) wrappedKeys.push(await wrapDataKey(dataKey, section, each));
  return { section, ciphertext, wrappedKeys };
}

/** The padded JSON of `fields` under `dataKey`, bound to the section and its kind. */
export async function encryptFields(fields, dataKey, section, kind) {
  const said = utf8(JSON.stringify(Object.fromEntries(Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1)))));
  const plain = new Uint8Array(paddedLength(said.length));
  plain.set(said);
  const nonce = randomBytes(NONCE_BYTES);
  const body = await cipherOf(dataKey).seal(nonce, plain, context(section, kind));
  return concat(SEALED_V1, nonce, new Uint8Array(body));
}

/** What `encryptFields` closed. Throws `DoesNotOpen`. */
export async function decryptFields(ciphertext, dataKey, section, kind) {
  const start = SEALED_V1.length + NONCE_BYTES;
  if (!sameBytes(ciphertext.subarray(0, SEALED_V1.length), SEALED_V1)) throw new DoesNotOpen();
  const nonce = ciphertext.subarray(SEALED_V1.length, start);
  try {
    const plain = await cipherOf(dataKey).open(nonce, ciphertext.subarray(start), context(section, kind));
    return JSON.parse(fromUtf8(new Uint8Array(plain)).replace(/\0+$/, ""));
  } catch {
    throw new DoesNotOpen();
  }
}

/** `dataKey` sealed by HPKE to `publicKey`, bound to the section. */
export async function wrapDataKey(dataKey, section, publicKey) {
  const recipientPublicKey = await suite.kem.deserializePublicKey(publicKey);
  const sender = await suite.createSenderContext({ recipientPublicKey, info: context(section, "data-key") });
  return concat(WRAPPED_V1, new Uint8Array(sender.enc), new Uint8Array(await sender.seal(dataKey)));
}

/** The data key that `wrapDataKey` sealed; `seed` is the private key as X-Wing has it, 32 bytes. Throws `DoesNotOpen`. */
export async function unwrapDataKey(wrapped, section, seed) {
  if (!sameBytes(wrapped.subarray(0, WRAPPED_V1.length), WRAPPED_V1)) throw new DoesNotOpen();
  const start = WRAPPED_V1.length;
  try {
    const opener = await suite.createRecipientContext({
      recipientKey: await suite.kem.deserializePrivateKey(seed),
      enc: wrapped.slice(start, start + ENCAPSULATED_BYTES),
      info: context(section, "data-key"),
    });
    return new Uint8Array(await opener.open(wrapped.slice(start + ENCAPSULATED_BYTES)));
  } catch {
    throw new DoesNotOpen();
  }
}

function context(section, kind) {
  return concat(utf8("amparo/section/1/"), identifierBytes(section), utf8("/" + kind));
}
