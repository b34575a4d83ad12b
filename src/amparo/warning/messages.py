"""Why something cannot be judged, said to a person in her language."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from amparo.warning.problems import WarningRefused

MESSAGES = {
    # The file of counts.
    "no-such-file": _("There is no file “%(path)s”."),
    "is-a-folder": _("“%(path)s” is a folder, not a file."),
    "not-readable": _("“%(path)s” cannot be read as a CSV file in UTF-8."),
    "not-writable": _("“%(path)s” cannot be written."),
    "missing-column": _("Columns are missing: %(missing)s. The file has: %(found)s."),
    "not-commas": _("The cells of the file must be separated by commas: %(needed)s. Its first line is: %(found)s"),
    "doubled-column": _("The column “%(name)s” is there twice."),
    "extra-cells": _(
        "Line %(line)s has more cells than the header has names. Write numbers without a comma: 1234, not 1,234."
    ),
    "same-file": _("“%(path)s” is the file that is read. Give another one for what is written."),
    "no-rows": _("The file has no counts."),
    "no-series-name": _("Line %(line)s does not say to which series it belongs."),
    "wrong-time": _("Line %(line)s: t must be a whole number from 1 on, not “%(value)s”."),
    "wrong-count": _(
        "Line %(line)s: the count of series “%(series)s” at t %(t)s must be a whole number from 0 on, not “%(value)s”."
    ),
    "wrong-date": _("Line %(line)s: the date must be written like 2026-01-31, not “%(value)s”."),
    "doubled-time": _("Series “%(series)s” has two counts for t %(t)s."),
    "gap": _(
        "Series “%(series)s” has a gap: after t %(after)s comes t %(before)s. Where nothing happened, write a count "
        "of 0."
    ),
    "dates-not-ascending": _("Series “%(series)s”: the date of t %(t)s is not after the one before."),
    "series-too-long": _("Series “%(series)s” has more than %(limit)s counts."),
    # The panel of countries and months.
    "no-country": _("Line %(line)s does not say to which country it belongs."),
    "wrong-month": _("Line %(line)s: the month must be written like 2026-01, not “%(value)s”."),
    "wrong-panel-count": _(
        "Line %(line)s: the count must be a whole number from 0 to below %(limit)s, or empty where nothing was "
        "reported, not “%(value)s”."
    ),
    "panel-too-large": _("The file is too large: it may have up to %(limit)s pairs of a country and a month."),
    "panel-too-short": _(
        "The file has %(months)s months; at least %(needed)s are needed, so that forecasts can be tried on the past "
        "before one is shown."
    ),
    "first-too-early": _(
        "The first month to forecast from must be one of %(earliest)s to %(latest)s: forecasts need months to learn "
        "from, and months to be tried on."
    ),
    "nothing-counted": _("All counts of the file are 0: nothing can be learnt from them."),
    "series-not-alike": _(
        "Series “%(one)s” and “%(other)s” do not have the same times. Give all the same; where nothing happened, "
        "write a count of 0."
    ),
    # The parameters.
    "parameters-too-long": _("The file of parameters is longer than %(limit)s bytes."),
    "parameters-not-toml": _("The file of parameters is not TOML: %(reason)s"),
    "unknown-parameter": _("There is no parameter “%(name)s”. There are: %(known)s."),
    "unknown-parameter-nearest": _(
        "There is no parameter “%(name)s”. Do you mean “%(nearest)s”? There are: %(known)s."
    ),
    "wrong-whole-number": _("Parameter “%(name)s” must be a whole number, %(detail)s, not “%(value)s”."),
    "wrong-number": _("Parameter “%(name)s” must be a number, %(detail)s, not “%(value)s”."),
    "wrong-yes-or-no": _("Parameter “%(name)s” must be true or false, not “%(value)s”."),
    "wrong-choice": _("Parameter “%(name)s” must be one of %(detail)s, not “%(value)s”."),
    "wrong-two-whole-numbers": _("Parameter “%(name)s” must be two whole numbers, such as [5, 4], not “%(value)s”."),
    "wrong-mean": _("Parameter “%(name)s” must be one of %(detail)s, or a number above 0, not “%(value)s”."),
    "frequency-needed": _("The parameter “frequency” is needed: how many counts make a year, such as 12 or 52."),
    "no-references": _("With these parameters no earlier counts are compared with: give b, or w with actY."),
    "windows-overlap": _("Windows of %(width)s counts overlap in a year of %(frequency)s. Give a smaller w."),
    "too-many-periods": _("A year of %(frequency)s counts cannot be divided into %(periods)s periods with this w."),
    "too-few-references": _(
        "With these parameters too few earlier counts are left to compare with. Give a larger b, or a smaller "
        "pastWeeksNotIncluded."
    ),
    # Both together.
    "first-after-end": _("The first t to be judged is %(first)s, but series “%(series)s” ends at t %(last)s."),
    "history-too-short": _(
        "Series “%(series)s” is too short: before the first judged t %(first)s, %(needed)s counts are needed; the "
        "earliest t that can be judged is %(earliest)s."
    ),
}


# What a file holds is shown so far, on one line: it may be anything.
_LONGEST_DETAIL = 300


def describe(refused: WarningRefused) -> str:
    """The sentence, with what the file or the parameters said in one short line."""
    return gettext(MESSAGES[refused.code]) % {name: _in_a_line(value) for name, value in refused.details.items()}


def _in_a_line(value: object) -> object:
    if not isinstance(value, str):
        return value
    shown = "".join(sign if sign.isprintable() else " " for sign in value)
    return shown if len(shown) <= _LONGEST_DETAIL else shown[:_LONGEST_DETAIL] + "…"
