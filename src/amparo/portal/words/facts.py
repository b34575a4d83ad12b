"""What stands out in published counts: found among the counts that are shown, and from nothing else. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# More that are equal are no one's "most".
MOST_EQUALS = 3


@dataclass(frozen=True, slots=True)
class Margin:
    """Counts by the codes of one dimension, None where one is not shown. `unknown`: the codes of what is not known."""

    counts: Mapping[str, int | None]
    total: int | None
    unknown: frozenset[str]


@dataclass(frozen=True, slots=True)
class Most:
    """The codes with the highest count that is shown. `guarded`: others are not shown or not known, maybe more."""

    codes: tuple[str, ...]
    count: int
    guarded: bool


def find_most(margin: Margin) -> Most | None:
    """Which known code has the most; None where nothing can be compared, or all too many have the same."""
    known = {code: value for code, value in margin.counts.items() if code not in margin.unknown}
    shown = {code: value for code, value in known.items() if value}
    if len(known) < 2 or not shown:
        return None
    highest = max(shown.values())
    codes = tuple(code for code, value in shown.items() if value == highest)
    if len(codes) > MOST_EQUALS or len(codes) == len(known):
        return None
    guarded = any(margin.counts.get(code) != 0 for code in margin.unknown & margin.counts.keys())
    return Most(codes, highest, guarded or None in known.values())


def share_of(count: int, total: int | None) -> float | None:
    """`count` as a share of `total`; None where that total is not shown, or nothing."""
    return count / total if total else None


def count_hidden(cells: Iterable[int | None]) -> int:
    """How many cells are not shown."""
    return sum(value is None for value in cells)
