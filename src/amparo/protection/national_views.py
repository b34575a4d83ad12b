"""The register of national protection systems: countries, a country's page, its parts, states and consultations."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amparo.institutions.access import PROTECT_DEFENDERS, READ_CODED_FACTS, desk_page, may
from amparo.institutions.sessions import unlocked_institution
from amparo.institutions.signed_in import institution_of, person
from amparo.protection import national
from amparo.protection.finding import try_or_tell
from amparo.protection.gaps import EXPECTED
from amparo.protection.held import ProtectionError
from amparo.protection.labels import explain
from amparo.protection.models import Consultation, PartState, SystemPart
from amparo.protection.national import own_parts, parts_for, sees_all_countries
from amparo.protection.national_forms import ConsultationForm, NewPartForm, PartForm, StateForm, WantedCountryForm
from amparo.ui.forms import status_of, with_version
from amparo.vault import services as vault
from amparo.vocabularies.catalogue import get_vocabulary

COUNTRIES_PER_PAGE = 25


@require_safe
@desk_page(READ_CODED_FACTS)
def countries(request: HttpRequest) -> HttpResponse:
    """The countries that have parts, for a network; an NHRI sees its own country at once."""
    user, institution = person(request), institution_of(request)
    if not sees_all_countries(institution):
        return redirect("national-country", institution.country)
    form = WantedCountryForm(request.GET)
    wanted = form.wanted()
    codes = parts_for(user).filter(**wanted).order_by("country").values_list("country", flat=True).distinct()
    page = Paginator(codes, COUNTRIES_PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    parts = list(national.with_history(parts_for(user).filter(country__in=shown), user))
    rows = []
    for code in shown:
        of_country = [part for part in parts if part.country == code]
        states = {kind: [part.state for part in of_country if part.kind == kind] for kind in EXPECTED}
        rows.append((code, list(states.items()), len(national.gaps_of(of_country))))
    context = {
        "page": page,
        "rows": rows,
        "kinds": EXPECTED,
        "form": WantedCountryForm(initial=wanted),
        "asked": bool(wanted),
        "writes": may(user, PROTECT_DEFENDERS),
        "institution": institution,
    }
    return render(request, "protection/national/countries.html", context)


@require_safe
@desk_page(READ_CODED_FACTS)
def country(request: HttpRequest, country: str) -> HttpResponse:
    """A country's system: its gaps, and each part with its history and consultations; made to be printed."""
    user, institution = person(request), institution_of(request)
    _check_country(request, country)
    parts = list(national.with_history(parts_for(user).filter(country=country), user))
    unlocked = unlocked_institution(request) if may(user, PROTECT_DEFENDERS) else None
    consultations = [each for part in parts for each in part.consultations.all()]
    own = [each for each in consultations if _keeps(request, each.part_id, parts)]
    words = vault.open_each([each.section for each in own], unlocked)
    national.note_opening(user, country, len(words))
    context = {
        "country": country,
        "parts": [(part, _consultations(part, words), part.institution_id == institution.pk) for part in parts],
        "gaps": national.gaps_of(parts),
        "writes": may(user, PROTECT_DEFENDERS),
        "sees_all": sees_all_countries(institution),
        "unlocked": unlocked is not None,
        "institution": institution,
    }
    return render(request, "protection/national/country.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(PROTECT_DEFENDERS)
def new_part(request: HttpRequest) -> HttpResponse:
    institution = institution_of(request)
    wanted = request.GET.get("country", "")
    initial = {"country": wanted, "kind": request.GET.get("kind", "law")}
    form = NewPartForm(request.POST or None, institution=institution, initial=initial)
    if request.method == "POST" and form.is_valid():
        token = form.cleaned_data["token"]
        part = national.add_part(person(request), form.part_facts(), form.state_facts(), token)
        messages.success(request, _("The part is in the register."))
        return redirect("national-country", part.country)
    back = wanted if wanted in get_vocabulary("countries").terms else institution.country
    context = {"form": form, "back": back, "institution": institution}
    return render(request, "protection/national/new-part.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(PROTECT_DEFENDERS)
def change_part(request: HttpRequest, part: int) -> HttpResponse:
    found, institution = _find(request, part), institution_of(request)
    if request.method == "POST":
        form = PartForm(request.POST, institution=institution)
        if form.is_valid():
            version = form.cleaned_data["version"] or 0
            if try_or_tell(form, lambda: national.change_part(person(request), part, version, form.part_facts())):
                messages.success(request, _("Kept."))
                return redirect("national-country", form.part_facts().country)
            form.data = with_version(request, found.version)
    else:
        names = ("country", "kind", "title", "language", "with_defenders", "version")
        form = PartForm(institution=institution, initial={name: getattr(found, name) for name in names})
    context = {"form": form, "part": found, "institution": institution}
    return render(request, "protection/national/change-part.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(PROTECT_DEFENDERS)
def remove_part(request: HttpRequest, part: int) -> HttpResponse:
    """Asks first: states and consultations go with the part, and cannot be brought back."""
    found = _find(request, part)
    if request.method == "POST":
        national.remove_part(person(request), part)
        messages.success(request, _("The part was taken out."))
        return redirect("national-country", found.country)
    context = {"part": found, "institution": institution_of(request)}
    return render(request, "protection/national/remove-part.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(PROTECT_DEFENDERS)
def new_state(request: HttpRequest, part: int) -> HttpResponse:
    found = _find(request, part)
    form = StateForm(request.POST or None, initial={"state": found.state})
    if request.method == "POST" and form.is_valid():
        national.add_state(person(request), part, form.state_facts(), form.cleaned_data["token"])
        messages.success(request, _("The state is in the history."))
        return redirect("national-country", found.country)
    context = {"form": form, "part": found, "institution": institution_of(request)}
    return render(request, "protection/national/new-state.html", context, status=status_of(form))


@require_POST
@desk_page(PROTECT_DEFENDERS)
def remove_state(request: HttpRequest, part: int, state: int) -> HttpResponse:
    found = _find(request, part)
    try:
        national.remove_state(person(request), part, state)
        messages.success(request, _("The state was taken back."))
    except ProtectionError as refused:
        messages.error(request, explain(refused.code))
    except PartState.DoesNotExist:
        raise Http404 from None
    return redirect("national-country", found.country)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(PROTECT_DEFENDERS)
def new_consultation(request: HttpRequest, part: int) -> HttpResponse:
    found = _find(request, part)
    form = ConsultationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        token, unlocked = form.cleaned_data["token"], unlocked_institution(request)
        facts = form.facts()
        if try_or_tell(form, lambda: national.add_consultation(person(request), part, facts, token, unlocked)):
            messages.success(request, _("The consultation is in the register."))
            return redirect("national-country", found.country)
    context = {"form": form, "part": found, "institution": institution_of(request)}
    return render(request, "protection/national/consultation.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(PROTECT_DEFENDERS)
def change_consultation(request: HttpRequest, part: int, consultation: int) -> HttpResponse:
    found, unlocked = _find(request, part), unlocked_institution(request)
    kept: Consultation = get_object_or_404(found.consultations.select_related("section"), pk=consultation)
    words = {} if kept.section is None else vault.open_each([kept.section], unlocked).get(kept.section.pk)
    if words is None:
        messages.error(request, explain("keys-closed"))
        return redirect("national-country", found.country)
    form = ConsultationForm(request.POST or None, initial=_initial(kept, words))
    if request.method == "POST" and form.is_valid():
        facts = form.facts()
        if try_or_tell(
            form,
            lambda: national.change_consultation(person(request), part, consultation, facts, unlocked),
        ):
            messages.success(request, _("Kept."))
            return redirect("national-country", found.country)
    context = {"form": form, "part": found, "kept": kept, "institution": institution_of(request)}
    return render(request, "protection/national/consultation.html", context, status=status_of(form))


@require_POST
@desk_page(PROTECT_DEFENDERS)
def remove_consultation(request: HttpRequest, part: int, consultation: int) -> HttpResponse:
    found = _find(request, part)
    try:
        national.remove_consultation(person(request), part, consultation)
    except Consultation.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("The consultation was taken out."))
    return redirect("national-country", found.country)


def _find(request: HttpRequest, part: int) -> SystemPart:
    """A part that the signed-in person's institution keeps. Raises Http404, whoever else's it is."""
    found: SystemPart = get_object_or_404(own_parts(person(request)), pk=part)
    return found


def _check_country(request: HttpRequest, country: str) -> None:
    institution = institution_of(request)
    if country not in get_vocabulary("countries").terms:
        raise Http404
    if not sees_all_countries(institution) and country != institution.country:
        raise Http404


def _keeps(request: HttpRequest, part: int, parts: list[SystemPart]) -> bool:
    kept = {each.pk for each in parts if each.institution_id == person(request).institution_id}
    return part in kept


def _consultations(part: SystemPart, words: dict[Any, dict[str, object]]) -> list[tuple[Consultation, object]]:
    """Each consultation with its sealed words: None where they are closed, {} where there are none."""
    return [(each, {} if each.section_id is None else words.get(each.section_id)) for each in part.consultations.all()]


def _initial(kept: Consultation, words: dict[str, object]) -> dict[str, object]:
    return {
        "token": kept.token,
        "held": str(kept.held) if kept.held else "",
        "groups": [each.group for each in kept.groups.all()],
        "took_part": kept.took_part,
        "women_took_part": kept.women_took_part,
        "names": words.get("names", ""),
        "said": kept.said_in_public or words.get("said", ""),
        "effect": kept.effect,
        "changed": kept.changed_in_public or words.get("changed", ""),
        "is_public": kept.is_public,
    }
