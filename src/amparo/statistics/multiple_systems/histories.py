"""Who is on which lists: the counts that every estimate starts from. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from amparo.statistics.multiple_systems.refusals import EstimateRefused

LEAST_LISTS = 2
# 2 ** 16 combinations is more than any set of real lists fills.
MOST_LISTS = 16


@dataclass(frozen=True)
class Histories:
    """How many victims are on each combination of lists.

    `counts[m]` counts those on exactly the lists whose bits are set in m (bit 0 is the first list); `counts[0]`, the
    victims on no list, is what is to be estimated, and 0 here. `left_out` counts records that could not be used:
    not covered by every list, or on none of them.
    """

    lists: tuple[str, ...]
    counts: NDArray[np.int64]
    left_out: int = 0

    @property
    def observed(self) -> int:
        """Victims on at least one list."""
        return int(self.counts.sum())

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """How many victims are on each number of lists: `sizes[k - 1]` on exactly k."""
        on = np.bitwise_count(np.arange(len(self.counts)))
        return tuple(int(self.counts[on == k].sum()) for k in range(1, len(self.lists) + 1))

    def on(self, mask: int) -> int:
        """Victims on all lists of `mask`, whatever others they are on."""
        every = np.arange(len(self.counts))
        return int(self.counts[(every & mask) == mask].sum())

    def of(self, chosen: Sequence[str]) -> "Histories":
        """The same with the `chosen` lists only. Victims that are on none of them are left out."""
        places = [self.lists.index(name) for name in chosen]
        every = np.arange(len(self.counts))
        masks = sum((((every >> place) & 1) << bit for bit, place in enumerate(places)), np.zeros_like(every))
        counts = np.bincount(masks, weights=self.counts, minlength=1 << len(places)).astype(np.int64)
        lost = int(counts[0])
        counts[0] = 0
        return Histories(tuple(chosen), counts, self.left_out + lost)

    def names(self, mask: int) -> str:
        """The lists of `mask`, by name."""
        return " + ".join(name for bit, name in enumerate(self.lists) if mask >> bit & 1)


def count_histories(records: Iterable[Mapping[str, bool | None]], lists: Sequence[str]) -> Histories:
    """The histories of `records`, each telling for each list whether the victim is on it: None where that list did not
    cover the place or time, so that its silence says nothing. Only records that all `lists` covered are used.

    Raises EstimateRefused ("too-few-lists", "too-many-lists", "doubled-list").
    """
    _check_number(lists)
    found: Counter[int] = Counter()
    left_out = 0
    for record in records:
        on = [record.get(name, False) for name in lists]
        mask = sum(1 << bit for bit, each in enumerate(on) if each)
        if None in on or not mask:
            left_out += 1
        else:
            found[mask] += 1
    counts = np.zeros(1 << len(lists), dtype=np.int64)
    for mask, number in found.items():
        counts[mask] = number
    return Histories(tuple(lists), counts, left_out)


def check_histories(histories: Histories) -> None:
    """Raises EstimateRefused where no method can tell anything: "nobody-listed", "empty-list", "no-overlap"
    (a list that shares nobody with any other), "same-lists" (two that list exactly the same), "contained" (of two lists
    one holds all that the other does, so that nothing tells how much both miss).
    """
    _check_number(histories.lists)
    if not histories.observed:
        raise EstimateRefused("nobody-listed")
    number = len(histories.lists)
    singles = [1 << bit for bit in range(number)]
    for bit, name in enumerate(histories.lists):
        if not histories.on(singles[bit]):
            raise EstimateRefused("empty-list", name=name)
    for bit, name in enumerate(histories.lists):
        if not any(histories.on(singles[bit] | other) for other in singles if other != singles[bit]):
            raise EstimateRefused("no-overlap", name=name)
    for first in range(number):
        for second in range(first + 1, number):
            both = histories.on(singles[first] | singles[second])
            sizes = histories.on(singles[first]), histories.on(singles[second])
            names = {"first": histories.lists[first], "second": histories.lists[second]}
            if sizes == (both, both):
                raise EstimateRefused("same-lists", **names)
            if number == LEAST_LISTS and both in sizes:
                raise EstimateRefused("contained", **names)


def _check_number(lists: Sequence[str]) -> None:
    if len(set(lists)) < len(lists):
        raise EstimateRefused("doubled-list")
    if len(lists) < LEAST_LISTS:
        raise EstimateRefused("too-few-lists", needed=LEAST_LISTS)
    if len(lists) > MOST_LISTS:
        raise EstimateRefused("too-many-lists", most=MOST_LISTS)
