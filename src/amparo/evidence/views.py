"""The evidence of a case: the list with what is added to it, and the page of a piece with its chain of custody."""

import csv
from collections.abc import Mapping
from io import StringIO
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amparo.cases.models import Evidence, Incident
from amparo.cases.shown_files import NOT_OPENED
from amparo.evidence import adding, custody, verifying
from amparo.evidence.desk import (
    evidence_of,
    incident_of,
    list_evidence,
    names_of,
    show_evidence,
    victims_and_acts,
)
from amparo.evidence.errors import ChangedMeanwhile, SentTwice, ThereAlready
from amparo.evidence.forms import AddForm, ChangeForm, CustodyForm
from amparo.evidence.models import Exhibit
from amparo.evidence.shown_custody import custody_rows, show_custody
from amparo.evidence.time_stamps import are_set_up, ask_for_time_stamp
from amparo.evidence.words import describe_outcome, describe_wrong
from amparo.files.errors import UploadRefused
from amparo.files.labels import describe_refusal
from amparo.files.receiving import SealedUpload
from amparo.files.uploads import takes_files
from amparo.institutions.access import DOCUMENT_CASES, OPEN_SECTIONS, desk_page, may
from amparo.institutions.models import User
from amparo.institutions.sessions import unlocked_institution
from amparo.vault import services as vault

PIECES_PER_PAGE = 25
MOST_BYTES = 4 * 1024**3
MOST_FILES = 20
MOST_TOGETHER = 8 * 1024**3


@require_safe
@desk_page(OPEN_SECTIONS)
def evidence_list(request: HttpRequest, incident: int) -> HttpResponse:
    """The evidence of a case, page by page."""
    found, unlocked = incident_of(request, incident), unlocked_institution(request)
    page = Paginator(list_evidence(found), PIECES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "incident": found,
        "page": page,
        "pieces": show_evidence(list(page.object_list), unlocked),
        "unlocked": unlocked is not None,
        "documents": may(cast(User, request.user), DOCUMENT_CASES),
        "captures": settings.CAPTURE,
    }
    return render(request, "evidence/list.html", context)


