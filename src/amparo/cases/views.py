"""The desk of an institution: its incidents, and what is sealed in them for who holds the key."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from amparo.cases.desk import incidents_for, open_incident, with_acts, with_everything
from amparo.institutions.models import User
from amparo.institutions.sessions import unlocked_institution

INCIDENTS_PER_PAGE = 25


@require_safe
@never_cache
@login_required
def case_list(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    pages = Paginator(with_acts(incidents_for(user)), INCIDENTS_PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    return render(request, "cases/case-list.html", {"page": page, "institution": user.institution})


@require_safe
@never_cache
@login_required
def case_detail(request: HttpRequest, incident: int) -> HttpResponse:
    user = cast(User, request.user)
    found = get_object_or_404(with_everything(incidents_for(user)), pk=incident)
    unlocked = unlocked_institution(request)
    return render(
        request,
        "cases/case-detail.html",
        {
            "opened": open_incident(found, unlocked),
            "unlocked": unlocked is not None,
            "institution": user.institution,
        },
    )
