"""Alerts: the list, the page of one, and each decision on it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amparo.institutions.access import DECIDE_ALERTS, HANDLE_ALERTS, desk_page, may
from amparo.institutions.models import Institution
from amparo.institutions.sessions import unlocked_institution
from amparo.institutions.signed_in import institution_of, person
from amparo.ui.forms import status_of, with_version
from amparo.warning.alerts import calling, deciding
from amparo.warning.alerts.forms import (
    CloseForm,
    KnownForm,
    LevelForm,
    MergeForm,
    MuteForm,
    OpenForm,
    WantedAlerts,
    reasons_of,
)
from amparo.warning.alerts.situation import find_situation
from amparo.warning.desk import explain, open_words, page_of, posted_version, read_number, show, try_or_tell
from amparo.warning.held import AlertError
from amparo.warning.labels import label_of_alert
from amparo.warning.models import Alert, Call, Signal
from amparo.warning.procedures.keeping import procedures_of
from amparo.warning.response import acting
from amparo.warning.scope import alerts_for, own_alerts, signals_for
from amparo.warning.watching.outside import say_outside


@require_safe
@desk_page(HANDLE_ALERTS)
def alert_list(request: HttpRequest) -> HttpResponse:
    wanted = WantedAlerts(request.GET).wanted()
    found = alerts_for(person(request)).filter(**wanted).select_related("institution")
    return show(
        request,
        "warning/alerts.html",
        page=page_of(request, found),
        form=WantedAlerts(initial=wanted),
        asked=bool(wanted),
    )


@require_safe
@desk_page(HANDLE_ALERTS)
def alert_page(request: HttpRequest, number: int) -> HttpResponse:
    """The situation: what is known, who was called, what is done, and everything that happened."""
    user = person(request)
    try:
        situation = find_situation(user, number)
    except Alert.DoesNotExist:
        raise Http404 from None
    ours, threatened = institution_of(request), situation.alert.threatened_id
    sections = {"alert": situation.alert.section, "ending": situation.alert.ending}
    sections |= {f"task:{each.pk}": acting.section_for(ours, each, threatened) for each in situation.tasks}
    words = open_words(request, f"alert:{number}", sections)
    return show(
        request,
        "warning/alert.html",
        situation=situation,
        alert=situation.alert,
        words=words,
        tasks=[(each, words[f"task:{each.pk}"]) for each in situation.tasks],
        decides=may(user, DECIDE_ALERTS) and situation.is_ours,
        is_open=situation.alert.state in {"open", "muted"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DECIDE_ALERTS)
def open_alert(request: HttpRequest, number: int) -> HttpResponse:
    """An alert out of the signal of this number."""
    user = person(request)
    signal = get_object_or_404(signals_for(user), pk=number)
    form = OpenForm(
        request.POST or None, initial={"emerged_on": _day_of(signal)}, nhris=_nhris(institution_of(request))
    )
    if request.method == "POST" and form.is_valid():
        alert = try_or_tell(form, lambda: deciding.open_alert(user, number, form.opening()))
        if alert is not None:
            messages.success(request, _("The alert is open, and whoever is on duty is called."))
            return redirect("alert", alert.pk)
    return show(
        request,
        "warning/alert-new.html",
        status=status_of(form),
        form=form,
        signal=signal,
        told=say_outside(institution_of(request), [signal]),
        procedures=procedures_of(institution_of(request)),
    )


@require_POST
@desk_page(DECIDE_ALERTS)
def add_signal(request: HttpRequest, number: int) -> HttpResponse:
    """Put the signal of this number to the alert that was chosen."""
    chosen = read_number(request.POST.get("alert", ""))
    if chosen is None:
        messages.error(request, _("Choose an alert first."))
        return redirect("signal", number)
    try:
        deciding.add_signal(person(request), chosen, number)
    except (Alert.DoesNotExist, Signal.DoesNotExist):
        raise Http404 from None
    except AlertError as refused:
        messages.error(request, explain(refused.code))
        return redirect("signal", number)
    messages.success(request, _("The signal stands with the alert now."))
    return redirect("alert", chosen)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DECIDE_ALERTS)
def set_level(request: HttpRequest, number: int) -> HttpResponse:
    alert = _find(request, number)
    kept = {"version": alert.version, "level": alert.level, "reasons": reasons_of(alert)}
    form = LevelForm(request.POST or None, initial=kept)
    return _step(
        request,
        alert,
        form,
        lambda said: deciding.set_level(
            person(request), number, said["level"], said["reasons"], version=said["version"]
        ),
        _("The level is set. A graver level calls whoever is on duty anew."),
        _("Set the level"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DECIDE_ALERTS)
def write_known(request: HttpRequest, number: int) -> HttpResponse:
    """What is known, written anew as more comes to light; of two who write, the second is shown the other's words."""
    alert = _find(request, number)
    words = open_words(request, f"alert:{number}", {"alert": alert.section})["alert"]
    kept = {"version": alert.version, "emerged_on": alert.emerged_on} | (words or {})
    nhris = _nhris(institution_of(request)) if alert.threatened_id is None else []
    form = KnownForm(request.POST or None, initial=kept, nhris=nhris)
    return _step(
        request,
        alert,
        form,
        lambda said: deciding.write_known(
            person(request), number, form.known(), version=said["version"], unlocked=unlocked_institution(request)
        ),
        _("Kept."),
        _("Write anew what is known"),
        words=words,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DECIDE_ALERTS)
