"""What the desk asks of requests for protection: lists, counts, what is due. Codes, days and numbers only."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    F,
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

from amparo.institutions.access import OPENING_ROLES
from amparo.institutions.models import User
from amparo.protection.models import Measure, ProtectionPlan, ProtectionRequest

OPEN_STATUS = ("requested", "assessing", "in-force", "reviewed")
OPEN_MEASURES = ("pending", "in-progress", "unknown")
OPEN, ALL, ME, NOBODY = "open", "all", "me", "nobody"
SOON_DAYS = 7
_RANKS = {"high": 1, "unknown": 2, "medium": 3, "low": 4}


def today() -> date:
    """The day it is, in universal time, as all days of the desk are."""
    return timezone.now().date()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests are asked for; "" leaves a facet open. `owner` is a number, `ME`, or `NOBODY`: who left."""

    status: str = OPEN
    level: str = ""
    country: str = ""
    owner: str = ""
    overdue: bool = False


def requests_for(user: User) -> QuerySet[ProtectionRequest]:
    """The requests that `user` may see: her institution's, whatever address is guessed."""
    if user.institution_id is None:
        return ProtectionRequest.objects.none()
    return ProtectionRequest.objects.filter(institution_id=user.institution_id)


def measures_for(user: User) -> QuerySet[Measure]:
    """The measures of the requests that `user` may see."""
    return Measure.objects.filter(plan__request__in=requests_for(user))


def list_requests(user: User, wanted: Wanted) -> QuerySet[ProtectionRequest]:
    """The wanted requests, emergencies and great risks first: one query.

    Each with `open_measures`, `overdue_measures`, `is_late` and, as `owner`, who looks after it.
    """
    found: Any = with_lateness(requests_for(user)).select_related("owner", "plan")
    if wanted.status == OPEN:
        found = found.filter(status__in=OPEN_STATUS)
    elif wanted.status != ALL:
        found = found.filter(status=wanted.status)
    if wanted.level:
        found = found.filter(level=wanted.level)
    if wanted.country:
        found = found.filter(country=wanted.country)
    if wanted.owner:
        found = found.filter(owned_by(wanted.owner, user))
    if wanted.overdue:
        found = found.filter(is_late=True)
    listed: QuerySet[ProtectionRequest] = found.order_by("rank", "-received_on", "-pk")
    return listed


def owned_by(owner: str, user: User) -> Q:
    """Whose: `ME`, a person's number, or `NOBODY`: those whose owner has left, or protects no more."""
    if owner == ME:
        return Q(owner=user)
    if owner == NOBODY:
        return owner_is_gone("owner")
    return Q(owner=int(owner)) if owner.isascii() and owner.isdecimal() and len(owner) < 10 else Q(pk__in=[])


def owner_is_gone(path: str) -> Q:
    """Nobody owns it who could still do something: nobody at all, one who left, or one in another role."""
    there = {f"{path}__is_active": True, f"{path}__role__in": sorted(OPENING_ROLES)}
    return Q(**{path: None}) | ~Q(**there)


def is_protector(user: User) -> bool:
    """Whether somebody may own requests and measures of her institution: as `owner_is_gone` asks the database."""
    return user.is_active and user.institution_id is not None and user.role in OPENING_ROLES


