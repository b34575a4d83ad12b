"""The desk of an institution: its incidents, and what is sealed in them for who holds the key."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from amparo.cases.desk import incidents_for, open_incident
from amparo.cases.models import Incident
from amparo.cases.services import note_opening
from amparo.cases.shown_files import ShownFile, shown_files
from amparo.institutions.access import ANSWER_REPORTS, DOCUMENT_CASES, READ_CODED_FACTS, desk_page, may
from amparo.institutions.models import User
from amparo.institutions.sessions import unlocked_institution
from amparo.vault import services as vault

# The rest stands on the page of the evidence.
MOST_EVIDENCE = 10


@require_safe
@desk_page(READ_CODED_FACTS)
def case_detail(request: HttpRequest, incident: int) -> HttpResponse:
    user = cast(User, request.user)
    wanted = incidents_for(user).select_related("dataset", "section", "notes", "institution")
    found: Incident = get_object_or_404(wanted, pk=incident)
    unlocked = unlocked_institution(request)
    pages = {f"{name}_page": request.GET.get(name, 1) for name in ("victims", "acts")}
    opened = open_incident(found, unlocked, **pages)
    if unlocked is not None:
        note_opening(user, opened)
    return render(
        request,
        "cases/case-detail.html",
        {
            "opened": opened,
            "incident": found,
            "evidence": _evidence(found, unlocked),
            "unlocked": unlocked is not None,
            "institution": user.institution,
            "documents": may(user, DOCUMENT_CASES),
            # Only its own institution's, and only for who answers reports.
            "reports": found.reports.filter(institution=user.institution) if may(user, ANSWER_REPORTS) else [],
        },
    )


def _evidence(incident: Incident, unlocked: vault.Unlocked | None) -> list[tuple[int, ShownFile]]:
    kept = list(incident.evidence.select_related("file__section").order_by("pk")[:MOST_EVIDENCE])
    shown = shown_files([each.file for each in kept], unlocked)
    return [(each.pk, file) for each, file in zip(kept, shown, strict=True)]
