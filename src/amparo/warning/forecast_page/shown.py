"""An outlook in the reader's language: a picture, a sentence for each month, and why countries are left out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from babel.numbers import format_percent
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from amparo.ui.charts.look import Look
from amparo.ui.templatetags.ui import label, number
from amparo.ui.templatetags.ui import month as name_month
from amparo.warning.forecast.record import Withheld
from amparo.warning.forecast_page.outlook import ALL_POOR, QUIET, Ahead, CountryOutlook, Unshown
from amparo.warning.forecast_page.picture import Words, draw_outlook
from amparo.warning.months import Month

_NAIVE = {
    "same-as-last-year": _("the same month of the year before"),
    "past-rate": _("the average of the past"),
    "any-past-month": _("any month of the past"),
    "last-12-months": _("any month of the last year"),
    "last-12-months-negative-binomial": _("average and spread of the last year"),
}
# In the order in which they are told.
_REASONS = {
    Withheld.NOT_BETTER: _("A simple forecast was as good there, or better"),
    Withheld.NOT_CALIBRATED: _("The ranges did not hold there what they say"),
    Withheld.TOO_FEW: _("Too few months are known to try forecasts on"),
    QUIET: _("Nothing was recorded there in the last five years: there is nothing to forecast"),
    ALL_POOR: _("Forecasts of all countries together were not good enough"),
}


@dataclass(frozen=True, slots=True)
class ShownMonth:
    """A month ahead, the chances in it as text, and its ranges in a sentence."""

    day: date
    ahead: Ahead
    any: str
    more: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ShownCountry:
    """A country's outlook with its picture; `naive` is what the best simple forecast takes."""

    outlook: CountryOutlook
    naive: str
    months: tuple[ShownMonth, ...]
    figure: SafeString


def show_country(of: CountryOutlook, end: Month) -> ShownCountry:
    """What the page tells of `of`, forecast from the month `end`."""
    months = tuple(_show_month(each, end.later(each.ahead).first_day) for each in of.months)
    return ShownCountry(of, str(_NAIVE.get(of.tried.best, of.tried.best)), months, _draw(of, end))


def say_reasons(withheld: Iterable[Unshown]) -> list[tuple[str, list[str]]]:
    """Why countries are left out, each with their names in order."""
    names: dict[str, list[str]] = {reason: [] for reason in _REASONS}
    for each in withheld:
        names.setdefault(each.reason, []).append(label(each.country, "countries"))
    return [(str(_REASONS.get(reason, reason)), sorted(its)) for reason, its in names.items() if its]


def _show_month(ahead: Ahead, day: date) -> ShownMonth:
    sentence = gettext(
        "%(month)s: %(narrow)s with a chance of at least 50 in 100, %(wide)s with one of at least 90 in 100."
    ) % {
        "month": name_month(day),
        "narrow": say_range(ahead.low_50, ahead.high_50),
        "wide": say_range(ahead.low_90, ahead.high_90),
    }
    return ShownMonth(day, ahead, say_chance(ahead.any), say_chance(ahead.more), sentence)


def say_range(low: int, high: int) -> str:
    """ "2", or "0 to 2"."""
    if low == high:
        return number(low)
    return pgettext("a range of counts", "%(low)s to %(high)s") % {"low": number(low), "high": number(high)}


def say_chance(share: float) -> str:
    """A chance as per cent, which is never none and never certain."""
    bounded = min(max(share, 0.01), 0.99)
    written = format_percent(bounded, locale=get_language() or "en", numbering_system="latn")
    if share < 0.01:
        return gettext("under %(share)s") % {"share": written}
    return gettext("over %(share)s") % {"share": written} if share > 0.99 else str(written)


def _draw(of: CountryOutlook, end: Month) -> SafeString:
    reach = max(each.ahead for each in of.months)
    labels = [name_month(end.later(place).first_day) for place in range(1 - len(of.recent), reach + 1)]
    drawing = draw_outlook(
        labels,
        of.recent,
        of.months,
        Words(
            recorded=gettext("Recorded"),
            median=gettext("Middle (median)"),
            narrow=gettext("Narrow range (50 %)"),
            wide=gettext("Wide range (90 %)"),
        ),
        title=gettext("%(country)s: recorded in the last year, and to be expected")
        % {"country": label(of.country, "countries")},
        description=gettext("All figures of the months ahead are in the table that follows."),
        look=Look(number, rtl=get_language_bidi()),
    )
    # The drawing escapes every text.
    return mark_safe(drawing.to_figure(f"ahead-{of.country}", gettext("Signs")))  # noqa: S308
