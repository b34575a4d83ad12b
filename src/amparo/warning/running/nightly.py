"""The nightly run over each institution: what is unusual in its series, what its rules find, whether a run is missing.

A day has one run for an institution, in steps; each step is one transaction that notes itself as done. Killed on the
way, the next call goes on where it stopped: what was raised bears the name of its find, and is not raised again.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from amparo.cases.datasets import own_dataset
from amparo.institutions.models import Institution
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary
from amparo.warning.held import note_change
from amparo.warning.models import Rule, Run, Signal
from amparo.warning.running.found_words import keep_finding, read_finding
from amparo.warning.signals.raising import Said, raise_found
from amparo.warning.times import this_quarter
from amparo.warning.triggers.keeping import found_since
from amparo.warning.triggers.kinds import RULES
from amparo.warning.watching.disclosing import PublicFinding
from amparo.warning.watching.findings import Basis, Finding
from amparo.warning.watching.grouping import Group, add_to, each_kept, group_findings, keep_together
from amparo.warning.watching.outside import keep_public, known_outside
from amparo.warning.watching.services import last_full_month, watch_store

# From this hour on (universal time) the day's run is due.
DUE_HOUR = 2
# A rule looks so many days back: what was documented late is found all the same, what is older is history.
LOOKS_BACK = timedelta(days=35)
# How far back a missing run is looked for.
MISSED_DAYS = 7
_WATCH = "watch"
_UNDECIDED = frozenset({"new", "possible"})


def run_due() -> int:
    """Do the day's runs that are due and not done. For the worker; gives how many signals were raised."""
    now = this_quarter()
    return run_all(now.date()) if now.hour >= DUE_HOUR else 0


def run_all(day: date) -> int:
    """Do the run of `day` for every institution that has a member; gives how many signals were raised."""
    there = Institution.objects.filter(members__is_active=True, locked_at=None).distinct().order_by("pk")
    return sum(run_one(each, day) for each in there)


def run_one(institution: Institution, day: date) -> int:
    """Do what is left of the run of `day` for one institution; gives how many signals were raised."""
    run = Run.objects.get_or_create(institution=institution, day=day, defaults={"began_at": this_quarter()})[0]
    if run.ended_at is not None:
        return 0
    found = sum(_do(run.pk, name, step) for name, step in _STEPS.items())
    Run.objects.filter(pk=run.pk, ended_at=None).update(ended_at=this_quarter())
    return found


@transaction.atomic
def _do(number: int, name: str, step: Callable[[Institution, date], int]) -> int:
    run = Run.objects.select_for_update(of=("self",)).select_related("institution").get(pk=number)
    if name in run.done:
        return 0
    found = step(run.institution, run.day)
    run.done = [*run.done, name]
    run.found += found
    run.save(update_fields=["done", "found"])
    return found


def _notice_missing_runs(institution: Institution, day: date) -> int:
    """One signal for the days before `day` that have no run, or one that never ended, since the first there was."""
    earlier = Run.objects.filter(institution=institution, day__lt=day, day__gte=day - timedelta(days=MISSED_DAYS))
    ended = dict(earlier.values_list("day", "ended_at"))
    began = Run.objects.filter(institution=institution).order_by("day").values_list("day", flat=True).first()
    first = max(day - timedelta(days=MISSED_DAYS), began or day)
    missed = [each for each in _days(first, day) if ended.get(each) is None]
    if not missed:
        return 0
    said = Said("system", "missed-run", institution.country or UNKNOWN)
    facts = {"days": len(missed), "last": missed[-1].isoformat()}
    return int(raise_found(institution, f"run:{missed[-1].isoformat()}", said, facts) is not None)


def _watch_series(institution: Institution, day: date) -> int:
    month = last_full_month(day)
    run = watch_store(
        month,
        datasets=[own_dataset(institution).code],
        basis=Basis.HAPPENED,
        known=lambda countries: known_outside(institution, countries),
    )
    return sum(_raise_group(institution, each, run.told) for each in group_findings(run.findings))


def _raise_group(institution: Institution, group: Group, told: Mapping[Finding, PublicFinding | None]) -> bool:
    """One signal for all that is unusual in a country in a month, named by the strongest find.

    A series that becomes unusual on a later night is put to it as long as nobody has decided on it; else it is a signal
    of its own, so that nothing is passed over.
    """
    before = _signals_of(institution, group)
    known = {_source_of(kept) for each in before for kept in each_kept(each.facts)}
    new = [each for each in group.findings if _source(each) not in known]
    if not new:
        return False
    facts = [keep_finding(each) | {"outside": keep_public(told.get(each))} for each in new]
    undecided = next((each for each in before if each.state in _UNDECIDED and each.alert_id is None), None)
    if undecided is not None:
        undecided.facts = add_to(undecided.facts, facts)
        note_change("signal-extended", undecided, None, {"series": len(new)})
        return False
    codes = dict(zip(new[0].stratum.by, new[0].stratum.codes, strict=True))
    country = group.country if group.country in get_vocabulary("countries").terms else UNKNOWN
    said = Said("data", "more-attacks", country, codes.get("area", UNKNOWN))
    return raise_found(institution, _source(new[0]), said, keep_together(facts)) is not None


def _signals_of(institution: Institution, group: Group) -> list[Signal]:
    """Those raised for the country and month, held, the newest first."""
    start = f"{_WATCH}:{group.month}:{group.country}"
    found = Signal.objects.select_for_update(of=("self",)).filter(institution=institution, source__startswith=start)
    return [each for each in found if each.source == start or each.source.startswith(f"{start}:")]


def _source(finding: Finding) -> str:
    return ":".join((_WATCH, str(finding.month), *finding.stratum.codes))[:200]


def _source_of(kept: Mapping[str, Any]) -> str:
    """The name of a find that was kept."""
    finding = read_finding(kept)
    return "" if finding is None else _source(finding)


def _apply_rules(institution: Institution, day: date) -> int:
    raised = 0
    for rule in Rule.objects.filter(institution=institution, is_on=True).select_related("institution"):
        for each in found_since(rule, day - LOOKS_BACK, day):
            said = Said("rule", RULES[rule.kind].signal, each.country, incident=each.incident)
            source = f"rule:{rule.kind}:{each.key}"
            raised += raise_found(institution, source, said, {"rule": rule.kind} | dict(each.facts)) is not None
    return raised


def _days(first: date, end: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((end - first).days)]


_STEPS: dict[str, Callable[[Institution, date], int]] = {
    "missing": _notice_missing_runs,
    "series": _watch_series,
    "rules": _apply_rules,
}
