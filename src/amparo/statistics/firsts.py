"""Which rows of a coded plane stand for a thing: the first of each victim, of each incident, of each act. Pure.

Where what is asked is the same on all rows of a thing (the sex of a victim, the country of an incident), to count the
distinct things is to count their first rows: one flag a row instead of a set of all identifiers.
"""

from collections.abc import Collection

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amparo.statistics.code_sets import BITS, to_bits
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
    """`plane` (columns as of `cases.coded_plane`) with the columns `FLAGS` (true or false) and `BITS` (numbers).

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
    # Of a victim with one row that row is the first of every kind.
    alone = has_victim & (np.bincount(victims[has_victim])[victims] == 1) if has_victim.any() else has_victim
    some = has_victim & ~alone
    for column, codes in kind_numbers.items():
        keys = victims * (codes.max(initial=0) + 1) + codes
        flags[f"first_of_victim_{column}"] = alone | _first(keys, some)
    for name in FLAGS:
        plane = plane.append_column(name, pa.array(flags[name]))
    for name, column in BITS.items():
        if name in plane.column_names:
            plane = plane.append_column(column, pa.array(to_bits(plane[name], name)))
    return plane


def stands_once(measure: str, dimension: str) -> bool:
    """Whether a thing of `measure` has one set of codes of `dimension`, the same on all its rows."""
    return measure in ("acts", "victims", "killings") or (measure == "incidents" and dimension not in OF_VICTIMS)


def find_flag(measure: str, by: Collection[str], where: Collection[str]) -> str | None:
    """The flag whose rows are the things of `measure`, one row for each in each cell; None where no flag is that."""
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
    """Numbers for the identifiers of a column, from 0 and close together; and where there are any."""
    there = plane[column].is_valid().to_numpy()
    numbers = plane[column].fill_null(0).to_numpy().astype(np.int64)
    if numbers.min(initial=0) < 0 or numbers.max(initial=0) > 2 * len(numbers):
        numbers = np.unique(numbers, return_inverse=True)[1].astype(np.int64)
    return numbers, there


def _first(keys: NDArray[np.int64], which: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """True on the first of the rows `which` that have each key."""
    first = np.zeros(len(keys), dtype=np.bool_)
    places = np.flatnonzero(which)
    chosen = keys[places]
    if len(places) and bool((chosen[1:] >= chosen[:-1]).all()):
        first[places] = np.concatenate([[True], chosen[1:] != chosen[:-1]])
        return first
    first[places[np.unique(chosen, return_index=True)[1]]] = True
    return first
