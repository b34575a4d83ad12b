"""The log, for the auditor: who did what and when. Nothing in it is sealed."""

from datetime import UTC, datetime, time, timedelta
from typing import cast

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from amparo.institutions.access import READ_LOG, desk_page
from amparo.institutions.forms import LogFilter
from amparo.institutions.log_words import describe_action
from amparo.institutions.models import User
from amparo.institutions.sessions import code_of
from amparo.vault.models import LogEntry

ENTRIES_PER_PAGE = 50


@require_safe
@desk_page(READ_LOG)
def log(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    form = LogFilter(request.GET)
    page = Paginator(_chosen(user, form), ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
    names = dict(User.objects.filter(pk__in={each.actor for each in page}).values_list("pk", "username"))
    rows = [(each, names.get(each.actor or 0, ""), describe_action(each.action)) for each in page]
    return render(request, "institutions/log.html", {"form": form, "page": page, "rows": rows})


def _chosen(user: User, form: LogFilter) -> QuerySet[LogEntry]:
    """The entries of the person's institution that `form` asks for, newest first."""
    # Wrong passwords are nobody's: whose they were meant to be is not kept.
    guesses = Q(institution="", action="sign-in-refused")
    found = LogEntry.objects.filter(Q(institution=code_of(user)) | guesses).order_by("-number")
    if not form.is_valid():
        return found
    asked = form.cleaned_data
    if asked["person"]:
        people = User.objects.filter(institution=user.institution, username__iexact=asked["person"])
        found = found.filter(actor__in=list(people.values_list("pk", flat=True)))
    if asked["action"]:
        found = found.filter(action=asked["action"])
    if asked["record"]:
        found = found.filter(record=asked["record"])
    if asked["since"]:
        found = found.filter(at__gte=datetime.combine(asked["since"], time(), UTC))
    if asked["until"]:
        found = found.filter(at__lt=datetime.combine(asked["until"], time(), UTC) + timedelta(days=1))
    return found
