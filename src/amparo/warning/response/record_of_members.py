"""What a network, or GANHRI, reads of how its members answer: numbers over all of them, and of nobody by itself.

A figure is shown where at least five institutions stand behind it, and only of months that are over: read day by day,
the newest drill would be that of one member. Who is in post stands in the directory anyway.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from statistics import median

from django.db.models import F, QuerySet

from amparo.institutions.models import Institution
from amparo.vocabularies.places import countries_of_network
from amparo.warning.duty.rota import in_post
from amparo.warning.models import Alert, Call
from amparo.warning.months import Month
from amparo.warning.response.record import FALSE, FEWEST, HARMLESS, RIGHT
from amparo.warning.times import this_quarter

MONTHS = 12


@dataclass(frozen=True, slots=True)
class MonthOfDrills:
    """The drills of a month: how many institutions were called, answered, in time, and the median minutes it took.

    All but `month` are None where too few were called, and `minutes` where too few answered.
    """

    month: date
    called: int | None
    answered: int | None
    in_time: int | None
    minutes: float | None


@dataclass(frozen=True, slots=True)
class MembersRecord:
    """`members` institutions, how many of them have a focal point and a deputy; their drills by month, the newest
    first; and shares and medians over all their alerts, None where too few stand behind one.
    """

    members: int
    in_post: int
    with_deputy: int
    drills: tuple[MonthOfDrills, ...]
    precision: float | None
    false_alarms: float | None
    without_harm: float | None
    lead: float | None
    answered_in_time: float | None
    minutes: float | None

    @property
    def is_enough(self) -> bool:
        """Whether there are enough members to say anything of them."""
        return self.members >= FEWEST


def count_record_of_members(institution: Institution) -> MembersRecord | None:
    """The record over the members of a network or of GANHRI; None for any other institution. Five queries."""
    if institution.kind not in {"network", "ganhri"}:
        return None
    today = this_quarter().date()
    members = members_of(institution)
    ranks = list(in_post(today).filter(institution__in=members).values_list("institution", flat=True))
    until = datetime.combine(today.replace(day=1), time(), this_quarter().tzinfo)
    ends = _ends(members, until)
    calls = _calls(members, until)
    return MembersRecord(
        members=members.count(),
        in_post=len(set(ranks)),
        with_deputy=sum(ranks.count(each) > 1 for each in set(ranks)),
        drills=tuple(_drills(members, today)),
        precision=_share(ends, RIGHT, RIGHT | FALSE),
        false_alarms=_share(ends, FALSE, RIGHT | FALSE),
        without_harm=_share(ends, HARMLESS, frozenset(each for _who, each, _lead in ends) - FALSE - {"unknown"}),
        lead=_median((who, lead) for who, _outcome, lead in ends if lead is not None),
        answered_in_time=_share(calls, frozenset({"in-time"}), frozenset({"in-time", "late", "silent"})),
        minutes=_median((who, minutes) for who, _verdict, minutes in calls if minutes is not None),
    )


def members_of(institution: Institution) -> "QuerySet[Institution]":
    """The NHRIs of this installation in a network's region; for GANHRI all."""
    members = Institution.objects.filter(kind="nhri", locked_at=None)
    return (
        members if institution.kind == "ganhri" else members.filter(country__in=countries_of_network(institution.code))
    )


# Whose, what came of it, and a number of days or minutes.
Row = tuple[int, str, int | None]


def _ends(members: "QuerySet[Institution]", until: datetime) -> list[Row]:
    """The closed alerts, with their outcomes, and how many days before the harm they were opened."""
    closed = Alert.objects.filter(institution__in=members, is_drill=False, state="closed", closed_at__lt=until)
    return [
        (who, outcome, (harmed - opened.date()).days if harmed else None)
        for who, outcome, opened, harmed in closed.values_list("institution", "outcome", "opened_at", "harmed_on")
    ]


def _calls(members: "QuerySet[Institution]", until: datetime) -> list[Row]:
    """The calls of members about their own alerts: answered in time, late or never, and after how many minutes."""
    calls = Call.objects.filter(institution__in=members, institution=F("alert__institution"), answer_by__lt=until)
    calls = calls.filter(alert__is_drill=False)
    return [
        (who, _verdict(answered, by), _minutes(told, answered))
        for who, told, answered, by in calls.values_list("institution", "told_at", "answered_at", "answer_by")
    ]


def _drills(members: "QuerySet[Institution]", today: date) -> Iterable[MonthOfDrills]:
    this = Month(today.year, today.month)
    months = [this.later(-number).first_day for number in range(1, MONTHS + 1)]
    held = Call.objects.filter(alert__drill__institution__in=members, alert__drill__month__gte=months[-1])
    rows = list(
        held.order_by("pk").values_list("alert__drill__month", "institution", "told_at", "answered_at", "answer_by")
    )
    for month in months:
        there = {who: (told, answered, by) for when, who, told, answered, by in rows if when == month}
        if len(there) < FEWEST:
            yield MonthOfDrills(month, None, None, None, None)
            continue
        took = [(who, minutes) for who, (told, at, _by) in there.items() if (minutes := _minutes(told, at)) is not None]
        in_time = sum(_verdict(answered, by) == "in-time" for _told, answered, by in there.values())
        yield MonthOfDrills(month, len(there), len(took), in_time, _median(took))


def _verdict(answered: datetime | None, by: datetime) -> str:
    if answered is None:
        return "silent"
    return "in-time" if answered <= by else "late"


def _minutes(told: datetime, answered: datetime | None) -> int | None:
    return None if answered is None else int((answered - told).total_seconds() // 60)


def _share(rows: list[Row], of: frozenset[str], among: frozenset[str]) -> float | None:
    """The share of some outcomes among others; None where fewer than five institutions stand behind it."""
    found = [(who, outcome) for who, outcome, _number in rows if outcome in among]
    if len({who for who, _outcome in found}) < FEWEST:
        return None
    return sum(outcome in of for _who, outcome in found) / len(found)


def _median(of: Iterable[tuple[int, int]]) -> float | None:
    found = list(of)
    return float(median(number for _who, number in found)) if len({who for who, _number in found}) >= FEWEST else None
