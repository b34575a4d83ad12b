"""Risk assessments, the plan with its measures, its reviews, and its end."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amparo.institutions.access import PROTECT_DEFENDERS, desk_page
from amparo.institutions.sessions import unlocked_institution
from amparo.institutions.signed_in import person
from amparo.protection import assessing, planning
from amparo.protection.assessment_form import AssessmentForm, initial_of
from amparo.protection.desk import OPEN_STATUS, is_protector, today
from amparo.protection.finding import open_page, show, try_or_tell
from amparo.protection.forms import EndForm, MeasureForm, PlanForm, ReviewForm
from amparo.protection.held import ProtectionError
from amparo.protection.labels import explain
from amparo.protection.models import Measure, ProtectionRequest
from amparo.protection.opened import OpenedMeasure, OpenedRequest, changes_between, note_printing
from amparo.protection.risk import Level, look_again_by
from amparo.ui.forms import status_of, with_version

TICKS = ("in-progress", "done", "pending")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(PROTECT_DEFENDERS)
def assess(request: HttpRequest, number: int) -> HttpResponse:
    """A new assessment; it starts from what the former one says."""
    opened = open_page(request, number)
    if not _is_open(opened):
        return _not_now(request, number)
    if request.method == "POST":
        form = AssessmentForm(request.POST)
        if form.is_valid():
            unlocked = unlocked_institution(request)
            token = form.cleaned_data["token"]
            made = try_or_tell(
                form,
                lambda: assessing.record_assessment(person(request), number, form.facts(), token, unlocked),
            )
            if made:
                messages.success(request, _("The assessment is kept."))
                return redirect("protection-request", number)
    else:
        initial: dict[str, object] = {"assessed_on": today()}
        if opened.latest is not None:
            initial |= initial_of(opened.latest.assessment, opened.latest.words or {})
        form = AssessmentForm(initial=initial)
    return show(request, "protection/assess.html", opened, status=status_of(form), form=form)


@require_safe
@desk_page(PROTECT_DEFENDERS)
def compare(request: HttpRequest, number: int) -> HttpResponse:
    """All assessments side by side, the newest first."""
    opened = open_page(request, number)
    changes = changes_between(opened.assessments[-2], opened.assessments[-1]) if len(opened.assessments) > 1 else []
    return show(request, "protection/assessments.html", opened, assessments=opened.assessments[::-1], changes=changes)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(PROTECT_DEFENDERS)
def plan(request: HttpRequest, number: int) -> HttpResponse:
    """Opening the plan, or giving it to somebody else, or moving its review."""
    opened = open_page(request, number)
    if not _is_open(opened):
        return _not_now(request, number)
    form = PlanForm(
        request.POST or None, institution=opened.request.institution, initial=_initial_plan(request, opened)
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        done = try_or_tell(form, lambda: planning.open_plan(person(request), number, said["owner"], said["review_on"]))
        if done:
            messages.success(request, _("The plan is in force. Add its measures."))
            return redirect("protection-request", number)
    return show(request, "protection/plan.html", opened, status=status_of(form), form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(PROTECT_DEFENDERS)
def add_measure(request: HttpRequest, number: int) -> HttpResponse:
    opened = open_page(request, number)
    if not _is_open(opened) or opened.plan is None:
        return _not_now(request, number)
    user = person(request)
    initial = {"owner": str(user.pk), "due_on": today(), "for_whom": "person"}
    form = MeasureForm(request.POST or None, institution=opened.request.institution, initial=initial)
    if request.method == "POST" and form.is_valid():
        token, unlocked = form.cleaned_data["token"], unlocked_institution(request)
        if try_or_tell(form, lambda: planning.add_measure(user, number, form.facts(), token, unlocked)):
            messages.success(request, _("The measure is in the plan."))
            if "another" in request.POST:
                return redirect("protection-measure-new", number)
            return redirect("protection-request", number)
    return show(request, "protection/measure.html", opened, status=status_of(form), form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(PROTECT_DEFENDERS)
def change_measure(request: HttpRequest, number: int, measure: int) -> HttpResponse:
    opened = open_page(request, number)
    kept = _measure(opened, measure)
    if not _is_open(opened):
        return _not_now(request, number)
    if kept.words is None:
        messages.error(request, explain("keys-closed"))
        return redirect("protection-request", number)
    institution = opened.request.institution
    if request.method == "POST":
        form = MeasureForm(request.POST, institution=institution, kept=kept.measure)
        if form.is_valid():
            version, unlocked = form.cleaned_data["version"] or 0, unlocked_institution(request)
            changed = try_or_tell(
                form,
                lambda: planning.change_measure(person(request), number, measure, version, form.facts(), unlocked),
            )
            if changed:
                messages.success(request, _("Kept."))
                return redirect("protection-request", number)
            form.data = with_version(request, kept.measure.version)
    else:
        form = MeasureForm(initial=_initial_measure(kept), institution=institution, kept=kept.measure)
    return show(request, "protection/measure.html", opened, status=status_of(form), form=form, kept=kept)


@require_POST
@desk_page(PROTECT_DEFENDERS)
def tick_measure(request: HttpRequest, number: int, measure: int) -> HttpResponse:
    """Tick a measure off with one press; two who do so agree."""
    status, version = request.POST.get("status", ""), request.POST.get("version", "")
    if status not in TICKS or not (version.isascii() and version.isdecimal() and len(version) < 10):
        raise Http404
    try:
        changed = planning.set_measure_status(person(request), number, measure, int(version), status)
    except ProtectionError as refused:
        messages.error(request, explain(refused.code))
    except (ProtectionRequest.DoesNotExist, Measure.DoesNotExist):
        raise Http404 from None
    else:
        messages.success(request, _("Kept.") if changed else _("It was so already: somebody else did the same."))
    return redirect("protection-request", number)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(PROTECT_DEFENDERS)
def review(request: HttpRequest, number: int) -> HttpResponse:
    opened = open_page(request, number)
    if not _is_open(opened) or opened.plan is None:
        return _not_now(request, number)
    level = Level(opened.latest.assessment.level) if opened.latest else Level.UNKNOWN
    form = ReviewForm(request.POST or None, initial={"next_review_on": look_again_by(today(), level)})
    if request.method == "POST" and form.is_valid():
        said, unlocked = form.cleaned_data, unlocked_institution(request)
        done = try_or_tell(
            form,
            lambda: planning.review_plan(
                person(request),
                number,
                said["decision"],
                said["next_review_on"],
                said["reasons"],
                said["token"],
                unlocked,
            ),
        )
        if done:
            messages.success(request, _("The review is kept."))
            return redirect("protection-request", number)
    return show(request, "protection/review.html", opened, status=status_of(form), form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(PROTECT_DEFENDERS)
def close(request: HttpRequest, number: int) -> HttpResponse:
    opened = open_page(request, number)
    if not _is_open(opened) or opened.plan is None:
        return _not_now(request, number)
    form = EndForm(request.POST or None, user=person(request), initial={"version": opened.request.version})
    if request.method == "POST" and form.is_valid():
        version, unlocked = form.cleaned_data["version"], unlocked_institution(request)
        if try_or_tell(form, lambda: planning.close_request(person(request), number, version, form.ending(), unlocked)):
            messages.success(request, _("Closed. It can be opened again."))
            return redirect("protection-request", number)
        form.data = with_version(request, opened.request.version)
    left = sum(each.is_open for each in opened.measures)
    return show(request, "protection/close.html", opened, status=status_of(form), form=form, left=left)


@require_safe
@desk_page(PROTECT_DEFENDERS)
def print_plan(request: HttpRequest, number: int) -> HttpResponse:
    """The plan on paper; with names only where they are asked for."""
    opened = open_page(request, number)
    if opened.plan is None:
        return _not_now(request, number)
    with_names = request.GET.get("names") == "yes"
    note_printing(person(request), opened, with_names=with_names)
    return show(request, "protection/print.html", opened, with_names=with_names)


def _is_open(opened: OpenedRequest) -> bool:
    return opened.request.status in OPEN_STATUS


def _not_now(request: HttpRequest, number: int) -> HttpResponse:
    messages.error(request, explain("not-now"))
    return redirect("protection-request", number)


def _measure(opened: OpenedRequest, measure: int) -> OpenedMeasure:
    found = next((each for each in opened.measures if each.measure.pk == measure), None)
    if found is None:
        raise Http404
    return found


def _initial_plan(request: HttpRequest, opened: OpenedRequest) -> dict[str, object]:
    owner = opened.request.owner
    chosen = owner if owner is not None and is_protector(owner) else person(request)
    if opened.plan is not None:
        return {"owner": str(chosen.pk), "review_on": opened.plan.review_on}
    latest = opened.latest
    by = latest.assessment.next_review_on if latest else look_again_by(today(), Level.UNKNOWN)
    return {"owner": str(chosen.pk), "review_on": max(by, today())}


def _initial_measure(kept: OpenedMeasure) -> dict[str, object]:
    measure, words = kept.measure, kept.words or {}
    coded = ("kind", "for_whom", "agreed", "status", "due_on", "currency", "version", "token")
    said: dict[str, object] = {name: getattr(measure, name) for name in coded}
    return said | {
        "owner": str(measure.owner_id or ""),
        "cost": "" if measure.cost is None else str(measure.cost),
        "what": words.get("what", ""),
        "obstacle": words.get("obstacle", ""),
    }
