"""The directory of focal points: who is in post where, in which order, reached by which channels."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from amparo.institutions.access import DECIDE_ALERTS, may
from amparo.institutions.models import Institution, User
from amparo.vault import log
from amparo.vocabularies.places import countries_of_network
from amparo.warning.alerts.calling import CHAIN
from amparo.warning.duty.addresses import EMAIL, seal_contact
from amparo.warning.duty.rota import choose, is_in_hours, is_in_post, with_shift
from amparo.warning.held import AlertError, ChangedMeanwhile, NotNow
from amparo.warning.models import Contact, DutyShift, FocalPoint
from amparo.warning.times import this_quarter

_MOST_LEFT = 10


class AlreadyInPost(AlertError):
    """This person is in the directory already."""

    code = "already-in-post"


class NotThisChannel(AlertError):
    """Who signs in here is told by the e-mail of her notices: a second address would tell her twice."""

    code = "not-this-channel"


@dataclass(frozen=True, slots=True)
class Post:
    """A focal point as somebody fills it in. `user`: the number of a member; None where nobody signs in."""

    user: int | None
    languages: Sequence[str] = ()
    time_zone: str = "UTC"
    week_days: Sequence[int] = ()
    from_hour: int = 0
    to_hour: int = 24
    in_post_since: date | None = None
    token: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class Listed:
    """One in the directory. `name` is a user name of one's own institution, "" for others."""

    point: FocalPoint
    name: str
    number: int
    is_coming: bool
    on_duty: bool
    in_hours: bool
    channels: tuple[Contact, ...]
    by_notices: bool

    @property
    def is_reached(self) -> bool:
        """Whether there is any channel to tell her by."""
        return self.by_notices or bool(self.channels)


@dataclass(frozen=True, slots=True)
class Office:
    """An institution with its people in post, by rank."""

    institution: Institution
    is_ours: bool
    may_keep: bool
    points: tuple[Listed, ...]

    @property
    def on_call(self) -> tuple[Listed, ...]:
        """Whom a call goes to now."""
        return tuple(each for each in self.points if each.on_duty)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which institutions of the directory somebody looks for; "" for any."""

    kind: str = ""
    network: str = ""
    country: str = ""
    language: str = ""

    @property
    def is_anything(self) -> bool:
        return any((self.kind, self.network, self.country, self.language))


def institutions_in(user: User, wanted: Wanted | None = None) -> "QuerySet[Institution]":
    """The institutions of the chain in this installation: one's own first, then in the order in which they are called;
    only those `wanted`. `has_members` says whether anybody signs in there.
    """
    order = [When(pk=user.institution_id, then=Value(-1))]
    order += [When(kind=kind, then=Value(number)) for number, kind in enumerate(CHAIN)]
    people = User.objects.filter(institution=OuterRef("pk"), is_active=True)
    there = Institution.objects.filter(Q(kind__in=CHAIN) | Q(pk=user.institution_id), locked_at=None)
    if wanted is not None:
        there = _only_wanted(there, wanted)
    return there.annotate(
        has_members=Exists(people), place=Case(*order, default=Value(9), output_field=IntegerField())
    ).order_by("place", "code")


def _only_wanted(institutions: "QuerySet[Institution]", wanted: Wanted) -> "QuerySet[Institution]":
    if wanted.kind:
        institutions = institutions.filter(kind=wanted.kind)
    if wanted.country:
        institutions = institutions.filter(country=wanted.country)
    if wanted.network:
        members = countries_of_network(wanted.network)
        institutions = institutions.filter(Q(code=wanted.network, kind="network") | Q(country__in=members))
    if wanted.language:
        # A list of codes is JSON, which the two databases look into differently; as text it is the same in both.
        speaks = _there(this_quarter().date()).annotate(spoken=Cast("languages", TextField()))
        speaks = speaks.filter(institution=OuterRef("pk"), spoken__contains=f'"{wanted.language}"')
        institutions = institutions.filter(Exists(speaks))
    return institutions


def countries_in(user: User) -> list[str]:
    """The countries that an institution of the directory is of."""
    there = institutions_in(user).exclude(country="").order_by("country")
    return list(there.values_list("country", flat=True).distinct())


def list_offices(user: User, institutions: Sequence[Institution], now: datetime) -> list[Office]:
    """The people of each of `institutions` who have not left, in a constant number of queries."""
    people = _there(now.date()).filter(institution__in=institutions)
    posts = list(people.select_related("user__notices").prefetch_related("contacts").order_by("rank", "pk"))
    shifts = with_shift(posts, now)
    offices = []
    for each in institutions:
        there = [point for point in posts if point.institution_id == each.pk]
        duty = choose([point for point in there if is_in_post(point, now.date())], shifts, now)
        offices.append(_office(user, each, there, duty, now))
    return offices


def who_left(institution: Institution, today: date) -> list[FocalPoint]:
    """Who was in post at one's own institution before, the last first."""
    left = FocalPoint.objects.filter(institution=institution, left_on__lte=today)
    return list(left.select_related("user").order_by("-left_on", "-pk")[:_MOST_LEFT])


