"""Agreement of two coders in words and figures."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from amparo.quality.agreement import Agreement, Kappa
from amparo.quality.comparing import Coder, Compared, Difference
from amparo.quality.fields import ORDER
from amparo.quality.tables import Cell, Row, Table, words
from amparo.quality.words import DECISION_NAMES, READINGS, coding_name, coefficient, field_name
from amparo.ui.templatetags.ui import number, percent

AGREEMENT, DIFFERENCES, CODERS = "agreement", "differences", "coders"


def agreement_table(compared: Compared) -> Table:
    """The agreement of each field of a round."""
    rows = tuple(_field_row(code, each) for code, each in compared.fields.items())
    columns = (
        _("Cases coded twice"),
        _("Same code"),
        _("Cohen’s κ"),
        _("κ lies between"),
        _("Weighted κ"),
        _("Krippendorff’s α"),
        _("How to read it"),
    )
    note = _(
        "κ and α are agreement beyond chance: 1 is full agreement, 0 what chance gives. The interval holds κ in 95 of"
        " 100 such samples; there is none where both agree on all. The weighted κ, for age only, takes neighbouring"
        " bands for nearly the same, and leaves out who has no age. Reading: α from 0.8 reliable, from 0.667 tentative"
        " (Krippendorff, 2004)."
    )
    return Table(AGREEMENT, _("Agreement by field"), _("Field"), columns, rows, note)


def confusion_table(field: str, agreement: Agreement) -> Table:
    """Which codes the two gave: rows are the first coding, columns the second."""
    names = [coding_name(field, code) for code in agreement.codes]
    rows = tuple(
        Row(
            words(name),
            tuple(
                Cell(count, number(count), stands_out=bool(count) and row != column)
                for column, count in enumerate(agreement.table[row])
            ),
        )
        for row, name in enumerate(names)
    )
    caption = _("%(field)s: first coding in rows, second in columns") % {"field": field_name(field)}
    return Table(f"confusion-{field}", caption, _("First coding"), tuple(names), rows)


def differences_table(found: Iterable[Difference]) -> Table:
    """Where the two codings differ, for a file."""
    rows = tuple(
        Row(
            words(str(each.sampled.incident_id)),
            (
                words(field_name(each.field)),
                words(coding_name(each.field, each.first)),
                words(coding_name(each.field, each.second)),
                words(_(DECISION_NAMES[each.resolution.decision]) if each.resolution else _("Not decided yet")),
            ),
        )
        for each in found
    )
    columns = (_("Field"), _("First coding"), _("Second coding"), _("Decision"))
    return Table(DIFFERENCES, _("Where the two codings differ"), _("Case"), columns, rows)


def coders_table(found: Iterable[Coder]) -> Table:
    """How each person's second codings agree: to see whom to train together, for who leads."""
    rows = tuple(
        Row(words(each.name), (Cell(each.cases, number(each.cases)), Cell(each.share, percent(each.share))))
        for each in found
    )
    note = _("Shown to who leads only. It says where definitions are read differently, not who is right.")
    return Table(CODERS, _("By who coded again"), _("Person"), (_("Cases"), _("Same code")), rows, note)


def _field_row(code: str, each: Agreement) -> Row:
    weighted = each.weighted.value if code in ORDER and each.weighted else None
    cells = (
        Cell(each.number, number(each.number)),
        Cell(each.share, percent(each.share) or "–"),
        Cell(each.kappa.value, coefficient(each.kappa.value)),
        words(_interval(each.kappa)),
        Cell(weighted, coefficient(weighted)),
        Cell(each.alpha, coefficient(each.alpha)),
        words(_(READINGS[each.reading])),
    )
    return Row(words(field_name(code)), cells)


def _interval(kappa: Kappa) -> str:
    if kappa.low is None or kappa.high is None:
        return "–"
    return _("%(low)s and %(high)s") % {"low": coefficient(kappa.low), "high": coefficient(kappa.high)}
