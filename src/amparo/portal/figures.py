"""The figures of the public pages, each read from a release: the world, the years, a country."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amparo.portal.charting.drawing import draw, draw_lines
from amparo.portal.choices import Choice
from amparo.portal.presentation import (
    ShownRow,
    ShownTable,
    cell_text,
    definition_address,
    label_of,
    ordered,
    show_table,
    title_of,
)
from amparo.statistics.dimensions import DIMENSIONS
from amparo.statistics.notes import describe_note
from amparo.statistics.releases import NotPublished, OpenRelease, PublishedTable, TableQuery
from amparo.ui.charts import Series
from amparo.ui.templatetags.ui import number
from amparo.ui.world_map import Place, class_breaks, legend, shade_of, world_map
from amparo.vocabularies.catalogue import UNKNOWN


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its table, what has to be said beside it, and where it can be explored."""

    title: str
    svg: SafeString
    table: ShownTable
    notes: tuple[str, ...] = ()
    address: str = ""
    legend: SafeString = SafeString("")


@dataclass(frozen=True, slots=True)
class ShownDataset:
    """A dataset in the reader's language. `years` is "" where no record has a year."""

    code: str
    title: str
    publisher: str
    coverage: str
    years: str
    invented: bool


def datasets_of(opened: OpenRelease) -> list[ShownDataset]:
    """The datasets of a release, in its order."""
    return [_show_dataset(each) for each in opened.manifest["datasets"]]


def _show_dataset(about: Mapping[str, Any]) -> ShownDataset:
    language = get_language() or "en"
    first, last = about["first_year"], about["last_year"]
    return ShownDataset(
        about["code"],
        about["titles"].get(language) or about["titles"]["en"],
        about["publisher"],
        about["coverage"].get(language) or about["coverage"]["en"],
        "" if first is None else str(first) if first == last else f"{first}–{last}",
        about["invented"],
    )


def say(notes: set[str]) -> tuple[str, ...]:
    """What notes mean, in the reader's language."""
    return tuple(describe_note(note) for note in sorted(notes))


def map_of(opened: OpenRelease, dataset: str) -> Figure | None:
    """The world with the victims of `dataset`; None where that table is withheld."""
    try:
        table = opened.read(TableQuery(dataset, "victims", "country"))
    except NotPublished:
        return None
    breaks = class_breaks([value for (row, _c), value in table.cells.items() if row and value])
    places = {}
    for code in table.row_codes:
        if code != UNKNOWN:
            value = table.value(code)
            shade = 0 if value is None else shade_of(value, breaks)
            places[code] = Place(label_of("country", code), cell_text(value), shade, reverse("country", args=[code]))
    title = _("Victims by country")
    svg = world_map(places, title=title, description=_("The figures are in the table below."))
    key = legend(
        breaks,
        form=number,
        not_shown=_("not shown"),
        no_data=_("nothing reported"),
        title=_("Key to the map"),
    )
    shown = show_table(table, title, lambda code: definition_address("country", code))
    # Both escape every text.
    return Figure(title, mark_safe(svg), shown, say(set(table.notes)), legend=mark_safe(key))  # noqa: S308


def of_each_dataset(opened: OpenRelease, rows: str, where: Mapping[str, str]) -> dict[str, PublishedTable]:
    """The victims by `rows` in each dataset that has any, by dataset: never added, for one person may be in several."""
    tables = {}
    for dataset in opened.datasets:
        try:
            table = opened.read(TableQuery(dataset, "victims", rows, None, where))
        except NotPublished:
            continue
        if table.cells:
            tables[dataset] = table
    return tables


def by_year(opened: OpenRelease, where: Mapping[str, str] | None = None) -> Figure | None:
    """Victims by year, one series per dataset; None where no dataset has any."""
    tables = of_each_dataset(opened, "year", where or {})
    if not tables:
        return None
    span = _years_of(tables)
    columns = {code: _values_over(span, opened.about(code), table) for code, table in tables.items()}
    titles = {each.code: each.title for each in datasets_of(opened)}
    series = [Series(titles[code], tuple(value for value, _in in values)) for code, values in columns.items()]
    # Outside a dataset's years nothing was counted: neither zero nor hidden.
    rows = [
        ShownRow(year, tuple(cell_text(value) if counted else "–" for value, counted in cells))
        for year, *cells in zip(span, *columns.values(), strict=True)
    ]
    if any(UNKNOWN in table.row_codes for table in tables.values()):
        undated = tuple(cell_text(table.value(UNKNOWN)) for table in tables.values())
        rows.append(ShownRow(label_of("year", UNKNOWN), undated))
    totals = tuple(cell_text(table.total) for table in tables.values())
    title = _("Victims by year")
    shown = ShownTable(
        title,
        str(DIMENSIONS["year"].name),
        tuple(titles[code] for code in tables),
        (*rows, ShownRow(_("Total"), totals, is_total=True)),
    )
    svg = draw_lines(span, series, title, "by-year") if span else SafeString("")
    return Figure(title, svg, shown, say({note for table in tables.values() for note in table.notes}))


def _years_of(tables: Mapping[str, PublishedTable]) -> list[str]:
    years = [int(code) for table in tables.values() for code in table.row_codes if code != UNKNOWN]
    return [str(year) for year in range(min(years), max(years) + 1)] if years else []


def _values_over(span: list[str], about: Mapping[str, Any], table: PublishedTable) -> list[tuple[int | None, bool]]:
    first, last = about["first_year"], about["last_year"]
    counted = [first is not None and first <= int(year) <= last for year in span]
    return [(table.value(year) if inside else None, inside) for year, inside in zip(span, counted, strict=True)]


def by_country(opened: OpenRelease) -> ShownTable:
    """Every country with a victim in a dataset, one column per dataset."""
    tables = of_each_dataset(opened, "country", {})
    titles = {each.code: each.title for each in datasets_of(opened)}
    codes = tuple({code for table in tables.values() for code in table.row_codes})
    rows = tuple(
        ShownRow(
            label_of("country", code),
            # A dataset that names no victim there need not have looked there: neither zero nor hidden.
            tuple(cell_text(table.value(code)) if code in table.row_codes else "–" for table in tables.values()),
            definition_address("country", code),
        )
        for code in ordered("country", codes, lambda _code: 0)
    )
    columns = tuple(titles[dataset] for dataset in tables)
    return ShownTable(_("Victims by country"), str(DIMENSIONS["country"].name), columns, rows)


def of_country(opened: OpenRelease, dataset: str, country: str, rows: str) -> Figure | None:
    """Victims of `dataset` in `country` by `rows`; None where it was not published, or says nothing but "not known"."""
    choice = Choice(dataset, rows=rows, country=country)
    try:
        table = choice.read_table(opened)
    except NotPublished:
        return None
    if not table.row_codes or table.row_codes == (UNKNOWN,):
        return None
    title = title_of(choice.query, with_filters=False)
    return Figure(
        title,
        draw(table, "bar", title, f"{dataset}-{rows}"),
        show_table(table, title, lambda code: definition_address(rows, code)),
        say(set(table.notes)),
        f"{reverse('explore')}?{choice.address()}",
    )
