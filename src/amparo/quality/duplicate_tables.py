"""What may be there twice, in words and figures."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from amparo.linkage.models import BANDS
from amparo.linkage.words import describe_band
from amparo.quality.duplicates import asked_for
from amparo.quality.facets import cases_address
from amparo.quality.tables import Cell, Row, Table, words
from amparo.ui.templatetags.ui import day, label, number

CANDIDATES, IDENTICAL = "candidates", "identical"


def candidates_table(found: Mapping[str, int], *, may_decide: bool) -> Table:
    """The pairs that wait to be decided on."""
    address = reverse("same-persons") if may_decide else ""
    rows = tuple(
        Row(
            words(describe_band(band)),
            (
                Cell(
                    found.get(band, 0),
                    number(found.get(band, 0)),
                    address if found.get(band) else "",
                    _("Decide on them"),
                ),
            ),
        )
        for band in BANDS
    )
    caption = _("Pairs of victims who may be one person, not decided yet")
    return Table(CANDIDATES, caption, _("How likely"), (_("Pairs"),), rows)


def identical_table(found: Iterable[Mapping[str, Any]]) -> Table:
    """Groups of cases with the very same coded facts."""
    rows = tuple(
        Row(
            words(day(row["day"])),
            (
                Cell(
                    row["cases"],
                    number(row["cases"]),
                    cases_address(*asked_for(row)),
                    _("The cases behind this figure"),
                ),
                words(label(row["country"], "countries")),
                words(label(row["area"], "areas")),
                words(label(row["act"], "acts")),
                words(label(row["sex"], "sex")),
                words(label(row["age"], "age-bands")),
            ),
        )
        for row in found
    )
    columns = (_("Cases"), _("Country"), _("Area"), _("Act"), _("Sex"), _("Age"))
    note = _(
        "Same day, place, kind of act, sex and age. Many are different people who suffered the same on one day: look at"
        " the stories before anything is merged."
    )
    return Table(IDENTICAL, _("Cases with the very same coded facts"), _("Day"), columns, rows, note)
