"""How many coded incidents an institution has of a country in each month: for its own eyes, beside conditions."""

import calendar
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from amparo.cases.desk import incidents_for
from amparo.civic_space.timeline import Bar, Strip
from amparo.institutions.models import User
from amparo.ui.templatetags.ui import month, number


@dataclass(frozen=True, slots=True)
class IncidentMonths:
    """Counts by the first day of the month; `without_month`: those whose date is not known to the month."""

    months: tuple[tuple[date, int], ...]
    without_month: int

    def strip(self) -> Strip:
        """The same for the timeline."""
        bars = (Bar(first, _last_day(first), count, f"{month(first)}: {number(count)}") for first, count in self.months)
        return Strip(_("Incidents of your institution by month"), 6, tuple(bars))


def count_incidents(user: User, country: str) -> IncidentMonths:
    """The incidents that `user` may see, by month. One query, counted in the database."""
    by_months = (
        incidents_for(user)
        .filter(country=country, same_as=None)
        .order_by()
        .annotate(first=TruncMonth("earliest"), last=TruncMonth("latest"))
        .values("first", "last")
        .annotate(count=Count("pk"))
    )
    months: dict[date, int] = {}
    without = 0
    for row in by_months:
        if row["first"] is not None and row["first"] == row["last"]:
            months[row["first"]] = row["count"]
        else:
            without += row["count"]
    return IncidentMonths(tuple(sorted(months.items())), without)


def _last_day(first: date) -> date:
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])
