"""Pages on which people decide whether two victims are one person, and take a merge back."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amparo.cases.desk import incidents_for
from amparo.cases.models import Information, Victim
from amparo.institutions.access import DOCUMENT_CASES, READ_CODED_FACTS, desk_page
from amparo.institutions.models import Institution, User
from amparo.institutions.sessions import unlocked_institution
from amparo.linkage import merging
from amparo.linkage.engine import LinkageError, TooMany
from amparo.linkage.forms import LookForm
from amparo.linkage.looking import look_for_same_persons
from amparo.linkage.models import LATER, OPEN, Candidate, Merge
from amparo.linkage.opening import age_in, name_in, place_in, role_in
from amparo.linkage.words import describe_band, describe_decision, describe_reasons
from amparo.vault import log
from amparo.vault import services as vault

ON_A_PAGE = 25
_UNDO = "linkage-undo"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two, as far as it is open to this session."""

    victim: Victim
    name: str
    age: int | None
    role: str
    place: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A candidate as it is shown."""

    candidate: Candidate
    one: Side
    other: Side
    band: str
    reasons: list[str]
    decision: str


@require_safe
@desk_page(DOCUMENT_CASES)
def candidates(request: HttpRequest) -> HttpResponse:
    """Who may be one and the same, the surest first; and a form to look for more."""
    user = cast(User, request.user)
    return _list(request, user, LookForm(institution=_institution(user)))


@require_POST
@desk_page(DOCUMENT_CASES)
def look(request: HttpRequest) -> HttpResponse:
    """Compare, within this session, and keep what may be the same."""
    user, unlocked = cast(User, request.user), unlocked_institution(request)
    form = LookForm(request.POST, institution=_institution(user))
    if unlocked is None:
        messages.error(
            request, _("Names are sealed, and your keys are closed. Sign out, and sign in again to open them.")
        )
        return redirect("same-persons")
    if not form.is_valid():
        return _list(request, user, form, status=422)
    try:
        looked = look_for_same_persons(user, _institution(user), unlocked, form.scope())
    except TooMany:
        form.add_error(None, _("These are too many cases to compare at once. Choose a country, or some years."))
        return _list(request, user, form, status=422)
    except LinkageError:
        form.add_error(None, _("They could not be compared. Choose fewer cases, and try again."))
        return _list(request, user, form, status=422)
    told = ngettext(
        "%(victims)s victims were compared; %(new)s pair is new.",
        "%(victims)s victims were compared; %(new)s pairs are new.",
        looked.new,
    )
    messages.success(request, told % {"victims": looked.victims, "new": looked.new})
    return redirect("same-persons")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DOCUMENT_CASES)
def candidate(request: HttpRequest, candidate: int) -> HttpResponse:
    """The two side by side, and what is decided of them."""
    user = cast(User, request.user)
    found = get_object_or_404(_candidates(user), pk=candidate)
    if request.method == "POST":
        kept = request.POST.get("kept", "")
        try:
            merging.decide(
                user, found.pk, request.POST.get("decision", ""), kept=int(kept) if kept.isdecimal() else None
            )
        except merging.NotNow:
            messages.error(request, _("This was decided on meanwhile, or one of the cases is a draft. Look again."))
            return redirect("same-persons-pair", found.pk)
        messages.success(request, _("Decided."))
        following = _candidates(user).filter(decision=OPEN).order_by("band_order", "-score", "pk").first()
        return redirect("same-persons-pair", following.pk) if following else redirect("same-persons")
    (pair,) = _shown([found], unlocked_institution(request), user)
    return render(request, "linkage/pair.html", {"pair": pair, "is_open": found.decision in (OPEN, LATER)})


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DOCUMENT_CASES)
def accept_sure(request: HttpRequest) -> HttpResponse:
    """Merge all that are surely the same, after asking."""
    user = cast(User, request.user)
    if request.method == "POST":
        batch, number = merging.accept_all_sure(user)
        if number:
            request.session[_UNDO] = str(batch)
            told = ngettext("%(number)s pair was merged.", "%(number)s pairs were merged.", number)
            messages.success(request, told % {"number": number})
        return redirect("same-persons")
    number = _candidates(user).filter(decision=OPEN, band="surely").count()
    return render(request, "linkage/accept-sure.html", {"number": number})


@require_POST
@desk_page(DOCUMENT_CASES)
def undo_sure(request: HttpRequest) -> HttpResponse:
    """Take back what was merged together last in this session."""
    try:
        batch = UUID(request.session.pop(_UNDO, ""))
    except ValueError:
        raise Http404 from None
    number = merging.undo_batch(cast(User, request.user), batch)
    told = ngettext("%(number)s merge was taken back.", "%(number)s merges were taken back.", number)
    messages.success(request, told % {"number": number})
    return redirect("same-persons")


@require_safe
@desk_page(READ_CODED_FACTS)
def merges_of_case(request: HttpRequest, incident: int) -> HttpResponse:
    """Which cases were found to be the same event as this one, or to be about the same person, and why."""
    user = cast(User, request.user)
    found = get_object_or_404(incidents_for(user), pk=incident)
    kept = found.same_as_id or found.pk
    about = Q(kept__in=[found.pk, kept]) | Q(copy=found.pk)
    merges = Merge.objects.filter(about, institution=user.institution, undone_at=None).order_by("pk")
    page = Paginator(merges, ON_A_PAGE).get_page(request.GET.get("page"))
    listed = Information.objects.filter(
        incident__in=[kept, *incidents_for(user).filter(same_as=kept).values_list("pk", flat=True)]
    )
    context = {
        "incident": found,
        "page": page,
        "merges": [(each, describe_band(each.band), describe_reasons(each.reasons)) for each in page.object_list],
        "copies": incidents_for(user).filter(same_as=found.pk).count(),
        "listed": listed.select_related("source", "incident__dataset").order_by("source__code", "incident_id")[:200],
    }
    return render(request, "linkage/merges.html", context)


@require_POST
@desk_page(DOCUMENT_CASES)
def undo_merge(request: HttpRequest, incident: int, merge: int) -> HttpResponse:
    user = cast(User, request.user)
    found = get_object_or_404(incidents_for(user), pk=incident)
    try:
        merging.undo(user, merge)
    except Merge.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Taken back: the two are apart again, as they were before."))
    return redirect("case-same", found.pk)


def _list(request: HttpRequest, user: User, form: LookForm, status: int = 200) -> HttpResponse:
    which, unlocked = request.GET.get("which", OPEN), unlocked_institution(request)
    wanted = _candidates(user).order_by("band_order", "-score", "pk")
    wanted = wanted.filter(decision=which) if which in (OPEN, LATER) else wanted.exclude(decision__in=(OPEN, LATER))
    page = Paginator(wanted, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "which": which if which in (OPEN, LATER) else "decided",
        "pairs": _shown(list(page.object_list), unlocked, user),
        "sure": _candidates(user).filter(decision=OPEN, band="surely").count(),
        "undo": _UNDO in request.session,
        "unlocked": unlocked is not None,
    }
    return render(request, "linkage/candidates.html", context, status=status)


def _candidates(user: User) -> QuerySet[Candidate]:
    return Candidate.objects.filter(institution=user.institution).select_related(
        *(
            f"{side}__{part}"
            for side in ("one", "other")
            for part in ("section", "incident__section", "incident__dataset")
        )
    )


def _shown(found: Iterable[Candidate], unlocked: vault.Unlocked | None, user: User) -> list[Pair]:
    found = list(found)
    victims = [victim for each in found for victim in (each.one, each.other)]
    sections = {
        section.pk: section
        for each in victims
        for section in (each.section, each.incident.section)
        if section is not None
    }
    opened = vault.open_sections(sections.values(), unlocked) if unlocked and sections else {}
    if opened and user.institution is not None:
        log.record("section-opened", actor=user.pk, institution=user.institution.code, facts={"sections": len(opened)})
    return [
        Pair(
            each,
            _side(each.one, opened),
            _side(each.other, opened),
            describe_band(each.band),
            describe_reasons(each.reasons),
            describe_decision(each.decision),
        )
        for each in found
    ]


def _side(victim: Victim, opened: dict[UUID, dict[str, object]]) -> Side:
    identity = opened.get(victim.section_id, {}) if victim.section_id else {}
    narrative = opened.get(victim.incident.section_id, {}) if victim.incident.section_id else {}
    return Side(victim, name_in(identity), age_in(identity), role_in(identity), place_in(narrative))


def _institution(user: User) -> Institution:
    assert user.institution is not None  # noqa: S101  (every page of the desk asks for it)
    return user.institution
