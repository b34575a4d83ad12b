"""What other institutions read of the findings behind an alert, and what was told of findings before.

Each night what may be told of a finding is decided once, with all that was told before, and kept with its signal. When
it is read, it is looked at again beside what has been released since.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from amparo.cases.datasets import own_code, own_dataset
from amparo.institutions.models import Institution
from amparo.warning.models import Signal
from amparo.warning.months import read_month
from amparo.warning.times import this_quarter
from amparo.warning.watching.disclosing import PublicFinding, disclose_again
from amparo.warning.watching.explaining import explain_outside
from amparo.warning.watching.grouping import each_kept
from amparo.warning.watching.known_outside import Key, KnownOutside, Told
from amparo.warning.watching.released import read_known
from amparo.warning.watching.strata import COUNTRY, Stratum

# Below so many incidents, or persons, a count is told to nobody outside.
THRESHOLD = 5
# A month is judged, and so told, for a few months; a year's total may come long after.
_REMEMBERED = timedelta(days=3 * 366)


def known_outside(institution: Institution, countries: Iterable[str]) -> KnownOutside:
    """What others know of what `institution` documents: its releases, and what of its findings they may have read."""
    return read_known(own_dataset(institution).code, sorted(set(countries)), _told_before(institution))


def keep_public(public: PublicFinding | None) -> dict[str, Any]:
    """What may be told outside as codes and numbers, for keeping with its signal."""
    if public is None:
        return {}
    return {
        "by": list(public.stratum.by),
        "codes": list(public.stratum.codes),
        "month": str(public.month),
        "observed": public.observed,
        "between": list(public.between) if public.between else None,
        "usually": public.usually,
        "rarer_than": public.rarer_than,
        "kinds": [[group, number] for group, number in public.kinds],
    }


def read_public(facts: Mapping[str, Any]) -> PublicFinding | None:
    """What was kept with a signal of data; None where nothing may be told.

    Of one from before anything was kept only that there is something, in the country.
    """
    kept = facts.get("outside")
    if kept is None:
        return _without_number(facts)
    month = read_month(str(kept.get("month", "")))
    if month is None:
        return None
    return PublicFinding(
        stratum=Stratum(tuple(kept["by"]), tuple(kept["codes"])),
        month=month,
        observed=kept["observed"],
        usually=kept["usually"],
        rarer_than=kept["rarer_than"],
        kinds=tuple((str(group), int(number)) for group, number in kept["kinds"]),
        between=(kept["between"][0], kept["between"][1]) if kept["between"] else None,
    )


def say_outside(institution: Institution, signals: Iterable[Signal]) -> list[str]:
    """What others read of the findings among `signals` of `institution`, once an alert of them is shared or calls them:
    a sentence or two for each, in the language in force.
    """
    found = [read_public(kept) for each in signals if each.origin == "data" for kept in each_kept(each.facts)]
    public = list(dict.fromkeys(each for each in found if each is not None))
    if not public:
        return []
    known = known_outside(institution, {each.stratum.country for each in public})
    return list(dict.fromkeys(explain_outside(disclose_again(each, known, THRESHOLD)) for each in public))


def told_of_dataset(dataset: str) -> dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[int, int]]:
    """Counts by month that may have been read outside, of an institution's own dataset: for whoever publishes it.

    By dimensions and codes of released tables. Of parts of a country nothing is released by months, but of acts.
    """
    whose = [each for each in Institution.objects.all() if own_code(each) == dataset]
    told: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[int, int]] = {}
    for institution in whose:
        for (stratum, month), cell in _told_before(institution).items():
            if stratum.by in {COUNTRY, ("country", "act_group")}:
                told[("calendar_month", *stratum.by), (str(month), *stratum.codes)] = (cell.low, cell.high)
    return told


def _told_before(institution: Institution) -> dict[Key, Told]:
    """Every count that may have been read outside, whether its alert was shared or not."""
    signals = Signal.objects.filter(
        institution=institution, origin="data", raised_at__gte=this_quarter() - _REMEMBERED
    ).order_by("raised_at", "pk")
    told: dict[Key, Told] = {}
    for facts in signals.values_list("facts", flat=True):
        for public in map(read_public, each_kept(facts)):
            if public is not None:
                told |= public.cells
    return told


def _without_number(facts: Mapping[str, Any]) -> PublicFinding | None:
    month = read_month(str(facts.get("month", "")))
    if month is None or "stratum" not in facts:
        return None
    stratum = Stratum(tuple(facts["stratum"]["by"]), tuple(facts["stratum"]["codes"]))
    return PublicFinding(Stratum(COUNTRY, (stratum.country,)), month, None, None, None)
