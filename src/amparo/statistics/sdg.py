"""Indicator 16.10.1 of the Sustainable Development Goals, counted from the coded plane and protected. Pure.

"Number of verified cases of killing, kidnapping, enforced disappearance, arbitrary detention and torture of
journalists, associated media personnel, trade unionists and human rights advocates in the previous 12 months".
Metadata: UN Statistics Division, SDG indicator 16.10.1, custodian OHCHR, with UNESCO and ILO. By calendar year.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import ibis.expr.types as ir
import numpy as np

from amparo.statistics.beside_releases import Beside
from amparo.statistics.cube import UNKNOWN, count
from amparo.statistics.differencing import EarlierRelease
from amparo.statistics.suppression import Guard, Lines, find_costs, find_small
from amparo.vocabularies.catalogue import get_vocabulary

# The violations of the indicator, attempts apart from killings.
VIOLATIONS = (
    "killing",
    "attempted-killing",
    "enforced-disappearance",
    "torture",
    "arbitrary-detention",
    "kidnapping",
)
# The victims of the indicator, by target: relatives, organisations and institutions as such are none.
VICTIM_GROUPS = {
    "journalist": "journalists",
    "media-worker": "journalists",
    "trade-unionist": "trade-unionists",
    "human-rights-defender": "human-rights-defenders",
    "lawyer": "human-rights-defenders",
    **dict.fromkeys(get_vocabulary("targets").with_narrower("nhri-member"), "human-rights-defenders"),
    "nhri-staff": "human-rights-defenders",
}
VICTIM_GROUP = "victim_group"
# What the metadata ask to disaggregate by, besides year and violation.
BREAKDOWNS = (VICTIM_GROUP, "sex", "age_band", "area", "perpetrator")
ALL = "all"


class IndicatorRefused(Exception):
    """No indicator from what there is. `code`: "several-datasets", "no-cases"."""

    def __init__(self, code: str, /, **details: object) -> None:
        self.code = code
        self.details = details
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Observation:
    """Verified victims in a year: of one violation or `ALL` of them, by one code of a breakdown or all ("", "").

    A victim of two violations stands under both, and once under `ALL`. None where the count is not shown.
    """

    year: int
    violation: str
    breakdown: str
    code: str
    victims: int | None


@dataclass(frozen=True, slots=True)
class Indicator:
    """The observations of one country and dataset, in order; years without a verified case have none.

    `undated` counts verified victims whose year is not known: they stand in no observation.
    """

    country: str
    dataset: str
    threshold: int
    observations: tuple[Observation, ...]
    undated: int | None


def count_indicator(
    plane: ir.Table,
    country: str,
    threshold: int,
    years: Sequence[int] = (),
    releases: Callable[[str], Sequence[EarlierRelease]] = lambda _dataset: (),
) -> Indicator:
    """The indicator of `country`, of `years` where given. With a `threshold` above 1, counts from 1 to one less are not
    shown, nor those that would tell them, by themselves or beside the `releases` of a dataset. Raises IndicatorRefused.

    Counts are the indicator's only while one dataset is counted: the same person may be in two.
    """
    where = {
        "country": [country],
        "status": ["verified"],
        "act": list(VIOLATIONS),
        "target": list(VICTIM_GROUPS),
        "victim_kind": ["person"],
    }
    datasets = sorted(cell[0] for cell in count(plane, "victims", ["dataset"], where).cells)
    if not datasets:
        raise IndicatorRefused("no-cases", country=country)
    if len(datasets) > 1:
        raise IndicatorRefused("several-datasets", datasets=", ".join(datasets))
    totals = count(plane, "victims", ["year"], where).cells
    found = [Observation(int(year), ALL, "", "", n) for (year,), n in totals.items() if year != UNKNOWN]
    for (year, act), n in count(plane, "victims", ["year", "act"], where).cells.items():
        if year != UNKNOWN:
            found.append(Observation(int(year), act, "", "", n))
    for breakdown in BREAKDOWNS:
        column = "target" if breakdown == VICTIM_GROUP else breakdown
        cells: Counter[tuple[str, str, str]] = Counter()
        for (year, act, code), n in count(plane, "victims", ["year", "act", column], where).cells.items():
            cells[year, act, VICTIM_GROUPS[code] if breakdown == VICTIM_GROUP else code] += n
        found += [Observation(int(y), a, breakdown, code, n) for (y, a, code), n in cells.items() if y != UNKNOWN]
    chosen = sorted((each for each in found if not years or each.year in years), key=_order)
    undated = totals.get((UNKNOWN,), 0)
    return Indicator(
        country,
        datasets[0],
        threshold,
        tuple(_protect(chosen, threshold, Beside(releases(datasets[0]), country))),
        None if 0 < undated < threshold else undated,
    )


def _protect(observations: Sequence[Observation], threshold: int, beside: Beside) -> list[Observation]:
    """`observations` with small counts taken out, and what would tell them. Of a year of which nothing could be shown
    without telling a small count, nothing is.

    The violations of a year add up to its total, and each breakdown to its violation, or to more where a victim has
    several: treated as if they added up, which hides more than needed and never less.
    """
    if threshold <= 1 or not observations:
        return list(observations)
    counts = np.array([each.victims or 0 for each in observations], dtype=np.int64)
    places = {(each.year, each.violation): place for place, each in enumerate(observations) if not each.breakdown}
    lines = []
    for breakdown in ("", *BREAKDOWNS):
        children = [
            place
            for place, each in enumerate(observations)
            if each.breakdown == breakdown and (breakdown or each.violation != ALL)
        ]
        parents = [
            places[observations[place].year, observations[place].violation if breakdown else ALL] for place in children
        ]
        lines.append(Lines(np.array(children, dtype=np.int64), np.array(parents, dtype=np.int64)))
    # The year's total matters most, then its violations.
    weights = np.array([1 if o.breakdown else 1_000_000 if o.violation == ALL else 1_000 for o in observations])
    found = [_place_of(each, beside.country) for each in observations]
    given_away = np.array([beside.is_given_away(p, n, threshold) for p, n in zip(found, counts.tolist(), strict=True)])
    told = np.array([beside.is_told(p, n) for p, n in zip(found, counts.tolist(), strict=True)]) & ~given_away
    used = [each for each in lines if len(each.children)]
    guard = Guard(counts, find_costs(counts, weights.astype(np.int64), used), told)
    small = find_small([counts], threshold) | given_away
    hidden = np.zeros(len(observations), dtype=np.bool_)
    of_year = np.array([each.year for each in observations])
    for year in np.unique(of_year):
        chosen = guard.protect(small & (of_year == year), [guard.order(each) for each in used], [])
        hidden |= (of_year == year) if chosen is None else chosen
    return [
        replace(each, victims=None) if is_hidden else each
        for each, is_hidden in zip(observations, hidden.tolist(), strict=True)
    ]


def _place_of(each: Observation, country: str) -> dict[str, str]:
    """What an observation says of its victims, by published dimensions."""
    place = {"status": "verified", "country": country, "year": str(each.year)}
    if each.violation != ALL:
        place["act"] = each.violation
    if each.breakdown and each.breakdown != VICTIM_GROUP:
        place[each.breakdown] = each.code
    return place


def _order(each: Observation) -> tuple[int, int, int, str]:
    violation = -1 if each.violation == ALL else VIOLATIONS.index(each.violation)
    return each.year, violation, BREAKDOWNS.index(each.breakdown) if each.breakdown else -1, each.code
