"""The model by which victims are compared, with what was learnt for it beforehand, and the bands of its results. Pure.

The probabilities (m, u) were estimated on two sets whose truth is known: the published list of social leaders killed in
Colombia against a copy with planted variants, and made names in Arabic and Latin letters (`bench/linkage` prints them
anew). They are used as they are where there are few records, and are where training begins where there are many.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from amparo.linkage.comparisons import (
    Comparison,
    Priors,
    compare_birth_years,
    compare_codes,
    compare_event_dates,
    compare_person_names,
    compare_places,
    compare_roles,
)
from amparo.linkage.engine import PART, Model, Pair, TooMany, find_pairs
from amparo.linkage.names import NameLikeness
from amparo.linkage.records import Record, make_rows

Band = Literal["surely", "probably", "perhaps"]
BANDS: tuple[Band, ...] = ("surely", "probably", "perhaps")
SURELY, PROBABLY, PERHAPS = 0.99, 0.5, 0.1
# However likely a pair is: without one of these it is not sure, and with one of those neither.
_SURE_NAMES = frozenset({"name-same", "name-variant", "name-part-missing"})
_SURE_DATES = frozenset({"date-same-day", "date-within-week"})
_DOUBTS = frozenset(
    {
        "sex-differs",
        "area-differs",
        "country-differs",
        "birth-year-differs",
        "another-fits-as-well",
        "listed-side-by-side",
    }
)
# Who stands twice in one list under names that differ in a part is more likely two people: brothers and sisters.
_SAME_LIST_NAMES = frozenset({"name-same", "name-variant"})
_OTHER_PEOPLE = frozenset({"name-part-differs", "name-one-part"})
_NAMES = tuple(map(str, NameLikeness))
MOST_AT_ONCE = 20_000

PRIORS: dict[str, Priors] = {
    "name": {
        "name-same": (0.3, 0.00002),
        "name-variant": (0.38, 0.00007),
        "name-part-missing": (0.28, 0.0003),
        "name-part-differs": (0.025, 0.002),
        "name-one-part": (0.01, 0.06),
        "name-differs": (0.005, 0.93761),
    },
    "sex": {"sex-same": (0.98, 0.6), "sex-differs": (0.02, 0.4)},
    "birth_year": {
        "birth-year-same": (0.75, 0.02),
        "birth-year-near": (0.2, 0.08),
        "birth-year-differs": (0.05, 0.9),
    },
    "date": {
        "date-same-day": (0.8, 0.0012),
        "date-within-week": (0.09, 0.01),
        "date-within-month": (0.02, 0.032),
        "date-may-be-same": (0.05, 0.002),
        "date-apart": (0.04, 0.9548),
    },
    "place": {
        "place-same": (0.6, 0.006),
        "area-same": (0.33, 0.09),
        "area-differs": (0.04, 0.8),
        "country-same": (0.02, 0.05),
        "country-differs": (0.01, 0.054),
    },
    "role": {"role-same": (0.35, 0.004), "role-alike": (0.4, 0.06), "role-differs": (0.25, 0.936)},
}
COMPARISONS: tuple[Comparison, ...] = (
    compare_person_names(PRIORS["name"]),
    compare_event_dates(PRIORS["date"]),
    compare_places(PRIORS["place"]),
    compare_codes("sex", PRIORS["sex"]),
    compare_birth_years(PRIORS["birth_year"]),
    compare_roles(PRIORS["role"]),
)
_TEXTS = pa.list_(pa.string())
MODEL = Model(
    COMPARISONS,
    (
        ("parts", pa.list_(PART)),
        ("hints", _TEXTS),
        ("name_key", pa.string()),
        ("sex", pa.string()),
        ("birth_year", pa.int32()),
        ("earliest", pa.date32()),
        ("latest", pa.date32()),
        ("country", pa.string()),
        ("area", pa.string()),
        ("place", pa.string()),
        ("role", _TEXTS),
    ),
    (("name_key",), ("earliest", "area")),
)


@dataclass(frozen=True, slots=True)
class Found:
    """Two victims who may be one person; the lower identifier first. `reasons` are codes (`reasons.REASONS`)."""

    one: int
    other: int
    band: Band
    probability: float
    reasons: tuple[str, ...]


def find_same_persons(
    records: Sequence[Record], others: Sequence[Record] | None = None, *, train: bool | None = None
) -> list[Found]:
    """Pairs of victims that may be one person, with a probability of `PERHAPS`; surest first.

    Among `records`, or between them and `others`. Raises `engine.TooMany` and `engine.LinkageError`.
    """
    everybody = {record.identifier: record for record in (*records, *(others or ()))}
    if len(everybody) > MOST_AT_ONCE:
        raise TooMany("These are too many to compare at once.")
    rows = make_rows(list(everybody.values()))
    ours = {record.identifier for record in records}
    left = [row for row in rows if row["id"] in ours]
    right = None if others is None else [row for row in rows if row["id"] not in ours]
    pairs = find_pairs(left, MODEL, others=right, expected=_expected(left, right), at_least=PERHAPS, train=train)
    # Time and place alone make nobody the same.
    named = [pair for pair in pairs if "name-differs" not in pair.reasons]
    apart = [pair for pair in named if not _in_one_incident(everybody[pair.one], everybody[pair.other])]
    found = _judge(apart, everybody)
    return sorted(found, key=lambda each: (BANDS.index(each.band), -each.probability, each.one, each.other))


def _in_one_incident(one: Record, other: Record) -> bool:
    return one.incident == other.incident != 0


def _judge(pairs: Sequence[Pair], everybody: Mapping[int, Record]) -> list[Found]:
    """The pairs with their bands.

    Relatives who were attacked together are alike in all but a part of their names: where a list has somebody who fits
    as well or better, a pair with somebody else of that list is not sure.
    """
    fits: dict[tuple[int, str], list[tuple[int, float, int]]] = {}
    for pair in pairs:
        for one, other in ((pair.one, pair.other), (pair.other, pair.one)):
            fits.setdefault((one, everybody[other].listed_in), []).append((*_fit(pair), other))
    found = []
    for pair in pairs:
        rivals = [
            fit
            for one, other in ((pair.one, pair.other), (pair.other, pair.one))
            for *fit, rival in fits[one, everybody[other].listed_in]
            if rival != other
        ]
        reasons = pair.reasons
        if everybody[pair.one].listed_in == everybody[pair.other].listed_in:
            if not _SAME_LIST_NAMES.intersection(reasons):
                reasons += ("listed-side-by-side",)
        elif rivals:
            best, own = max(rivals), list(_fit(pair))
            if best[0] > own[0]:
                reasons += ("another-fits-better",)
            elif best[0] == own[0] and best[1] >= PROBABLY:
                reasons += ("another-fits-as-well",)
        found.append(Found(pair.one, pair.other, band_of(pair.probability, reasons), pair.probability, reasons))
    return found


def _fit(pair: Pair) -> tuple[int, float]:
    """How well a pair fits: the names first, then all of it."""
    name = next((code for code in pair.reasons if code in _NAMES), _NAMES[-1])
    return -_NAMES.index(name), round(pair.probability, 3)


def _expected(left: Sequence[dict[str, object]], right: Sequence[dict[str, object]] | None) -> float:
    """About how many pairs there are in truth: twice as many as agree in their whole name within the same month."""
    counts: dict[tuple[object, str], list[int]] = {}
    for side, rows in enumerate((left, left if right is None else right)):
        for row in rows:
            if row["name_key"] and row["earliest"]:
                counts.setdefault((row["name_key"], str(row["earliest"])[:7]), [0, 0])[side] += 1
    if right is None:
        same = sum(number * (number - 1) / 2 for number, _ in counts.values())
        most = len(left) / 2
    else:
        same = sum(one * other for one, other in counts.values())
        most = min(len(left), len(right))
    return min(max(2.5 * same, 1.0), max(most, 1.0))


def band_of(probability: float, reasons: Collection[str]) -> Band:
    """How sure it is that a pair is one person."""
    why = set(reasons)
    if "another-fits-better" in why or ("listed-side-by-side" in why and why & _OTHER_PEOPLE):
        return "perhaps"
    if probability >= SURELY and why & _SURE_NAMES and why & _SURE_DATES and not why & _DOUBTS:
        return "surely"
    return "probably" if probability >= PROBABLY else "perhaps"
