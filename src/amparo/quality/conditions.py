"""Which cases lack a field, or look wrong, as conditions in the database: counted on pages, listed by facets."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from django.db.models import Count, Exists, F, Model, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from amparo.cases.desk import incidents_for
from amparo.cases.models import (
    UNKNOWN,
    Act,
    AllegedPerpetrator,
    DefenderProfile,
    Incident,
    Information,
    RuledOut,
    Victim,
)
from amparo.institutions.models import User
from amparo.quality.fields import BY_CODE, CodedField, Record
from amparo.vocabularies.catalogue import get_vocabulary

BODIES = ("group", "institution")
MANY_VICTIMS = 50
# The day of the Universal Declaration of Human Rights.
LONG_AGO = date(1948, 12, 10)
_MODELS: Mapping[Record, type[Model]] = {
    Record.VICTIM: Victim,
    Record.ACT: Act,
    Record.PERPETRATOR: AllegedPerpetrator,
    Record.INFORMATION: Information,
}
# That a case has no such record at all, by the code of `coded-fields`.
WITHOUT = {
    "victims": Record.VICTIM,
    "acts": Record.ACT,
    "perpetrators": Record.PERPETRATOR,
    "sources": Record.INFORMATION,
}
HERE, LISTED, CLOSED = "here", "list", "closed"


def cases_of(user: User) -> QuerySet[Incident]:
    """The cases whose quality `user` may see: her institution's, without drafts, and without copies of others."""
    return incidents_for(user).filter(_COUNTED).order_by()


def not_known(field: CodedField) -> Q:
    """The cases with a record on which `field` is not known."""
    if field.record is Record.INCIDENT:
        return Q(**{f"{field.column}__isnull": True}) if not field.vocabulary else Q(**{field.column: UNKNOWN})
    records = _MODELS[field.record]._default_manager.filter(incident=OuterRef("pk"))
    if field.persons_only:
        records = records.exclude(kind__in=BODIES)
    if field.code == "profile":
        known = DefenderProfile.objects.filter(victim=OuterRef("pk")).exclude(profile=UNKNOWN)
        return Q(Exists(records.exclude(Exists(known))))
    return Q(Exists(records.filter(**{field.column: UNKNOWN})))


def without_any(record: Record) -> Q:
    """The cases that have no such record at all: nobody was asked."""
    if record is Record.INCIDENT:
        return Q(pk__isnull=True)
    return ~Q(Exists(_MODELS[record]._default_manager.filter(incident=OuterRef("pk"))))


def only_bodies() -> Q:
    """The cases whose victims are groups and institutions only: what is a person's doesn't apply to them."""
    victims = Victim.objects.filter(incident=OuterRef("pk"))
    return Q(Exists(victims)) & ~Q(Exists(victims.exclude(kind__in=BODIES)))


def lacking(codes: Sequence[str]) -> Q:
    """The cases that lack one of the fields `codes`: it isn't known of a record, or there is no such record."""
    found = Q()
    for code in codes:
        if code in WITHOUT:
            found |= without_any(WITHOUT[code])
        elif code in BY_CODE:
            field = BY_CODE[code]
            found |= not_known(field) | without_any(field.record)
    return _counted(found)


def mended_by(codes: Sequence[str]) -> Q:
    """The cases that can be mended here, at the list that they came from, or only once they are opened again."""
    found = Q()
    for code in codes:
        if code in MENDERS:
            found |= MENDERS[code]
    return _counted(found)


def recorded_in(codes: Sequence[str]) -> Q:
    """The cases recorded in a month, 2026-11, or on a day, 2026-11-25."""
    found = Q()
    for code in codes:
        span = _span(code)
        if span is not None:
            found |= Q(created_at__gte=span[0], created_at__lt=span[1])
    return _counted(found)


def happened_on(codes: Sequence[str]) -> Q:
    """The cases whose date is just that day, 2026-11-25."""
    days = [day for code in codes if len(code) == 10 and (day := _day(code)) is not None]
    return _counted(Q(earliest__in=days, latest__in=days, earliest=F("latest")) if days else Q())


