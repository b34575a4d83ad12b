"""The public pages. Each figure on them is read from a release, and the page says from which."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from amparo.portal.choices import Choice, default_dataset, measure_choices, row_choices
from amparo.portal.presentation import ShownRow, ShownTable, cell_text, draw, draw_lines, label_of, ordered, show_table
from amparo.portal.reasons import explain
from amparo.statistics.citation import cite
from amparo.statistics.dimensions import DIMENSIONS, MEASURES
from amparo.statistics.models import Release
from amparo.statistics.notes import describe_note
from amparo.statistics.releases import NotPublished, OpenRelease, PublishedTable, TableQuery, open_release
from amparo.statistics.services import latest_release
from amparo.ui.charts import Series
from amparo.ui.templatetags.ui import number
from amparo.ui.world_map import Place, class_breaks, legend, shade_of, world_map
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary

# What a country's page shows of each dataset, if it was published.
COUNTRY_TABLES = ("sex", "profile", "perpetrator", "act", "age_band", "area")
FORMS = ("csv", "json", "xlsx")


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its table, what has to be said beside it, and where it can be explored."""

    title: str
    svg: SafeString
    table: ShownTable
    notes: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True)
class ShownDataset:
    """A dataset in the reader's language."""

    code: str
    title: str
    publisher: str
    coverage: str
    years: str
    invented: bool


def _datasets(opened: OpenRelease) -> list[ShownDataset]:
    language = get_language() or "en"
    return [
        ShownDataset(
            each["code"],
            each["titles"].get(language) or each["titles"]["en"],
            each["publisher"],
            each["coverage"].get(language) or each["coverage"]["en"],
            f"{each['first_year']}–{each['last_year']}",
            each["invented"],
        )
        for each in opened.manifest["datasets"]
    ]


def _page(request: HttpRequest, template: str, release: Release, opened: OpenRelease, **shown: Any) -> HttpResponse:
    datasets = _datasets(opened)
    shown |= {"release": release, "datasets": datasets, "invented": any(each.invented for each in datasets)}
    return render(request, template, shown)


