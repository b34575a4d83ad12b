"""How long a plaintext is made before it is sealed, so that its length tells little. Pure.

Padding after Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs",
PETS 2019 ("Padmé"): at most 12 % more, and only O(log log n) bits of the length are left to see.
"""

LEAST_PADDED = 256


def padded_length(length: int) -> int:
    """The number of bytes that `length` bytes are padded to: 256 at least, then the next length of Padmé."""
    length = max(length, LEAST_PADDED)
    exponent = length.bit_length() - 1
    step = 1 << (exponent - exponent.bit_length())
    return -(-length // step) * step
