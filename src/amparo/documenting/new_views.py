"""Pages for a new case: its first step, and the whole of it on one page for many in a row."""

from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from amparo.cases.dates import EventDate
from amparo.cases.drafts import UNKNOWN
from amparo.cases.models import SealedDraft
from amparo.documenting.beginning import QuickFacts, begin_case, published_sources, record_quickly
from amparo.documenting.fields import boxes_of
from amparo.documenting.form_page import FormPlace, Sent, keep_typed, keep_while_closed, show_form, to_step
from amparo.documenting.new_forms import NewCaseForm, QuickForm
from amparo.documenting.part_form import CaseChoices
from amparo.documenting.part_views import FORM_METHODS
from amparo.documenting.typed import TooLong, destroy_drafts, find_drafts, keep_draft
from amparo.institutions.access import DOCUMENT_CASES, desk_page
from amparo.institutions.models import Institution, User
from amparo.institutions.sessions import unlocked_institution
from amparo.linkage.duplicates import Likeness, likely_duplicates
from amparo.vault import services as vault

_NEW = "new:"
_KEPT = "quick-kept"


@require_http_methods(FORM_METHODS)
@desk_page(DOCUMENT_CASES)
def new_case(request: HttpRequest) -> HttpResponse:
    """The first step of a case: saved, it is a draft, to which the other steps add."""
    user, unlocked = cast(User, request.user), unlocked_institution(request)
    sent, place = _sent(request, "new-case", unlocked)
    if unlocked is None:
        return keep_while_closed(request, place)
    if "keep-draft" in request.POST and keep_typed(request, place):
        return redirect("case-new")
    institution = cast(Institution, user.institution)
    form = NewCaseForm(sent.data, initial={"country": institution.country or UNKNOWN})
    asked = form.warnings() if sent.saves and form.is_valid() else []
    if sent.saves and form.is_valid() and (not asked or sent.sure):
        with transaction.atomic():
            destroy_drafts(user, place.form, place.record)
            case = begin_case(user, institution, form.values(), form.place_values(), sent.token)
        messages.success(request, _("Saved as a draft. It is not counted until you open it."))
        return to_step(case, "what" if sent.then == "stay" else "victims")
    status = 422 if sent.saves else 200
    title = _("A new case: what happened, when and where")
    context: dict[str, Any] = {"title": title, "asked": asked, "new": True, "token": place.record.removeprefix(_NEW)}
    return show_form(request, "documenting/new-case.html", place, form, sent, step="what", status=status, **context)


@require_http_methods(FORM_METHODS)
@desk_page(DOCUMENT_CASES)
def quick_case(request: HttpRequest) -> HttpResponse:
    """A whole case in ten fields; "save and next" keeps date, country and source for the next one."""
    user, unlocked = cast(User, request.user), unlocked_institution(request)
    sent, place = _sent(request, "quick", unlocked)
    if unlocked is None:
        return keep_while_closed(request, place)
    if "keep-draft" in request.POST and keep_typed(request, place):
        return redirect("case-quick")
    institution = cast(Institution, user.institution)
    choices = CaseChoices([], [], [], [], 0, None, published_sources())
    initial = {"country": institution.country or UNKNOWN} | request.session.pop(_KEPT, {})
    if isinstance(initial.get("date"), str):
        initial["date"] = boxes_of(initial["date"])
    form = QuickForm(sent.data, choices=choices, initial=initial)
    asked: list[str] = []
    duplicates: list[Likeness] = []
    if sent.saves and form.is_valid():
        asked = form.warnings()
        facts = _quick_facts(form)
        names = [facts.name] if facts.name else []
        duplicates = likely_duplicates(institution, unlocked, names, facts.date, facts.country, facts.area)
        if (not asked and not duplicates) or sent.sure:
            with transaction.atomic():
                destroy_drafts(user, place.form, place.record)
                case = record_quickly(user, institution, facts, sent.token)
            messages.success(request, _("Case %(number)s was saved, and is open.") % {"number": case.pk})
            if sent.then == "next":
                # Codes only: what is sealed is never in the session.
                request.session[_KEPT] = {name: form.cleaned_data[name] for name in QuickForm.KEPT}
                return redirect("case-quick")
            return redirect("case", case.pk)
    status = 422 if sent.saves else 200
    context: dict[str, Any] = {
        "title": _("Quick entry"),
        "asked": asked,
        "duplicates": duplicates,
        "token": place.record.removeprefix(_NEW),
    }
    return show_form(request, "documenting/quick-case.html", place, form, sent, status=status, **context)


@require_POST
@desk_page(DOCUMENT_CASES)
def keep(request: HttpRequest) -> HttpResponse:
    """Keep what is being typed: called by the page every few seconds while something changes. No page of its own."""
    form, record = request.POST.get("draft-form", ""), request.POST.get("draft-record", "")
    if not form or not record or len(form) > 40 or len(record) > 80:
        return HttpResponse(status=400)
    try:
        keep_draft(cast(User, request.user), form, record, dict(request.POST.lists()))
    except TooLong:
        return HttpResponse(status=413)
    return HttpResponse(status=204)


@require_POST
@desk_page(DOCUMENT_CASES)
def drop(request: HttpRequest, draft: int) -> HttpResponse:
    """Destroy a draft of the signed-in person's own."""
    user = cast(User, request.user)
    found = SealedDraft.objects.filter(user=user, pk=draft).first()
    if found is not None:
        destroy_drafts(user, found.form, found.record)
        messages.success(request, _("What you had typed was destroyed."))
    return redirect(request.POST["back"] if _is_here(request.POST.get("back", "")) else "case-list")


def _sent(request: HttpRequest, form: str, unlocked: vault.Unlocked | None) -> tuple[Sent, FormPlace]:
    """What a form for a new case was sent. Its drafts are found by the form alone: each has a token of its own."""
    if request.method == "POST":
        sent = Sent(request.POST, saves="show-areas" not in request.POST)
        return sent, FormPlace(form, f"{_NEW}{sent.token}")
    drafts = tuple(find_drafts(cast(User, request.user), form, _NEW, unlocked, begins=True))
    for draft in drafts:
        if request.GET.get("go-on") == str(draft.pk) and draft.fields is not None:
            return Sent(draft.fields, went_on=True), FormPlace(form, draft.record)
    sent = Sent(None, drafts=drafts)
    return sent, FormPlace(form, f"{_NEW}{sent.token}")


def _quick_facts(form: QuickForm) -> QuickFacts:
    said = form.cleaned_data
    return QuickFacts(
        date=EventDate.read(said["date"]) if said["date"] else None,
        country=said["country"],
        area=said["area"] or UNKNOWN,
        name=said["name"],
        sex=said["sex"],
        target=said["target"],
        acts=(said["act"],) if said["act"] != UNKNOWN else (),
        perpetrator=said["perpetrator"],
        source=said["source"],
        text=said["text"].replace("\r\n", "\n"),
    )


def _is_here(address: str) -> bool:
    return url_has_allowed_host_and_scheme(address, allowed_hosts=None)
