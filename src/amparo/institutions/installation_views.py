"""For who administers the installation: institutions are set up and unlocked here. Nothing sealed opens to her."""

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amparo.institutions.access import SET_UP_INSTITUTIONS, desk_page
from amparo.institutions.forms import InstitutionForm
from amparo.institutions.models import Institution, User
from amparo.institutions.people import make_invitation
from amparo.institutions.people_views import shares_to_print
from amparo.institutions.services import found_institution, unlock_institution

INSTITUTIONS_PER_PAGE = 50


@require_safe
@desk_page(SET_UP_INSTITUTIONS)
def installation(request: HttpRequest) -> HttpResponse:
    page = Paginator(Institution.objects.order_by("code"), INSTITUTIONS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "institutions/installation.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(SET_UP_INSTITUTIONS)
def set_up_institution(request: HttpRequest) -> HttpResponse:
    """A new institution: its shares, and the way in of its first focal point and administrator, shown this once."""
    form = InstitutionForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "institutions/set-up-institution.html", {"form": form})
    asked, user = form.cleaned_data, cast(User, request.user)
    with transaction.atomic():
        founded = found_institution(asked["code"], asked["kind"], form.names, country=asked["country"], founder=user)
        first = [
            make_invitation(founded.institution, role, unlocked=founded.unlocked, by=user)
            for role in ("focal-point", "administrator")
        ]
    context = shares_to_print(founded.institution, founded.shares)
    join = request.build_absolute_uri(reverse("join"))
    return render(request, "institutions/shares.html", context | {"first": first, "join": join})


@require_POST
@desk_page(SET_UP_INSTITUTIONS)
def unlock(request: HttpRequest, institution: int) -> HttpResponse:
    """Let the people of a locked institution sign in again."""
    found = get_object_or_404(Institution, pk=institution)
    unlock_institution(found, cast(User, request.user), "administrator")
    messages.success(request, _("The institution is unlocked."))
    return redirect("installation")
