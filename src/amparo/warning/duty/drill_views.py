"""Drills: the history of one's own institution with who answered when, and one now."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from amparo.institutions.access import DECIDE_ALERTS, HANDLE_ALERTS, desk_page, may
from amparo.institutions.signed_in import institution_of, person
from amparo.warning.desk import explain, page_of, show
from amparo.warning.duty.drills import drill_rate, drills_of, hold_drill, is_held, read_drills
from amparo.warning.duty.rota import in_post
from amparo.warning.held import AlertError
from amparo.warning.times import this_quarter

_YEAR = 12


@require_safe
@desk_page(HANDLE_ALERTS)
def drills(request: HttpRequest) -> HttpResponse:
    """The drills so far, and how many were answered in time."""
    institution, now = institution_of(request), this_quarter()
    page = page_of(request, drills_of(institution))
    return show(
        request,
        "warning/duty-drills.html",
        page=page,
        held=read_drills(page.object_list),
        rate=drill_rate(read_drills(drills_of(institution)[:_YEAR])),
        is_on=in_post(now.date()).filter(institution=institution, user__isnull=False).exists(),
        is_held=is_held(institution, now),
        decides=may(person(request), DECIDE_ALERTS),
    )


@require_POST
@desk_page(DECIDE_ALERTS)
def hold_now(request: HttpRequest) -> HttpResponse:
    """Hold this month's drill now."""
    try:
        hold_drill(person(request))
    except AlertError as refused:
        messages.error(request, explain(refused.code))
    else:
        messages.success(request, _("The drill is on: whoever is on duty is called, as for a real alert."))
    return redirect("drills")
