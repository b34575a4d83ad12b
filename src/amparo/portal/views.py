"""The public pages. Each figure on them is read from a release, and the page says from which."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from amparo.portal.choices import default_dataset
from amparo.portal.conditions import conditions_of_country
from amparo.portal.figures import datasets_of, map_of, of_country
from amparo.portal.pages import reads_latest_release, show, show_damaged
from amparo.portal.side_by_side import by_country, by_year
from amparo.statistics.citation import cite
from amparo.statistics.dimensions import MEASURES
from amparo.statistics.models import Erratum, Release
from amparo.statistics.releases import NotPublished, OpenRelease, open_release
from amparo.vocabularies.catalogue import get_vocabulary

# What a country's page shows of each dataset, if it was published.
COUNTRY_TABLES = ("sex", "profile", "perpetrator", "act", "age_band", "area")
_NOT_FOR_ROBOTS = ("account/", "desk/", "explore/table.", "explore/chart.", "releases/*/table.")
ROBOTS = "User-agent: *\n" + "".join(f"Disallow: /*/{closed}\n" for closed in _NOT_FOR_ROBOTS)


@reads_latest_release
def home(request: HttpRequest, opened: OpenRelease) -> HttpResponse:
    asked = request.GET.get("dataset") or default_dataset(opened)
    if asked not in opened.datasets:
        raise Http404
    datasets = datasets_of(opened)
    return show(
        request,
        "portal/home.html",
        opened,
        dataset=next(each for each in datasets if each.code == asked),
        map=map_of(opened, asked),
        by_year=by_year(opened),
        other_datasets=[each for each in datasets if each.code != asked],
        releases=Release.objects.all()[:3],
    )


@reads_latest_release
def country_list(request: HttpRequest, opened: OpenRelease) -> HttpResponse:
    return show(request, "portal/country-list.html", opened, figure=by_country(opened))


@require_safe
def country(request: HttpRequest, code: str) -> HttpResponse:
    if code.upper() not in get_vocabulary("countries").terms:
        raise Http404
    if code != code.upper():
        return redirect("country", code.upper(), permanent=True)
    return _country(request, code)


@reads_latest_release
def _country(request: HttpRequest, opened: OpenRelease, code: str) -> HttpResponse:
    figures = []
    for dataset in datasets_of(opened):
        found = [of_country(opened, dataset, code, rows) for rows in COUNTRY_TABLES]
        if shown := [figure for figure in found if figure]:
            figures.append((dataset, shown))
    years = by_year(opened, {"country": code})
    drawn = [years, *(figure for _dataset, shown in figures for figure in shown)]
    return show(
        request,
        "portal/country.html",
        opened,
        code=code,
        name=get_vocabulary("countries").terms[code].label(get_language() or "en"),
        by_year=years,
        figures=figures,
        conditions=conditions_of_country(opened, code),
        notes=list(dict.fromkeys(note for figure in drawn if figure for note in figure.notes)),
    )


@require_safe
def release_list(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/release-list.html", {"releases": Release.objects.prefetch_related("errata")[:200]})


@require_safe
def release_page(request: HttpRequest, identifier: str) -> HttpResponse:
    release = get_object_or_404(Release, identifier=identifier)
    try:
        opened = open_release(release)
    except NotPublished as refused:
        return show_damaged(request, release, refused)
    return show(request, "portal/release.html", opened, row=release, citation=cite(release), errata=_errata(release))


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about.html", {"measures": MEASURES.values()})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")


def _errata(release: Release) -> list[tuple[Erratum, str]]:
    """What was found to be wrong with `release`, each in the reader's language."""
    language = (get_language() or "en").split("-")[0]
    return [(each, each.texts[language]) for each in release.errata.select_related("corrected_by")]
