"""Pages of a case on what was done about it: interventions, chains of events, laws used; and the register of laws."""

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amparo.cases.desk import incidents_for
from amparo.cases.models import ChainLink, Incident, Intervention, Law, Victim
from amparo.cases.response import chaining, intervening, laws
from amparo.cases.response.forms import ChainForm, InterventionForm, LawForm, LawUsedForm
from amparo.institutions.access import DOCUMENT_CASES, READ_CODED_FACTS, desk_page
from amparo.institutions.models import User
from amparo.institutions.sessions import unlocked_institution
from amparo.vault import services as vault

ON_A_PAGE = 25
# A select with more victims than this is of no use to anybody.
MOST_VICTIMS = 200


@require_safe
@desk_page(READ_CODED_FACTS)
def response(request: HttpRequest, incident: int) -> HttpResponse:
    """What was done about the case."""
    found = find_case(request, incident)
    return _show(request, found, ChainForm(), _law_used_form(request, found))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DOCUMENT_CASES)
def add_intervention(request: HttpRequest, incident: int) -> HttpResponse:
    found, unlocked = find_case(request, incident), unlocked_institution(request)
    victims = _victims(found, unlocked)
    form = InterventionForm(request.POST or None, victims=victims)
    if request.method == "POST" and form.is_valid():
        try:
            intervening.add_intervention(cast(User, request.user), found.pk, form.facts(), unlocked)
        except intervening.KeysClosed:
            form.add_error("notes", _keys_closed())
        else:
            messages.success(request, _("The intervention is noted."))
            return redirect("case-response", found.pk)
    return _form_page(request, found, form)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DOCUMENT_CASES)
def change_intervention(request: HttpRequest, incident: int, intervention: int) -> HttpResponse:
    found, unlocked = find_case(request, incident), unlocked_institution(request)
    changed = get_object_or_404(found.interventions.select_related("section"), pk=intervention)
    form = InterventionForm(
        request.POST or None, victims=_victims(found, unlocked), initial=_initial(changed, unlocked)
    )
    if request.method == "POST" and form.is_valid():
        try:
            intervening.change_intervention(cast(User, request.user), found.pk, changed.pk, form.facts(), unlocked)
        except intervening.KeysClosed:
            form.add_error("notes", _keys_closed())
        else:
            messages.success(request, _("Changed."))
            return redirect("case-response", found.pk)
    return _form_page(request, found, form, changed)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DOCUMENT_CASES)
def remove_intervention(request: HttpRequest, incident: int, intervention: int) -> HttpResponse:
    found = find_case(request, incident)
    removed = found.interventions.filter(pk=intervention).first()
    if request.method == "POST":
        if removed is not None:
            intervening.remove_intervention(cast(User, request.user), found.pk, removed.pk)
            messages.success(request, _("Removed, with its notes."))
        return redirect("case-response", found.pk)
    if removed is None:
        raise Http404
    return render(request, "cases/response/remove.html", {"incident": found, "intervention": removed})


@require_POST
@desk_page(DOCUMENT_CASES)
def chain(request: HttpRequest, incident: int) -> HttpResponse:
    """Put another case into the chain of this one."""
    found, form = find_case(request, incident), ChainForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            chaining.chain_incidents(
                cast(User, request.user), found.pk, said["other"], said["title"], unlocked_institution(request)
            )
        except chaining.NotChained:
            form.add_error("other", _("Your institution has no other case of this number."))
        else:
            messages.success(request, _("The cases are joined."))
            return redirect("case-response", found.pk)
    return _show(request, found, form, _law_used_form(request, found), status=422)


@require_POST
@desk_page(DOCUMENT_CASES)
def move_in_chain(request: HttpRequest, incident: int, link: int) -> HttpResponse:
    """Move a case of the chain to an earlier place, or take it out."""
    found, user = find_case(request, incident), cast(User, request.user)
    try:
        if "remove" in request.POST:
            chaining.unchain(user, found.pk, link)
            messages.success(request, _("Taken out of the chain. The case itself stays as it is."))
        else:
            chaining.move_earlier(user, found.pk, link)
    except ChainLink.DoesNotExist:
        raise Http404 from None
    return redirect("case-response", found.pk)


@require_POST
@desk_page(DOCUMENT_CASES)
def use_law(request: HttpRequest, incident: int) -> HttpResponse:
    """Note which law was used in which kind of act of the case."""
    found = find_case(request, incident)
    form = _law_used_form(request, found, bound=True)
    if form.is_valid():
        laws.use_law(cast(User, request.user), found.pk, form.cleaned_data["kind"], form.cleaned_data["law"].pk)
        messages.success(request, _("The law is noted."))
        return redirect("case-response", found.pk)
    return _show(request, found, ChainForm(), form, status=422)


