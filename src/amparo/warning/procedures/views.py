"""The standard procedure at the desk: read by all who handle alerts, set by focal points, ticked off on an alert."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from amparo.institutions.access import DECIDE_ALERTS, HANDLE_ALERTS, desk_page, may
from amparo.institutions.models import User
from amparo.institutions.signed_in import institution_of, person
from amparo.warning.desk import explain, found_number, show, try_or_tell
from amparo.warning.held import AlertError
from amparo.warning.models import Alert
from amparo.warning.procedures import doing, keeping
from amparo.warning.procedures.forms import StepForm
from amparo.warning.procedures.shipped import SHIPPED


@require_safe
@desk_page(HANDLE_ALERTS)
def procedures(request: HttpRequest) -> HttpResponse:
    """The steps of each level, as this institution set them for itself."""
    return _page(request)


@require_POST
@desk_page(DECIDE_ALERTS)
def add(request: HttpRequest, level: str) -> HttpResponse:
    form = StepForm(request.POST, prefix=_known(level))
    if form.is_valid():
        said = form.cleaned_data
        made = try_or_tell(form, lambda: keeping.add_step(person(request), level, said["words"], said["token"]))
        if made is not None:
            messages.success(request, _("Added at the end: move it to where it belongs."))
            return redirect("procedures")
    return _page(request, wrong={level: form})


@require_POST
@desk_page(DECIDE_ALERTS)
def move(request: HttpRequest, level: str) -> HttpResponse:
    up = request.POST.get("to") == "up"
    return _change(request, level, lambda user, key: keeping.move_step(user, level, key, up=up))


@require_POST
@desk_page(DECIDE_ALERTS)
def hide(request: HttpRequest, level: str) -> HttpResponse:
    hidden = request.POST.get("hidden") == "yes"
    return _change(request, level, lambda user, key: keeping.hide_step(user, level, key, hidden=hidden))


@require_POST
@desk_page(DECIDE_ALERTS)
def restore(request: HttpRequest, level: str) -> HttpResponse:
    return _change(request, level, lambda user, _key: keeping.restore_steps(user, level))


@require_POST
@desk_page(HANDLE_ALERTS)
def tick(request: HttpRequest, number: int) -> HttpResponse:
    """Note on the alert of this number that a step was done, or take it back."""
    key, round_ = request.POST.get("step", ""), found_number(request.POST.get("round", ""))
    try:
        doing.tick_step(person(request), number, key, round_=round_, done=request.POST.get("done") == "yes")
    except Alert.DoesNotExist:
        raise Http404 from None
    except AlertError as refused:
        messages.error(request, explain(refused.code))
    return redirect("alert", number)


def _page(request: HttpRequest, wrong: dict[str, StepForm] | None = None) -> HttpResponse:
    forms = {level: StepForm(prefix=level) for level in SHIPPED} | (wrong or {})
    found = keeping.procedures_of(institution_of(request))
    levels = [
        {
            "code": level,
            "shown": [each for each in steps if not each.is_hidden],
            "hidden": [each for each in steps if each.is_hidden],
            "changed": tuple(each.code for each in steps if not each.is_hidden) != SHIPPED[level],
            "form": forms[level],
        }
        for level, steps in found.items()
    ]
    return show(
        request,
        "warning/procedures/procedures.html",
        status=422 if wrong else 200,
        levels=levels,
        decides=may(person(request), DECIDE_ALERTS),
    )


def _change(request: HttpRequest, level: str, do: Callable[[User, str], None]) -> HttpResponse:
    _known(level)
    do(person(request), request.POST.get("step", ""))
    messages.success(request, _("Kept."))
    return redirect("procedures")


def _known(level: str) -> str:
    if level not in SHIPPED:
        raise Http404
    return level
