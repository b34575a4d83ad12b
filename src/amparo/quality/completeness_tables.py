"""Completeness in words and figures: each figure leads to the cases that lack the field."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from amparo.quality.completeness import SOURCE_KIND, WHOLE, Group, Known
from amparo.quality.facets import LACKS, cases_address
from amparo.quality.fields import FIELDS
from amparo.quality.tables import Cell, Row, Table, words
from amparo.quality.words import SPLIT_NAMES, field_name, group_condition, name_groups
from amparo.ui.templatetags.ui import number, percent

COMPLETENESS = "completeness"
# A field known in fewer cases than this stands out: half of its figures would be about what nobody knows.
LITTLE_KNOWN = 0.5
_WITHOUT = gettext_noop("Cases without %(field)s")


def completeness_table(groups: Sequence[Group], split: str) -> Table:
    """The table of a split: by field for all cases, else a row for each group and a column for each field."""
    if split == WHOLE:
        return _by_field(groups[0]) if groups else _by_field(Group("", 0))
    names = name_groups(split, [each.key for each in groups])
    rows = tuple(_group_row(each, split, names.get(each.key, each.key)) for each in groups)
    note = _(
        "Of those cases to which a field applies, the share in which it is known. Each share leads to the cases that"
        " lack it."
    )
    columns = (_("Cases"), *(field_name(each.code) for each in FIELDS))
    caption = _("Share of cases in which each field is known")
    return Table(COMPLETENESS, caption, _(SPLIT_NAMES[split]), columns, rows, note)


def _by_field(group: Group) -> Table:
    rows = tuple(_field_row(each.code, group.fields[each.code]) for each in FIELDS if each.code in group.fields)
    columns = (_("Known"), _("Cases that lack it"), _("Not known"), _("Not asked"), _("Does not apply"))
    note = _(
        "Not asked: the case has no victim, act, alleged perpetrator or source to ask it of, or comes from a list that"
        " never gives it. Known: of the cases to which the field applies, on every record that has it."
    )
    return Table(COMPLETENESS, _("How complete each field is"), _("Field"), columns, rows, note)


def _field_row(code: str, known: Known) -> Row:
    lacking = known.lacking
    address = cases_address((LACKS, code)) if lacking else ""
    cells = (
        Cell(known.share, percent(known.share) or "–", stands_out=_stands_out(known)),
        Cell(lacking, number(lacking), address, _about(code)),
        Cell(known.not_known, number(known.not_known)),
        Cell(known.not_asked, number(known.not_asked)),
        Cell(known.not_applicable, number(known.not_applicable)),
    )
    return Row(words(field_name(code)), cells)


def _group_row(group: Group, split: str, name: str) -> Row:
    # What two values of one facet ask for is either of them: cases without a source can't be asked for a field too.
    no_source = split == SOURCE_KIND and not group.key
    condition = [(LACKS, "sources")] if no_source else group_condition(split, group.key)
    cells = [Cell(group.cases, number(group.cases))]
    for each in FIELDS:
        known = group.fields[each.code]
        leads = known.lacking and not no_source
        address = cases_address((LACKS, each.code), *condition) if leads else ""
        shown = percent(known.share) or "–"
        cells.append(Cell(known.share, shown, address, _about(each.code), stands_out=_stands_out(known)))
    return Row(words(name, cases_address(*condition)), tuple(cells))


def _stands_out(known: Known) -> bool:
    return known.share is not None and known.share < LITTLE_KNOWN


def _about(code: str) -> str:
    return _(_WITHOUT) % {"field": field_name(code)}
