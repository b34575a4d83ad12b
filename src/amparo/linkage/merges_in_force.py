"""What follows from the merges in force: who is one person, and which incident is shown and counted for which. Pure.

The state is computed from the merges alone, in their order, so that any of them can be undone at any time, and what is
left is as if it had never been.
"""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

N = TypeVar("N", bound=Hashable)


def kept_of(merges: Iterable[tuple[int, int]]) -> dict[int, int]:
    """For each copy the incident that is kept, from merges (kept, copy) in their order. Never a chain of copies."""
    kept: dict[int, int] = {}
    for one, other in merges:
        root, copy = kept.get(one, one), kept.get(other, other)
        if root == copy:
            continue
        kept[copy] = root
        for each, its in kept.items():
            if its == copy:
                kept[each] = root
    return kept


def groups_of(pairs: Iterable[tuple[N, N]]) -> list[set[N]]:
    """Everybody who is one and the same through the pairs, in groups of two or more."""
    group_of: dict[N, set[N]] = {}
    for one, other in pairs:
        joined = group_of.get(one, {one}) | group_of.get(other, {other})
        for each in joined:
            group_of[each] = joined
    return list({id(group): group for group in group_of.values() if len(group) > 1}.values())


def reached_from(starts: Iterable[N], neighbours: Mapping[N, Iterable[N]]) -> set[N]:
    """Whatever is connected with `starts`, those included."""
    found: set[N] = set()
    waiting = list(starts)
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting.extend(neighbours.get(here, ()))
    return found
