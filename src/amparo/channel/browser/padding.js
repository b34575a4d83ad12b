/** How long a plaintext is made before it is sealed: Padmé, as in `vault/padding.py`. */

const LEAST_PADDED = 256;

const bitLength = (number) => number.toString(2).length;

export function paddedLength(length) {
  const least = Math.max(length, LEAST_PADDED);
  const exponent = bitLength(least) - 1;
  const step = 2 ** (exponent - bitLength(exponent));
  return Math.ceil(least / step) * step;
}
