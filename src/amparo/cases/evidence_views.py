"""Opening the evidence of a case: the clean copy, and the original for who has read the warning."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from amparo.cases.desk import incidents_for
from amparo.cases.models import Evidence
from amparo.cases.services import note_file
from amparo.cases.shown_files import NOT_OPENED, answer_to_save, find_or_make_copy
from amparo.institutions.access import OPEN_SECTIONS, desk_page
from amparo.institutions.models import User
from amparo.institutions.sessions import unlocked_institution


@require_safe
@desk_page(OPEN_SECTIONS)
def copy(request: HttpRequest, incident: int, evidence: int) -> HttpResponse:
    found, user, unlocked = _find(request, incident, evidence), cast(User, request.user), unlocked_institution(request)
    try:
        cleaned = find_or_make_copy(found.file, unlocked) if unlocked else None
        if cleaned is not None and unlocked is not None:
            answer = answer_to_save(cleaned, unlocked)
            note_file(user, found, "copy")
            return cast(HttpResponse, answer)
    except NOT_OPENED:
        pass
    messages.error(request, _("There is no clean copy to open: your keys are closed, or there can be none of it."))
    return redirect("case", incident)


@require_POST
@desk_page(OPEN_SECTIONS)
def original(request: HttpRequest, incident: int, evidence: int) -> HttpResponse:
    found, user, unlocked = _find(request, incident, evidence), cast(User, request.user), unlocked_institution(request)
    try:
        if unlocked is not None:
            answer = answer_to_save(found.file, unlocked)
            note_file(user, found, "original")
            return cast(HttpResponse, answer)
    except NOT_OPENED:
        pass
    messages.error(request, _("This file cannot be opened: your keys are closed, or it is damaged."))
    return redirect("case", incident)


def _find(request: HttpRequest, incident: int, evidence: int) -> Evidence:
    ours = Evidence.objects.filter(incident__in=incidents_for(cast(User, request.user)), incident=incident)
    found: Evidence = get_object_or_404(ours.select_related("file__section", "incident__institution"), pk=evidence)
    return found
