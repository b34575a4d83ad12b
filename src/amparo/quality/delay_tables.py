"""Delays in words and figures: what is done, what isn't yet, and what can't be."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from amparo.quality.completeness import SOURCE_KIND
from amparo.quality.delays import Delays
from amparo.quality.facets import CHECK, LACKS, cases_address
from amparo.quality.intervals import Timed
from amparo.quality.tables import Cell, Row, Table, words
from amparo.quality.words import SPLIT_NAMES, days, group_condition, name_groups
from amparo.ui.templatetags.ui import number

RECORDING, VERIFICATION, ACCEPTANCE = "recording", "verification", "acceptance"


def recording_table(found: Sequence[Timed], split: str) -> Table:
    """From incident to recording."""
    columns = (_("Cases"), *_quartiles(), _("Errors: dated after it was recorded"), _("Left out: the day is not known"))
    rows = tuple(
        Row(
            heading,
            (
                *_done(each.delays),
                _errors(each, split, "dated-after-recording"),
                Cell(each.inexact, number(each.inexact)),
            ),
        )
        for each, heading in _headed(found, split)
    )
    note = _("A list of past years that is imported today is recorded late, and nobody is to blame for it.")
    return Table(RECORDING, _("Days from incident to recording"), _(SPLIT_NAMES[split]), columns, rows, note)


def verification_table(found: Sequence[Timed], split: str) -> Table:
    """From recording to verification."""
    rows = tuple(
        Row(heading, (*_done(each.delays), _errors(each, split, "verified-before-recording"), *_waiting(each.delays)))
        for each, heading in _headed(found, split)
    )
    columns = (_("Verified"), *_quartiles(), _("Errors: verified before it was recorded"), *_not_yet())
    caption, note = _("Days from recording to verification"), _waiting_note()
    return Table(VERIFICATION, caption, _(SPLIT_NAMES[split]), columns, rows, note)


def acceptance_table(found: Sequence[Timed], split: str) -> Table:
    """From a report of the channel to the case that was made of it."""
    rows = tuple(
        Row(words(heading.shown), (*_done(each.delays), *_waiting(each.delays)))
        for each, heading in _headed(found, split)
    )
    columns = (_("Made a case"), *_quartiles(), *_not_yet())
    heading = _("Reports") if split != "month" else _("Month in which they came")
    return Table(ACCEPTANCE, _("Days from report to case"), heading, columns, rows, _waiting_note())


def _headed(found: Sequence[Timed], split: str) -> list[tuple[Timed, Cell]]:
    names = name_groups(split, [each.key for each in found])
    return [(each, _heading(split, each.key, names.get(each.key, each.key))) for each in found]


def _heading(split: str, key: str, name: str) -> Cell:
    condition = _condition(split, key)
    return words(name, cases_address(*condition) if condition else "")


def _condition(split: str, key: str) -> list[tuple[str, str]]:
    return [(LACKS, "sources")] if split == SOURCE_KIND and not key else group_condition(split, key)


def _done(delays: Delays) -> tuple[Cell, ...]:
    quartiles = (Cell(each, days(each)) for each in (delays.lower, delays.median, delays.upper))
    return (Cell(delays.done, number(delays.done)), *quartiles)


def _errors(each: Timed, split: str, check: str) -> Cell:
    address = cases_address((CHECK, check), *_condition(split, each.key)) if each.errors else ""
    about = _("Cases with this error")
    return Cell(each.errors, number(each.errors), address, about, stands_out=bool(each.errors))


def _waiting(delays: Delays) -> tuple[Cell, Cell]:
    return Cell(delays.waiting, number(delays.waiting)), Cell(delays.late, number(delays.late))


def _quartiles() -> tuple[str, str, str]:
    return _("A quarter within"), _("Half within (median)"), _("Three quarters within")


def _not_yet() -> tuple[str, str]:
    return _("Not yet"), _("Of these waiting unusually long")


def _waiting_note() -> str:
    return _(
        "Not yet is not late. Waiting unusually long: longer already than three quarters of those that are done took."
        " Quartiles are shown from five on."
    )
