"""Series by month out of the coded plane, by when things happened and by when they were recorded. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amparo.warning.detection import Floats, Integers
from amparo.warning.months import Month
from amparo.warning.watching.strata import COUNTRY, MULTIVALUED, WATCHED, Stratum

_UNKNOWN = "unknown"
# Of the wide table, besides the dimensions: see `cases.coded_plane`; `recorded` is added to it.
_WHEN = ("year", "month_number", "recorded")
_FACTS = ("incident_id", "victim_id", "person", "act", "month_number", "recorded")


@dataclass(frozen=True, slots=True)
class Watched:
    """`by_delay` is (strata, months, longest delay + 1): incidents by month of happening and months until recorded, as
    known at the end of the last month. `later` is (strata, months): those recorded after more than the longest delay,
    such as lists that were brought in years after; they tell nothing of how fast reports come. `by_recording` is
    (strata, months), by the month of recording alone.
    """

    strata: tuple[Stratum, ...]
    begin: Month
    by_delay: Floats
    later: Floats
    by_recording: Floats

    @property
    def happened(self) -> Floats:
        """Incidents (strata, months) by the month in which they happened, as far as recorded."""
        return np.asarray(self.by_delay.sum(axis=2) + self.later)

    def month(self, position: int) -> Month:
        return self.begin.later(position)


def prepare(plane: pa.Table, recorded: Sequence[int | None]) -> pa.Table:
    """The coded plane with the numbers of the months (`Month.number`) of happening and of recording.

    `recorded` is the latter for each row. Of a date that does not lie within one month no series can be made: such
    incidents count by their month of recording alone.
    """
    year, month = plane["year"].cast(pa.int64()), plane["month"].cast(pa.int64())
    number = pc.subtract(pc.add(pc.multiply(year, 12), month), 1)
    return plane.append_column("month_number", number).append_column("recorded", pa.array(recorded, pa.int64()))


def watch(prepared: pa.Table, now: Month, months: int, longest: int) -> Watched:
    """All series of `prepared` over the `months` that end with `now`. Codes that are not known make no series."""
    begin = now.later(1 - months)
    strata: list[Stratum] = []
    by_delay, later, by_recording = [], [], []
    for by in WATCHED:
        codes, at, rows = _distinct_incidents(prepared, by)
        happened, recorded = (_numbers(rows, name) - begin.number for name in ("month_number", "recorded"))
        strata += [Stratum(by, each) for each in codes]
        late = recorded - happened > longest
        by_delay.append(_lay_out(at[~late], happened[~late], recorded[~late], len(codes), months, longest))
        later.append(_count(at[late & (recorded < months)], happened[late & (recorded < months)], len(codes), months))
        by_recording.append(_count(at, recorded, len(codes), months))
    return Watched(tuple(strata), begin, *(np.concatenate(each) for each in (by_delay, later, by_recording)))


def count_countries(prepared: pa.Table, begin: Month, end: Month) -> tuple[tuple[str, ...], Floats]:
    """The codes of countries, and their incidents (countries, months) from `begin` to `end`, whenever recorded."""
    codes, at, rows = _distinct_incidents(prepared, COUNTRY)
    happened = _numbers(rows, "month_number") - begin.number
    counts = _count(at, happened, len(codes), end.number - begin.number + 1)
    return tuple(code for (code,) in codes), counts


def count_countries_by_year(prepared: pa.Table, begin: int, end: int) -> tuple[tuple[str, ...], Floats]:
    """The same by years, from `begin` to `end`: also what happened in a year of which no month is known."""
    codes, at, rows = _distinct_incidents(prepared, COUNTRY)
    counts = _count(at, _numbers(rows, "year") - begin, len(codes), end - begin + 1)
    return tuple(code for (code,) in codes), counts


def _distinct_incidents(prepared: pa.Table, by: tuple[str, ...]) -> tuple[list[tuple[str, ...]], Integers, pa.Table]:
    """The strata of a kind, and each incident of each once: which stratum, and its months."""
    wanted = _explode(prepared.select([*by, "incident_id", *_WHEN]), by)
    for name in by:
        wanted = wanted.filter(pc.not_equal(wanted[name], _UNKNOWN))
    rows = wanted.group_by([*by, "incident_id"]).aggregate([(name, "min") for name in _WHEN])
    rows = rows.rename_columns([*by, "incident_id", *_WHEN])
    keys = list(zip(*(rows[name].to_pylist() for name in by), strict=True))
    codes = sorted(set(keys))
    place = {each: number for number, each in enumerate(codes)}
    return codes, np.array([place[key] for key in keys], dtype=np.int64), rows


def _explode(table: pa.Table, by: Sequence[str]) -> pa.Table:
    for name in by:
        if name in MULTIVALUED:
            column = table[name].combine_chunks()
            table = table.take(pc.list_parent_indices(column)).set_column(
                table.schema.get_field_index(name), name, pc.list_flatten(column)
            )
    return table


def _numbers(rows: pa.Table, name: str) -> Integers:
    """What is not known lies before everything."""
    filled = pc.fill_null(rows[name].cast(pa.int64()), -(10**6))
    return np.asarray(filled.to_numpy(), dtype=np.int64)


def _lay_out(at: Integers, happened: Integers, recorded: Integers, strata: int, months: int, longest: int) -> Floats:
    counts = np.zeros((strata, months, longest + 1))
    kept = (happened >= 0) & (happened < months) & (recorded < months)
    # Recorded before it happened is an error of entry.
    delay = np.clip(recorded[kept] - happened[kept], 0, longest)
    np.add.at(counts, (at[kept], happened[kept], delay), 1)
    return counts


def _count(at: Integers, when: Integers, strata: int, months: int) -> Floats:
    counts = np.zeros((strata, months))
    kept = (when >= 0) & (when < months)
    np.add.at(counts, (at[kept], when[kept]), 1)
    return counts


@dataclass(frozen=True, slots=True)
class Cell:
    """What a series counts in one month: `incidents`, the `victims` in them, and the kinds of act, most first."""

    incidents: int
    victims: int
    acts: tuple[tuple[str, int], ...]


def count_cell(prepared: pa.Table, stratum: Stratum, month: Month, until: Month, *, recorded: bool = False) -> Cell:
    """What was known at the end of the month `until` of what happened (or was `recorded`) in `month`.

    A victim whom no person links counts by herself; an incident with two kinds of act counts for both.
    """
    rows = prepared.filter(pc.equal(prepared["recorded" if recorded else "month_number"], month.number))
    rows = rows.filter(pc.less_equal(rows["recorded"], until.number))
    rows = _explode(rows.select(list(dict.fromkeys([*stratum.by, *_FACTS]))), stratum.by)
    for name, code in zip(stratum.by, stratum.codes, strict=True):
        rows = rows.filter(pc.equal(rows[name], code))
    # A body has no number as a person; it is one victim all the same.
    victims = pc.coalesce(rows["person"], pc.negate(rows["victim_id"]))
    kinds = rows.group_by("act").aggregate([("incident_id", "count_distinct")]).to_pydict()
    acts = zip(kinds["act"], kinds["incident_id_count_distinct"], strict=True)
    return Cell(
        incidents=pc.count_distinct(rows["incident_id"]).as_py(),
        victims=pc.count_distinct(victims).as_py(),
        acts=tuple(sorted(((act, n) for act, n in acts if act != _UNKNOWN), key=lambda each: (-each[1], each[0]))),
    )