def _office(
    user: User, institution: Institution, posts: list[FocalPoint], duty: list[FocalPoint], now: datetime
) -> Office:
    ours = institution.pk == user.institution_id
    return Office(
        institution=institution,
        is_ours=ours,
        may_keep=may_keep(user, institution, has_members=getattr(institution, "has_members", True)),
        points=tuple(
            Listed(
                point=point,
                name=point.user.username if ours and point.user else "",
                number=number,
                is_coming=not is_in_post(point, now.date()),
                on_duty=point in duty,
                in_hours=is_in_hours(point, now),
                channels=tuple(point.contacts.all()),
                by_notices=getattr(point.user, "notices", None) is not None,
            )
            for number, point in enumerate(posts, 1)
        ),
    )


def _there(today: date) -> "QuerySet[FocalPoint]":
    """Who is in the directory: has not left, and still signs in, where she ever did."""
    return _not_left(today).filter(Q(user=None) | Q(user__is_active=True))


def _not_left(today: date) -> "QuerySet[FocalPoint]":
    return FocalPoint.objects.filter(Q(left_on=None) | Q(left_on__gt=today))


def may_keep(user: User, institution: Institution, *, has_members: bool) -> bool:
    """Whether `user` keeps the directory of `institution`: her own; or of an office where nobody signs in.

    An NHRI keeps its own always: only offices above it, which it would call, are kept by others.
    """
    if not may(user, DECIDE_ALERTS):
        return False
    return institution.pk == user.institution_id or (institution.kind in CHAIN[1:] and not has_members)


def find_office(user: User, code: str) -> Institution:
    """An institution whose directory `user` keeps. Raises `Institution.DoesNotExist`."""
    found: Institution = institutions_in(user).get(code=code)
    if not may_keep(user, found, has_members=found.has_members):  # type: ignore[attr-defined]
        raise Institution.DoesNotExist
    return found


def posts_of(user: User) -> "QuerySet[FocalPoint]":
    """The focal points in post that `user` may look at in full: of her institution, and of offices that she keeps."""
    kept = Q(institution=user.institution_id)
    if may(user, DECIDE_ALERTS):
        people = User.objects.filter(institution=OuterRef("institution"), is_active=True)
        kept |= Q(~Exists(people), institution__kind__in=CHAIN[1:])
    return _not_left(this_quarter().date()).filter(kept).select_related("institution", "user")


def may_change_channels(user: User, point: FocalPoint) -> bool:
    """Whether `user` sets by what `point` is told: she herself does, and who keeps the directory."""
    return point.user_id == user.pk or may(user, DECIDE_ALERTS)


@transaction.atomic
def add_focal_point(user: User, institution: Institution, post: Post) -> FocalPoint:
    """Put somebody into the directory, after those who are there. Sent twice it is one.

    Raises `AlreadyInPost`, `NotNow` for a person of another institution, or for nobody at an office with people.
    """
    Institution.objects.select_for_update(of=("self",)).get(pk=institution.pk)
    if (sent := FocalPoint.objects.filter(token=post.token, institution=institution).first()) is not None:
        return sent
    there = FocalPoint.objects.filter(institution=institution, left_on=None)
    if post.user is not None and not institution.members.filter(pk=post.user, is_active=True).exists():
        raise NotNow
    if post.user is not None and there.filter(user=post.user).exists():
        raise AlreadyInPost
    last = there.order_by("-rank").values_list("rank", flat=True).first() or 0
    point = FocalPoint(institution=institution, user_id=post.user, token=post.token, rank=last + 1)
    _fill(point, post)
    point.save()
    _note("focal-point-added", user, point)
    return point


