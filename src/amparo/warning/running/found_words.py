"""What was found by itself, in a sentence: a finding of a detector, a rule that came true, a run that is missing."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amparo.warning.models import Signal
from amparo.warning.months import read_month
from amparo.warning.triggers.finding import Found
from amparo.warning.watching.explaining import explain, explain_series
from amparo.warning.watching.findings import Basis, Finding
from amparo.warning.watching.grouping import each_kept
from amparo.warning.watching.strata import Stratum


def keep_finding(finding: Finding) -> dict[str, Any]:
    """A finding as codes and numbers, for keeping with its signal."""
    kept = asdict(finding)
    return kept | {"month": str(finding.month), "basis": str(finding.basis)}


def read_finding(kept: Mapping[str, Any]) -> Finding | None:
    """The finding that `keep_finding` kept; None for anything else."""
    month = read_month(str(kept.get("month", "")))
    if month is None or "stratum" not in kept:
        return None
    stratum = Stratum(tuple(kept["stratum"]["by"]), tuple(kept["stratum"]["codes"]))
    acts = tuple((str(code), int(number)) for code, number in kept["acts"])
    told: dict[str, Any] = {"stratum": stratum, "month": month, "basis": Basis(kept["basis"]), "acts": acts}
    numbers = {each.name: kept[each.name] for each in fields(Finding) if each.name not in told}
    return Finding(**numbers, **told)


def explain_signal(signal: Signal) -> str:
    """Why a signal was raised, where nobody raised it: one sentence or two; "" for one that a person raised."""
    facts: Mapping[str, Any] = signal.facts
    if signal.origin == "data":
        finding = read_finding(facts)
        return "" if finding is None else explain(finding)
    if signal.origin == "system":
        days = int(facts.get("days", 0))
        return ngettext(
            "The nightly search for signals is missing for %(number)s day: it was not begun, or did not end.",
            "The nightly search for signals is missing for %(number)s days: it was not begun, or did not end.",
            days,
        ) % {"number": days}
    return explain_rule(str(facts.get("rule", "")), facts) if signal.origin == "rule" else ""


def explain_others(signal: Signal) -> list[str]:
    """What else was more than usual in the same country and month, where a signal comes from the data."""
    if signal.origin != "data":
        return []
    found = (read_finding(kept) for kept in each_kept(signal.facts)[1:])
    return [explain_series(each) for each in found if each is not None]


def explain_rule(kind: str, facts: Mapping[str, Any]) -> str:
    """What came together for a rule, in a sentence; "" for a rule that there is none of."""
    numbers = {name: int(value) for name, value in facts.items() if isinstance(value, int)}
    days, number = numbers.get("days", 0), numbers.get("number", 0)
    if kind == "repeated-threats":
        return _("%(threats)s against the same person or institution %(days)s.") % {
            "threats": ngettext("%(number)s threat", "%(number)s threats", number) % {"number": number},
            "days": ngettext("within %(number)s day", "within %(number)s days", days) % {"number": days},
        }
    if kind == "smear-then-arrest":
        return ngettext(
            "An arrest or a charge %(number)s day after a smear campaign against the same person.",
            "An arrest or a charge %(number)s days after a smear campaign against the same person.",
            days,
        ) % {"number": days}
    if kind == "silence":
        return ngettext(
            "No case was recorded for %(number)s day, by an institution that used to record them.",
            "No case was recorded for %(number)s days, by an institution that used to record them.",
            days,
        ) % {"number": days}
    if kind == "budget-cut":
        return _("The budget of the institution fell by %(percent)s per cent.") % {"percent": numbers.get("percent", 0)}
    said = {
        "restrictive-bill": _("A restrictive bill was tabled."),
        "member-dismissed": _("A dismissal of a member, or interference with an appointment, was documented."),
        "special-review": _("A special review of the institution’s accreditation was recorded."),
    }
    return said.get(kind, "")


def explain_found(kind: str, found: Found) -> str:
    """What a rule would have said of a find, for trying it out."""
    return explain_rule(kind, found.facts)
