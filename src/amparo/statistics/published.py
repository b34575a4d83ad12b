"""Which tables a release publishes. Pure, and light: pages need it, and not what counts."""

from itertools import combinations

# In the order in which a table's dimensions are written down.
PUBLISHED = (
    "status",
    "country",
    "regional_group",
    "network",
    "area",
    "year",
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
HIERARCHIES = (("act", "act_group"), ("country", "regional_group"), ("country", "network"))

TableSet = tuple[str, ...]


def published_sets() -> tuple[TableSet, ...]:
    """The sets of dimensions whose tables are published: up to two dimensions, and a third where one of them filters.

    An area stands with its country only; a code never stands beside the group it belongs to.
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
    return not any({part, whole} <= chosen for part, whole in HIERARCHIES)
