"""The way of a condition to its readers: sent, read by a second person, published or given back, withdrawn."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amparo.civic_space import services
from amparo.civic_space.facts import CivicSpaceError
from amparo.civic_space.forms import ReturnForm, ReviewForm
from amparo.civic_space.labels import explain
from amparo.civic_space.models import Condition, ConditionVersion
from amparo.civic_space.scope import waiting_for, with_parts
from amparo.civic_space.views import CONDITIONS_PER_PAGE, find_own, show_condition, try_or_tell
from amparo.institutions.access import KEEP_CONDITIONS, desk_page
from amparo.institutions.models import User
from amparo.institutions.signed_in import institution_of, person

_SENT = gettext_noop("A colleague can read it now, and publish it or give it back.")
_PUBLISHED = gettext_noop("Published. Everybody can read it now.")


@require_safe
@desk_page(KEEP_CONDITIONS)
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for a second person: for this one."""
    found = with_parts(waiting_for(person(request))).order_by("pk")
    page = Paginator(found, CONDITIONS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "institution": institution_of(request)}
    return render(request, "civic_space/waiting.html", context)


@require_POST
@desk_page(KEEP_CONDITIONS)
def send(request: HttpRequest, number: int) -> HttpResponse:
    return _step(request, number, services.send_to_review, _SENT)


@require_POST
@desk_page(KEEP_CONDITIONS)
def approve(request: HttpRequest, number: int) -> HttpResponse:
    return _step(request, number, services.approve_condition, _PUBLISHED)


@require_POST
@desk_page(KEEP_CONDITIONS)
def give_back(request: HttpRequest, number: int) -> HttpResponse:
    find_own(request, number)
    form = ReturnForm(request.POST, prefix="back")
    if form.is_valid():
        seen, reason = form.cleaned_data["version"], form.cleaned_data["reason"]
        if try_or_tell(form, lambda: services.return_condition(person(request), number, seen, reason)):
            messages.success(request, _("Given back, with your reason."))
            return redirect("condition", number)
    return show_condition(request, _latest(request, number), giving_back=form)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(KEEP_CONDITIONS)
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Asks first: readers will look for it."""
    if request.method == "POST":
        return _do(request, number, services.withdraw_condition, _("Withdrawn. You can put it back."))
    context = {"version": _latest(request, number), "institution": institution_of(request)}
    return render(request, "civic_space/withdraw.html", context)


@require_POST
@desk_page(KEEP_CONDITIONS)
def put_back(request: HttpRequest, number: int) -> HttpResponse:
    return _do(request, number, services.put_back, _("It is public again."))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(KEEP_CONDITIONS)
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Asks first: a draft that is taken out cannot be brought back."""
    version = _latest(request, number)
    if request.method == "POST":
        try:
            services.remove_condition(person(request), number)
        except CivicSpaceError as refused:
            messages.error(request, explain(refused.code))
            return redirect("condition", number)
        messages.success(request, _("The draft was taken out."))
        return redirect("conditions")
    return render(request, "civic_space/remove.html", {"version": version, "institution": institution_of(request)})


def _step(request: HttpRequest, number: int, do: Callable[[User, int, int], Condition], told: str) -> HttpResponse:
    """A step of the review, after she said that she looked for names."""
    find_own(request, number)
    form = ReviewForm(request.POST)
    if form.is_valid():
        seen = form.cleaned_data["version"]
        if try_or_tell(form, lambda: do(person(request), number, seen)):
            messages.success(request, _(told))
            return redirect("condition", number)
    return show_condition(request, _latest(request, number), review=form)


def _do(request: HttpRequest, number: int, do: Callable[[User, int], Condition], told: str) -> HttpResponse:
    find_own(request, number)
    try:
        do(person(request), number)
        messages.success(request, told)
    except CivicSpaceError as refused:
        messages.error(request, explain(refused.code))
    return redirect("condition", number)


def _latest(request: HttpRequest, number: int) -> ConditionVersion:
    latest = with_parts(ConditionVersion.objects.filter(latest_of=find_own(request, number)))
    return latest.select_related("condition__public").get()
