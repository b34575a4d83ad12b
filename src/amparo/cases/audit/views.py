"""The history of a case, for who works on it and for the auditor."""

from typing import cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from amparo.cases.audit.trail import entries_of, tell
from amparo.cases.desk import incidents_for
from amparo.institutions.access import READ_AUDIT, desk_page
from amparo.institutions.models import User

ENTRIES_PER_PAGE = 50
ENTRIES_TO_PRINT = 1000


@require_safe
@desk_page(READ_AUDIT)
def history(request: HttpRequest, incident: int) -> HttpResponse:
    """Everything that the log says of the case, newest first; `?print` for longer pages."""
    ours = incidents_for(cast(User, request.user)).select_related("institution")
    found = get_object_or_404(ours, pk=incident)
    to_print = "print" in request.GET
    pages = Paginator(entries_of(found), ENTRIES_TO_PRINT if to_print else ENTRIES_PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {"incident": found, "page": page, "lines": tell(page, found), "to_print": to_print}
    return render(request, "cases/audit/history.html", context)
