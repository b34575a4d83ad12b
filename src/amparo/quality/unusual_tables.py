"""What stands out, in words and figures, each with the cases behind it."""

from datetime import date

from django.utils.translation import gettext as _

from amparo.quality.facets import CHECK, HAPPENED, RECORDED, cases_address
from amparo.quality.outliers import LEAST_COUNT, LEAST_DATES, LEAST_VALUES, Concentration, Heaping, High
from amparo.quality.tables import Cell, Row, Table, words
from amparo.quality.unusual import Unusual
from amparo.quality.words import coefficient, definition, name_groups
from amparo.ui.templatetags.ui import day, label, number, percent

CHECKED, HEAPED, RECORDING_DAYS, INCIDENT_DAYS, CONCENTRATED = (
    "checks",
    "heaping",
    "recording-days",
    "incident-days",
    "concentration",
)
_MOST_DAYS = 50


def unusual_tables(found: Unusual) -> tuple[Table, ...]:
    """All tables of what stands out."""
    return (
        _checks(found),
        _heaping(found),
        _days(
            RECORDING_DAYS,
            _("Days on which far more was recorded than usual"),
            found.recorded,
            found.recording_days,
            RECORDED,
            _("Often a list that was imported: look whether it was read right, and not twice."),
        ),
        _days(
            INCIDENT_DAYS,
            _("Days on which far more happened than usual"),
            found.happened,
            found.happening_days,
            HAPPENED,
            _(
                "One event that was entered many times, a date that stands for another, or a day that was as bad as"
                " that."
            ),
        ),
        _concentration(found),
    )


def _checks(found: Unusual) -> Table:
    order = sorted(found.checks.items(), key=lambda each: -each[1])
    rows = tuple(
        Row(
            words(label(code, "quality-checks")),
            (_count(number_of, CHECK, code), words(definition(code, "quality-checks"))),
        )
        for code, number_of in order
    )
    caption = _("What can’t be, or seldom is")
    return Table(CHECKED, caption, _("Check"), (_("Cases"), _("What it means")), rows)


def _heaping(found: Unusual) -> Table:
    rows = tuple(
        Row(words(label(code, "quality-checks")), _heaped(each, code))
        for code, each in (("first-of-january", found.january), ("first-of-month", found.month))
    )
    columns = (_("Cases"), _("Expected"), _("Times as many"))
    note = _(
        "Of the dates that are days: how many lie on a first, and how many would if all days were alike. From 1.75"
        " times as many on, unless chance alone gives that, it stands out: write the year or the month alone where the"
        " day is not known. Method: the classes of Whipple’s index. Fewer than %(least)s dates say nothing."
    ) % {"least": LEAST_DATES}
    return Table(HEAPED, _("Dates heaped on the first day"), _("Date"), columns, rows, note)


def _heaped(each: Heaping, code: str) -> tuple[Cell, ...]:
    return (
        _count(each.heaped, CHECK, code, stands_out=each.stands_out),
        Cell(each.expected, coefficient(each.expected)),
        Cell(each.ratio, coefficient(each.ratio), stands_out=each.stands_out),
    )


def _days(code: str, caption: str, found: tuple[High[date], ...], among: int, facet: str, advice: str) -> Table:
    rows = tuple(
        Row(
            words(day(each.key)),
            (_count(each.count, facet, each.key.isoformat()), Cell(each.score, coefficient(each.score))),
        )
        for each in found[:_MOST_DAYS]
    )
    note = _(
        "Modified z-score over the median absolute deviation, among the %(days)s days with any; above 3.5 a day with at"
        " least %(count)s cases is listed, the %(most)s highest (Iglewicz and Hoaglin, 1993). With fewer than %(least)s"
        " days nothing can be said."
    ) % {"days": number(among), "least": LEAST_VALUES, "count": LEAST_COUNT, "most": _MOST_DAYS}
    return Table(code, caption, _("Day"), (_("Cases"), _("Score")), rows, f"{advice} {note}")


def _concentration(found: Unusual) -> Table:
    rows = []
    for facet, heading, each in (
        ("source", _("Source"), found.source),
        ("dataset", _("Dataset"), found.dataset),
    ):
        if each is not None:
            rows.append(_concentrated(facet, heading, each))
    note = _(
        "From nine of ten cases on: figures then say what one source tells of, not what happens. Only sources that"
        " publish under their names are looked at."
    )
    columns = (_("Which"), _("Cases"), _("Share of all"))
    return Table(CONCENTRATED, _("Nearly all from one"), _("What"), columns, tuple(rows), note)


def _concentrated(facet: str, heading: str, each: Concentration[str]) -> Row:
    name = name_groups(facet, [each.key]).get(each.key, each.key)
    share = Cell(each.share, percent(each.share), stands_out=True)
    return Row(words(heading), (words(name), _count(each.count, facet, each.key), share))


def _count(cases: int, facet: str, code: str, *, stands_out: bool | None = None) -> Cell:
    address = cases_address((facet, code)) if cases else ""
    marked = bool(cases) if stands_out is None else stands_out
    return Cell(cases, number(cases), address, _("The cases behind this figure"), stands_out=marked)
