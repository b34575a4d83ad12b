"""How many reports came and what became of them, by month: counted from codes and hours, destroyed ones included."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncMonth

from amparo.channel.models import DestroyedReports, Report
from amparo.channel.triage.inbox import answer_days
from amparo.institutions.models import Institution


@dataclass(slots=True)
class MonthOfReports:
    """The reports received in one month. Of destroyed ones nobody knows any more how soon they were answered."""

    month: date
    received: int = 0
    acknowledged: int = 0
    in_time: int = 0
    accepted: int = 0
    referred: int = 0
    rejected: int = 0
    destroyed: int = 0


def count_reports(institution: Institution) -> list[MonthOfReports]:
    """The months in which `institution` received reports, newest first. Two queries."""
    months: defaultdict[date, MonthOfReports] = defaultdict(lambda: MonthOfReports(date.min))
    in_time = Q(acknowledged_at__lte=F("received_at") + timedelta(days=answer_days(institution)))
    kept = (
        Report.objects.filter(institution=institution)
        .annotate(month=TruncMonth("received_at"))
        .values("month")
        .annotate(
            received=Count("pk"),
            acknowledged=Count("pk", Q(acknowledged_at__isnull=False)),
            in_time=Count("pk", in_time),
            accepted=Count("pk", Q(status="accepted")),
            referred=Count("pk", Q(status="referred")),
            rejected=Count("pk", Q(status="rejected")),
        )
        .order_by()
        .values_list("month", "received", "acknowledged", "in_time", "accepted", "referred", "rejected")
    )
    for month, *numbers in kept:
        months[month.date()] = MonthOfReports(month.date(), *numbers)
    gone = DestroyedReports.objects.filter(institution=institution).values_list("month", "status")
    for first_day, status, number in gone.annotate(all=Sum("number")).order_by():
        counted = months[first_day]
        counted.month = first_day
        counted.received += number
        counted.destroyed += number
        if status in ("accepted", "referred", "rejected"):
            setattr(counted, status, getattr(counted, status) + number)
    return sorted(months.values(), key=lambda each: each.month, reverse=True)