@takes_files(most_bytes=MOST_BYTES, most_files=MOST_FILES, most_together=MOST_TOGETHER)
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DOCUMENT_CASES)
def add(request: HttpRequest, incident: int) -> HttpResponse:
    """Files as evidence. A script that shows the progress asks for JSON, and gets where to go or what is wrong."""
    found, unlocked = incident_of(request, incident), unlocked_institution(request)
    form = AddForm(request.POST if request.method == "POST" else None, **form_parts(found, unlocked))
    if request.method == "POST":
        added = _add(request, found, form, unlocked)
        if added is not None:
            return _go_to(request, added)
    status = 422 if form.errors else 200
    if status == 422 and wants_json(request):
        return JsonResponse({"problems": problems_of(form)}, status=status)
    context = {"incident": found, "form": form, "unlocked": unlocked is not None}
    return render(request, "evidence/add.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(OPEN_SECTIONS)
def piece(request: HttpRequest, incident: int, evidence: int) -> HttpResponse:
    """A piece of evidence with its chain of custody; a step that happened elsewhere is written down here."""
    found, unlocked, user = evidence_of(request, incident, evidence), unlocked_institution(request), request.user
    form = CustodyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if not may(cast(User, user), DOCUMENT_CASES):
            return render(request, "institutions/not-allowed.html", status=403)
        try:
            custody.record_steps(cast(User, user).pk, [(found, _step(form))])
            messages.success(request, _("Written into the chain of custody."))
        except SentTwice:
            messages.success(request, _("This was written down already."))
        return redirect("case-evidence-piece", incident, evidence)
    return _show_piece(request, found, unlocked, form, 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DOCUMENT_CASES)
def describe(request: HttpRequest, incident: int, evidence: int) -> HttpResponse:
    """What a piece of evidence shows, put in other words."""
    found, unlocked = evidence_of(request, incident, evidence), unlocked_institution(request)
    (shown,) = show_evidence([found], unlocked)
    exhibit, closed = shown.exhibit, unlocked is None or shown.texts is None
    form = ChangeForm(
        request.POST if request.method == "POST" else None,
        initial=_said(exhibit, shown.texts or {}),
        **form_parts(found.incident, unlocked),
    )
    if request.method == "POST" and form.is_valid():
        if closed or unlocked is None:
            form.add_error(None, keys_are_closed())
        else:
            try:
                version = form.cleaned_data["version"]
                adding.describe(cast(User, request.user), found, form.description(), version, unlocked)
                messages.success(request, _("What this piece of evidence shows is kept."))
                return redirect("case-evidence-piece", incident, evidence)
            except ChangedMeanwhile:
                form.add_error(
                    None,
                    _("Somebody else changed this meanwhile. Copy your words, load the page again, and add them."),
                )
    context = {"incident": found.incident, "piece": shown, "form": form, "closed": closed}
    return render(request, "evidence/describe.html", context, status=422 if form.errors else 200)


@require_POST
@desk_page(OPEN_SECTIONS)
def verify(request: HttpRequest, incident: int, evidence: int) -> HttpResponse:
    """Compute anew whether the file is what came."""
    found, unlocked = evidence_of(request, incident, evidence), unlocked_institution(request)
    try:
        if unlocked is not None:
            outcome = verifying.verify(cast(User, request.user), found, unlocked).outcome
            told = messages.success if outcome is verifying.Outcome.WHOLE else messages.error
            told(request, describe_outcome(outcome.value))
            return redirect("case-evidence-piece", incident, evidence)
    except NOT_OPENED:
        pass
    messages.error(request, keys_are_closed())
    return redirect("case-evidence-piece", incident, evidence)


@require_POST
@desk_page(DOCUMENT_CASES)
def stamp(request: HttpRequest, incident: int, evidence: int) -> HttpResponse:
    """Ask the time-stamp authority for a signature on what the file is now, where it is what came."""
    found, unlocked = evidence_of(request, incident, evidence), unlocked_institution(request)
    try:
        checked = verifying.check_evidence(found, unlocked) if unlocked else None
        if checked is None or checked.checked.sealed_sha256 is None or not checked.checked.sha256:
            messages.error(request, _("There is nothing to stamp: your keys are closed, or the file is damaged."))
        elif ask_for_time_stamp(found, checked.checked.sha256, checked.checked.sealed_sha256):
            messages.success(request, _("A time stamp is asked for. It comes within a minute, as a rule."))
        else:
            messages.error(request, _("One is asked for already, or no authority is set up."))
    except NOT_OPENED:
        messages.error(request, keys_are_closed())
    return redirect("case-evidence-piece", incident, evidence)


@require_safe
@desk_page(OPEN_SECTIONS)
def custody_csv(request: HttpRequest, incident: int, evidence: int) -> HttpResponse:
    """The chain of custody as a table, with all that its codes are computed of."""
    found = evidence_of(request, incident, evidence)
    written = StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(custody_rows([found]))
    answer = HttpResponse(written.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="custody-{found.pk}.csv"'
    return answer


def form_parts(incident: Incident, unlocked: vault.Unlocked | None) -> dict[str, Any]:
    """What a form about evidence offers to choose from."""
    victims, acts = victims_and_acts(incident)
    return {"victims": victims, "acts": acts, "names": names_of(victims, unlocked)}


def keys_are_closed() -> str:
    """What is said where nothing can be opened or sealed."""
    return _("Not done: your keys are closed, or the file is closed to them. Sign out, and sign in again to open them.")


def problems_of(form: forms.BaseForm) -> list[str]:
    """What is wrong with a form, for a script to show."""
    labels = {name: str(field.label or "") for name, field in form.fields.items()}
    return [
        f"{labels[name]}: {each}" if labels.get(name) else str(each)
        for name, each_of in form.errors.items()
        for each in each_of
    ]


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks, which shows the progress."""
    return request.headers.get("Accept") == "application/json"


def _add(
    request: HttpRequest, incident: Incident, form: AddForm, unlocked: vault.Unlocked | None
) -> list[Evidence] | None:
    uploads = _good_uploads(request, form)
    if not form.is_valid():
        return None
    if unlocked is None:
        form.add_error(None, keys_are_closed())
        return None
    try:
        added = adding.add_files(
            cast(User, request.user), incident, uploads, form.description(), form.submission(), unlocked
        )
    except SentTwice:
        messages.success(request, _("This form was sent before: what it brought is there."))
        return []
    except ThereAlready as twice:
        told = _("This file is evidence of this case already: %(names)s") % {"names": ", ".join(twice.names)}
        form.add_error("files", told)
        return None
    except UploadRefused:
        form.add_error("files", _("This file could not be kept. Please send it again."))
        return None
    told = ngettext("%(number)s file is evidence now.", "%(number)s files are evidence now.", len(added))
    messages.success(request, told % {"number": len(added)})
    return added


def _good_uploads(request: HttpRequest, form: AddForm) -> list[SealedUpload]:
    uploads = [each for each in request.FILES.getlist("files") if isinstance(each, SealedUpload)]
    form.full_clean()
    for each in uploads:
        if each.refused:
            form.add_error("files", f"{each.name}: {describe_refusal(each)}")
    if not uploads:
        form.add_error("files", _("Choose at least one file."))
    return uploads


def _go_to(request: HttpRequest, added: list[Evidence]) -> HttpResponse:
    incident = request.resolver_match.kwargs["incident"] if request.resolver_match else 0
    address = reverse("case-evidence", args=[incident])
    if len(added) == 1:
        address = reverse("case-evidence-piece", args=[incident, added[0].pk])
    return JsonResponse({"go": address}) if wants_json(request) else redirect(address)


def _step(form: CustodyForm) -> custody.Step:
    said = form.cleaned_data
    details = {"with_whom": said["with_whom"].strip()} | (
        {"note": said["note"].strip()} if said["note"].strip() else {}
    )
    return custody.Step(said["step"], details=details, submission=form.submission())


def _show_piece(
    request: HttpRequest, evidence: Evidence, unlocked: vault.Unlocked | None, form: CustodyForm, status: int
) -> HttpResponse:
    (shown,) = show_evidence([evidence], unlocked)
    wrong = custody.check_chains([evidence])[evidence.pk]
    context = {
        "incident": evidence.incident,
        "piece": shown,
        "custody": show_custody(evidence, unlocked),
        "wrong": [describe_wrong(each) for each in wrong],
        "last_result": describe_outcome(shown.last_result),
        "stamps": evidence.time_stamps.all(),
        "stamping": are_set_up(),
        "form": form,
        "unlocked": unlocked is not None,
        "documents": may(cast(User, request.user), DOCUMENT_CASES),
    }
    return render(request, "evidence/piece.html", context, status=status)


def _said(exhibit: Exhibit | None, texts: Mapping[str, object]) -> dict[str, object]:
    said = {name: texts.get(name, "") for name in ("shows", "came_from", "handed_over_by")}
    if exhibit is None:
        return said | {"version": 0, "kind": "unknown"}
    coded = {"kind": exhibit.kind, "act": str(exhibit.act_id or ""), "victim": str(exhibit.victim_id or "")}
    return said | coded | {"version": exhibit.version}
