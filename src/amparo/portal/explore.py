"""The explore page: a table and a chart of the reader's choice, which stands whole in the address."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amparo.portal.asking import Asked, release_asked
from amparo.portal.charting.drawing import make_drawing, put_on_page, read_look, what_is_left_out
from amparo.portal.charting.fitting import NAMES, fits, name_of, why_not
from amparo.portal.choices import Choice, measure_choices, row_choices, years_in
from amparo.portal.embedding import embed_code
from amparo.portal.figures import Figure, datasets_of, say
from amparo.portal.nearest import nearest_choices
from amparo.portal.pages import reads_latest_release, show
from amparo.portal.presentation import definition_address, label_of, ordered, show_table, title_of
from amparo.portal.reasons import explain, is_mistake
from amparo.portal.sources import FigureSource
from amparo.statistics.dimensions import MEASURES
from amparo.statistics.releases import NotPublished, OpenRelease, TableQuery
from amparo.vocabularies.catalogue import get_vocabulary

FORMS = ("csv", "json", "xlsx")
PICTURES = ("svg", "png")


@reads_latest_release
def explore(request: HttpRequest, latest: OpenRelease) -> HttpResponse:
    opened = release_asked(request, latest)
    choice = Choice.read(request.GET.dict(), opened)
    shown: dict[str, Any] = {
        "choice": choice,
        "measures": measure_choices(),
        "dimensions": row_choices(),
        "countries": _countries_of(opened, choice),
        "statuses": [
            (code, term.label(get_language() or "en"))
            for code, term in get_vocabulary("information-status").terms.items()
        ],
        "is_latest": opened.identifier == latest.identifier,
        "latest_address": choice.address(release=""),
        **_offer_charts(choice),
    }
    status = 200
    try:
        shown |= _show_asked(request, Asked(opened, choice, choice.read_table(opened)))
    except NotPublished as refused:
        status = 400 if is_mistake(refused) else 200
        shown["refused"] = explain(refused)
        shown["nearest"] = name_nearest(choice, opened)
    return show(request, "portal/explore.html", opened, status=status, **shown)


def name_nearest(choice: Choice, opened: OpenRelease) -> list[tuple[str, str]]:
    """The published choices nearest to `choice`: the address of each and its title."""
    return [(_address_of(each), _titled(each, choice, opened)) for each in nearest_choices(choice, opened)]


def _offer_charts(choice: Choice) -> dict[str, Any]:
    """The kinds of chart that fit what was chosen, and what the others would need."""
    query = choice.query
    fitting = [(kind, name_of(kind)) for kind in NAMES if fits(kind, query)]
    unfit = {kind: why_not(kind, query) for kind in NAMES if not fits(kind, query)}
    return {
        "charts": [*fitting, ("none", _("No chart"))],
        "unfit": list(unfit.values()),
        "misfit": unfit.get(choice.chart, ""),
    }


def _show_asked(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    choice, table, title = asked.choice, asked.table, asked.title
    compared = choice.compared(table)
    drawing = make_drawing(table, choice.shown_chart, title, read_look(), compared)
    shown: dict[str, Any] = {
        "figure": Figure(
            title,
            put_on_page(drawing, "explored") if drawing else SafeString(""),
            show_table(table, title, lambda code: definition_address(choice.rows, code)),
            say({*table.notes, "not-zero"}),
            sources=(FigureSource(choice.query, asked.opened.identifier),),
            words=asked.words,
        ),
        "forms": [(form, f"{reverse('explore-download', args=[form])}?{choice.address()}") for form in FORMS],
        "measure": MEASURES[choice.measure],
        "dataset": asked.dataset,
    }
    if choice.shown_chart == "slope":
        shown |= {"years": years_in(table), "compared": compared}
    if drawing:
        # What is taken elsewhere keeps its figures when a later release has others.
        kept = asked.kept_address
        shown |= {
            "left_out": what_is_left_out(table, choice.shown_chart),
            "pictures": [(form, f"{reverse('chart-download', args=[form])}?{kept}") for form in PICTURES],
            "embed_code": embed_code(request, asked, drawing.height),
        }
    return shown


def _address_of(choice: Choice) -> str:
    return f"{reverse('explore')}?{choice.address()}"


def _titled(choice: Choice, instead_of: Choice, opened: OpenRelease) -> str:
    title = title_of(choice.query)
    if choice.dataset == instead_of.dataset:
        return title
    return f"{title} · {next(each.title for each in datasets_of(opened) if each.code == choice.dataset)}"


def _countries_of(opened: OpenRelease, choice: Choice) -> list[tuple[str, str]]:
    """The countries that the form offers: those of the dataset, and the one that was chosen, whatever it is."""
    codes = {choice.country} & get_vocabulary("countries").terms.keys()
    with suppress(NotPublished):
        codes |= set(opened.read(TableQuery(choice.dataset, "victims", "country")).row_codes)
    return [(code, label_of("country", code)) for code in ordered("country", tuple(codes), lambda _code: 0)]
