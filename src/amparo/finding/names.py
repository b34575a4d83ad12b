"""Finding people by their names, which are sealed: by keyed tokens of them (`vault.blind_index`).

The key of the tokens follows from the institution's private key, so that they can be made and searched in an unlocked
session only. Who writes a name in one calls `index_victim` or `index_perpetrator`; what was written without the key
(imported rows, accepted reports), or under a key that was rotated since, is found by `index_missing`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import transaction
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from amparo.cases.models import AllegedPerpetrator, Victim
from amparo.finding.models.names import EXACT, VARIANT, NameIndexed, NameToken
from amparo.finding.name_variants import sought_variants, written_variants
from amparo.institutions.models import Institution
from amparo.vault import services as vault
from amparo.vault.blind_index import TOKEN_BYTES, blind_tokens, fingerprint, name_key

# The fields of an identity section that hold names; several names of one person all find her.
NAME_FIELDS = ("name", "other_names", "alias", "aliases", "nickname")
LONGEST_NAME = 200
_MOST_PARTS = 8

_B = TypeVar("_B", Victim, AllegedPerpetrator)


@dataclass(frozen=True, slots=True)
class _SoughtName:
    """The tokens of a name that is searched: all of `exact`, or of each group of `spellings` one."""

    exact: frozenset[bytes] = field(repr=False)
    spellings: tuple[frozenset[bytes], ...] = field(repr=False)


def names_in(identity: Mapping[str, object]) -> str:
    """All names that stand in the fields of an opened identity section; "" where there are none."""
    found = (identity.get(name) for name in NAME_FIELDS)
    return " ".join(
        part for value in found if value for part in (map(str, value) if isinstance(value, list) else [str(value)])
    )


@transaction.atomic
def index_victim(victim: Victim, name: str, unlocked: vault.Unlocked) -> None:
    """Make `victim` findable by `name`, and by no name that she had before; "" where she has none."""
    _index({victim: name}, victim.incident.institution_id, unlocked)


@transaction.atomic
def index_perpetrator(perpetrator: AllegedPerpetrator, name: str, unlocked: vault.Unlocked) -> None:
    """Make `perpetrator` findable by `name`, and by no name that was there before; "" for none."""
    _index({perpetrator: name}, perpetrator.incident.institution_id, unlocked)


@transaction.atomic
def forget_name(bearer: _B) -> None:
    """Take the tokens of `bearer` away, whose name was changed without the key: `index_missing` makes them anew."""
    NameToken.objects.filter(**_of([bearer])).delete()
    NameIndexed.objects.filter(**_of([bearer])).delete()


def names_missing(institution: Institution) -> int:
    """How many sealed names of `institution` are not found yet, as no tokens were made under its present key."""
    return _missing(Victim, institution).count() + _missing(AllegedPerpetrator, institution).count()


def index_missing(institution: Institution, unlocked: vault.Unlocked, at_most: int = 500) -> int:
    """Open up to `at_most` names that are not indexed, and index them; how many are left."""
    at_most -= _index_some(Victim, institution, unlocked, at_most)
    _index_some(AllegedPerpetrator, institution, unlocked, at_most)
    return names_missing(institution)


@transaction.atomic
def _index_some(bearers: type[_B], institution: Institution, unlocked: vault.Unlocked, at_most: int) -> int:
    _wait_for_turn(institution.pk)
    some = list(_missing(bearers, institution).select_related("section").order_by("pk")[: max(0, at_most)])
    opened = vault.open_sections([each.section for each in some if each.section], unlocked)
    # One whose section is closed to this key has no name here; it isn't asked for again until the key changes.
    fields = {each: opened.get(each.section.pk) if each.section else None for each in some}
    _index({each: names_in(found or {}) for each, found in fields.items()}, institution.pk, unlocked)
    return len(some)


def find_by_name(institution: Institution, unlocked: vault.Unlocked, text: str) -> QuerySet[Victim]:
    """The victims in whose name all parts of `text` are, those spelled just so first, then other spellings.

    None where `text` has no letters.
    """
    found = Victim.objects.filter(incident__institution=institution)
    return _by_name(found, "victim", institution, unlocked, text)


def find_perpetrators_by_name(
    institution: Institution, unlocked: vault.Unlocked, text: str
) -> QuerySet[AllegedPerpetrator]:
    """The alleged perpetrators whose name has all parts of `text`, as `find_by_name` does for victims."""
    found = AllegedPerpetrator.objects.filter(incident__institution=institution)
    return _by_name(found, "alleged_perpetrator", institution, unlocked, text)


def _by_name(
    bearers: QuerySet[_B], column: str, institution: Institution, unlocked: vault.Unlocked, text: str
) -> QuerySet[_B]:
    sought = _sought(text, name_key(unlocked.private))
    if sought is None:
        return bearers.none()

    def having(tokens: Iterable[bytes]) -> Q:
        found = NameToken.objects.filter(institution=institution, token__in=list(tokens))
        return Q(pk__in=found.filter(**{f"{column}__isnull": False}).values(column))

    spelled_so = _all_of(having([token]) for token in sought.exact)
    spelled_alike = _all_of(having(tokens) for tokens in sought.spellings)
    return (
        bearers.filter(spelled_so | spelled_alike)
        .annotate(spelled=Case(When(spelled_so, then=Value(0)), default=Value(1), output_field=IntegerField()))
        .order_by("spelled", "pk")
    )


def _all_of(conditions: Iterable[Q]) -> Q:
    every = Q()
    for condition in conditions:
        every &= condition
    return every


def _sought(text: str, key: bytes) -> _SoughtName | None:
    text = text[:LONGEST_NAME]
    exact = blind_tokens(text, key)
    if not exact:
        return None
    spellings = tuple(_variant_tokens(part, key) for part in sought_variants(text)[:_MOST_PARTS])
    # A name of digits alone has no spelling: as it is written, or not at all.
    return _SoughtName(frozenset(sorted(exact)[:_MOST_PARTS]), spellings or (exact,))


def _variant_tokens(skeletons: Iterable[str], key: bytes) -> frozenset[bytes]:
    return frozenset(fingerprint([each], key, "amparo/name-variant/1")[:TOKEN_BYTES] for each in skeletons)


def _tokens(name: str, key: bytes) -> Iterator[tuple[bytes, str]]:
    yield from ((token, EXACT) for token in blind_tokens(name, key))
    yield from ((token, VARIANT) for token in _variant_tokens(written_variants(name), key))


def _index(named: Mapping[_B, str], institution: int, unlocked: vault.Unlocked) -> None:
    _wait_for_turn(institution)
    key, bearers = name_key(unlocked.private), list(named)
    NameToken.objects.filter(**_of(bearers)).delete()
    NameIndexed.objects.filter(**_of(bearers)).delete()
    NameToken.objects.bulk_create(
        NameToken(institution_id=institution, **{_column(each): each}, token=token, kind=kind)
        for each, name in named.items()
        for token, kind in _tokens(name, key)
    )
    NameIndexed.objects.bulk_create(
        NameIndexed(**{_column(each): each}, key_pair_id=unlocked.key_pair_id) for each in bearers
    )


def _missing(bearers: type[_B], institution: Institution) -> QuerySet[_B]:
    """The sealed names of `institution` that have no tokens under its present key."""
    return bearers._default_manager.filter(incident__institution=institution, section__isnull=False).exclude(
        name_indexed__key_pair=institution.key_pair_id
    )


def _wait_for_turn(institution: int) -> None:
    """Hold off who else indexes for `institution`: a name that is changed meanwhile must not be indexed as it was."""
    Institution.objects.select_for_update(no_key=True).filter(pk=institution).values_list("pk").first()


def _column(bearer: Victim | AllegedPerpetrator) -> str:
    return "victim" if isinstance(bearer, Victim) else "alleged_perpetrator"


def _of(bearers: Iterable[_B]) -> dict[str, list[_B]]:
    some = list(bearers)
    return {f"{_column(some[0])}__in": some} if some else {"pk__in": []}
