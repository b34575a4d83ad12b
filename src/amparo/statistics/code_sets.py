"""Several codes of a record as one number: a bit for each code of the vocabulary. Pure."""

from collections.abc import Iterable, Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amparo.vocabularies.catalogue import get_vocabulary

# The column of the numbers for that of the lists, and the codes in the order of their bits.
BITS: Mapping[str, str] = {"profile": "profile_bits", "perpetrator": "perpetrator_bits"}
CODES: Mapping[str, tuple[str, ...]] = {
    "profile": tuple(get_vocabulary("defender-profiles").terms),
    "perpetrator": tuple(get_vocabulary("alleged-perpetrators").terms),
}


def to_bits(lists: pa.ChunkedArray, name: str) -> NDArray[np.int64]:
    """A number for each list of codes of the dimension `name`. Raises ValueError for a code of no vocabulary."""
    numbers = [np.zeros(0, dtype=np.int64)]
    for chunk in lists.chunks:
        coded = chunk.flatten().dictionary_encode()
        bits = np.array([1 << CODES[name].index(code) for code in coded.dictionary.to_pylist()], dtype=np.int64)
        rows = np.repeat(np.arange(len(chunk)), chunk.value_lengths().fill_null(0).to_numpy())
        # A code stands once in a list, so that to add is to join. Exact below 53 codes.
        each = bits[coded.indices.to_numpy(zero_copy_only=False)]
        numbers.append(np.bincount(rows, weights=each, minlength=len(chunk)).astype(np.int64))
    return np.concatenate(numbers)


def mask_of(name: str, codes: Iterable[str]) -> int:
    """The bits of any of `codes`; codes of no vocabulary have none."""
    return sum({1 << CODES[name].index(code) for code in codes if code in CODES[name]})


def codes_in(name: str, number: int) -> list[str]:
    """The codes behind a number."""
    return [code for place, code in enumerate(CODES[name]) if number >> place & 1]
