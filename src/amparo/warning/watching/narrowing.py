"""How nearly counts are known from sums of them: the least and the most that each can be, by all sums together. Pure.

An attacker adds and subtracts what is told of a year: its months, the parts of each month, released totals. Every sum
narrows what its members can be, and that narrows other sums, until nothing changes any more. A sum that contradicts the
others is left out: counts of different days need not fit, and an incident may be of several kinds.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

Node = Hashable
Bounds = tuple[int, int]
# More than any count.
ENDLESS = 10**9
_ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Sum:
    """That `whole` is the sum of `parts`."""

    whole: Node
    parts: tuple[Node, ...]

    @property
    def members(self) -> tuple[Node, ...]:
        return self.whole, *self.parts


class Contradiction(Exception):
    """No counts fit this sum within what is known of its members."""

    def __init__(self, wrong: Sum) -> None:
        super().__init__(wrong)
        self.wrong = wrong


def narrow(known: Mapping[Node, Bounds], sums: Iterable[Sum]) -> dict[Node, Bounds]:
    """The bounds of what is `known`, and of every member of those of `sums` that can be."""
    used = list(sums)
    while True:
        try:
            return _narrow(known, used)
        except Contradiction as found:
            used.remove(found.wrong)


def _narrow(known: Mapping[Node, Bounds], sums: Sequence[Sum]) -> dict[Node, Bounds]:
    bounds: dict[Node, Bounds] = {node: (0, ENDLESS) for each in sums for node in each.members} | dict(known)
    for _ in range(_ROUNDS):
        changed = False
        for each in sums:
            changed |= _apply(each, bounds)
        if not changed:
            break
    return bounds


def _apply(one: Sum, bounds: dict[Node, Bounds]) -> bool:
    """Narrow the members of a sum; gives whether anything has changed. Raises `Contradiction`."""
    low = sum(bounds[part][0] for part in one.parts)
    high = sum(bounds[part][1] for part in one.parts)
    whole = bounds[one.whole]
    new = {one.whole: (max(whole[0], low), min(whole[1], high))}
    for part in one.parts:
        its = bounds[part]
        least = max(its[0], new[one.whole][0] - (high - its[1]))
        most = min(its[1], new[one.whole][1] - (low - its[0]))
        new[part] = (least, most)
    if any(least > most for least, most in new.values()):
        raise Contradiction(one)
    changed = any(bounds[node] != its for node, its in new.items())
    bounds.update(new)
    return changed
