"""Searching by name, and keeping what was found for the pages that follow. The name itself is kept nowhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe

from django.db import transaction

from amparo.cases.models import AllegedPerpetrator, Victim
from amparo.finding.models.selections import NameSelection
from amparo.finding.names import find_by_name, find_perpetrators_by_name, index_missing, names_missing
from amparo.institutions.models import Institution, User, this_hour
from amparo.vault import log
from amparo.vault import services as vault

MOST_FOUND = 5_000
# As long as a session may last.
_KEPT = timedelta(hours=8)
_MOST_KEPT = 5
_KIND = "name-selection"
_INDEXED_EACH_TIME = 500


@dataclass(frozen=True, slots=True)
class FoundByName:
    """The numbers of the cases in which a name was found: spelled just so, or otherwise."""

    same: tuple[int, ...]
    alike: tuple[int, ...]
    cut: bool = False


def search_names(institution: Institution, unlocked: vault.Unlocked, text: str) -> FoundByName:
    """The cases of `institution` in which a victim or an alleged perpetrator has all parts of `text` in her name."""
    same: dict[int, None] = {}
    alike: dict[int, None] = {}
    victims = find_by_name(institution, unlocked, text)[: MOST_FOUND + 1]
    perpetrators = find_perpetrators_by_name(institution, unlocked, text)[: MOST_FOUND + 1]
    some: list[Victim | AllegedPerpetrator] = [*victims, *perpetrators]
    for bearer in some:
        # Not a column of theirs: what the search says of each.
        (alike if vars(bearer)["spelled"] else same)[bearer.incident_id] = None
    for incident in same:
        alike.pop(incident, None)
    cut = len(same) + len(alike) > MOST_FOUND
    kept = list(same)[:MOST_FOUND]
    return FoundByName(tuple(kept), tuple(alike)[: MOST_FOUND - len(kept)], cut)


def keep_found(user: User, found: FoundByName) -> str:
    """Keep what `user`'s search by name found, sealed; the key by which the address of a page names it."""
    with transaction.atomic():
        _forget(NameSelection.objects.filter(made_at__lt=this_hour() - _KEPT))
        mine = NameSelection.objects.filter(user=user).order_by("-pk").values_list("pk", flat=True)
        _forget(NameSelection.objects.filter(pk__in=list(mine[_MOST_KEPT - 1 :])))
        assert user.institution is not None  # noqa: S101  (a page of the desk)
        section = vault.keep_section(
            {"same": list(found.same), "alike": list(found.alike), "cut": found.cut},
            _KIND,
            [user.institution.key_pair],
        )
        key = token_urlsafe(24)
        NameSelection.objects.create(key=key, user=user, section=section)
        log.record(
            "name-searched",
            actor=user.pk,
            institution=user.institution.code,
            facts={"cases": len(found.same) + len(found.alike)},
        )
    return key


def find_kept(user: User, key: str, unlocked: vault.Unlocked | None) -> FoundByName | None:
    """What `user`'s search by name found; None where it has ended, or her keys are not open."""
    if not key or unlocked is None:
        return None
    kept = NameSelection.objects.filter(user=user, key=key, made_at__gte=this_hour() - _KEPT).select_related("section")
    selection = kept.first()
    if selection is None:
        return None
    fields = vault.open_sections([selection.section], unlocked).get(selection.section_id)
    if fields is None:
        return None
    return FoundByName(_numbers(fields["same"]), _numbers(fields["alike"]), bool(fields["cut"]))


def index_some(institution: Institution, unlocked: vault.Unlocked) -> int:
    """Index a few of the names that are missing, at a search; how many are left."""
    return index_missing(institution, unlocked, _INDEXED_EACH_TIME)


def index_names_of(user: User, unlocked: vault.Unlocked, at_most: int) -> int:
    """Make up to `at_most` names of `user`'s institution findable; how many are left."""
    institution = user.institution
    assert institution is not None  # noqa: S101  (a page of the desk)
    before = names_missing(institution)
    left = index_missing(institution, unlocked, at_most)
    if left < before:
        with transaction.atomic():
            facts: dict[str, str | int] = {"names": before - left, "left": left}
            log.record("names-indexed", actor=user.pk, institution=institution.code, facts=facts)
    return left


def _forget(selections: Iterable[NameSelection]) -> None:
    gone = list(selections)
    NameSelection.objects.filter(pk__in=[each.pk for each in gone]).delete()
    vault.destroy_sections(each.section_id for each in gone)


def _numbers(values: object) -> tuple[int, ...]:
    return tuple(int(each) for each in values) if isinstance(values, list) else ()
