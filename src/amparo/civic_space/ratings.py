"""Ratings by others: bringing them in, and reading them with what their scale says."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from amparo.cases.dates import EventDate
from amparo.civic_space.models import Rating
from amparo.civic_space.scales import Scale, ScaleNotFound, ScaleValue, get_scale
from amparo.civic_space.services import empty_public_pages
from amparo.institutions.models import this_hour
from amparo.vault import log


@dataclass(frozen=True, slots=True)
class RatingFacts:
    """What a scale's publisher said of a country at a date."""

    country: str
    value: str
    date: EventDate
    link: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many ratings were new, there already, and there with another value, which was replaced where asked for."""

    new: int
    already_there: int
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownRating:
    """A rating with its scale and value."""

    rating: Rating
    scale: Scale
    value: ScaleValue


@transaction.atomic
def record_ratings(scale: Scale, ratings: Iterable[RatingFacts], *, replace: bool = False) -> Recorded:
    """Keep `ratings` of `scale`. One with another value stays, unless `replace`; both ways it is told."""
    there = {(each.country, str(each.date)): each for each in Rating.objects.filter(scale=scale.code)}
    new, same, changed = [], 0, []
    for each in ratings:
        known = there.get((each.country, str(each.date)))
        if known is None:
            new.append(_row(scale, each))
        elif known.value == each.value:
            same += 1
        else:
            changed.append(each.country)
            if replace:
                known.value, known.position = each.value, scale.values[each.value].position
                known.link = each.link or known.link
                known.save()
    Rating.objects.bulk_create(new, batch_size=500)
    if new or (changed and replace):
        transaction.on_commit(empty_public_pages)
        replaced = len(changed) if replace else 0
        log.record("ratings-imported", facts={"scale": scale.code, "new": len(new), "replaced": replaced})
    return Recorded(len(new), same, tuple(changed))


def ratings_of(country: str) -> list[ShownRating]:
    """The ratings of `country`, scale by scale, oldest first, without those whose scale is gone."""
    shown = []
    for rating in Rating.objects.filter(country=country):
        try:
            scale = get_scale(rating.scale)
        except ScaleNotFound:
            continue
        if rating.value in scale.values:
            shown.append(ShownRating(rating, scale, scale.values[rating.value]))
    return shown


def _row(scale: Scale, facts: RatingFacts) -> Rating:
    row = Rating(
        scale=scale.code,
        country=facts.country,
        value=facts.value,
        position=scale.values[facts.value].position,
        link=facts.link,
        recorded_at=this_hour(),
    )
    row.date, row.earliest = facts.date, facts.date.earliest
    return row