def with_lateness(requests: QuerySet[ProtectionRequest]) -> QuerySet[ProtectionRequest]:
    """The same requests, each with `open_measures`, `overdue_measures`, `is_late` and `rank`."""
    measures = Measure.objects.filter(plan__request=OuterRef("pk"), status__in=OPEN_MEASURES)
    overdue = measures.filter(due_on__lt=today())
    review = ProtectionPlan.objects.filter(request=OuterRef("pk"), review_on__lt=today())
    late = Q(status__in=OPEN_STATUS) & (
        Q(first_assessed_on=None, assess_by__lt=today()) | Exists(overdue) | Exists(review)
    )
    return requests.annotate(
        open_measures=_count(measures),
        overdue_measures=_count(overdue),
        is_late=Case(When(late, then=Value(True)), default=Value(False), output_field=BooleanField()),
        # An emergency that nobody has graded yet stands with the greatest risks; "not graded" before what is small.
        rank=Case(
            When(~Q(status__in=OPEN_STATUS), then=Value(9)),
            When(Q(level="extreme") | Q(level="unknown", is_emergency=True), then=Value(0)),
            *(When(level=level, then=Value(rank)) for level, rank in _RANKS.items()),
            default=Value(_RANKS["unknown"]),
            output_field=IntegerField(),
        ),
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """How many requests an institution has: by status, and of the open ones what presses."""

    by_status: dict[str, int]
    open: int
    late: int
    emergencies: int
    without_owner: int


def count_requests(user: User) -> Counts:
    """The counts at the head of the list. Two queries."""
    ours = requests_for(user)
    by_status = dict(ours.order_by().values_list("status").annotate(number=Count("pk")))
    pressing = with_lateness(ours.filter(status__in=OPEN_STATUS)).aggregate(
        open=Count("pk"),
        late=Count("pk", Q(is_late=True)),
        emergencies=Count("pk", Q(is_emergency=True)),
        without_owner=Count("pk", owner_is_gone("owner")),
    )
    return Counts(by_status=by_status, **pressing)


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is due: a "measure", a "review" or an "assessment" of a request. `code` is the measure's kind."""

    what: str
    request: int
    number: int
    on: date
    owner: int | None
    code: str

    @property
    def is_overdue(self) -> bool:
        return self.on < today()


def list_due(user: User, owner: str = "", *, within: int | None = SOON_DAYS) -> QuerySet[Any, Any]:
    """What is due within so many days (None: ever), oldest first, as rows for `read_due`: one query.

    `owner` as in `Wanted`. Of a review and an assessment it is who owns the request.
    """
    ours = requests_for(user).filter(status__in=OPEN_STATUS)
    measures = Measure.objects.filter(plan__request__in=ours, status__in=OPEN_MEASURES)
    plans = ProtectionPlan.objects.filter(request__in=ours)
    unassessed = ours.filter(first_assessed_on=None)
    if within is not None:
        until = today() + timedelta(days=within)
        measures = measures.filter(due_on__lte=until)
        plans, unassessed = plans.filter(review_on__lte=until), unassessed.filter(assess_by__lte=until)
    if owner:
        measures = measures.filter(owned_by(owner, user))
        whose = (
            owner_is_gone("request__owner") if owner == NOBODY else Q(request__in=ours.filter(owned_by(owner, user)))
        )
        plans, unassessed = plans.filter(whose), unassessed.filter(owned_by(owner, user))
    due: QuerySet[Any, Any] = (
        _due(measures, "measure", "plan__request_id", "due_on", "owner_id", F("kind"))
        .union(
            _due(plans, "review", "request_id", "review_on", "request__owner_id", Value("", CharField())),
            _due(unassessed, "assessment", "pk", "assess_by", "owner_id", Value("", CharField())),
            all=True,
        )
        .order_by("day", "what", "number")
    )
    return due


def read_due(rows: Any) -> list[Due]:
    """The rows of `list_due` as values."""
    return [Due(what, request, number, day, owner, code) for what, request, number, day, owner, code in rows]


def _due(found: QuerySet[Any], what: str, request: str, day: str, owner: str, code: F | Value) -> Any:
    return (
        found.order_by()
        .annotate(
            what=Value(what, CharField()),
            request_number=F(request),
            number=F("pk"),
            day=F(day),
            owned=F(owner),
            coded_as=code,
        )
        .values_list("what", "request_number", "number", "day", "owned", "coded_as")
    )


def _count(measures: QuerySet[Measure]) -> Coalesce:
    counted = measures.order_by().values("plan__request").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
