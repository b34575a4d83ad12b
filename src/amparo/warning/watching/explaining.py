"""A finding in sentences: what came, what was expected, how unusual that is, and which acts."""

from collections.abc import Sequence

from babel.lists import format_list
from django.utils.translation import get_language, gettext, ngettext

from amparo.statistics.dimensions import DIMENSIONS
from amparo.ui.templatetags.ui import month as month_label
from amparo.ui.templatetags.ui import number as number_label
from amparo.warning.months import Month
from amparo.warning.watching.disclosing import PublicFinding
from amparo.warning.watching.findings import Basis, Finding
from amparo.warning.watching.strata import Stratum

_MONTHS_TOLD_AS_MONTHS, _LONGEST_YEARS = 24, 1000


def explain(finding: Finding) -> str:
    """For inside the institution, in the language in force."""
    return " ".join(
        [
            _say_recorded(finding.stratum, finding.month, finding.observed, finding.basis),
            say_usual(finding.expected),
            say_unusual(finding.tail),
            *_say_to_come(finding),
            *_say_acts("act", finding.acts),
            *_say_backlog(finding.basis),
        ]
    )


def explain_series(finding: Finding) -> str:
    """In short, beside another finding of the same country and month."""
    recorded = ngettext(
        "%(where)s: %(number)s incident is recorded.", "%(where)s: %(number)s incidents are recorded.", finding.observed
    ) % {"where": name_stratum(finding.stratum), "number": number_label(finding.observed)}
    return f"{recorded} {say_usual(finding.expected)}"


def explain_outside(finding: PublicFinding) -> str:
    """For everybody else, in the language in force: with what passed disclosure control."""
    if finding.observed is None and finding.between is None:
        return gettext("%(where)s, %(month)s: more incidents than usual are recorded.") % {
            "where": name_stratum(finding.stratum),
            "month": _name_month(finding.month),
        }
    said = [_say_recorded_outside(finding)]
    if finding.usually is None:
        said.append(gettext("For a part of them this is more than usual."))
    else:
        said += [_say_at_most(finding.usually), *_say_rarer(finding.rarer_than)]
    return " ".join([*said, *_say_acts("act_group", finding.kinds)])


def _say_recorded_outside(finding: PublicFinding) -> str:
    if finding.observed is not None:
        return _say_recorded(finding.stratum, finding.month, finding.observed, Basis.HAPPENED)
    low, high = finding.between or (0, 0)
    return gettext("%(where)s, %(month)s: between %(low)s and %(high)s incidents are recorded.") % {
        "where": name_stratum(finding.stratum),
        "month": _name_month(finding.month),
        "low": number_label(low),
        "high": number_label(high),
    }


def name_stratum(stratum: Stratum) -> str:
    """ "Colombia", or "Colombia, Threat and intimidation"."""
    language = get_language() or "en"
    names = [DIMENSIONS[name].label(code, language) for name, code in zip(stratum.by, stratum.codes, strict=True)]
    return gettext("%(country)s, %(part)s") % {"country": names[0], "part": names[1]} if names[1:] else names[0]


def _name_month(month: Month) -> str:
    return month_label(month.first_day)


def _say_recorded(stratum: Stratum, month: Month, observed: int, basis: Basis) -> str:
    if basis is Basis.RECORDED:
        said = ngettext(
            "%(where)s: %(number)s incident was entered in %(month)s, whenever it happened.",
            "%(where)s: %(number)s incidents were entered in %(month)s, whenever they happened.",
            observed,
        )
    else:
        said = ngettext(
            "%(where)s, %(month)s: %(number)s incident is recorded.",
            "%(where)s, %(month)s: %(number)s incidents are recorded.",
            observed,
        )
    return said % {"where": name_stratum(stratum), "month": _name_month(month), "number": number_label(observed)}


def say_usual(expected: float) -> str:
    """What was expected of one month."""
    if expected >= 1:
        usual = round(expected)
        return ngettext("Usually it is about %(number)s a month.", "Usually it is about %(number)s a month.", usual) % {
            "number": number_label(usual)
        }
    months = round(1 / max(expected, 1e-3))
    return ngettext(
        "Usually there is one in about %(number)s month.", "Usually there is one in about %(number)s months.", months
    ) % {"number": number_label(months)}


def _say_at_most(usual: int) -> str:
    if usual == 1:
        return gettext("Usually it is one a month, or less.")
    return say_usual(usual)


def say_unusual(tail: float) -> str:
    """How often chance alone brings so many: as a natural frequency."""
    months = 1 / max(tail, 1e-12)
    if months <= _MONTHS_TOLD_AS_MONTHS:
        number = max(round(months), 1)
        said = ngettext(
            "By chance alone so many come in about one month of %(number)s.",
            "By chance alone so many come in about one month of %(number)s.",
            number,
        )
        return said % {"number": number_label(number)}
    years = round(months / 12)
    if years > _LONGEST_YEARS:
        return gettext("By chance alone so many come less than once in a thousand years.")
    said = ngettext(
        "By chance alone so many come about once in %(number)s year.",
        "By chance alone so many come about once in %(number)s years.",
        years,
    )
    return said % {"number": number_label(years)}


def _say_rarer(years: int | None) -> Sequence[str]:
    if years is None:
        return ()
    if years >= _LONGEST_YEARS:
        return (gettext("By chance alone so many come less than once in a thousand years."),)
    said = ngettext(
        "By chance alone so many come less than once in %(number)s year.",
        "By chance alone so many come less than once in %(number)s years.",
        years,
    )
    return (said % {"number": number_label(years)},)


def _say_to_come(finding: Finding) -> Sequence[str]:
    if finding.high <= finding.observed:
        return ()
    return (
        gettext("Reports are still to come: in the end it may be between %(low)s and %(high)s.")
        % {"low": number_label(finding.low), "high": number_label(finding.high)},
    )


def _say_acts(dimension: str, acts: Sequence[tuple[str, int]]) -> Sequence[str]:
    if not acts:
        return ()
    language = get_language() or "en"
    named = [
        gettext("%(act)s (%(number)s)")
        % {"act": DIMENSIONS[dimension].label(code, language), "number": number_label(number)}
        for code, number in acts
    ]
    return (gettext("Acts: %(acts)s.") % {"acts": format_list(named, style="standard", locale=language)},)


def _say_backlog(basis: Basis) -> Sequence[str]:
    if basis is Basis.HAPPENED:
        return ()
    return (gettext("That can be a backlog which was entered at once, and need not be more attacks."),)
