"""The public pages that show figures of a release, rendered in English as a reader gets them."""

from collections.abc import Iterator
from io import BytesIO
from urllib.parse import urlencode

from django.core.handlers.wsgi import WSGIRequest
from django.urls import resolve, reverse
from django.utils import translation

from amparo.portal.comparing.address import Asked
from amparo.portal.comparing.comparison import LEAST, MOST
from amparo.portal.pages import show_release
from amparo.portal.reports.groups import GROUPS
from amparo.statistics.models import Release
from amparo.statistics.published import PUBLISHED
from amparo.statistics.releases import NotPublished, OpenRelease, TableQuery
from amparo.vocabularies.catalogue import UNKNOWN


def addresses_of(opened: OpenRelease) -> Iterator[str]:
    """Every page with figures: of the site, of each country, each report, each country compared, each table explored.

    What readers ask for themselves is without end: of comparisons there is one for each dataset and six countries, of
    the explore page one for each table by one dimension and each measure.
    """
    countries = {dataset: _countries_of(opened, dataset) for dataset in opened.datasets}
    yield reverse("country-list")
    for dataset in opened.datasets:
        yield f"{reverse('home')}?{urlencode({'dataset': dataset})}"
    for code in sorted({code for codes in countries.values() for code in codes}):
        yield reverse("country", args=[code])
    for address in GROUPS:
        yield reverse("defender-report", args=[address])
    for dataset, codes in countries.items():
        for start in range(0, len(codes), MOST):
            some = codes[start : start + MOST]
            if len(some) >= LEAST:
                yield f"{reverse('compare')}?{Asked(dataset, 'victims', tuple(some)).address()}"
        for rows in PUBLISHED:
            if opened.holds(dataset, (rows,)):
                for measure in opened.manifest["measures"]:
                    yield f"{reverse('explore')}?{urlencode({'dataset': dataset, 'measure': measure, 'rows': rows})}"


def render_page(address: str, release: Release) -> str:
    """The page at `address`, with the figures of `release`, whichever is the latest."""
    path, _, query = address.partition("?")
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
        }
    )
    show_release(request, release)
    with translation.override("en"):
        match = resolve(path)
        return str(match.func(request, *match.args, **match.kwargs).content.decode())


def _countries_of(opened: OpenRelease, dataset: str) -> list[str]:
    try:
        table = opened.read(TableQuery(dataset, "victims", "country"))
    except NotPublished:
        return []
    return [code for code in table.row_codes if code != UNKNOWN]
