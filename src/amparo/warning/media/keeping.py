"""Keeping published reports: brought in, put aside, taken back; each step in one transaction, and in the log."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, QuerySet

from amparo.institutions.models import Institution, User, this_hour
from amparo.vault import log
from amparo.warning.held import NotNow
from amparo.warning.media.items import Item
from amparo.warning.models import MediaItem

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Brought:
    """How many of a file or a feed were `new`, and how many were there `before`."""

    new: int
    before: int


def media_items_for(user: User) -> QuerySet[MediaItem]:
    """The published reports that `user`'s institution brought in, the newest first."""
    newest = F("published_on").desc(nulls_last=True)
    return MediaItem.objects.filter(institution=user.institution_id).order_by(newest, "-pk")


@transaction.atomic
def bring_in(user: User, items: Sequence[Item]) -> Brought:
    """Keep what is not there yet. The same item twice is one, whether it comes in one file or in two."""
    assert user.institution is not None  # noqa: S101  (a page for members only)
    brought = keep_new(user.institution, items)
    if brought.new:
        log.record("media-brought-in", actor=user.pk, institution=user.institution.code, facts={"items": brought.new})
    return brought


def keep_new(institution: Institution, items: Sequence[Item]) -> Brought:
    """`bring_in` as part of the caller's transaction, who notes it in the log."""
    wanted = {each.key: each for each in items}
    there = _keys_there(institution, list(wanted))
    now = this_hour()
    new = [
        MediaItem(
            institution=institution,
            key=key,
            title=each.title,
            link=each.link,
            publisher=each.publisher,
            language=each.language,
            published_on=each.published_on,
            brought_in_at=now,
        )
        for key, each in wanted.items()
        if key not in there
    ]
    # A colleague may bring the same in at the same time.
    MediaItem.objects.bulk_create(new, batch_size=_AT_ONCE, ignore_conflicts=True)
    return Brought(len(new), len(items) - len(new))


@transaction.atomic
def put_aside(user: User, item: int, *, aside: bool = True) -> MediaItem:
    """Put an item aside that need not be read, or take it back.

    Raises `MediaItem.DoesNotExist`, and `NotNow` where a signal was made of it.
    """
    held = (
        MediaItem.objects.select_for_update(of=("self",))
        .select_related("institution")
        .get(pk=item, institution=user.institution_id)
    )
    if held.signal_id is not None:
        raise NotNow
    if held.is_put_aside != aside:
        held.is_put_aside = aside
        held.save(update_fields=["is_put_aside"])
        action = "media-put-aside" if aside else "media-taken-back"
        log.record(action, actor=user.pk, institution=held.institution.code, record=f"media-item:{item}")
    return held


def _keys_there(institution: Institution, keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        found |= set(MediaItem.objects.filter(institution=institution, key__in=some).values_list("key", flat=True))
    return found
