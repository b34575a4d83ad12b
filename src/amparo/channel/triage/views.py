"""The inbox, and the page of a report."""

from dataclasses import asdict
from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from amparo.channel.models import Report
from amparo.channel.triage import referring, services
from amparo.channel.triage.forms import MessageForm, RejectForm, RetentionForm, WantedForm
from amparo.channel.triage.inbox import OPEN_STATUS, Wanted, answer_days, list_inbox, reports_for
from amparo.channel.triage.opened import first_report, open_report
from amparo.institutions.access import ANSWER_REPORTS, SET_UP_CHANNEL, desk_page, may
from amparo.institutions.models import Institution, User
from amparo.institutions.sessions import unlocked_institution
from amparo.vocabularies.choices import choices_of

REPORTS_PER_PAGE = 25
_UNDO = "triage-undo"
_UNDO_SECONDS = 600


@require_safe
@desk_page(ANSWER_REPORTS)
def inbox(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    form = WantedForm(request.GET)
    wanted = form.wanted()
    page = Paginator(list_inbox(user, wanted), REPORTS_PER_PAGE).get_page(request.GET.get("page"))
    shown = WantedForm(initial=asdict(wanted))
    context = {
        "page": page,
        "form": shown,
        "asked": wanted != Wanted(),
        "undo": _undoable(request),
        "institution": user.institution,
        "sets_up": may(user, SET_UP_CHANNEL),
    }
    return render(request, "triage/inbox.html", context)


@require_POST
@desk_page(ANSWER_REPORTS)
def spam(request: HttpRequest) -> HttpResponse:
    done = services.mark_spam(cast(User, request.user), _identifiers(request.POST.getlist("report")))
    if done:
        until = timezone.now().timestamp() + _UNDO_SECONDS
        request.session[_UNDO] = {"reports": [str(each) for each in done], "until": until}
        told = ngettext("%(number)s report was marked as spam.", "%(number)s reports were marked as spam.", len(done))
        messages.success(request, told % {"number": len(done)})
    else:
        messages.error(request, _("Choose the reports first, by the boxes before them."))
    return redirect("inbox")


@require_POST
@desk_page(ANSWER_REPORTS)
def undo_spam(request: HttpRequest) -> HttpResponse:
    reports = _undoable(request)
    request.session.pop(_UNDO, None)
    number = services.reopen(cast(User, request.user), _identifiers(reports))
    if number:
        messages.success(request, _("They are back in the inbox."))
    else:
        messages.error(request, _("Nothing was undone. Find the reports under “Not taken up”, and reopen them there."))
    return redirect("inbox")


@require_safe
@desk_page(ANSWER_REPORTS)
def report(request: HttpRequest, report: UUID) -> HttpResponse:
    found = find_report(request, report)
    return show_report(request, found, asking=request.GET.get("ask", ""))


@require_POST
@desk_page(ANSWER_REPORTS)
def acknowledge(request: HttpRequest, report: UUID) -> HttpResponse:
    found = find_report(request, report)
    services.acknowledge(cast(User, request.user), found.pk)
    messages.success(request, _("Acknowledged: the reporter sees it in her mailbox."))
    return redirect("inbox-report", found.pk)


@require_POST
@desk_page(ANSWER_REPORTS)
def message(request: HttpRequest, report: UUID) -> HttpResponse:
    found = find_report(request, report)
    form = MessageForm(request.POST)
    unlocked = unlocked_institution(request)
    if form.is_valid() and unlocked is None:
        form.add_error(None, _("Not sent: your keys are closed. Copy your words, sign in again, and send them then."))
    if form.is_valid() and unlocked is not None:
        try:
            services.send_message(cast(User, request.user), found.pk, form.cleaned_data["text"], unlocked)
        except services.NoMailbox:
            form.add_error(None, _("Not sent: this report has no mailbox, so nobody could read it."))
        else:
            messages.success(request, _("Sent to the reporter’s mailbox."))
            return redirect("inbox-report", found.pk)
    return show_report(request, found, message_form=form, status=422)


@require_POST
@desk_page(ANSWER_REPORTS)
def reject(request: HttpRequest, report: UUID) -> HttpResponse:
    found, user = find_report(request, report), cast(User, request.user)
    form = RejectForm(request.POST)
    unlocked = unlocked_institution(request)
    words = form.cleaned_data["words"].strip() if form.is_valid() else ""
    if words and unlocked is None:
        form.add_error(None, _("Nothing was done: your keys are closed. Sign in again, or leave the words away."))
    if not form.is_valid():
        return show_report(request, found, reject_form=form, status=422)
    try:
        if words and unlocked is not None:
            services.send_message(user, found.pk, words, unlocked)
        services.reject(user, found.pk, form.cleaned_data["outcome"])
    except services.TriageError as refused:
        messages.error(request, explain(refused.code))
    else:
        messages.success(request, _("Closed as not taken up. You can reopen it until it is destroyed."))
    return redirect("inbox-report", found.pk)


@require_POST
@desk_page(ANSWER_REPORTS)
def reopen(request: HttpRequest, report: UUID) -> HttpResponse:
    found = find_report(request, report)
    if services.reopen(cast(User, request.user), [found.pk]):
        messages.success(request, _("Reopened. It will not be destroyed while it is open."))
    return redirect("inbox-report", found.pk)


@require_POST
@desk_page(ANSWER_REPORTS)
def retention(request: HttpRequest, report: UUID) -> HttpResponse:
    found = find_report(request, report)
    form = RetentionForm(request.POST)
    if not form.is_valid():
        return show_report(request, found, retention_form=form, status=422)
    try:
        user, said = cast(User, request.user), form.cleaned_data
        services.set_destruction(user, found.pk, said["day"], said["reason"])
        messages.success(request, _("The day of destruction is set."))
    except services.TriageError as refused:
        messages.error(request, explain(refused.code))
    return redirect("inbox-report", found.pk)


def find_report(request: HttpRequest, report: UUID) -> Report:
    """The report, where it is of the signed-in person's institution. Raises Http404, whoever else's it is."""
    found = reports_for(cast(User, request.user)).select_related("section", "institution", "incident", "referred_from")
    shown: Report = get_object_or_404(found, pk=report)
    return shown


def show_report(request: HttpRequest, report: Report, *, status: int = 200, **given: object) -> HttpResponse:
    """The page of `report`, with what this session's key opens of it; that it was opened is in the log."""
    user, unlocked = cast(User, request.user), unlocked_institution(request)
    opened = open_report(report, unlocked)
    if unlocked is not None:
        services.note_opening(user, report, opened.sections)
        if opened.sections:
            referring.renew_keys(first_report(report), unlocked)
    asking = given.pop("asking", "")
    institution = cast(Institution, user.institution)
    context: dict[str, object] = {
        "opened": opened,
        "report": report,
        "unlocked": unlocked is not None,
        "is_open": report.status in OPEN_STATUS,
        "message_form": MessageForm(initial={"text": _question(report, str(asking))}),
        "reject_form": RejectForm(auto_id="reject-%s"),
        "retention_form": RetentionForm(auto_id="retention-%s", initial={"day": report.destroy_on}),
        "answer_days": answer_days(institution),
        "referrals": first_report(report).referrals.select_related("institution").order_by("received_at"),
        "institution": institution,
    }
    return render(request, "triage/report.html", context | given, status=status)


def ask_address(report: Report, recipient: str) -> str:
    """The report's page with a question to the reporter begun: may this recipient know?"""
    return f"{reverse('inbox-report', args=[report.pk])}?{urlencode({'ask': recipient})}#message"


def explain(code: str) -> str:
    """Why something could not be done, for a person."""
    return {
        "no-mailbox": _("This report has no mailbox, so nobody could read an answer."),
        "not-now": _("This was not done: the report was closed or became a case meanwhile."),
        "closed": _("This was not done: the report is closed to your session’s keys."),
    }.get(code, _("This was not done."))


def _question(report: Report, recipient: str) -> str:
    """A question to the reporter in the report's language; "" where `recipient` is none that there is."""
    if recipient not in referring.CONSENT_FOR.values():
        return ""
    with translation.override(report.language):
        name = dict(choices_of("consent-recipients"))[recipient]
        return _(
            "May we share your report with: %(recipient)s? They could help, and would see all that you told us. "
            "Answer here, or change it in your mailbox under your consents. Without your yes nothing is shared."
        ) % {"recipient": name}


def _identifiers(given: list[str]) -> list[UUID]:
    found = []
    for each in given:
        try:
            found.append(UUID(each))
        except ValueError:
            raise Http404 from None
    return found


def _undoable(request: HttpRequest) -> list[str]:
    kept = request.session.get(_UNDO)
    if not kept or kept["until"] < timezone.now().timestamp():
        return []
    reports: list[str] = kept["reports"]
    return reports
