"""Asking for protection: a new request, an emergency, changing one, refusing one, taking one up again."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from amparo.cases.desk import incidents_for
from amparo.cases.drafts import UNKNOWN
from amparo.cases.models import Incident
from amparo.channel.models import Report
from amparo.channel.triage.inbox import reports_for
from amparo.channel.triage.opened import open_report
from amparo.institutions.access import PROTECT_DEFENDERS, desk_page
from amparo.institutions.sessions import unlocked_institution
from amparo.institutions.signed_in import institution_of, person
from amparo.protection import asking, emergency
from amparo.protection.asking import WORDS, RequestFacts
from amparo.protection.desk import OPEN_STATUS, today
from amparo.protection.finding import open_page, show, try_or_tell
from amparo.protection.forms import EmergencyForm, RefuseForm, RequestForm
from amparo.protection.labels import explain
from amparo.protection.models import ProtectionRequest
from amparo.ui.forms import status_of, with_area_of_country, with_version
from amparo.vault import services as vault


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(PROTECT_DEFENDERS)
def new(request: HttpRequest) -> HttpResponse:
    """A new request; `?case=` and `?report=` say where it comes from, and what of it is known already."""
    unlocked, institution = unlocked_institution(request), institution_of(request)
    incident, report = _case(request), _report(request)
    # Another country has other areas: shown again with them, and nothing saved yet.
    only_areas = "show-areas" in request.POST
    if request.method == "POST":
        form = RequestForm(with_area_of_country(request), institution=institution)
        if not only_areas and form.is_valid():
            made = try_or_tell(
                form,
                lambda: asking.ask_for_protection(
                    person(request),
                    form.facts(),
                    form.cleaned_data["token"],
                    unlocked,
                    incident=incident,
                    report=report,
                ),
            )
            if made is not None:
                messages.success(request, _("The request is kept. Assess the risk next."))
                return redirect("protection-request", made.pk)
    else:
        form = RequestForm(initial=_initial(_suggested(request, incident, report, unlocked)), institution=institution)
    context = {
        "form": form,
        "show_errors": not only_areas,
        "unlocked": unlocked is not None,
        "incident_of": incident,
        "institution": institution,
    }
    return render(request, "protection/new.html", context, status=status_of(form, only_areas))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(PROTECT_DEFENDERS)
def open_emergency(request: HttpRequest) -> HttpResponse:
    """Who is in danger and what is done first, on one page; sent, the plan is there and the focal points are told."""
    incident = _case(request)
    form = EmergencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        words = {name: said[name] for name in ("name", "contact")}
        made = emergency.open_emergency(person(request), words, said["measures"], said["token"], incident)
        messages.success(
            request,
            _("The plan is in force, and yours. Its first measures are due today; the focal points are told."),
        )
        return redirect("protection-request", made.pk)
    context = {"form": form, "incident_of": incident, "institution": institution_of(request)}
    return render(request, "protection/emergency.html", context, status=status_of(form, False))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(PROTECT_DEFENDERS)
def change(request: HttpRequest, number: int) -> HttpResponse:
    opened, institution = open_page(request, number), institution_of(request)
    found, only_areas = opened.request, "show-areas" in request.POST
    if found.status not in OPEN_STATUS:
        messages.error(request, explain("not-now"))
        return redirect("protection-request", number)
    if opened.words is None:
        messages.error(request, explain("keys-closed"))
        return redirect("protection-request", number)
    if request.method == "POST":
        form = RequestForm(with_area_of_country(request), institution=institution)
        if not only_areas and form.is_valid():
            version = form.cleaned_data["version"] or 0
            unlocked = unlocked_institution(request)
            if try_or_tell(
                form, lambda: asking.change_request(person(request), number, version, form.facts(), unlocked)
            ):
                messages.success(request, _("Kept."))
                return redirect("protection-request", number)
            form.data = with_version(request, found.version)
    else:
        form = RequestForm(
            initial=_initial(_kept(found, opened.words)) | {"version": found.version}, institution=institution
        )
    context = {"form": form, "show_errors": not only_areas}
    return show(request, "protection/change.html", opened, status=status_of(form, only_areas), **context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(PROTECT_DEFENDERS)
def refuse(request: HttpRequest, number: int) -> HttpResponse:
    opened = open_page(request, number)
    form = RefuseForm(request.POST or None, initial={"version": opened.request.version})
    if request.method == "POST" and form.is_valid():
        said, unlocked = form.cleaned_data, unlocked_institution(request)
        done = try_or_tell(
            form,
            lambda: asking.refuse(person(request), number, said["version"], said["reason"], said["words"], unlocked),
        )
        if done:
            messages.success(request, _("Refused. It can be opened again."))
            return redirect("protection-request", number)
    return show(request, "protection/refuse.html", opened, status=status_of(form, False), form=form)


@require_POST
@desk_page(PROTECT_DEFENDERS)
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    try:
        asking.reopen(person(request), number)
    except ProtectionRequest.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Opened again."))
    return redirect("protection-request", number)


def _case(request: HttpRequest) -> Incident | None:
    number = request.GET.get("case", "")
    if not number:
        return None
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise Http404
    found: Incident = get_object_or_404(incidents_for(person(request)), pk=int(number))
    return found


def _report(request: HttpRequest) -> Report | None:
    identifier = request.GET.get("report", "")
    if not identifier:
        return None
    try:
        ours = reports_for(person(request)).select_related("section", "institution", "referred_from")
        found: Report = get_object_or_404(ours, pk=UUID(identifier))
    except (ValueError, ValidationError):
        raise Http404 from None
    return found


def _suggested(
    request: HttpRequest, incident: Incident | None, report: Report | None, unlocked: vault.Unlocked | None
) -> RequestFacts:
    if report is not None:
        return asking.suggest_from_report(report, open_report(report, unlocked))
    if incident is not None:
        victim = incident.victims.select_related("section").order_by("pk").first()
        identity = vault.open_each([victim.section], unlocked) if victim else {}
        opened = identity.get(victim.section_id) if victim and victim.section_id else None
        return asking.suggest_from_case(incident, opened)
    return RequestFacts(received_on=today(), country=institution_of(request).country or UNKNOWN)


def _initial(facts: RequestFacts) -> dict[str, object]:
    coded = ("country", "area", "sex", "gender", "urgency", "received_by", "consent_asked", "received_on")
    said: dict[str, object] = {name: getattr(facts, name) for name in coded}
    said |= {name: facts.words.get(name, "") for name in WORDS}
    return said | {"profiles": list(facts.profiles), "owner": str(facts.owner.pk) if facts.owner else ""}


def _kept(found: ProtectionRequest, words: dict[str, object]) -> RequestFacts:
    return RequestFacts(
        received_on=found.received_on,
        country=found.country,
        area=found.area,
        sex=found.sex,
        gender=found.gender,
        urgency=found.urgency,
        received_by=found.received_by,
        consent_asked=found.consent_asked,
        profiles=tuple(each.profile for each in found.profiles.all()),
        owner=found.owner,
        words={name: str(text) for name, text in words.items()},
    )
