"""Signals: the list, raising one in a minute, the page of one and its check."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from amparo.cases.desk import incidents_for
from amparo.institutions.access import DECIDE_ALERTS, HANDLE_ALERTS, desk_page, may
from amparo.institutions.sessions import unlocked_institution
from amparo.institutions.signed_in import institution_of, person
from amparo.ui.forms import status_of, with_area_of_country, with_version
from amparo.vocabularies.catalogue import UNKNOWN
from amparo.warning.desk import number_in, open_words, page_of, show, try_or_tell
from amparo.warning.models import Signal
from amparo.warning.running.found_words import explain_others, explain_signal
from amparo.warning.scope import own_alerts, signals_for
from amparo.warning.signals.forms import CheckForm, SignalForm, WantedSignals
from amparo.warning.signals.raising import check_signal, raise_signal


@require_safe
@desk_page(HANDLE_ALERTS)
def signal_list(request: HttpRequest) -> HttpResponse:
    wanted = WantedSignals(request.GET).wanted()
    found = signals_for(person(request)).filter(**wanted).select_related("alert")
    return show(
        request,
        "warning/signals.html",
        page=page_of(request, found),
        form=WantedSignals(initial=wanted),
        asked=bool(wanted),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(HANDLE_ALERTS)
def new(request: HttpRequest) -> HttpResponse:
    """A new signal; `?case=` says of which case."""
    user, case = person(request), number_in(request, "case")
    incident = None if case is None else get_object_or_404(incidents_for(user), pk=case)
    only_areas = "show-areas" in request.POST
    if request.method == "POST":
        form = SignalForm(with_area_of_country(request))
        if not only_areas and form.is_valid():
            kept = try_or_tell(form, lambda: raise_signal(user, form.said(case)))
            if kept is not None:
                messages.success(request, _("The signal is kept, and your colleagues are told. Check it next."))
                return redirect("signal", kept.pk)
    else:
        country = incident.country if incident else institution_of(request).country or UNKNOWN
        origin = request.GET.get("origin", "focal-point")
        form = SignalForm(initial={"country": country, "origin": origin})
    status = 200 if only_areas else status_of(form)
    return show(
        request, "warning/signal-new.html", status=status, form=form, show_errors=not only_areas, incident=incident
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(HANDLE_ALERTS)
def signal_page(request: HttpRequest, number: int) -> HttpResponse:
    """A signal with what is sealed in it, and the form of its check."""
    user = person(request)
    found = get_object_or_404(
        signals_for(user).select_related("section", "raised_by", "checked_by", "alert"), pk=number
    )
    form = CheckForm(request.POST or None, initial={"version": found.version, "state": _state_of(found)})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        checked = try_or_tell(
            form,
            lambda: check_signal(
                user,
                number,
                said["state"],
                version=said["version"],
                note=said["note"],
                unlocked=unlocked_institution(request),
            ),
        )
        if checked is not None:
            messages.success(request, _("Kept."))
            return redirect("signal", number)
        form.data = with_version(request, found.version)
    words = open_words(request, f"signal:{number}", {"signal": found.section})["signal"]
    alerts = own_alerts(user).filter(state__in=("open", "muted"), is_drill=False).order_by("-opened_at", "-pk")[:20]
    return show(
        request,
        "warning/signal.html",
        status=status_of(form),
        signal=found,
        words=words,
        form=form,
        explained=explain_signal(found),
        others=explain_others(found),
        decides=may(user, DECIDE_ALERTS),
        alerts=list(alerts) if found.state == "confirmed" and found.alert_id is None else [],
    )


def _state_of(signal: Signal) -> str:
    return "possible" if signal.state == "new" else signal.state
