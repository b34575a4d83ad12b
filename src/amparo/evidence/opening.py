"""Opening a piece of evidence: the clean copy, and the original for who has read the warning; each is a step."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from amparo.cases.models import Evidence
from amparo.cases.shown_files import NOT_OPENED, answer_to_save, answer_with_preview, find_or_make_copy
from amparo.evidence.custody import Step, record_steps
from amparo.evidence.desk import evidence_of
from amparo.files.models import SealedFile
from amparo.files.services import read_facts
from amparo.institutions.access import OPEN_SECTIONS, desk_page
from amparo.institutions.models import User
from amparo.institutions.sessions import unlocked_institution
from amparo.vault import services as vault


@require_safe
@desk_page(OPEN_SECTIONS)
def copy(request: HttpRequest, incident: int, evidence: int) -> HttpResponse:
    """The clean copy for saving, made at its first opening."""
    found, user = evidence_of(request, incident, evidence), cast(User, request.user)
    unlocked = unlocked_institution(request)
    try:
        if unlocked is not None and (cleaned := copy_of(found, user, unlocked)) is not None:
            answer = answer_to_save(cleaned, unlocked)
            record_steps(user.pk, [(found, Step("viewed-copy", sealed_after=bytes(cleaned.sealed_sha256)))])
            return cast(HttpResponse, answer)
    except NOT_OPENED:
        pass
    messages.error(request, _("There is no clean copy to open: your keys are closed, or there can be none of it."))
    return redirect("case-evidence-piece", incident, evidence)


@require_safe
@desk_page(OPEN_SECTIONS)
def preview(request: HttpRequest, incident: int, evidence: int) -> HttpResponse:
    """A small picture of the clean copy."""
    found, user = evidence_of(request, incident, evidence), cast(User, request.user)
    unlocked = unlocked_institution(request)
    try:
        cleaned = copy_of(found, user, unlocked) if unlocked is not None else None
        answer = answer_with_preview(cleaned, unlocked) if cleaned is not None and unlocked is not None else None
    except NOT_OPENED:
        answer = None
    if answer is None:
        raise Http404
    record_steps(user.pk, [(found, Step("viewed-copy", facts={"size": "small"}))])
    return answer


@require_POST
@desk_page(OPEN_SECTIONS)
def original(request: HttpRequest, incident: int, evidence: int) -> HttpResponse:
    """The file as it came, for who has read the warning."""
    found, user = evidence_of(request, incident, evidence), cast(User, request.user)
    unlocked = unlocked_institution(request)
    try:
        if unlocked is not None:
            answer = answer_to_save(found.file, unlocked)
            record_steps(user.pk, [(found, Step("viewed-original", sealed_after=bytes(found.file.sealed_sha256)))])
            return cast(HttpResponse, answer)
    except NOT_OPENED:
        pass
    messages.error(request, _("This file cannot be opened: your keys are closed, or it is damaged."))
    return redirect("case-evidence-piece", incident, evidence)


def copy_of(evidence: Evidence, user: User, unlocked: vault.Unlocked) -> SealedFile | None:
    """The clean copy of a piece; that it was made is a step of its custody, with the hashes before and after.

    Raises what `files.services.clean_copy` raises.
    """
    was_there = SealedFile.objects.filter(original=evidence.file_id).exists()
    cleaned = find_or_make_copy(evidence.file, unlocked)
    if cleaned is not None and not was_there:
        before, after = read_facts(evidence.file, unlocked), read_facts(cleaned, unlocked)
        step = Step(
            "copied",
            sealed_before=bytes(evidence.file.sealed_sha256),
            sealed_after=bytes(cleaned.sealed_sha256),
            details={"sha256_before": before.sha256, "sha256_after": after.sha256},
        )
        record_steps(user.pk, [(evidence, step)])
    return cleaned
