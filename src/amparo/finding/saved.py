"""Searches that are kept under a name, and the columns that a person wants. The name is free text: it goes sealed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from amparo.finding.columns import USUAL, Column, known_columns
from amparo.finding.models import ListColumns, SavedSearch
from amparo.finding.search import Search, read_kept
from amparo.institutions.access import MANAGE_PEOPLE, may
from amparo.institutions.models import User
from amparo.vault import log
from amparo.vault import services as vault
from amparo.vault.models import Section

LONGEST_NAME = 80
MOST_SAVED = 100
_KIND = "search-name"


@dataclass(frozen=True, slots=True)
class NamedSearch:
    """A kept search as it is shown. `name` is None where this session's keys are closed."""

    saved: SavedSearch
    search: Search
    name: str | None = field(repr=False)
    may_change: bool


def saved_for(user: User) -> QuerySet[SavedSearch]:
    """The searches that `user` sees: her own, and those that are shared in her institution."""
    found = SavedSearch.objects.filter(institution=user.institution).filter(Q(owner=user) | Q(shared=True))
    return found.select_related("section").order_by("pk")


def changeable_by(user: User) -> QuerySet[SavedSearch]:
    """Those that `user` may rename and delete: her own, and shared ones where she looks after her colleagues."""
    found = saved_for(user)
    return found if may(user, MANAGE_PEOPLE) else found.filter(owner=user)


def open_saved(user: User, unlocked: vault.Unlocked | None) -> list[NamedSearch]:
    """All searches that `user` sees, with their names where `unlocked` opens them."""
    saved = list(saved_for(user)[: 2 * MOST_SAVED])
    opened = vault.open_sections([each.section for each in saved], unlocked) if unlocked else {}
    manages = may(user, MANAGE_PEOPLE)
    return [
        NamedSearch(
            each,
            read_kept(each.asked),
            str(opened[each.section_id]["name"]) if each.section_id in opened else None,
            manages or each.owner_id == user.pk,
        )
        for each in saved
    ]


def save_search(user: User, name: str, search: Search, *, shared: bool, form: str) -> SavedSearch | None:
    """Keep `search` under `name`; the same `form` again gives what it made before. None where there are enough."""
    if user.institution is None or SavedSearch.objects.filter(owner=user).count() >= MOST_SAVED:
        return None
    try:
        with transaction.atomic():
            saved = SavedSearch.objects.create(
                institution=user.institution,
                owner=user,
                shared=shared,
                asked=search.as_json(),
                section=_seal(user, name),
                form=form,
            )
            _log("search-saved", user, saved)
    except IntegrityError:
        return SavedSearch.objects.filter(form=form, owner=user).first()
    return saved


@transaction.atomic
def rename_search(user: User, saved: int, name: str, *, shared: bool) -> None:
    """Give a search another name, and say whether it is shared. Raises `SavedSearch.DoesNotExist`."""
    held = changeable_by(user).select_for_update(of=("self",)).get(pk=saved)
    old = held.section_id
    held.section, held.shared = _seal(user, name), shared
    held.save(update_fields=["section", "shared"])
    vault.destroy_sections([old])
    _log("search-renamed", user, held)


@transaction.atomic
def delete_search(user: User, saved: int) -> None:
    """Delete a search with its name. Raises `SavedSearch.DoesNotExist`."""
    held = changeable_by(user).select_for_update(of=("self",)).get(pk=saved)
    section, number = held.section_id, held.pk
    held.delete()
    vault.destroy_sections([section])
    held.pk = number
    _log("search-deleted", user, held)


def columns_for(user: User) -> list[Column]:
    """The columns of `user`'s list: those that she chose, else the usual ones."""
    kept = ListColumns.objects.filter(user=user).first()
    return (known_columns(kept.columns) if kept else []) or known_columns(USUAL)


def choose_columns(user: User, codes: Iterable[str]) -> Sequence[Column]:
    """Keep the columns that `user` wants; none chosen means the usual ones again."""
    chosen = known_columns(codes)
    if chosen:
        ListColumns.objects.update_or_create(user=user, defaults={"columns": [column.code for column in chosen]})
    else:
        ListColumns.objects.filter(user=user).delete()
    return chosen


def _seal(user: User, name: str) -> Section:
    assert user.institution is not None  # noqa: S101  (a page of the desk)
    return vault.keep_section({"name": name[:LONGEST_NAME]}, _KIND, [user.institution.key_pair])


def _log(action: str, user: User, saved: SavedSearch) -> None:
    log.record(
        action,
        actor=user.pk,
        institution=user.institution.code if user.institution else "",
        record=f"saved-search:{saved.pk}",
        facts={"shared": "yes" if saved.shared else "no"},
    )
