"""How near two dates of events are, as reason codes. Pure."""

from amparo.cases.dates import EventDate, Precision

NEAR_DAYS, MONTH_DAYS = 7, 31


def compare_dates(one: EventDate | None, other: EventDate | None) -> str:
    """The code of how near two dates are; "" where one is not known."""
    if one is None or other is None:
        return ""
    if Precision.DAY == one.precision == other.precision:
        days = abs((one.earliest - other.earliest).days)
        if days == 0:
            return "date-same-day"
        if days <= NEAR_DAYS:
            return "date-within-week"
        return "date-within-month" if days <= MONTH_DAYS else "date-apart"
    together = one.earliest <= other.latest and other.earliest <= one.latest
    return "date-may-be-same" if together else "date-apart"
