"""The list of requests for protection, the page of one, what is due, and the indicators."""

from dataclasses import asdict
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from amparo.cases.desk import incidents_for
from amparo.institutions.access import PROTECT_DEFENDERS, desk_page
from amparo.institutions.models import User
from amparo.institutions.signed_in import institution_of, person
from amparo.protection.desk import (
    ME,
    SOON_DAYS,
    Wanted,
    count_requests,
    list_due,
    list_requests,
    read_due,
    requests_for,
    with_lateness,
)
from amparo.protection.finding import open_page, show
from amparo.protection.forms import WantedForm, whose
from amparo.protection.indicators import SMALL, count_indicators
from amparo.protection.opened import history_of
from amparo.protection.period import PeriodForm

PER_PAGE = 25


@require_safe
@desk_page(PROTECT_DEFENDERS)
def protection_list(request: HttpRequest) -> HttpResponse:
    user = person(request)
    known = list(requests_for(user).order_by("country").values_list("country", flat=True).distinct())
    wanted = WantedForm(request.GET, user=user, countries_of=known).wanted()
    page = Paginator(list_requests(user, wanted), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": WantedForm(initial=asdict(wanted), user=user, countries_of=known),
        "asked": wanted != Wanted(),
        "counts": count_requests(user),
        "institution": user.institution,
    }
    return render(request, "protection/list.html", context)


@require_safe
@desk_page(PROTECT_DEFENDERS)
def request_page(request: HttpRequest, number: int) -> HttpResponse:
    opened = open_page(request, number)
    return show(request, "protection/request.html", opened, history=history_of(opened.request))


@require_safe
@desk_page(PROTECT_DEFENDERS)
def due(request: HttpRequest) -> HttpResponse:
    """What is due, of one person or of all: measures, reviews and assessments together, the oldest first."""
    user, everything = person(request), "all" in request.GET
    known = dict(whose(user))
    owner = request.GET.get("owner", ME)
    owner = owner if owner in known else ""
    page = Paginator(list_due(user, owner, within=None if everything else SOON_DAYS), PER_PAGE).get_page(
        request.GET.get("page")
    )
    things = read_due(page.object_list)
    people = User.objects.filter(pk__in={each.owner for each in things if each.owner}, is_active=True)
    names = dict(people.values_list("pk", "username"))
    context = {
        "page": page,
        "things": [(each, names.get(each.owner or 0, "")) for each in things],
        "owners": known.items(),
        "owner": owner,
        "everything": everything,
        "days": SOON_DAYS,
        "institution": user.institution,
    }
    return render(request, "protection/due.html", context)


@require_safe
@desk_page(PROTECT_DEFENDERS)
def indicators(request: HttpRequest) -> HttpResponse:
    form = PeriodForm(request.GET or None)
    since: date | None = None
    until: date | None = None
    if form.is_bound and form.is_valid():
        since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    context = {
        "form": form,
        "found": count_indicators(person(request), since, until),
        "small": SMALL,
        "institution": institution_of(request),
    }
    return render(request, "protection/indicators.html", context)


@require_safe
@desk_page(PROTECT_DEFENDERS)
def of_case(request: HttpRequest, incident: int) -> HttpResponse:
    """The requests that come from one case."""
    user = person(request)
    found = get_object_or_404(incidents_for(user), pk=incident)
    requests = with_lateness(requests_for(user).filter(incident=found)).select_related("owner", "plan")
    page = Paginator(requests.order_by("-received_on", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"incident": found, "page": page, "institution": user.institution}
    return render(request, "protection/case.html", context)