@require_POST
@desk_page(DOCUMENT_CASES)
def unuse_law(request: HttpRequest, incident: int, law: int) -> HttpResponse:
    found = find_case(request, incident)
    laws.unuse_law(cast(User, request.user), found.pk, request.POST.get("kind", ""), law)
    messages.success(request, _("Taken back. The law stays in the register."))
    return redirect("case-response", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DOCUMENT_CASES)
def register(request: HttpRequest) -> HttpResponse:
    """The register of laws used against defenders, and a form for one more."""
    user = cast(User, request.user)
    own = {"country": user.institution.country} if user.institution else {}
    form = LawForm(request.POST or None, initial=own)
    if request.method == "POST" and form.is_valid():
        laws.register_law(user, form.facts())
        messages.success(request, _("The law is in the register."))
        return redirect("laws")
    page = Paginator(laws.laws_of(user).order_by("country", "title", "pk"), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form}
    return render(request, "cases/response/laws.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DOCUMENT_CASES)
def change_law(request: HttpRequest, law: int) -> HttpResponse:
    user = cast(User, request.user)
    found = get_object_or_404(laws.laws_of(user), pk=law)
    form = LawForm(request.POST or None, initial={name: getattr(found, name) for name in LawForm.base_fields})
    if request.method == "POST" and form.is_valid():
        try:
            laws.change_law(user, found.pk, form.facts())
        except IntegrityError:
            form.add_error("title", _("This law is in the register already."))
        else:
            messages.success(request, _("Changed."))
            return redirect("laws")
    return render(request, "cases/response/law.html", {"form": form, "law": found}, status=422 if form.errors else 200)


def find_case(request: HttpRequest, incident: int) -> Incident:
    """The case, of the reader's own institution. Raises Http404."""
    return get_object_or_404(incidents_for(cast(User, request.user)).select_related("institution"), pk=incident)


def _keys_closed() -> str:
    return _("Your keys are not open in this session, so notes can’t be sealed. Sign out, and sign in again.")


def _law_used_form(request: HttpRequest, incident: Incident, *, bound: bool = False) -> LawUsedForm:
    return LawUsedForm(
        request.POST if bound else None,
        kinds=laws.kinds_in(incident),
        laws=Law.objects.filter(institution_id=incident.institution_id),
    )


def _show(
    request: HttpRequest, incident: Incident, chain_form: ChainForm, law_form: LawUsedForm, status: int = 200
) -> HttpResponse:
    unlocked = unlocked_institution(request)
    interventions = incident.interventions.select_related("section", "victim").order_by("-pk")
    page = Paginator(interventions, ON_A_PAGE).get_page(request.GET.get("page"))
    shown: list[Intervention] = list(page.object_list)
    sections = [each.section for each in shown if each.section is not None]
    opened = vault.open_sections(sections, unlocked) if unlocked and sections else {}
    context = {
        "incident": incident,
        "page": page,
        "interventions": [
            (each, None if each.section_id is None else str(opened.get(each.section_id, {}).get("text", "")))
            for each in shown
        ],
        "unlocked": unlocked is not None,
        "chains": chaining.chains_of(incident, unlocked),
        "laws_used": laws.laws_in(incident),
        "chain_form": chain_form,
        "law_form": law_form,
    }
    return render(request, "cases/response/response.html", context, status=status)


def _victims(incident: Incident, unlocked: vault.Unlocked | None) -> list[tuple[str, str]]:
    """The victims to choose from: by name where keys are open, else by number."""
    victims: list[Victim] = list(incident.victims.select_related("section").order_by("pk")[:MOST_VICTIMS])
    sections = [each.section for each in victims if each.section is not None]
    opened = vault.open_sections(sections, unlocked) if unlocked and sections else {}
    return [
        (
            str(each.pk),
            str(opened.get(each.section_id, {}).get("name") or _("Victim %(number)s") % {"number": number})
            if each.section_id
            else _("Victim %(number)s") % {"number": number},
        )
        for number, each in enumerate(victims, start=1)
    ]


def _initial(intervention: Intervention, unlocked: vault.Unlocked | None) -> dict[str, object]:
    section = intervention.section
    opened = vault.open_sections([section], unlocked).get(section.pk, {}) if section and unlocked else {}
    return {
        "kind": intervention.kind,
        "by": intervention.by,
        "date": str(intervention.date or ""),
        "victim": str(intervention.victim_id or ""),
        "result": intervention.result,
        "notes": opened.get("text", ""),
    }


def _form_page(
    request: HttpRequest, incident: Incident, form: InterventionForm, changed: Intervention | None = None
) -> HttpResponse:
    context = {"incident": incident, "form": form, "intervention": changed}
    return render(request, "cases/response/intervention.html", context, status=422 if form.errors else 200)
