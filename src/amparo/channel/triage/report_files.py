"""The files of a report: a page for each with its clean copy, and the original after a warning."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from amparo.cases.shown_files import (
    NOT_OPENED,
    answer_to_save,
    answer_with_preview,
    find_or_make_copy,
    show_file,
    shown_files,
)
from amparo.channel.models import Report
from amparo.channel.triage import services
from amparo.channel.triage.opened import first_report
from amparo.channel.triage.views import find_report
from amparo.files.models import SealedFile
from amparo.institutions.access import ANSWER_REPORTS, desk_page
from amparo.institutions.models import User
from amparo.institutions.sessions import unlocked_institution
from amparo.vault import services as vault


@require_safe
@desk_page(ANSWER_REPORTS)
def file_page(request: HttpRequest, report: UUID, file: UUID) -> HttpResponse:
    found, kept = _find(request, report, file)
    try:
        shown = show_file(kept, unlocked_institution(request))
    except NOT_OPENED:
        (shown,) = shown_files([kept], unlocked_institution(request))
    return render(request, "triage/file.html", {"report": found, "shown": shown, "institution": found.institution})


@require_safe
@desk_page(ANSWER_REPORTS)
def preview(request: HttpRequest, report: UUID, file: UUID) -> HttpResponse:
    """A small picture of the clean copy, which is made at its first asking."""
    found, kept = _find(request, report, file)
    unlocked = _unlocked(request)
    try:
        cleaned = find_or_make_copy(kept, unlocked)
        answer = answer_with_preview(cleaned, unlocked) if cleaned else None
    except NOT_OPENED:
        answer = None
    if answer is None:
        raise Http404
    services.note_file(cast(User, request.user), found, kept, "preview")
    return answer


@require_safe
@desk_page(ANSWER_REPORTS)
def copy(request: HttpRequest, report: UUID, file: UUID) -> HttpResponse:
    """The clean copy for saving, made at its first opening."""
    found, kept = _find(request, report, file)
    unlocked = _unlocked(request)
    try:
        cleaned = find_or_make_copy(kept, unlocked)
        if cleaned is not None:
            answer = answer_to_save(cleaned, unlocked)
            services.note_file(cast(User, request.user), found, kept, "copy")
            return cast(HttpResponse, answer)
    except NOT_OPENED:
        messages.error(request, _("This file cannot be opened now: it is damaged, or could not be checked."))
    # Otherwise its page says why there is no copy.
    return redirect("inbox-file", found.pk, kept.pk)


@require_POST
@desk_page(ANSWER_REPORTS)
def original(request: HttpRequest, report: UUID, file: UUID) -> HttpResponse:
    """The file as it came, for who has read the warning."""
    found, kept = _find(request, report, file)
    try:
        answer: HttpResponseBase = answer_to_save(kept, _unlocked(request))
    except NOT_OPENED:
        messages.error(request, _("This file cannot be opened: it is damaged, or closed to your institution."))
        return redirect("inbox-file", found.pk, kept.pk)
    services.note_file(cast(User, request.user), found, kept, "original")
    return cast(HttpResponse, answer)


def _find(request: HttpRequest, report: UUID, file: UUID) -> tuple[Report, SealedFile]:
    found = find_report(request, report)
    ours = SealedFile.objects.select_related("section").filter(report_file__report=first_report(found))
    kept: SealedFile = get_object_or_404(ours, pk=file)
    return found, kept


def _unlocked(request: HttpRequest) -> vault.Unlocked:
    unlocked = unlocked_institution(request)
    if unlocked is None:
        # Its page, which every link to it stands on, says that the keys are closed.
        raise Http404
    return unlocked
