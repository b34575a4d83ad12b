"""Pages of a case on consents: who may know what, noting a yes, taking one back, all that was ever agreed."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from amparo.cases.desk import incidents_for
from amparo.cases.models import Incident
from amparo.cases.sharing import services
from amparo.cases.sharing.forms import ConsentForm, WithdrawForm
from amparo.cases.sharing.matrix import consent_matrix
from amparo.cases.sharing.parts import CasePart, parts_of
from amparo.institutions.access import DOCUMENT_CASES, READ_CODED_FACTS, desk_page
from amparo.institutions.models import Institution, User
from amparo.institutions.services import RECIPIENT_OF_KIND
from amparo.institutions.sessions import unlocked_institution
from amparo.vault.consent import today, usable_keys
from amparo.vault.models import Consent
from amparo.vocabularies.catalogue import get_vocabulary

PARTS_PER_PAGE = 50
CONSENTS_PER_PAGE = 50


@require_safe
@desk_page(READ_CODED_FACTS)
def consent(request: HttpRequest, incident: int) -> HttpResponse:
    """Who may see what of the case, and until when."""
    found = find_case(request, incident)
    if unlocked := unlocked_institution(request):
        services.renew_files(found, unlocked)
    parts = parts_of(found)
    page = Paginator(parts, PARTS_PER_PAGE).get_page(request.GET.get("page"))
    recipients = list(get_vocabulary("consent-recipients").terms)
    matrix = consent_matrix(found, parts, page.object_list, recipients)
    context = {
        "incident": found,
        "matrix": matrix,
        "page": page,
        "nobody": [code for code in recipients if code not in matrix.recipients],
    }
    return render(request, "cases/sharing/consent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DOCUMENT_CASES)
def record(request: HttpRequest, incident: int) -> HttpResponse:
    """What a person agreed to, asked in plain words."""
    found = find_case(request, incident)
    parts = parts_of(found)
    initial = {"given_on": today(), "recipients": request.GET.getlist("recipient")}
    initial["purposes"] = request.GET.getlist("purpose")
    form = ConsentForm(request.POST if request.method == "POST" else None, parts=parts, initial=initial)
    if request.method == "POST" and form.is_valid():
        new = services.record_consent(cast(User, request.user), found.pk, form.said())
        if new:
            said = ngettext("Noted: %(number)s consent.", "Noted: %(number)s consents.", new)
            messages.success(request, said % {"number": new})
        else:
            messages.success(request, _("This was noted before, and stands."))
        return redirect("case-consent", found.pk)
    context = {"incident": found, "form": form, "parts": parts}
    return render(request, "cases/sharing/record.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DOCUMENT_CASES)
def withdraw(request: HttpRequest, incident: int) -> HttpResponse:
    """Taking consents for one recipient back, with what follows."""
    found = find_case(request, incident)
    parts = parts_of(found)
    standing = _standing(parts)
    recipient = request.GET.get("recipient", "")
    of_recipient = [each for each in standing if each.recipient == recipient]
    if not of_recipient:
        asked_for = dict.fromkeys(each.recipient for each in standing)
        context: dict[str, object] = {"incident": found, "recipients": list(asked_for)}
        return render(request, "cases/sharing/withdraw-from-whom.html", context)
    sections = {each.section_id for each in of_recipient}
    purposes = list(dict.fromkeys(each.purpose for each in of_recipient))
    form = WithdrawForm(
        request.POST if request.method == "POST" else None,
        parts=[part for part in parts if part.section in sections],
        purposes=purposes,
    )
    if request.method == "POST" and form.is_valid():
        chosen = {UUID(each) for each in form.cleaned_data["parts"]}
        unlocked = unlocked_institution(request)
        user = cast(User, request.user)
        services.withdraw_consent(user, found.pk, chosen, recipient, form.cleaned_data["purposes"], unlocked)
        messages.success(request, _("Withdrawn. Whoever had these parts under it has lost them."))
        return redirect("case-consent", found.pk)
    context = {
        "incident": found,
        "form": form,
        "recipient": recipient,
        "losing": _holding(found, sections, recipient),
        "unlocked": unlocked_institution(request) is not None,
    }
    return render(request, "cases/sharing/withdraw.html", context, status=422 if form.is_bound else 200)


@require_safe
@desk_page(READ_CODED_FACTS)
def history(request: HttpRequest, incident: int) -> HttpResponse:
    """All consents that were ever given in this case, newest first."""
    found = find_case(request, incident)
    labels = {part.section: part.label for part in parts_of(found)}
    given = Consent.objects.filter(section__in=list(labels)).order_by("-pk")
    page = Paginator(given, CONSENTS_PER_PAGE).get_page(request.GET.get("page"))
    rows = [(each, labels[each.section_id]) for each in page]
    return render(request, "cases/sharing/history.html", {"incident": found, "page": page, "rows": rows})


def find_case(request: HttpRequest, incident: int) -> Incident:
    """The case, where it is of the signed-in person's institution. Raises Http404."""
    ours = incidents_for(cast(User, request.user)).select_related("institution")
    found: Incident = get_object_or_404(ours, pk=incident)
    return found


def _standing(parts: list[CasePart]) -> list[Consent]:
    standing = Consent.objects.filter(section__in=[part.section for part in parts], withdrawn_on=None, replaced_by=None)
    return list(standing.order_by("recipient", "purpose", "pk"))


def _holding(incident: Incident, sections: set[UUID], recipient: str) -> list[Institution]:
    """The institutions that would lose what they have."""
    kinds = [kind for kind, code in RECIPIENT_OF_KIND.items() if code == recipient]
    keys = usable_keys().filter(section__in=sections, shared_for__isnull=False)
    holding = Institution.objects.filter(kind__in=kinds, key_pair__in=keys.values("holder"))
    return list(holding.exclude(pk=incident.institution_id).order_by("code"))
