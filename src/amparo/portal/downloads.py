"""Files to take away from the public pages."""

from collections.abc import Iterator

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from amparo.portal.choices import Choice
from amparo.portal.reasons import explain, status_of
from amparo.statistics import downloads
from amparo.statistics.citation import to_bibtex, to_csl
from amparo.statistics.models import Release
from amparo.statistics.releases import NotPublished, latest_release, open_release

# Small files of a release that are handed out as they lie there; those of before had no codebook.
_KEPT = {"manifest.json": "application/json", "codebook.xml": "application/xml; charset=utf-8"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def explore_download(request: HttpRequest, form: str) -> HttpResponse:
    """The explored table as csv, json or xlsx."""
    release = latest_release()
    if release is None or form not in {"csv", "json", "xlsx"}:
        raise Http404
    try:
        opened = open_release(release)
        choice = Choice.read(request.GET.dict(), opened)
        table = choice.read_table(opened)
    except NotPublished as refused:
        return _refuse(refused)
    name = "-".join(
        part for part in ("amparo", release.identifier, choice.measure, choice.rows, choice.columns) if part
    )
    if form == "csv":
        return _attach(downloads.table_to_csv(table), "text/csv; charset=utf-8", f"{name}.csv")
    if form == "xlsx":
        return _attach(downloads.table_to_xlsx(table, release), XLSX, f"{name}.xlsx")
    return _attach(downloads.table_to_json(table, release), "application/json", f"{name}.json")


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
