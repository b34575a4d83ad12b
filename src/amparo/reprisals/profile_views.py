"""The pages of NHRIs' profiles: list, profile, history, and the forms that keep them."""

from secrets import token_hex
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from amparo.institutions.access import DOCUMENT_CASES, READ_AUDIT, READ_CODED_FACTS, desk_page, may
from amparo.institutions.models import Institution, User
from amparo.institutions.sessions import unlocked_institution
from amparo.reprisals import keeping
from amparo.reprisals.forms_of_reprisal import BRANCH
from amparo.reprisals.models import Accreditation, NhriProfile, ProfileCode, Seat, YearFigures
from amparo.reprisals.names import name_nhri
from amparo.reprisals.profile_forms import AccreditationForm, ProfileForm, SeatForm, YearForm, begin_profile
from amparo.reprisals.registering import ChangedMeanwhile, ReprisalError
from amparo.reprisals.scope import is_of_any_country, may_add_profile, profiles_kept_by, reprisals_for
from amparo.reprisals.sent import read_token, read_version, shown_version
from amparo.reprisals.shown_profiles import budget_lines, note_seats, open_seats
from amparo.reprisals.words import explain
from amparo.vault.models import LogEntry
from amparo.vocabularies.catalogue import get_vocabulary

PROFILES_PER_PAGE = 25
_CHANGES_SHOWN = 50
_FORM_METHODS = ["GET", "HEAD", "POST"]
# Part → its model, its form, and with which fields a form begins.
_PARTS: dict[str, tuple[type[Any], type[Any]]] = {
    "accreditation": (Accreditation, AccreditationForm),
    "year": (YearFigures, YearForm),
    "seat": (Seat, SeatForm),
}


