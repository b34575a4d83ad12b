"""What changed in the widest tables between a release and the one before it."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from amparo.portal.figures import Figure, ShownDataset, datasets_of, title_in
from amparo.portal.pages import show, show_damaged
from amparo.portal.presentation import title_of
from amparo.portal.side_by_side import Part, lay_side_by_side
from amparo.statistics.models import Release
from amparo.statistics.published import PUBLISHED
from amparo.statistics.releases import NotPublished, OpenRelease, TableQuery, open_release
from amparo.ui.templatetags.ui import left_to_right

Changes = list[tuple[ShownDataset, list[Figure]]]


@require_safe
def changes(request: HttpRequest, identifier: str) -> HttpResponse:
    """The page of what changed since the release before; every cell is told by `./amparo release diff`."""
    release = get_object_or_404(Release, identifier=identifier)
    before = release_before(release)
    found: Changes = []
    try:
        opened = open_release(release)
    except NotPublished as refused:
        return show_damaged(request, release, refused)
    if before is not None:
        try:
            found = list(_changes_of(open_release(before), opened))
        except NotPublished as refused:
            return show_damaged(request, before, refused)
    return show(request, "portal/changes.html", opened, row=release, before=before, changes=found)


def release_before(release: Release) -> Release | None:
    """The release that was published before `release`; None for the first."""
    return Release.objects.filter(pk__lt=release.pk).order_by("-pk").first()


def _changes_of(before: OpenRelease, after: OpenRelease) -> Iterator[tuple[ShownDataset, list[Figure]]]:
    for dataset in datasets_of(after):
        if dataset.code not in before.datasets:
            continue
        figures = [figure for rows in PUBLISHED if (figure := _compare(dataset, rows, before, after))]
        if figures:
            yield dataset, figures


def _compare(dataset: ShownDataset, rows: str, before: OpenRelease, after: OpenRelease) -> Figure | None:
    """The victims by `rows` in both releases, where any differ; None where none does, or one has no such table."""
    query = TableQuery(dataset.code, "victims", rows)
    if not (before.holds(dataset.code, (rows,)) and after.holds(dataset.code, (rows,))):
        return None
    tables = [before.read(query), after.read(query)]
    codes = {code for table in tables for code in table.row_codes}
    changed = [code for code in codes if tables[0].value(code) != tables[1].value(code)]
    if not changed:
        return None
    parts = [Part(_("Release %(id)s") % {"id": left_to_right(table.release)}, table) for table in tables]
    title = title_of(query)
    return lay_side_by_side(
        parts, title, "none", f"{dataset.code}-{rows}", caption=title_in(title, dataset.title), only=changed
    )
