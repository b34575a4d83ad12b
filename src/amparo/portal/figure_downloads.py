"""The table behind a figure, of the release that it was shown from: its data, and how to cite it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from amparo.portal.choices import LONGEST_CODE
from amparo.portal.presentation import title_of
from amparo.portal.reasons import explain, status_of
from amparo.statistics import downloads
from amparo.statistics.citation import CitedTable, table_to_bibtex, table_to_csl
from amparo.statistics.models import Release
from amparo.statistics.published import PUBLISHED
from amparo.statistics.releases import NotPublished, OpenRelease, PublishedTable, TableQuery, open_release

FORMS = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "bib": "application/x-bibtex; charset=utf-8",
    "csl": "application/vnd.citationstyles.csl+json",
}
# What is written in a file's name for each: reference managers know CSL-JSON by "json".
_ENDINGS = {"csl": "csl.json"}
_PARAMETERS = ("dataset", "measure", "rows", "columns")


@require_safe
def figure_download(request: HttpRequest, identifier: str, form: str) -> HttpResponse:
    """The table of the address, as data (csv, json) or as a reference (bib, csl). Any published dimension filters it:
    `?dataset=cpj&rows=year&sex=female`.
    """
    release = get_object_or_404(Release, identifier=identifier)
    if form not in FORMS:
        raise Http404
    said = {name: code[:LONGEST_CODE] for name, code in request.GET.dict().items() if isinstance(code, str) and code}
    if strange := sorted(said.keys() - {*_PARAMETERS, *PUBLISHED}):
        message = _("There is no parameter “%(name)s”.") % {"name": strange[0][:LONGEST_CODE]}
        return HttpResponse(message, status=400, content_type="text/plain; charset=utf-8")
    try:
        opened = open_release(release)
        table = opened.read(_query_of(said, opened))
    except NotPublished as refused:
        return HttpResponse(explain(refused), status=status_of(refused), content_type="text/plain; charset=utf-8")
    content = _write(table, release, form, request.build_absolute_uri(request.get_full_path()))
    return HttpResponse(content, content_type=FORMS[form], headers=_attachment(table.query, release, form))


def _query_of(said: dict[str, str], opened: OpenRelease) -> TableQuery:
    where = {name: said[name] for name in PUBLISHED if name in said}
    return TableQuery(
        said.get("dataset") or opened.datasets[0],
        said.get("measure") or "victims",
        said.get("rows"),
        said.get("columns"),
        where,
    )


def _write(table: PublishedTable, release: Release, form: str, address: str) -> bytes:
    if form == "csv":
        return downloads.table_to_csv(table)
    if form == "json":
        return downloads.table_to_json(table, release)
    dataset = open_release(release).about(table.query.dataset)
    cited = CitedTable(title_of(table.query), str(dataset["publisher"]), address)
    return (table_to_bibtex if form == "bib" else table_to_csl)(release, cited).encode()


def _attachment(query: TableQuery, release: Release, form: str) -> dict[str, str]:
    parts = ("amparo", release.identifier, query.measure, query.rows, query.columns, *query.where.values())
    name = "-".join(part for part in parts if part)
    return {"Content-Disposition": f'attachment; filename="{name}.{_ENDINGS.get(form, form)}"'}
