"""Which rows of a coded plane stand for a thing: the first of each victim, of each incident, of each act. Pure.

Where what is asked is the same on all rows of a thing (the sex of a victim, the country of an incident), to count the
distinct things is to count their first rows: one flag a row instead of a set of all identifiers.
"""

from collections.abc import Collection

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amparo.statistics.grains import ACT_FAMILIES
from amparo.vocabularies.catalogue import get_vocabulary

KILLINGS = get_vocabulary("acts").with_narrower("killing")
# Columns that may differ between the acts of a victim, from the finest to the widest; of each the next is a function.
OF_ACTS = ("act", "act_family", "act_group")
# Columns that may differ between the victims of an incident. All others are an incident's.
OF_VICTIMS = frozenset(
    {"victim_kind", "target", "target_group", "sex", "gender", "age_band", "profile", "person", *OF_ACTS}
)
# Several of an incident's codes may be of one group: there a thing has several rows in one cell.
FOLDED = frozenset({"perpetrator_group"})
FLAGS = (
    "is_act",
    "first_of_incident",
    "first_of_victim",
    *(f"first_of_victim_{column}" for column in OF_ACTS),
    "first_killing_of_victim",
)


def mark_firsts(plane: pa.Table) -> pa.Table:
    """`plane` (columns as of `cases.coded_plane`) with the columns `FLAGS`, which are true or false.

    A row without a victim is the first of none.
    """
    victims, has_victim = _numbers(plane, "victim_id")
    incidents, has_incident = _numbers(plane, "incident_id")
    kinds = plane["act"].combine_chunks().dictionary_encode()
    number = kinds.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    words = kinds.dictionary.to_pylist()
    families = [ACT_FAMILIES.get(word, word) for word in words]
    groups = plane["act_group"].combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
    kind_numbers = {
        "act": number,
        "act_family": np.array([families.index(each) for each in families], dtype=np.int64)[number],
        "act_group": groups.astype(np.int64),
    }
    is_killing = np.array([word in KILLINGS for word in words], dtype=np.bool_)[number]
    flags = {
        "is_act": ~plane["act_id"].is_null().to_numpy(),
        "first_of_incident": _first(incidents, has_incident),
        "first_of_victim": _first(victims, has_victim),
        "first_killing_of_victim": _first(victims, has_victim & is_killing),
    }
    for column, codes in kind_numbers.items():
        flags[f"first_of_victim_{column}"] = _first(victims * (codes.max(initial=0) + 1) + codes, has_victim)
    for name in FLAGS:
        plane = plane.append_column(name, pa.array(flags[name]))
    return plane


def find_flag(measure: str, by: Collection[str], where: Collection[str]) -> str | None:
    """The flag whose rows are the things of `measure`, one row for each in each cell; None where no flag is that."""
    if FOLDED & set(by):
        return None
    if measure == "acts":
        return "is_act"
    if measure == "incidents":
        return None if OF_VICTIMS & {*by, *where} else "first_of_incident"
    if measure not in ("victims", "killings"):
        return None
    finest = next((column for column in OF_ACTS if column in by), None)
    asked = {column for column in where if column in OF_ACTS}
    if finest is None:
        if asked:
            return None
        return "first_of_victim" if measure == "victims" else "first_killing_of_victim"
    # A filter, as that of killings, must take or leave all of a victim's acts of one kind together.
    needed = asked | ({"act"} if measure == "killings" else set())
    return f"first_of_victim_{finest}" if needed <= set(OF_ACTS[OF_ACTS.index(finest) :]) else None


def _numbers(plane: pa.Table, column: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    there = plane[column].is_valid().to_numpy()
    return plane[column].fill_null(0).to_numpy().astype(np.int64), there


def _first(keys: NDArray[np.int64], which: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """True on the first of the rows `which` that have each key."""
    first = np.zeros(len(keys), dtype=np.bool_)
    places = np.flatnonzero(which)
    first[places[np.unique(keys[places], return_index=True)[1]]] = True
    return first
