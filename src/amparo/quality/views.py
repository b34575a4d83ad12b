"""Pages on the quality of data: each figure leads to the cases behind it, for those who can mend them."""

from dataclasses import dataclass
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from amparo.institutions.access import DOCUMENT_CASES, EXPORT_CASES, READ_CODED_FACTS, desk_page, may
from amparo.institutions.models import User
from amparo.quality import completeness, intervals
from amparo.quality.completeness_tables import COMPLETENESS, completeness_table
from amparo.quality.delay_tables import (
    ACCEPTANCE,
    RECORDING,
    VERIFICATION,
    acceptance_table,
    recording_table,
    verification_table,
)
from amparo.quality.duplicate_tables import CANDIDATES, IDENTICAL, candidates_table, identical_table
from amparo.quality.duplicates import count_candidates, find_identical
from amparo.quality.overview import overview
from amparo.quality.tables import Table, write_csv
from amparo.quality.unusual import find_unusual
from amparo.quality.unusual_tables import (
    CHECKED,
    CONCENTRATED,
    HEAPED,
    INCIDENT_DAYS,
    RECORDING_DAYS,
    unusual_tables,
)
from amparo.quality.words import SPLIT_NAMES
from amparo.vault import log

GROUPS_PER_PAGE = 50
# A file holds no more lines than somebody can work through.
MOST_IDENTICAL = 5_000
_UNUSUAL = (CHECKED, HEAPED, RECORDING_DAYS, INCIDENT_DAYS, CONCENTRATED)
INTERNAL = gettext_noop(
    "Internal: not released figures. Small numbers can give people away: publish by a release only."
)


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table on its page, with where its file is, "" for who may not take it away."""

    table: Table
    file: str


@require_safe
@desk_page(READ_CODED_FACTS)
def quality(request: HttpRequest) -> HttpResponse:
    """The five parts at a glance."""
    return render(request, "quality/overview.html", {"parts": overview(cast(User, request.user))})


@require_safe
@desk_page(READ_CODED_FACTS)
def show_completeness(request: HttpRequest) -> HttpResponse:
    user, split = cast(User, request.user), _split(request, completeness.SPLITS)
    groups = completeness.measure_completeness(user, split)
    page = Paginator(groups, GROUPS_PER_PAGE).get_page(request.GET.get("page"))
    shown = completeness_table(list(page.object_list), split)
    return _show(request, _("Completeness"), [shown] if groups else [], split, completeness.SPLITS, page)


@require_safe
@desk_page(READ_CODED_FACTS)
def show_delays(request: HttpRequest) -> HttpResponse:
    user, split = cast(User, request.user), _split(request, intervals.SPLITS)
    recorded = intervals.measure_recording(user, split)
    page = Paginator(recorded, GROUPS_PER_PAGE).get_page(request.GET.get("page"))
    keys = {each.key for each in page.object_list}
    verified = [each for each in intervals.measure_verification(user, split) if each.key in keys]
    found = [recording_table(list(page.object_list), split), verification_table(verified, split)] if recorded else []
    if split in intervals.SPLITS_OF_REPORTS:
        accepted = intervals.measure_acceptance(user, split)
        found += [acceptance_table(accepted[:GROUPS_PER_PAGE], split)] if accepted else []
    return _show(request, _("Delays"), found, split, intervals.SPLITS, page)


@require_safe
@desk_page(READ_CODED_FACTS)
def show_unusual(request: HttpRequest) -> HttpResponse:
    found = find_unusual(cast(User, request.user))
    return _show(request, _("What stands out"), list(unusual_tables(found)) if found.cases else [])


@require_safe
@desk_page(READ_CODED_FACTS)
def show_duplicates(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    candidates = candidates_table(count_candidates(user), may_decide=may(user, DOCUMENT_CASES))
    page = Paginator(find_identical(user), GROUPS_PER_PAGE).get_page(request.GET.get("page"))
    return _show(request, _("Duplicates"), [candidates, identical_table(page.object_list)], page=page)


@require_safe
@desk_page(EXPORT_CASES)
def table_csv(request: HttpRequest, table: str) -> HttpResponse:
    """One table as a file, whole."""
    user = cast(User, request.user)
    found = _whole_table(user, table, request)
    if found is None:
        raise Http404
    return attach(user, found)


def attach(user: User, table: Table) -> HttpResponse:
    """`table` as a file, noted in the log."""
    content = write_csv(table, [_(INTERNAL)])
    _note_export(user, table.code)
    headers = {"Content-Disposition": f'attachment; filename="amparo-quality-{table.code}.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def _whole_table(user: User, code: str, request: HttpRequest) -> Table | None:
    split = _split(request, completeness.SPLITS)
    of_delays = split if split in intervals.SPLITS else completeness.WHOLE
    of_reports = split if split in intervals.SPLITS_OF_REPORTS else completeness.WHOLE
    if code == COMPLETENESS:
        return completeness_table(completeness.measure_completeness(user, split), split)
    if code == RECORDING:
        return recording_table(intervals.measure_recording(user, of_delays), of_delays)
    if code == VERIFICATION:
        return verification_table(intervals.measure_verification(user, of_delays), of_delays)
    if code == ACCEPTANCE:
        return acceptance_table(intervals.measure_acceptance(user, of_reports), of_reports)
    if code in _UNUSUAL:
        return next(each for each in unusual_tables(find_unusual(user)) if each.code == code)
    if code == CANDIDATES:
        return candidates_table(count_candidates(user), may_decide=False)
    if code == IDENTICAL:
        return identical_table(find_identical(user)[:MOST_IDENTICAL])
    return None


def _show(
    request: HttpRequest,
    title: str,
    tables: list[Table],
    split: str = "",
    splits: tuple[str, ...] = (),
    page: "Page[Any] | None" = None,
) -> HttpResponse:
    exports = may(cast(User, request.user), EXPORT_CASES)
    query = f"?{urlencode({'by': split})}" if split else ""
    shown = [
        ShownTable(each, f"{reverse('quality-csv', args=[each.code])}{query}" if exports and each.rows else "")
        for each in tables
    ]
    context = {
        "title": title,
        "tables": shown,
        "split": split,
        "splits": [(code, _(SPLIT_NAMES[code])) for code in splits],
        "page": page,
    }
    return render(request, "quality/part.html", context)


def _split(request: HttpRequest, splits: tuple[str, ...]) -> str:
    asked = request.GET.get("by", completeness.WHOLE)
    return asked if asked in splits else completeness.WHOLE


@transaction.atomic
def _note_export(user: User, table: str) -> None:
    institution = user.institution.code if user.institution else ""
    log.record("quality-exported", actor=user.pk, institution=institution, facts={"table": table})
