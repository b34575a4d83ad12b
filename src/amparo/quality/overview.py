"""The quality of an institution's data at a glance: what to look at first, of each of the five parts."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amparo.institutions.models import User
from amparo.quality.comparing import compare_round, count_progress
from amparo.quality.completeness import measure_completeness
from amparo.quality.delays import Delays
from amparo.quality.duplicates import count_candidates, find_identical
from amparo.quality.facets import CHECK, LACKS, cases_address
from amparo.quality.intervals import measure_recording, measure_verification
from amparo.quality.recoding import rounds_of
from amparo.quality.tables import Cell, words
from amparo.quality.unusual import Unusual, find_unusual
from amparo.quality.words import days, field_name
from amparo.ui.templatetags.ui import label, number, percent

_LEAST_KNOWN = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One of the five parts: what it asks, what was found, and where more of it is."""

    code: str
    title: str
    asks: str
    found: tuple[Cell, ...]
    address: str


def overview(user: User) -> list[Part]:
    """The five parts, in a constant number of queries."""
    return [_completeness(user), _delays(user), _unusual(find_unusual(user)), _duplicates(user), _agreement(user)]


def _completeness(user: User) -> Part:
    groups = measure_completeness(user)
    said: list[Cell] = []
    if groups:
        # What no list ever asked is nothing that can be filled in.
        asked = {code: each for code, each in groups[0].fields.items() if each.not_known}
        known = [(each.share, code) for code, each in asked.items() if each.share is not None]
        least = sorted(known)[:_LEAST_KNOWN]
        said = [
            words(
                _("%(field)s: known in %(share)s of cases") % {"field": field_name(code), "share": percent(share)},
                cases_address((LACKS, code)),
            )
            for share, code in least
        ]
    nothing = _("There are no cases yet: begin one, or import a list.")
    asks = _("Of which fields do we know too little, and who can fill them in?")
    none_missing = _("Every field that was asked is known.")
    return _part("completeness", _("Completeness"), asks, said or [words(none_missing if groups else nothing)])


def _delays(user: User) -> Part:
    recorded, verified = measure_recording(user), measure_verification(user)
    said = []
    if recorded:
        said.append(_half(_("From incident to recording"), recorded[0].delays))
    if verified:
        said.append(_half(_("From recording to verification"), verified[0].delays))
        waiting = verified[0].delays.waiting
        said.append(
            ngettext("%(number)s case is not verified yet.", "%(number)s cases are not verified yet.", waiting)
            % {"number": number(waiting)}
        )
    asks = _("How long does it take until something is written down, verified, answered?")
    found = [words(each) for each in said or [_("Nothing to measure yet: there are no cases.")]]
    return _part("delays", _("Delays"), asks, found)


def _half(interval: str, delays: Delays) -> str:
    if delays.median is None:
        return _("%(interval)s: too few to say.") % {"interval": interval}
    return _("%(interval)s: half within %(days)s days.") % {"interval": interval, "days": days(delays.median)}


def _unusual(found: Unusual) -> Part:
    said = [
        words(
            ngettext("%(check)s: %(number)s case", "%(check)s: %(number)s cases", cases)
            % {"check": label(code, "quality-checks"), "number": number(cases)},
            cases_address((CHECK, code)),
        )
        for code, cases in found.checks.items()
        if cases
    ]
    outlying = len(found.recorded) + len(found.happened)
    if outlying:
        told = ngettext("%(number)s day with far more than usual", "%(number)s days with far more than usual", outlying)
        said.append(words(told % {"number": number(outlying)}))
    if found.january.stands_out or found.month.stands_out:
        said.append(words(_("Dates are heaped on the first day of months.")))
    if found.source or found.dataset:
        said.append(words(_("Nearly all cases come from one source.")))
    asks = _("What can’t be, or seldom is, and has to be looked at?")
    return _part("unusual", _("What stands out"), asks, said or [words(_("Nothing stands out."))])


def _duplicates(user: User) -> Part:
    pairs, identical = sum(count_candidates(user).values()), find_identical(user).count()
    said = [
        ngettext(
            "%(number)s pair of victims waits to be decided on.",
            "%(number)s pairs of victims wait to be decided on.",
            pairs,
        )
        % {"number": number(pairs)},
        ngettext(
            "%(number)s group of cases has the very same coded facts.",
            "%(number)s groups of cases have the very same coded facts.",
            identical,
        )
        % {"number": number(identical)},
    ]
    return _part("duplicates", _("Duplicates"), _("What is there twice?"), [words(each) for each in said])


def _agreement(user: User) -> Part:
    newest = rounds_of(user).first()
    if newest is None:
        said = [_("Nothing was coded twice yet: draw a sample, and let a colleague code it again.")]
    else:
        cases, coded = count_progress([newest]).get(newest.pk, (0, 0))
        said = [
            _("Newest sample: %(coded)s of %(cases)s cases coded again.")
            % {"coded": number(coded), "cases": number(cases)}
        ]
        unreliable = [
            field_name(code)
            for code, each in compare_round(newest).fields.items()
            if each.reading in ("tentative", "not-reliable")
        ]
        if unreliable:
            said.append(_("Not reliable yet: %(fields)s") % {"fields": ", ".join(unreliable)})
    asks = _("Would a colleague code the same story the same way?")
    return _part("agreement", _("Agreement of two coders"), asks, [words(each) for each in said])


def _part(code: str, title: str, asks: str, found: list[Cell]) -> Part:
    return Part(code, title, asks, tuple(found), reverse(f"quality-{code}"))
