"""The page on which a report is destroyed now, by typing its number: it cannot be undone."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amparo.channel.destruction import destroy_report
from amparo.channel.models import Report
from amparo.channel.templatetags.triage import short_number
from amparo.channel.triage import services
from amparo.channel.triage.referring import NO_CONSENT
from amparo.channel.triage.views import find_report
from amparo.institutions.access import ANSWER_REPORTS, desk_page
from amparo.institutions.models import User


class StillElsewhere(services.TriageError):
    """Another institution has the report by a referral: it would lose it too."""

    code = "still-elsewhere"


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(ANSWER_REPORTS)
def destroy(request: HttpRequest, report: UUID) -> HttpResponse:
    found, wrong = find_report(request, report), False
    if request.method == "POST":
        wrong = request.POST.get("number", "").strip().lower() != short_number(found)
        if not wrong:
            try:
                destroy_now(cast(User, request.user), found.pk)
            except StillElsewhere:
                messages.error(request, _("Not destroyed: another institution still works with it. Ask it first."))
                return redirect("inbox-report", found.pk)
            messages.success(request, _("Destroyed: keys, texts, messages and files. Only a count is left."))
            return redirect("inbox")
    context = {"report": found, "wrong": wrong, "institution": found.institution}
    return render(request, "triage/destroy.html", context, status=422 if wrong else 200)


@transaction.atomic
def destroy_now(user: User, report: UUID) -> None:
    """Destroy the report before its day. Raises `StillElsewhere`, and `Report.DoesNotExist`."""
    held: Report = services.take(user, report)
    if held.referrals.exclude(outcome=NO_CONSENT).exists():
        raise StillElsewhere
    services.log_step("destruction-ordered", held, user)
    destroy_report(held)