def _empty(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/no-release.html")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    release = latest_release()
    if release is None:
        return _empty(request)
    opened = open_release(release)
    asked = request.GET.get("dataset", "")
    dataset = asked if asked in opened.datasets else default_dataset(opened)
    return _page(
        request,
        "portal/home.html",
        release,
        opened,
        dataset=next(each for each in _datasets(opened) if each.code == dataset),
        map=_map(opened, dataset),
        by_year=_by_year(opened),
        other_datasets=[each for each in _datasets(opened) if each.code != dataset],
        releases=Release.objects.all()[:3],
    )


def _map(opened: OpenRelease, dataset: str) -> dict[str, Any]:
    table = opened.read(TableQuery(dataset, "victims", "country"))
    names = get_vocabulary("countries")
    language = get_language() or "en"
    breaks = class_breaks([value for (row, _c), value in table.cells.items() if row and value])
    places = {}
    for code in table.row_codes:
        if code != UNKNOWN:
            value = table.value(code)
            shade = 0 if value is None else shade_of(value, breaks)
            address = reverse("country", args=[code])
            places[code] = Place(names.terms[code].label(language), cell_text(value), shade, address)
    title = _("Victims by country")
    svg = world_map(places, title=title, description=_("The figures are in the table below."))
    key = legend(
        breaks,
        form=number,
        not_shown=_("not shown"),
        no_data=_("nothing reported"),
        title=_("Key to the map"),
    )
    shown = show_table(table, title, lambda code: reverse("country", args=[code]))
    return {"svg": mark_safe(svg), "legend": mark_safe(key), "table": shown}  # noqa: S308  (both escape every text)


def _by_year(opened: OpenRelease, where: dict[str, str] | None = None) -> Figure | None:
    """Victims by year, one series per dataset: never added, for the same person may be in several."""
    tables = _of_each_dataset(opened, "year", where or {})
    if not tables:
        return None
    years = sorted({code for table in tables.values() for code in table.row_codes if code != UNKNOWN})
    span = [str(year) for year in range(int(years[0]), int(years[-1]) + 1)] if years else []
    titles = {each.code: each.title for each in _datasets(opened)}
    series, cells = [], []
    for code, table in tables.items():
        about = opened.about(code)
        inside = [about["first_year"] <= int(year) <= about["last_year"] for year in span]
        values = tuple(table.value(year) if there else None for year, there in zip(span, inside, strict=True))
        series.append(Series(titles[code], values))
        # Outside a dataset's years nothing was counted: neither zero nor hidden.
        cells.append([cell_text(v) if there else "–" for v, there in zip(values, inside, strict=True)])
    title = _("Victims by year")
    rows = tuple(ShownRow(year, tuple(column[n] for column in cells)) for n, year in enumerate(span))
    totals = ShownRow(_("Total"), tuple(cell_text(table.total) for table in tables.values()), is_total=True)
    shown = ShownTable(title, str(DIMENSIONS["year"].name), tuple(titles[code] for code in tables), (*rows, totals))
    notes = {note for table in tables.values() for note in table.notes}
    return Figure(title, draw_lines(span, series, title, "by-year"), shown, _say(notes))


def _of_each_dataset(opened: OpenRelease, rows: str, where: dict[str, str]) -> dict[str, PublishedTable]:
    tables = {}
    for dataset in opened.datasets:
        try:
            table = opened.read(TableQuery(dataset, "victims", rows, None, where))
        except NotPublished:
            continue
        if table.cells:
            tables[dataset] = table
    return tables


def _say(notes: set[str]) -> tuple[str, ...]:
    return tuple(describe_note(note) for note in sorted(notes))


@require_safe
def country_list(request: HttpRequest) -> HttpResponse:
    release = latest_release()
    if release is None:
        return _empty(request)
    opened = open_release(release)
    tables = _of_each_dataset(opened, "country", {})
    titles = {each.code: each.title for each in _datasets(opened)}
    codes = tuple({code for table in tables.values() for code in table.row_codes if code != UNKNOWN})
    rows = tuple(
        ShownRow(
            label_of("country", code),
            tuple(cell_text(table.value(code)) for table in tables.values()),
            reverse("country", args=[code]),
        )
        for code in ordered("country", codes, lambda _code: 0)
    )
    columns = tuple(titles[dataset] for dataset in tables)
    shown = ShownTable(_("Victims by country"), str(DIMENSIONS["country"].name), columns, rows)
    return _page(request, "portal/country-list.html", release, opened, table=shown)


@require_safe
def country(request: HttpRequest, code: str) -> HttpResponse:
    names = get_vocabulary("countries")
    if code not in names.terms or code == UNKNOWN:
        raise Http404
    release = latest_release()
    if release is None:
        return _empty(request)
    opened = open_release(release)
    figures = []
    for dataset in _datasets(opened):
        found = [_country_figure(opened, dataset.code, code, rows) for rows in COUNTRY_TABLES]
        shown = [figure for figure in found if figure]
        if shown:
            figures.append((dataset, shown))
    return _page(
        request,
        "portal/country.html",
        release,
        opened,
        code=code,
        name=names.terms[code].label(get_language() or "en"),
        by_year=_by_year(opened, {"country": code}),
        figures=figures,
    )


def _country_figure(opened: OpenRelease, dataset: str, country: str, rows: str) -> Figure | None:
    query = TableQuery(dataset, "victims", rows, None, {"country": country})
    try:
        table = opened.read(query)
    except NotPublished:
        return None
    if not table.row_codes or table.row_codes == (UNKNOWN,):
        return None
    title = _("%(measure)s by %(dimension)s") % {
        "measure": MEASURES["victims"].name,
        "dimension": str(DIMENSIONS[rows].name).lower(),
    }
    choice = Choice(dataset, rows=rows, country=country)
    return Figure(
        title,
        draw(table, "bar", title, f"{dataset}-{rows}"),
        show_table(table, title),
        _say(set(table.notes)),
        f"{reverse('explore')}?{choice.address()}",
    )


@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    release = latest_release()
    if release is None:
        return _empty(request)
    opened = open_release(release)
    choice = Choice.read(request.GET.dict(), opened)
    shown: dict[str, Any] = {
        "choice": choice,
        "measures": measure_choices(),
        "dimensions": row_choices(),
        "countries": _countries_of(opened, choice.dataset),
        "statuses": [
            (c, t.label(get_language() or "en")) for c, t in get_vocabulary("information-status").terms.items()
        ],
        "charts": [("line", _("Lines")), ("bar", _("Bars")), ("none", _("No chart"))],
        "forms": [(form, f"{reverse('explore-download', args=[form])}?{choice.address()}") for form in FORMS],
    }
    status = 200
    try:
        table = opened.read(choice.query)
    except NotPublished as refused:
        shown["refused"] = explain(refused)
        status = 400 if refused.code.startswith("unknown") else 200
    else:
        title = _title_of(choice)
        shown["figure"] = Figure(
            title,
            draw(table, choice.shown_chart, title, "explored"),
            show_table(table, title, _link_rows(choice)),
            _say({*table.notes, "not-zero"}),
        )
        shown["definition"] = MEASURES[choice.measure].definition
        shown["dataset"] = next(each for each in _datasets(opened) if each.code == choice.dataset)
    response = _page(request, "portal/explore.html", release, opened, **shown)
    response.status_code = status
    return response


def _title_of(choice: Choice) -> str:
    title = str(MEASURES[choice.measure].name)
    names = [str(DIMENSIONS[each].name).lower() for each in (choice.rows, choice.columns) if each]
    if names:
        title = _("%(measure)s by %(dimension)s") % {"measure": title, "dimension": _(" and ").join(names)}
    filters = [label_of(name, code) for name, code in choice.query.where.items()]
    return ": ".join([title, " · ".join(filters)]) if filters else title


def _link_rows(choice: Choice) -> Any:
    return (lambda code: reverse("country", args=[code])) if choice.rows == "country" else None


def _countries_of(opened: OpenRelease, dataset: str) -> list[tuple[str, str]]:
    try:
        codes = opened.read(TableQuery(dataset, "victims", "country")).row_codes
    except NotPublished:
        return []
    return [(code, label_of("country", code)) for code in ordered("country", codes, lambda _code: 0)]


@require_safe
def release_list(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/release-list.html", {"releases": Release.objects.all()[:200]})


@require_safe
def release_page(request: HttpRequest, identifier: str) -> HttpResponse:
    release = get_object_or_404(Release, identifier=identifier)
    opened = open_release(release)
    tables = len(opened.manifest["tables"])
    shown = {"tables": tables, "manifest": opened.manifest, "citation": cite(release)}
    return _page(request, "portal/release.html", release, opened, **shown)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about.html", {"measures": MEASURES.values()})