@require_safe
@desk_page(READ_CODED_FACTS)
def nhri_list(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    found = NhriProfile.objects.order_by("country", "pk").prefetch_related("accreditations")
    network = request.GET.get("network", "")
    if network in get_vocabulary("ganhri-networks").terms:
        found = found.filter(network=network)
    context = {
        "page": Paginator(found, PROFILES_PER_PAGE).get_page(request.GET.get("page")),
        "networks": list(get_vocabulary("ganhri-networks").terms),
        "network": network,
        "may_add": may_add_profile(user),
        "institution": user.institution,
    }
    return render(request, "reprisals/nhri-list.html", context)


@require_safe
@desk_page(READ_CODED_FACTS)
def nhri(request: HttpRequest, profile: int) -> HttpResponse:
    user, found = cast(User, request.user), _find(profile)
    unlocked = unlocked_institution(request)
    seats = open_seats(found, unlocked)
    opened = sum(bool(each.name) for each in seats)
    if opened:
        note_seats(user, found, opened)
    codes = list(found.codes.order_by("pk"))
    steps = [each.code for each in codes if each.question == ProfileCode.STEP]
    vocabulary = get_vocabulary("procedure-steps")
    context = {
        "profile": found,
        "mandates": [each.code for each in codes if each.question == ProfileCode.MANDATE],
        "appointing": [code for code in steps if code in vocabulary.with_narrower("appointing")],
        "dismissing": [code for code in steps if code in vocabulary.with_narrower(BRANCH["undue-dismissal"])],
        "pillars": found.pillars.order_by("pk"),
        "seats": [each for each in seats if each.seat.left_on is None],
        "accreditations": list(found.accreditations.all()[:1]),
        "lines": budget_lines(found),
        "reprisals": reprisals_for(user).filter(nhri=found).count(),
        "is_own": found.institution_id is not None and found.institution_id == user.institution_id,
        "may_change": profiles_kept_by(user).filter(pk=found.pk).exists(),
        "institution": user.institution,
    }
    return render(request, "reprisals/nhri.html", context)


@require_safe
@desk_page(READ_CODED_FACTS)
def history(request: HttpRequest, profile: int) -> HttpResponse:
    user, found = cast(User, request.user), _find(profile)
    unlocked = unlocked_institution(request)
    seats = open_seats(found, unlocked)
    if opened := sum(bool(each.name) for each in seats):
        note_seats(user, found, opened)
    own = cast(Institution, user.institution)
    changes = LogEntry.objects.filter(record=f"nhri:{found.pk}", institution=own.code).order_by("-number")
    context = {
        "profile": found,
        "accreditations": found.accreditations.all(),
        "seats": seats,
        "changes": changes[:_CHANGES_SHOWN] if may(user, READ_AUDIT) else [],
        "may_change": profiles_kept_by(user).filter(pk=found.pk).exists(),
        "institution": own,
    }
    return render(request, "reprisals/nhri-history.html", context)


@require_http_methods(_FORM_METHODS)
@desk_page(DOCUMENT_CASES)
def add(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    own = cast(Institution, user.institution)
    if not may_add_profile(user):
        there = NhriProfile.objects.filter(institution=own).first()
        return redirect("nhri", there.pk) if there else redirect("nhri-list")
    any_country = is_of_any_country(user)
    initial = {} if any_country else {f"name_{language}": name for language, name in own.names.items()}
    form = ProfileForm(
        request.POST or None,
        country=None if any_country else own.country,
        institution=None if any_country else own,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = keeping.add_profile(user, form.facts(), read_token(request))
        except keeping.ProfileThere:
            return redirect("nhri-list")
        messages.success(request, _("The profile is kept. Add its accreditation, its budgets and its members."))
        return redirect("nhri", made.pk)
    return _show_form(request, form, _("Add an NHRI"), reverse("nhri-list"))


@require_http_methods(_FORM_METHODS)
@desk_page(DOCUMENT_CASES)
def edit(request: HttpRequest, profile: int) -> HttpResponse:
    user, found = cast(User, request.user), _find_own(request, profile)
    own = found.institution if found.institution_id == user.institution_id else None
    renewed = False
    form = ProfileForm(
        request.POST or None,
        country=None if is_of_any_country(user) else found.country,
        institution=own,
        initial=begin_profile(found),
    )
    if request.method == "POST" and form.is_valid():
        try:
            keeping.change_profile(user, found.pk, form.facts(), read_version(request))
        except ChangedMeanwhile as refused:
            form.add_error(None, explain(refused.code))
            renewed = True
        else:
            messages.success(request, _("The profile is kept."))
            return redirect("nhri", found.pk)
    version = shown_version(request, found.version, renewed=renewed)
    return _show_form(request, form, name_nhri(found), reverse("nhri", args=[found.pk]), version)


@require_http_methods(_FORM_METHODS)
@desk_page(DOCUMENT_CASES)
def part(request: HttpRequest, profile: int, part: str, number: int | None = None) -> HttpResponse:
    """Add or change a part of a profile: a decision on accreditation, the figures of a year, a seat."""
    found = _find_own(request, profile)
    if part not in _PARTS:
        raise Http404
    model, form_class = _PARTS[part]
    kept = get_object_or_404(model, pk=number, profile=found) if number is not None else None
    unlocked, renewed = unlocked_institution(request), False
    form = form_class(request.POST or None, initial=_begin(kept, found, unlocked, form_class))
    if kept is not None and part == "seat" and kept.section_id and unlocked is None:
        form.fields["name"].disabled = True
    if request.method == "POST" and form.is_valid():
        try:
            _keep_part(request, found, form, kept)
        except ReprisalError as refused:
            form.add_error("year" if refused.code == "year-there" else None, explain(refused.code))
            renewed = refused.code == "changed-meanwhile"
        else:
            messages.success(request, _("Kept."))
            return redirect("nhri", found.pk)
    title = {
        "accreditation": _("Decision on accreditation"),
        "year": _("Budget and staff of a year"),
        "seat": _("Member"),
    }[part]
    version = shown_version(request, found.version, renewed=renewed)
    return _show_form(request, form, title, reverse("nhri", args=[found.pk]), version, profile=found)


@require_http_methods(_FORM_METHODS)
@desk_page(DOCUMENT_CASES)
def remove_part(request: HttpRequest, profile: int, part: str, number: int) -> HttpResponse:
    """Remove a part of a profile, once that was confirmed."""
    user, found = cast(User, request.user), _find_own(request, profile)
    if part not in _PARTS:
        raise Http404
    kept = get_object_or_404(_PARTS[part][0], pk=number, profile=found)
    if request.method == "POST":
        keeping.remove_part(user, found.pk, kept)
        messages.success(request, _("Removed."))
        return redirect("nhri-history" if part != "year" else "nhri", found.pk)
    context = {
        "profile": found,
        "kept": kept,
        "part": part,
        "back": reverse("nhri", args=[found.pk]),
        "institution": user.institution,
    }
    return render(request, "reprisals/remove-part.html", context)


def _keep_part(request: HttpRequest, profile: NhriProfile, form: Any, kept: Any) -> None:
    user, version, token = cast(User, request.user), read_version(request), read_token(request)
    made = form.part(kept)
    if isinstance(made, Seat):
        # Closed keys: the field was shut, and what is sealed stays.
        name = "" if form.fields["name"].disabled else form.cleaned_data["name"].strip()
        keeping.keep_seat(user, profile.pk, made, name, version, unlocked_institution(request), token)
    else:
        keeping.keep_part(user, profile.pk, made, version, token)


def _begin(kept: Any, profile: NhriProfile, unlocked: Any, form_class: type[Any]) -> dict[str, Any]:
    if kept is None:
        newest = profile.years.exclude(currency="").order_by("-year").first()
        return {"currency": newest.currency} if newest and form_class is YearForm else {}
    begun = {name: getattr(kept, name) for name in form_class.base_fields if hasattr(kept, name)}
    if isinstance(kept, Seat):
        named = {each.seat.pk: each.name for each in open_seats(profile, unlocked)}
        begun["name"] = named.get(kept.pk) or ""
    return begun


def _find(profile: int) -> NhriProfile:
    shown = NhriProfile.objects.select_related("institution", "focal_point", "deputy")
    found: NhriProfile = get_object_or_404(shown, pk=profile)
    return found


def _find_own(request: HttpRequest, profile: int) -> NhriProfile:
    kept = profiles_kept_by(cast(User, request.user)).select_related("institution")
    found: NhriProfile = get_object_or_404(kept, pk=profile)
    return found


def _show_form(
    request: HttpRequest, form: Any, title: str, back: str, version: int = 1, **given: object
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "back": back,
        "token": read_token(request) or token_hex(16),
        "version": version,
        "institution": cast(User, request.user).institution,
    }
    template = "reprisals/nhri-form.html" if hasattr(form, "parts") else "reprisals/part-form.html"
    return render(request, template, given | context, status=422 if request.method == "POST" else 200)
