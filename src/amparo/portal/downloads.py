"""Files to take away from the public pages."""

from collections.abc import Iterator

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from amparo.portal.asking import Asked, read_asked, release_asked
from amparo.portal.charting.pictures import to_png
from amparo.portal.choices import Choice
from amparo.portal.nearest import nearest_choices
from amparo.portal.reasons import explain, status_of
from amparo.statistics import downloads
from amparo.statistics.citation import to_bibtex, to_csl
from amparo.statistics.models import Release
from amparo.statistics.releases import NotPublished, latest_release, open_release

# Small files of a release that are handed out as they lie there; those of before had no codebook.
_KEPT = {"manifest.json": "application/json", "codebook.xml": "application/xml; charset=utf-8"}
PICTURES = {"svg": "image/svg+xml", "png": "image/png"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def explore_download(request: HttpRequest, form: str) -> HttpResponse:
    """The explored table as csv, json or xlsx."""
    if form not in {"csv", "json", "xlsx"}:
        raise Http404
    try:
        asked = read_asked(request)
    except NotPublished as refused:
        return refuse_choice(request, refused)
    name, table = _name_of(asked), asked.table
    if form == "csv":
        return _attach(downloads.table_to_csv(table), "text/csv; charset=utf-8", f"{name}.csv")
    release = Release.objects.get(identifier=asked.opened.identifier)
    if form == "xlsx":
        return _attach(downloads.table_to_xlsx(table, release), XLSX, f"{name}.xlsx")
    return _attach(downloads.table_to_json(table, release), "application/json", f"{name}.json")


@require_safe
def chart_download(request: HttpRequest, form: str) -> HttpResponse:
    """The explored chart as svg or png, with its words and its source in it."""
    if form not in PICTURES:
        raise Http404
    try:
        asked = read_asked(request)
    except NotPublished as refused:
        return refuse_choice(request, refused)
    picture = asked.draw_alone(request)
    if picture is None:
        message = _("There is nothing to draw: no figure of this table is shown, or no chart was chosen.")
        return HttpResponse(message, status=404, content_type="text/plain; charset=utf-8")
    content = picture.svg.encode() if form == "svg" else to_png(picture)
    return _attach(content, PICTURES[form], f"{_name_of(asked)}-{asked.choice.shown_chart}.{form}")


def refuse_choice(request: HttpRequest, refused: NotPublished) -> HttpResponse:
    """The reason why there is no such table, and the addresses of what is published nearest to it."""
    lines = [explain(refused)]
    latest = latest_release()
    if latest and refused.code != "damaged":
        opened = release_asked(request, open_release(latest))
        nearest = nearest_choices(Choice.read(request.GET.dict(), opened), opened)
        addresses = [request.build_absolute_uri(f"{request.path}?{each.address()}") for each in nearest]
        lines += [_("What is published nearest to this:"), *addresses] if addresses else []
    return HttpResponse("\n".join(lines), status=status_of(refused), content_type="text/plain; charset=utf-8")


def _name_of(asked: Asked) -> str:
    choice = asked.choice
    parts = ("amparo", asked.opened.identifier, choice.measure, choice.rows, choice.columns)
    return "-".join(part for part in parts if part)


@require_safe
def release_download(request: HttpRequest, identifier: str, name: str) -> HttpResponseBase:
    """A file of a release: cells.parquet|csv|json, manifest.json, codebook.xml, tables.xlsx, citation.bib|json."""
    release = get_object_or_404(Release, identifier=identifier)
    try:
        opened = open_release(release)
    except NotPublished as refused:
        return _refuse(refused)
    kept = {name: kind for name, kind in _KEPT.items() if name == "manifest.json" or name in opened.manifest["files"]}
    attached = f"amparo-{release.identifier}-{name}"
    if name == "cells.parquet":
        return FileResponse((release.folder / name).open("rb"), as_attachment=True, filename=attached)
    if name in kept:
        return _attach((release.folder / name).read_bytes(), kept[name], attached)
    if name == "cells.csv":
        return _stream(downloads.release_to_csv(release), "text/csv; charset=utf-8", attached)
    if name == "cells.json":
        return _stream(downloads.release_to_json(release), "application/json", attached)
    if name == "tables.xlsx":
        return _attach(downloads.release_to_xlsx(release), XLSX, attached)
    if name == "citation.bib":
        return _attach(to_bibtex(release).encode(), "application/x-bibtex; charset=utf-8", attached)
    if name == "citation.json":
        return _attach(to_csl(release).encode(), "application/vnd.citationstyles.csl+json", attached)
    raise Http404


def _refuse(refused: NotPublished) -> HttpResponse:
    return HttpResponse(explain(refused), status=status_of(refused), content_type="text/plain; charset=utf-8")


def _attach(content: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)


def _stream(pieces: Iterator[bytes], content_type: str, name: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(pieces, content_type=content_type, headers=headers)
