"""The list of an institution's reports: codes, hours and counts only, nothing that is sealed."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import (
    BooleanField,
    Case,
    Count,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from amparo.channel.models import Channel, Message, Report, ReportFile
from amparo.institutions.models import Institution, User

OPEN_STATUS = ("new", "acknowledged")
OPEN, ALL = "open", "all"
# What waits for an answer stands first; "not known" may be anything, so it stands before what is not urgent.
_URGENCY = {"danger-now": 0, "danger-soon": 1, "unknown": 2, "not-urgent": 3}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reports of the inbox are asked for; "" leaves a facet open."""

    status: str = OPEN
    urgency: str = ""
    language: str = ""
    unread: bool = False


def reports_for(user: User) -> QuerySet[Report]:
    """The reports that `user` may see: her institution's, whatever address is guessed."""
    if user.institution_id is None:
        return Report.objects.none()
    return Report.objects.filter(institution_id=user.institution_id)


def list_inbox(user: User, wanted: Wanted) -> QuerySet[Report]:
    """The wanted reports, urgent and old first, each with `files_number`, `unread_messages`, `overdue`: one query."""
    reports = reports_for(user)
    if wanted.status == OPEN:
        reports = reports.filter(status__in=OPEN_STATUS)
    elif wanted.status != ALL:
        reports = reports.filter(status=wanted.status)
    if wanted.urgency:
        reports = reports.filter(urgency=wanted.urgency)
    if wanted.language:
        reports = reports.filter(language=wanted.language)
    annotated = _with_counts(reports, user)
    if wanted.unread:
        annotated = annotated.filter(Q(opened_at=None) | Q(unread_messages__gt=0))
    return annotated


def overdue_reports(institution: Institution) -> QuerySet[Report]:
    """The reports that `institution` should have answered by now."""
    return Report.objects.filter(institution=institution).filter(_is_overdue(answer_days(institution)))


def answer_days(institution: Institution) -> int:
    """Within how many days `institution` answers; the default where it has set up no channel yet."""
    found = Channel.objects.filter(institution=institution).values_list("answer_days", flat=True).first()
    return Channel._meta.get_field("answer_days").default if found is None else found


def _is_overdue(days: int) -> Q:
    return Q(status="new", acknowledged_at=None, received_at__lt=timezone.now() - timedelta(days=days))


def _with_counts(reports: QuerySet[Report], user: User) -> QuerySet[Report]:
    assert user.institution is not None  # noqa: S101  (reports_for gives none otherwise)
    # What a report says hangs on the report that came first, also where it was referred here.
    first = Coalesce(OuterRef("referred_from_id"), OuterRef("pk"))
    return reports.annotate(
        files_number=_count(ReportFile.objects.filter(report=first)),
        unread_messages=_count(Message.objects.filter(report=first, from_reporter=True, read_at=None)),
        overdue=Case(
            When(_is_overdue(answer_days(user.institution)), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        ),
        closed=Case(When(status__in=OPEN_STATUS, then=Value(0)), default=Value(1), output_field=IntegerField()),
        rank=Case(
            *(When(urgency=code, then=Value(rank)) for code, rank in _URGENCY.items()),
            default=Value(_URGENCY["unknown"]),
            output_field=IntegerField(),
        ),
    ).order_by("closed", "rank", "received_at", "pk")


def _count(of_report: QuerySet[ReportFile] | QuerySet[Message]) -> Coalesce:
    counted = of_report.order_by().values("report").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
