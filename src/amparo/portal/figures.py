"""The figures of the public pages, each read from a release: the world, the years, a country."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amparo.portal.charting.drawing import draw
from amparo.portal.presentation import (
    ShownTable,
    cell_text,
    definition_address,
    label_of,
    show_table,
    title_of,
)
from amparo.portal.sources import FigureSource
from amparo.statistics.notes import describe_note
from amparo.statistics.releases import NotPublished, OpenRelease, PublishedTable, TableQuery
from amparo.ui.templatetags.ui import number
from amparo.ui.world_map import Place, class_breaks, legend, shade_of, world_map
from amparo.vocabularies.catalogue import UNKNOWN


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its table, its words, what has to be said beside it, and where it comes from.

    `sources` has one for the whole table, or one for each of its columns.
    """

    title: str
    svg: SafeString
    table: ShownTable
    notes: tuple[str, ...] = ()
    legend: SafeString = SafeString("")
    sources: tuple[FigureSource, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownDataset:
    """A dataset in the reader's language. `years` is "" where no record has a year; `counted_for` the earlier release
    whose figures these are, "" where they are of this one.
    """

    code: str
    title: str
    publisher: str
    coverage: str
    years: str
    invented: bool
    counted_for: str = ""


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
        about.get("counted_for", ""),
    )


def title_in(title: str, dataset: str) -> str:
    """`title` of a figure that stands on its page once for each dataset: `dataset` is what this one is called."""
    return f"{title} · {dataset}"


def say(notes: set[str]) -> tuple[str, ...]:
    """What notes mean, in the reader's language."""
    return tuple(describe_note(note) for note in sorted(notes))


def map_of(opened: OpenRelease, dataset: str) -> Figure | None:
    """The world with the victims of `dataset`; None where that table is withheld."""
    query = TableQuery(dataset, "victims", "country")
    try:
        table = opened.read(query)
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
    return Figure(
        title,
        mark_safe(svg),  # noqa: S308  (both escape every text)
        shown,
        say(set(table.notes)),
        mark_safe(key),  # noqa: S308
        (FigureSource(query, opened.identifier),),
    )


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


def of_country(opened: OpenRelease, dataset: ShownDataset, country: str, rows: str) -> Figure | None:
    """Victims of `dataset` in `country` by `rows`; None where it was not published, or says nothing but "not known"."""
    query = TableQuery(dataset.code, "victims", rows, None, {"country": country})
    try:
        table = opened.read(query)
    except NotPublished:
        return None
    if not table.row_codes or table.row_codes == (UNKNOWN,):
        return None
    title = title_of(query, with_filters=False)
    return Figure(
        title,
        draw(table, "bar", title, f"{dataset.code}-{rows}"),
        show_table(table, title_in(title, dataset.title), lambda code: definition_address(rows, code)),
        say(set(table.notes)),
        sources=(FigureSource(query, opened.identifier),),
    )
