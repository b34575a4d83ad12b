"""Which tables a release publishes. Pure, and light: pages need it, and not what counts."""

from collections.abc import Collection
from itertools import combinations

# In the order in which a table's dimensions are written down.
PUBLISHED = (
    "status",
    "country",
    "regional_group",
    "network",
    "area",
    "year",
    "calendar_month",
    "act",
    "act_group",
    "target",
    "profile",
    "sex",
    "age_band",
    "perpetrator",
    "sector",
)
FILTERS = frozenset({"status", "country"})
MOST_DIMENSIONS = 3
# A code of the first is part of one code of the second.
HIERARCHIES = (
    ("calendar_month", "year"),
    ("act", "act_group"),
    ("country", "regional_group"),
    ("country", "network"),
)
# Of so many codes that they stand alone, or beside one of these.
COARSE_ONLY = {"calendar_month": frozenset({"country", "act", "act_group", "sex"})}
# A month of a year is "2016-03"; where the month is not known "2016-XX" (as in EDTF, ISO 8601-2), so that the months of
# a year add up to it; "unknown" where the year is not.
MONTH_UNKNOWN = "XX"

TableSet = tuple[str, ...]


def published_sets() -> tuple[TableSet, ...]:
    """The sets of dimensions whose tables are published: up to two dimensions, and a third where one of them filters.

    An area stands with its country only; a code never stands beside the group it belongs to; see `COARSE_ONLY`.
    """
    sets = (
        chosen
        for size in range(MOST_DIMENSIONS + 1)
        for chosen in combinations(PUBLISHED, size)
        if size < MOST_DIMENSIONS or FILTERS & set(chosen)
    )
    return tuple(chosen for chosen in sets if _is_sound(set(chosen)))


def _is_sound(chosen: set[str]) -> bool:
    if "area" in chosen and "country" not in chosen:
        return False
    if is_too_fine(chosen):
        return False
    return not any({part, whole} <= chosen for part, whole in HIERARCHIES)


def is_too_fine(chosen: Collection[str]) -> bool:
    """Whether a dimension of `COARSE_ONLY` stands beside what it may not stand beside."""
    others = {dimension: set(chosen) - {dimension} for dimension in COARSE_ONLY if dimension in chosen}
    return any(len(each) > 1 or not each <= COARSE_ONLY[dimension] for dimension, each in others.items())