@transaction.atomic
def change_focal_point(user: User, number: int, post: Post, *, version: int) -> FocalPoint:
    """Set languages and hours anew. Raises `FocalPoint.DoesNotExist`, `ChangedMeanwhile`."""
    point = _take(user, number)
    if point.version != version:
        raise ChangedMeanwhile
    _fill(point, post)
    point.version += 1
    point.save()
    _note("focal-point-changed", user, point)
    return point


@transaction.atomic
def move_up(user: User, number: int) -> FocalPoint:
    """Let somebody be called before the one who was before her. The first stays the first."""
    point = _take(user, number)
    posts = list(
        FocalPoint.objects.select_for_update(of=("self",))
        .filter(institution=point.institution, left_on=None)
        .order_by("rank", "pk")
    )
    place = next((at for at, each in enumerate(posts) if each.pk == number), 0)
    if place > 0:
        posts[place - 1], posts[place] = posts[place], posts[place - 1]
    for rank, each in enumerate(posts, 1):
        each.rank = rank
    FocalPoint.objects.bulk_update(posts, ["rank"])
    _note("focal-point-moved", user, point)
    return point


@transaction.atomic
def leave(user: User, number: int) -> None:
    """End somebody's post today: her addresses are destroyed, her coming shifts fall away. The past stays."""
    _end(_take(user, number), user)


def end_posts_of_who_is_gone() -> int:
    """End the posts of people who no longer sign in, for the worker: no address outlives their access. How many."""
    gone = FocalPoint.objects.filter(left_on=None, user__is_active=False).order_by("pk")
    return sum(_end_of_gone(number) for number in list(gone.values_list("pk", flat=True)))


@transaction.atomic
def _end_of_gone(number: int) -> int:
    gone = FocalPoint.objects.filter(pk=number, left_on=None, user__is_active=False)
    point = gone.select_for_update(of=("self",)).select_related("institution").first()
    if point is None:
        return 0
    _end(point, None)
    return 1


def _end(point: FocalPoint, user: User | None) -> None:
    now = this_quarter()
    point.left_on = now.date()
    point.version += 1
    point.save()
    point.contacts.all().delete()
    DutyShift.objects.filter(focal_point=point, starts_at__gte=now).delete()
    DutyShift.objects.filter(focal_point=point, ends_at__gt=now).update(ends_at=now)
    _note("focal-point-left", user, point)


@transaction.atomic
def keep_contact(user: User, number: int, channel: str, address: str) -> Contact:
    """Keep by what somebody is told, sealed; instead of what was there for that channel.

    Raises `FocalPoint.DoesNotExist`, `NotThisChannel`, and `NotNow` for whoever may not change it.
    """
    point = _take(user, number)
    if not may_change_channels(user, point):
        raise NotNow
    if channel == EMAIL and point.user_id is not None:
        raise NotThisChannel
    contact = Contact.objects.filter(focal_point=point, channel=channel).first()
    contact = contact or Contact(focal_point=point, channel=channel)
    seal_contact(contact, address)
    contact.tries, contact.last_problem = 0, ""
    contact.save()
    _note("contact-kept", user, point, channel=channel)
    return contact


@transaction.atomic
def remove_contact(user: User, number: int, channel: str) -> None:
    """Destroy by what somebody is told. Raises `FocalPoint.DoesNotExist`, `NotNow`."""
    point = _take(user, number)
    if not may_change_channels(user, point):
        raise NotNow
    if Contact.objects.filter(focal_point=point, channel=channel).delete()[0]:
        _note("contact-removed", user, point, channel=channel)


def _take(user: User, number: int) -> FocalPoint:
    held: FocalPoint = posts_of(user).select_for_update(of=("self",)).get(pk=number)
    return held


def _fill(point: FocalPoint, post: Post) -> None:
    point.languages, point.week_days = list(post.languages), sorted(post.week_days)
    point.time_zone, point.in_post_since = post.time_zone, post.in_post_since
    point.from_hour, point.to_hour = post.from_hour, post.to_hour


def _note(action: str, user: User | None, point: FocalPoint, **facts: str | int) -> None:
    log.record(
        action,
        actor=user.pk if user else None,
        institution=point.institution.code,
        record=f"focal-point:{point.pk}",
        facts=facts,
    )
