"""The rota: a week as a table, what nobody covers, and shifts added, taken over, removed and put back."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amparo.institutions.access import DECIDE_ALERTS, HANDLE_ALERTS, desk_page, may
from amparo.institutions.signed_in import institution_of, person
from amparo.ui.forms import status_of
from amparo.warning.desk import explain, show, try_or_tell
from amparo.warning.duty import shifts
from amparo.warning.duty.forms import ShiftForm
from amparo.warning.duty.rota import in_post
from amparo.warning.held import AlertError
from amparo.warning.models import DutyShift, FocalPoint
from amparo.warning.times import this_quarter


@require_safe
@desk_page(HANDLE_ALERTS)
def rota(request: HttpRequest) -> HttpResponse:
    """A week of the rota; `?week=` is a day in it."""
    user, institution, now = person(request), institution_of(request), this_quarter()
    monday = _monday_of(request.GET.get("week", ""), now.date())
    posts = _posts(request)
    return show(
        request,
        "warning/duty-rota.html",
        days=shifts.week_of(institution, monday),
        monday=monday,
        sunday=monday + timedelta(days=6),
        before=monday - timedelta(days=7),
        after=monday + timedelta(days=7),
        gaps=shifts.coming_gaps(institution, now) if posts else [],
        gap_days=shifts.GAP_DAYS,
        posts=posts,
        own=next((point.pk for point in posts if point.user_id == user.pk), None),
        now=now,
        decides=may(user, DECIDE_ALERTS),
        removed=request.GET.get("removed", ""),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DECIDE_ALERTS)
def new_shift(request: HttpRequest) -> HttpResponse:
    """A new shift of one's own institution."""
    posts = _posts(request)
    choices = [(str(point.pk), name_of(point)) for point in posts]
    form = ShiftForm(request.POST or None, choices=choices, zones_of={point.pk: point.time_zone for point in posts})
    if request.method == "POST" and form.is_valid():
        shift = try_or_tell(form, lambda: shifts.add_shift(person(request), form.planned()))
        if shift is not None:
            messages.success(request, _("The shift is kept."))
            return redirect(f"{reverse('rota')}?{urlencode({'week': shift.starts_at.date().isoformat()})}")
    return show(request, "warning/duty-shift-new.html", status=status_of(form), form=form, posts=posts)


@require_POST
@desk_page(HANDLE_ALERTS)
def take_over(request: HttpRequest, number: int) -> HttpResponse:
    """Take over a shift, or what is left of it."""
    shift = _find(request, number)
    try:
        shifts.take_over(person(request), number)
    except AlertError as refused:
        messages.error(request, explain(refused.code))
    else:
        messages.success(request, _("You have the shift now."))
    return _back_to(shift)


@require_POST
@desk_page(DECIDE_ALERTS)
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Remove a shift; the page that follows offers to put it back."""
    shift = _find(request, number)
    return _back_to(shift, removed=shifts.remove_shift(person(request), number))


@require_POST
@desk_page(DECIDE_ALERTS)
def put_back(request: HttpRequest) -> HttpResponse:
    """Put back what was removed within the hour."""
    try:
        shift = shifts.put_back(person(request), request.POST.get("removed", ""))
    except AlertError as refused:
        messages.error(request, explain(refused.code))
        return redirect("rota")
    messages.success(request, _("The shift is back."))
    return _back_to(shift)


def name_of(point: FocalPoint) -> str:
    """What somebody of one's own institution is called on the rota."""
    if point.user is not None:
        return str(point.user.username)
    return _("Contact %(number)s, without a name") % {"number": point.pk}


def _posts(request: HttpRequest) -> list[FocalPoint]:
    return list(in_post(this_quarter().date()).filter(institution=institution_of(request)))


def _find(request: HttpRequest, number: int) -> DutyShift:
    return get_object_or_404(DutyShift, pk=number, focal_point__institution=institution_of(request))


def _back_to(shift: DutyShift, **more: str) -> HttpResponse:
    return redirect(f"{reverse('rota')}?{urlencode({'week': shift.starts_at.date().isoformat()} | more)}")


def _monday_of(asked: str, today: date) -> date:
    """The Monday of the week that was asked for; of this week where that is no day."""
    try:
        day = date.fromisoformat(asked) if asked else today
    except ValueError:
        day = today
    if not 2000 <= day.year <= 2200:
        day = today
    return day - timedelta(days=day.weekday())
