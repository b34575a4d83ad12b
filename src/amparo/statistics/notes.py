"""What has to be said beside a table."""

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

NOTES = {
    "suppressed": _("“Not shown”: small counts are not published, nor those from which they could be computed."),
    "finest": _("In a table as fine as this one, “not shown” can also mean that nothing was reported."),
    "multivalued": _("One record can stand in several rows or columns, so these can add up to more than the total."),
    "datasets-overlap": _(
        "The same person may be in several datasets: a total over them can count her more than once."
    ),
    "recorded-until": _(
        "Incidents recorded after that day are left out. What was corrected since is counted as corrected."
    ),
    "by-itself": _(
        "Small counts are hidden in this table by itself. What it tells beside a release, or beside another table made "
        "like this, is not examined: what is to be published goes into a release."
    ),
    "not-zero": _("What is not in the table was not reported. Not reported is not zero."),
}


def describe_note(code: str) -> str:
    """The note in the active language."""
    return gettext(NOTES[code])


POPULATIONS = {
    "no-such-file": _("There is no file “%(path)s”."),
    "not-readable": _("“%(path)s” cannot be read as a CSV file in UTF-8."),
    "missing-column": _("The file of populations has no column “%(name)s”."),
    "wrong-population": _("Line %(line)s: a population is a whole number above 0, not “%(value)s”."),
    "doubled-population": _("Line %(line)s: there is already a population for this country and year."),
    "no-country": _("A rate needs the population of a country: count by country, or for one country only."),
    "no-year": _("These populations are by year: count by year, or name the years: --where year=2016-2020."),
}


def describe_population(code: str, details: Mapping[str, object]) -> str:
    """Why there are no rates, in the active language: of a `derived.PopulationRefused`."""
    return gettext(POPULATIONS[code]) % details
