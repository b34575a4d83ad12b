"""Telling an institution that a report should have been answered by now: once for each report."""

from django.db import transaction

from amparo.channel.triage.inbox import overdue_reports
from amparo.channel.triage.opened import record_name
from amparo.channel.triage.services import log_step
from amparo.institutions.models import Institution
from amparo.notices.kinds import ANSWER_OVERDUE
from amparo.notices.services import tell
from amparo.vault.models import LogEntry

ACTION = "answer-overdue"


def tell_overdue() -> int:
    """Tell each institution of reports that became overdue since it was told last; of how many."""
    told = 0
    for institution in Institution.objects.filter(reports__status="new").distinct().order_by("pk"):
        told += _tell(institution)
    return told


@transaction.atomic
def _tell(institution: Institution) -> int:
    overdue = list(overdue_reports(institution).select_related("institution").order_by("pk"))
    names = [record_name(each) for each in overdue]
    known = set(LogEntry.objects.filter(action=ACTION, record__in=names).values_list("record", flat=True))
    new = [each for each in overdue if record_name(each) not in known]
    if new:
        tell(institution, ANSWER_OVERDUE)
    for each in new:
        log_step(ACTION, each, None)
    return len(new)
