"""The steps of a case: what is there of each part, and the last one, which says what is still missing."""

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amparo.cases.models import Incident
from amparo.cases.parts import ACT, INFORMATION, PERPETRATOR, STORY, VICTIM, Part, records_of
from amparo.cases.records import OpenedRecord, numbers_of, open_records, opened_sections, victim_number
from amparo.cases.response.deciding import Decision, NotDecided, decide
from amparo.cases.services import note_sections
from amparo.documenting.beginning import NotDiscarded, discard_draft
from amparo.documenting.form_page import to_step
from amparo.documenting.opened import find_case
from amparo.documenting.pages import PAGES, STEPS, step_after, step_before
from amparo.documenting.part_views import FORM_METHODS, change_part
from amparo.institutions.access import DOCUMENT_CASES, desk_page
from amparo.institutions.models import User
from amparo.institutions.sessions import unlocked_institution
from amparo.linkage.duplicates import Likeness, likely_duplicates
from amparo.vault import services as vault

RECORDS_PER_PAGE = 50
# More names than this say no more of which case it is.
_MOST_NAMES = 50
_PARTS: dict[str, Part] = {"victims": VICTIM, "acts": ACT, "perpetrators": PERPETRATOR, "sources": INFORMATION}


@require_http_methods(FORM_METHODS)
@desk_page(DOCUMENT_CASES)
def step(request: HttpRequest, incident: int, step: str = "what") -> HttpResponse:
    """One step of a case: a form where the case has one of it, a list to add to elsewhere, and the check at the end."""
    case = find_case(request, incident)
    if step in ("what", "story"):
        return change_part(request, case, PAGES[step], case.pk)
    if step == "check":
        return _check(request, case)
    if step not in _PARTS or request.method == "POST":
        raise Http404
    part, unlocked = _PARTS[step], unlocked_institution(request)
    found = records_of(part, case).prefetch_related(*(rows.related for rows in part.sets.values()))
    if part is ACT:
        found = found.select_related("place")
    page = Paginator(found, RECORDS_PER_PAGE).get_page(request.GET.get("page"))
    numbers = {each.pk: page.start_index() + place for place, each in enumerate(page.object_list)}
    opened = open_records(part, list(page.object_list), unlocked, numbers)
    note_sections(cast(User, request.user), case, opened_sections(part, opened))
    context = {
        "incident": case,
        "step": step,
        "steps": STEPS,
        "page": page,
        "records": opened,
        "part": part.code,
        "part_page": PAGES[part.code],
        "unlocked": unlocked is not None,
        "before": step_before(step),
        "after": step_after(step),
        "institution": case.institution,
        "victims": _victims_of_acts(case) if part is ACT else {},
        "has_victims": part is not ACT or case.victims.exists(),
    }
    return render(request, f"documenting/{step}.html", context)


@require_http_methods(FORM_METHODS)
@desk_page(DOCUMENT_CASES)
def open_case(request: HttpRequest, incident: int) -> HttpResponse:
    """A draft becomes a case: from now on it is counted. Twice is once."""
    case = find_case(request, incident)
    if request.method != "POST":
        return to_step(case, "check")
    if case.stage == "draft":
        try:
            decide(cast(User, request.user), case.pk, Decision("open", case.status), None)
        except NotDecided:
            messages.error(request, _("This was not done: another decided on this case meanwhile. Look again."))
            return to_step(case, "check")
        messages.success(request, _("The case is open. It is counted from now on."))
    return redirect("case", case.pk)


@require_http_methods(FORM_METHODS)
@desk_page(DOCUMENT_CASES)
def discard(request: HttpRequest, incident: int) -> HttpResponse:
    """Give a draft up, once it was asked: all of it is destroyed."""
    case = find_case(request, incident)
    if case.stage != "draft":
        return redirect("case", case.pk)
    if request.method == "POST":
        try:
            discard_draft(cast(User, request.user), case.pk)
        except NotDiscarded:
            messages.error(request, _("It was not discarded: files or other work hang on it. Take them away first."))
            return to_step(case, "check")
        messages.success(request, _("The draft was destroyed."))
        return redirect("case-list")
    return render(request, "documenting/discard.html", {"incident": case, "institution": case.institution})


def duplicates_of(case: Incident, names: list[str], unlocked: vault.Unlocked | None) -> list[Likeness]:
    """The cases that may be the same as `case`, most likely first."""
    if unlocked is None:
        return []
    found = likely_duplicates(case.institution, unlocked, names, case.date, case.country, case.area)
    return [each for each in found if each.incident_id != case.pk]


def _check(request: HttpRequest, case: Incident) -> HttpResponse:
    unlocked = unlocked_institution(request)
    victims = open_records(VICTIM, list(records_of(VICTIM, case)[:_MOST_NAMES]), unlocked)
    (story,) = open_records(STORY, list(records_of(STORY, case)), unlocked)
    note_sections(cast(User, request.user), case, opened_sections(VICTIM, victims) + opened_sections(STORY, [story]))
    counts = {
        "victims": case.victims.count(),
        "acts": case.acts.count(),
        "perpetrators": case.alleged_perpetrators.count(),
        "sources": case.information.count(),
        "independent": case.information.filter(independence="yes").count(),
    }
    names = [each.name for each in victims if each.name]
    context = {
        "incident": case,
        "step": "check",
        "steps": STEPS,
        "before": step_before("check"),
        "unlocked": unlocked is not None,
        "institution": case.institution,
        "missing": _missing(case, counts, victims, story),
        "counts": counts,
        "duplicates": duplicates_of(case, names, unlocked),
    }
    return render(request, "documenting/check.html", context)


def _missing(
    case: Incident, counts: dict[str, int], victims: list[OpenedRecord], story: OpenedRecord
) -> list[tuple[str, str]]:
    """What is not there yet, each with the step to add it in: nothing of it is needed to open the case."""
    without_acts = case.victims.filter(acts=None).count() if counts["acts"] else 0
    asked: list[tuple[bool, Callable[[], str], str]] = [
        (case.date is None, lambda: _("The date, or at least the year"), "what"),
        (case.country == "unknown", lambda: _("The country"), "what"),
        (not counts["victims"], lambda: _("Who suffered it: at least one victim"), "victims"),
        (
            bool(victims) and not any(each.name for each in victims),
            lambda: _("A name of a victim, without which the same case is not found again"),
            "victims",
        ),
        (not counts["acts"], lambda: _("What was done: at least one act"), "acts"),
        (bool(without_acts), lambda: _("An act against every victim: some have none"), "acts"),
        (not counts["perpetrators"], lambda: _("Who is said to have done it, at least by kind"), "perpetrators"),
        (not counts["sources"], lambda: _("Where it is known from: at least one source"), "sources"),
        (
            counts["sources"] > 0 and counts["independent"] < 2,
            lambda: _("Two sources that are independent of each other, before it can be held to be verified"),
            "sources",
        ),
        (not story.values.get("text"), lambda: _("The story"), "story"),
    ]
    return [(words(), step) for is_missing, words, step in asked if is_missing]


def _victims_of_acts(case: Incident) -> dict[int, str]:
    return {pk: victim_number(number) for pk, number in numbers_of(VICTIM, case).items()}