def failing(codes: Sequence[str]) -> Q:
    """The cases that one of the checks `codes` finds."""
    found = Q()
    for code in codes:
        if code in CHECKS:
            found |= CHECKS[code]()
    return _counted(found)


def _counted(found: Q) -> Q:
    return found & _COUNTED if found else Q(pk__isnull=True)


def _span(code: str) -> tuple[datetime, datetime] | None:
    day = _day(code if len(code) == 10 else f"{code}-01")
    if day is None or day.year >= date.max.year:
        return None
    next_month = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return _midnight(day), _midnight(day + timedelta(days=1) if len(code) == 10 else next_month)


def _day(code: str) -> date | None:
    try:
        return date.fromisoformat(code)
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _of_victims(condition: Q) -> Q:
    return Q(Exists(Victim.objects.filter(condition, incident=OuterRef("pk"))))


def _dated_after_recording() -> Q:
    return Q(earliest__gt=TruncDate("created_at"))


def _verified_before_recording() -> Q:
    return Q(verified_on__lt=TruncDate("created_at"))


def _verified_without_a_source() -> Q:
    return Q(status="verified") & without_any(Record.INFORMATION)


def _sex_of_a_body() -> Q:
    said = ~Q(sex=UNKNOWN) | ~Q(gender=UNKNOWN) | ~Q(age_band=UNKNOWN)
    return _of_victims(Q(kind__in=BODIES) & said)


def _done_and_ruled_out() -> Q:
    ruled_out = RuledOut.objects.filter(victim=OuterRef("victim"), kind=OuterRef("kind"))
    return Q(Exists(Act.objects.filter(Exists(ruled_out), incident=OuterRef("pk"))))


def _state_without_the_state() -> Q:
    actors = get_vocabulary("alleged-perpetrators").with_narrower("state-actor")
    return Q(Exists(AllegedPerpetrator.objects.filter(incident=OuterRef("pk"), kind__in=actors, state_link="none")))


def _child_in_office() -> Q:
    targets = get_vocabulary("targets").terms
    offices = [code for code in targets if code.startswith("nhri-") and code != "nhri-institution"]
    return _of_victims(Q(age_band="0-17", target__in=[*offices, "lawyer"]))


def _very_many_victims() -> Q:
    counted = Victim.objects.filter(incident=OuterRef("pk")).order_by().values("incident")
    return Q(Exists(counted.annotate(number=Count("pk")).filter(number__gte=MANY_VICTIMS)))


# Of "first-of-…" only exact dates: a month or a year that is known says so itself.
_EXACT = Q(earliest=F("latest"))
_COUNTED = Q(same_as=None) & ~Q(stage="draft")
MENDERS: Mapping[str, Q] = {
    HERE: Q(fingerprint=None) & ~Q(stage="closed"),
    LISTED: Q(fingerprint__isnull=False) & ~Q(stage="closed"),
    CLOSED: Q(stage="closed"),
}
HEAPING_CHECKS = ("first-of-january", "first-of-month")
CHECKS: Mapping[str, Callable[[], Q]] = {
    "dated-after-recording": _dated_after_recording,
    "long-ago": lambda: Q(latest__lt=LONG_AGO),
    "verified-before-recording": _verified_before_recording,
    "verified-without-source": _verified_without_a_source,
    "sex-of-a-body": _sex_of_a_body,
    "done-and-ruled-out": _done_and_ruled_out,
    "state-without-the-state": _state_without_the_state,
    "child-in-office": _child_in_office,
    "area-without-country": lambda: Q(country=UNKNOWN) & ~Q(area=UNKNOWN),
    "very-many-victims": _very_many_victims,
    "first-of-january": lambda: _EXACT & Q(earliest__month=1, earliest__day=1),
    "first-of-month": lambda: _EXACT & Q(earliest__day=1) & ~Q(earliest__month=1),
}
