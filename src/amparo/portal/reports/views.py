"""The reports as pages, and as PDF."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language

from amparo.portal.pages import reads_latest_release, show
from amparo.portal.reports.groups import GROUPS, Group
from amparo.portal.reports.printing import print_report
from amparo.portal.reports.writing import write_report
from amparo.statistics.citation import cite
from amparo.statistics.models import Release
from amparo.statistics.releases import OpenRelease


@reads_latest_release
def report_list(request: HttpRequest, opened: OpenRelease) -> HttpResponse:
    return show(request, "portal/report-list.html", opened, groups=GROUPS.values())


@reads_latest_release
def report(request: HttpRequest, opened: OpenRelease, code: str) -> HttpResponse:
    written = write_report(_find_group(code), opened)
    notes = list(dict.fromkeys(note for each in written.chapters for figure in each.figures for note in figure.notes))
    row = Release.objects.get(identifier=opened.identifier)
    return show(
        request,
        "portal/report.html",
        opened,
        report=written,
        group=written.group,
        notes=notes,
        citation=cite(row),
        row=row,
    )


@reads_latest_release
def report_pdf(request: HttpRequest, opened: OpenRelease, code: str) -> HttpResponse:
    written = write_report(_find_group(code), opened)
    row = Release.objects.get(identifier=opened.identifier)
    name = f"amparo-{opened.identifier}-{code}-{get_language()}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(print_report(written, row), content_type="application/pdf", headers=headers)


def _find_group(code: str) -> Group:
    if code not in GROUPS:
        raise Http404
    return GROUPS[code]