def mute(request: HttpRequest, number: int) -> HttpResponse:
    alert = _find(request, number)
    form = MuteForm(request.POST or None, initial={"version": alert.version})
    return _step(
        request,
        alert,
        form,
        lambda said: deciding.mute(person(request), number, said["until"], said["because"], version=said["version"]),
        _("The alert is silent until that day."),
        _("Make it silent for a while"),
    )


@require_POST
@desk_page(DECIDE_ALERTS)
def unmute(request: HttpRequest, number: int) -> HttpResponse:
    return _at_once(request, number, deciding.unmute, _("The alert calls again."))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DECIDE_ALERTS)
def merge(request: HttpRequest, number: int) -> HttpResponse:
    alert = _find(request, number)
    others = own_alerts(person(request)).filter(state__in=("open", "muted"), is_drill=False).exclude(pk=number)
    named = [(str(each.pk), label_of_alert(each)) for each in others.order_by("-opened_at", "-pk")[:100]]
    form = MergeForm(request.POST or None, initial={"version": alert.version}, others=named)
    return _step(
        request,
        alert,
        form,
        lambda said: deciding.merge(person(request), number, int(said["into"]), version=said["version"]),
        _("The two alerts are one now."),
        _("Merge into another alert"),
        note=_(
            "Its signals, tasks, recommendations and statements go to the other alert, and calls about it end. Whoever "
            "reads one of the two reads what is told outside of both. This cannot be undone."
        ),
        readers=acting.institutions_in(alert).exclude(pk=alert.institution_id),
        grave=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DECIDE_ALERTS)
def close(request: HttpRequest, number: int) -> HttpResponse:
    alert = _find(request, number)
    before = open_words(request, f"alert:{number}", {"ending": alert.ending})["ending"]
    form = CloseForm(request.POST or None, initial=(before or {}) | {"version": alert.version})
    left = alert.tasks.filter(status__in=("pending", "in-progress")).count()
    return _step(
        request,
        alert,
        form,
        lambda said: deciding.close(
            person(request),
            number,
            said["outcome_code"],
            {name: said[name] for name in ("outcome", "lessons")},
            version=said["version"],
            harmed_on=said["harmed_on"],
            unlocked=unlocked_institution(request),
        ),
        _("The alert is closed. Look back on it while it is fresh."),
        _("Close with an outcome"),
        left=left,
        grave=True,
    )


@require_POST
@desk_page(DECIDE_ALERTS)
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    return _at_once(request, number, deciding.reopen, _("Opened again."))


@require_POST
@desk_page(HANDLE_ALERTS)
def answer_call(request: HttpRequest, number: int) -> HttpResponse:
    """Take up the alert of the call of this number."""
    try:
        call = calling.answer(person(request), number)
    except Call.DoesNotExist:
        raise Http404 from None
    except AlertError as refused:
        messages.error(request, explain(refused.code))
        return redirect("alerts")
    messages.success(request, _("You have taken it up. Nobody else is called about it."))
    return redirect("alert", call.alert_id)


def _find(request: HttpRequest, number: int) -> Alert:
    alerts = own_alerts(person(request)).select_related("section", "ending").prefetch_related("reasons")
    found: Alert = get_object_or_404(alerts, pk=number)
    return found


def _step(
    request: HttpRequest,
    alert: Alert,
    form: Form,
    do: Callable[[dict[str, Any]], Alert],
    done: str,
    heading: str,
    **context: object,
) -> HttpResponse:
    """A page with one form about `alert`: what is sent is done, or shown again with the reason."""
    if request.method == "POST" and form.is_valid():
        if (kept := try_or_tell(form, lambda: do(form.cleaned_data))) is not None:
            messages.success(request, done)
            return redirect("alert", kept.pk)
        form.data = with_version(request, _find(request, alert.pk).version)
    return show(
        request,
        "warning/alert-step.html",
        status=status_of(form),
        form=form,
        alert=alert,
        heading=heading,
        **context,
    )


def _at_once(request: HttpRequest, number: int, do: Callable[..., Alert], done: str) -> HttpResponse:
    try:
        do(person(request), number, version=posted_version(request))
    except Alert.DoesNotExist:
        raise Http404 from None
    except AlertError as refused:
        messages.error(request, explain(refused.code))
    else:
        messages.success(request, done)
    return redirect("alert", number)


def _nhris(ours: Institution) -> list[Institution]:
    """Those that an alert may name as threatened: one's own institution, where it is one; else any."""
    if ours.kind == "nhri":
        return [ours]
    return list(Institution.objects.filter(kind="nhri", locked_at=None).order_by("country", "pk"))


def _day_of(signal: Signal) -> object:
    return signal.happened.earliest if signal.happened else None
