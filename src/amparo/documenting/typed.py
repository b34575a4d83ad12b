"""What is being typed and was not sent yet: sealed to the institution, one draft a person, form and record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from amparo.cases.models import SealedDraft
from amparo.institutions.models import User, this_hour
from amparo.vault import services as vault

DRAFT = "draft"
KEPT_DAYS = 30
LONGEST = 400_000
# Fields of the page, not of the person.
_NOT_TYPED = frozenset({"csrfmiddlewaretoken", "keep-draft", "show-areas", "then", "draft-form", "draft-record"})


class TooLong(Exception):
    """More than a draft may hold."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A draft that can be gone on with: `fields` as they were posted; None where it is closed to this session."""

    pk: int
    record: str
    saved_at: datetime
    fields: QueryDict | None = field(repr=False)


@transaction.atomic
def keep_draft(user: User, form: str, record: str, fields: Mapping[str, Sequence[str]]) -> None:
    """Keep what `user` typed in place of what was kept before. Raises `TooLong`."""
    typed = {name: list(values) for name, values in fields.items() if name not in _NOT_TYPED}
    if sum(len(name) + sum(map(len, values)) for name, values in typed.items()) > LONGEST:
        raise TooLong
    institution = user.institution
    assert institution is not None  # noqa: S101  (desk pages are for members)
    section = vault.keep_section({"fields": typed}, DRAFT, [institution.key_pair])
    held = SealedDraft.objects.select_for_update().filter(user=user, form=form, record=record).first()
    if held is None:
        SealedDraft.objects.create(user=user, institution=institution, form=form, record=record, section=section)
        return
    old, held.section, held.saved_at = held.section_id, section, this_hour()
    held.save()
    vault.destroy_sections([old])


def find_drafts(
    user: User, form: str, record: str, unlocked: vault.Unlocked | None, *, begins: bool = False
) -> list[Typed]:
    """The drafts of `user` for this form and record, newest first; with `begins`, of all records that begin so."""
    mine = SealedDraft.objects.filter(user=user, form=form, institution=user.institution)
    wanted = mine.filter(record__startswith=record) if begins else mine.filter(record=record)
    found = list(wanted.select_related("section").order_by("-saved_at", "-pk"))
    opened = vault.open_sections([each.section for each in found], unlocked) if unlocked and found else {}
    return [Typed(each.pk, each.record, each.saved_at, _posted(opened.get(each.section_id))) for each in found]


@transaction.atomic
def destroy_drafts(user: User, form: str, record: str) -> int:
    """Destroy what was kept of a form, for it was sent, or given up. How many."""
    return _destroy(SealedDraft.objects.filter(user=user, form=form, record=record).values_list("pk", "section_id"))


def destroy_old_drafts() -> int:
    """Destroy what nobody went on with for `KEPT_DAYS` days. How many. A duty of the background."""
    before = timezone.now() - timedelta(days=KEPT_DAYS)
    with transaction.atomic():
        return _destroy(SealedDraft.objects.filter(saved_at__lt=before).values_list("pk", "section_id")[:500])


def _destroy(rows: object) -> int:
    found = list(rows)  # type: ignore[call-overload]
    SealedDraft.objects.filter(pk__in=[pk for pk, _ in found]).delete()
    vault.destroy_sections([section for _, section in found])
    return len(found)


def _posted(opened: Mapping[str, object] | None) -> QueryDict | None:
    if opened is None:
        return None
    fields, posted = opened.get("fields"), QueryDict(mutable=True)
    if isinstance(fields, dict):
        for name, values in fields.items():
            if isinstance(values, list):
                posted.setlist(str(name), [str(value) for value in values])
    return posted
