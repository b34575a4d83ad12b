"""Pages on sharing a case with another institution of this installation, and taking it back."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amparo.cases.models import Incident, Share
from amparo.cases.sharing import services
from amparo.cases.sharing.consent_views import find_case
from amparo.cases.sharing.forms import ReceiverForm
from amparo.cases.sharing.services import NotShared, Refusal
from amparo.institutions.access import SHARE_SECTIONS, desk_page
from amparo.institutions.models import Institution, User
from amparo.institutions.services import RECIPIENT_OF_KIND
from amparo.institutions.sessions import unlocked_institution
from amparo.vault.keys import VaultError
from amparo.vault.models import SectionKey

# A case is shared with a few; a page for more would hide that something is wrong.
MOST_SHARES = 200


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(SHARE_SECTIONS)
def share(request: HttpRequest, incident: int) -> HttpResponse:
    """Choosing an institution and a purpose, then seeing what may go and letting it go."""
    found = find_case(request, incident)
    asked = request.POST if request.method == "POST" else request.GET
    form = ReceiverForm(asked if "to" in asked else None, institutions=_receivers(found))
    context: dict[str, object] = {"incident": found, "form": form, "shares": _shares(found)}
    if not form.is_valid():
        return render(request, "cases/sharing/share.html", context, status=422 if form.is_bound else 200)
    to, purpose = form.cleaned_data["to"], form.cleaned_data["purpose"]
    unlocked = unlocked_institution(request)
    if request.method == "POST":
        chosen = _identifiers(request.POST.getlist("parts"))
        problem = ""
        if unlocked is None:
            problem = _("Your keys are not open in this session. Sign out, and sign in again to open them.")
        elif not chosen:
            problem = _("Choose at least one part of the case.")
        else:
            try:
                services.share_case(cast(User, request.user), found.pk, to, purpose, chosen, unlocked)
            except NotShared as refused:
                problem = explain(refused.refusal)
            except (VaultError, SectionKey.DoesNotExist):
                problem = _("One of these parts does not open with your institution’s key, so that it can’t be shared.")
            else:
                messages.success(request, _("Shared. The institution is told that there is something new."))
                return redirect("case-sharing", found.pk)
        context |= {"problem": problem, "chosen": chosen}
    parts = services.shareable_parts(found, to, purpose)
    context |= {
        "to": to,
        "purpose": purpose,
        "recipient": RECIPIENT_OF_KIND[to.kind],
        "allowed": [part for part, may_go in parts if may_go],
        "missing": [part for part, may_go in parts if not may_go],
        "unlocked": unlocked is not None,
    }
    return render(request, "cases/sharing/share.html", context, status=422 if "problem" in context else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(SHARE_SECTIONS)
def stop(request: HttpRequest, incident: int, share: int) -> HttpResponse:
    """Taking a shared case back, though the consents for it stand."""
    found = find_case(request, incident)
    shared = get_object_or_404(found.shares.select_related("institution"), pk=share)
    if request.method == "POST":
        services.stop_sharing(cast(User, request.user), found.pk, shared.pk, unlocked_institution(request))
        messages.success(request, _("Taken back. The institution opens nothing of it any more."))
        return redirect("case-sharing", found.pk)
    return render(request, "cases/sharing/stop.html", {"incident": found, "share": shared})


def explain(refusal: Refusal) -> str:
    """Why a case was not shared."""
    return {
        Refusal.NOTHING_AGREED: _("Nothing was shared: for one of these parts there is no consent that holds."),
        Refusal.OTHER_COUNTRY: _("A consent for the national institution is for that of the country concerned only."),
        Refusal.NO_RECIPIENT: _("Consents name no institutions of this kind."),
    }[refusal]


def _receivers(incident: Incident) -> QuerySet[Institution]:
    others = Institution.objects.filter(kind__in=RECIPIENT_OF_KIND).exclude(pk=incident.institution_id)
    return others.filter(~Q(kind="nhri") | Q(country=incident.country)).order_by("kind", "code")


def _shares(incident: Incident) -> list[Share]:
    found = incident.shares.select_related("institution").annotate(parts=Count("sections"))
    return list(found.order_by("-pk")[:MOST_SHARES])


def _identifiers(sent: list[str]) -> frozenset[UUID]:
    found = set()
    for each in sent:
        try:
            found.add(UUID(each))
        except ValueError:
            continue
    return frozenset(found)
