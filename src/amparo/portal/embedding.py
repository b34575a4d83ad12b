"""Charts in other sites' pages: a page of its own with a chart, in short what it says, and where it is from."""

from dataclasses import replace
from html import escape

import csp.constants
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.clickjacking import xframe_options_exempt

from amparo.portal.asking import Asked, read_asked, release_asked
from amparo.portal.charting.drawing import make_drawing, put_on_page, read_look
from amparo.portal.choices import Choice
from amparo.portal.nearest import nearest_choices
from amparo.portal.pages import reads_latest_release, show
from amparo.portal.presentation import title_of
from amparo.portal.reasons import explain, status_of
from amparo.statistics.releases import NotPublished, OpenRelease

# Pixels of a frame of usual width for a unit of a chart's height, and for title, key, words and source around it.
_SCALE, _AROUND = 1.4, 280


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"], "script-src": [csp.constants.NONE]})
@reads_latest_release
def embed(request: HttpRequest, latest: OpenRelease) -> HttpResponse:
    """The chart of the address. Any site may frame this page: it reads no cookie, runs no script, changes nothing."""
    try:
        asked = read_asked(request, latest)
    except NotPublished as refused:
        opened = release_asked(request, latest)
        nearest = nearest_choices(Choice.read(request.GET.dict(), opened), opened)
        said = [(f"{reverse('explore')}?{each.address()}", title_of(each.query)) for each in nearest]
        shown = {"refused": explain(refused), "nearest": said}
        return show(request, "portal/embed.html", opened, status=status_of(refused), **shown)
    return show(
        request,
        "portal/embed.html",
        asked.opened,
        title=asked.title,
        svg=_draw(asked),
        words=in_short(asked.words),
        dataset=asked.dataset,
        source=asked.source,
        has_errata=asked.has_errata,
        address=f"{reverse('explore')}?{asked.kept_address}",
    )


def _draw(asked: Asked) -> SafeString:
    compared = asked.choice.compared(asked.table)
    drawing = make_drawing(asked.table, asked.choice.shown_chart, asked.title, read_look(), compared)
    # Here there is no table below: the words say what the chart shows.
    return put_on_page(replace(drawing, description=" ".join(asked.words)), "embedded") if drawing else SafeString("")


def in_short(words: tuple[str, ...]) -> tuple[str, ...]:
    """Three sentences at most: the first two, and the last, which says how much is not shown."""
    return words if len(words) <= 3 else (*words[:2], words[-1])


def embed_code(request: HttpRequest, asked: Asked, height: float) -> str:
    """The HTML that puts the chart, of that `height`, into another page: of this release, whichever comes later."""
    address = request.build_absolute_uri(f"{reverse('explore-embed')}?{asked.kept_address}")
    return (
        f'<iframe src="{escape(address)}" title="{escape(asked.title)}" width="100%" '
        f'height="{round(height * _SCALE) + _AROUND}" loading="lazy" referrerpolicy="no-referrer"></iframe>'
    )
