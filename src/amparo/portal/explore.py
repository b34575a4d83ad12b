"""The explore page: a table and a chart of the reader's choice, which stands whole in the address."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amparo.portal.charting.drawing import draw
from amparo.portal.choices import Choice, measure_choices, row_choices
from amparo.portal.figures import Figure, datasets_of, say
from amparo.portal.nearest import nearest_choices
from amparo.portal.pages import reads_latest_release, show
from amparo.portal.presentation import definition_address, label_of, ordered, show_table, title_of
from amparo.portal.reasons import explain, is_mistake
from amparo.statistics.dimensions import MEASURES
from amparo.statistics.releases import NotPublished, OpenRelease, PublishedTable, TableQuery
from amparo.vocabularies.catalogue import get_vocabulary

FORMS = ("csv", "json", "xlsx")


@reads_latest_release
def explore(request: HttpRequest, opened: OpenRelease) -> HttpResponse:
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
        "charts": [("line", _("Lines")), ("bar", _("Bars")), ("none", _("No chart"))],
    }
    status = 200
    try:
        shown |= _show_choice(choice, choice.read_table(opened), opened)
    except NotPublished as refused:
        status = 400 if is_mistake(refused) else 200
        shown["refused"] = explain(refused)
        shown["nearest"] = [
            (_address_of(each), _titled(each, choice, opened)) for each in nearest_choices(choice, opened)
        ]
    return show(request, "portal/explore.html", opened, status=status, **shown)


def _show_choice(choice: Choice, table: PublishedTable, opened: OpenRelease) -> dict[str, Any]:
    title = title_of(choice.query)
    return {
        "figure": Figure(
            title,
            draw(table, choice.shown_chart, title, "explored"),
            show_table(table, title, lambda code: definition_address(choice.rows, code)),
            say({*table.notes, "not-zero"}),
        ),
        "forms": [(form, f"{reverse('explore-download', args=[form])}?{choice.address()}") for form in FORMS],
        "measure": MEASURES[choice.measure],
        "dataset": next(each for each in datasets_of(opened) if each.code == choice.dataset),
    }


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
