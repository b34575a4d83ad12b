"""Keeping the profiles of NHRIs: the only writer. Each change raises the profile's version, and is in the log."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from amparo.institutions.models import Institution, User, this_hour
from amparo.reprisals.models import Accreditation, NhriProfile, PillarState, ProfileCode, Seat, YearFigures
from amparo.reprisals.registering import ChangedMeanwhile, KeysClosed, ReprisalError
from amparo.reprisals.scope import is_of_any_country, may_add_profile, profiles_kept_by
from amparo.vault import log
from amparo.vault import services as vault
from amparo.vault.models import LogEntry
from amparo.vocabularies.places import ganhri_network

IDENTITY = "identity"
_PartT = TypeVar("_PartT", Accreditation, YearFigures, Seat)


class ProfileThere(ReprisalError):
    """The institution has a profile already."""

    code = "profile-there"


class YearThere(ReprisalError):
    """There are figures of that year already."""

    code = "year-there"


@dataclass(frozen=True, slots=True)
class ProfileFacts:
    """What a profile says; codes by question, state by pillar, names by language."""

    names: Mapping[str, str]
    country: str
    columns: Mapping[str, Any]
    codes: Mapping[str, Iterable[str]] = field(default_factory=dict)
    pillars: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def add_profile(user: User, facts: ProfileFacts, token: str) -> NhriProfile:
    """A new profile; at an NHRI that of the NHRI itself. The same one where the form was sent before.

    Raises `ProfileThere`, and PermissionDenied where `user` may not add one, or one of that country.
    """
    institution: Institution | None = user.institution
    if institution is None:
        raise PermissionDenied
    sent = LogEntry.objects.filter(action="nhri-added", institution=institution.code, facts__token=token).first()
    if sent is not None:
        return NhriProfile.objects.get(pk=int(sent.record.partition(":")[2]))
    if not may_add_profile(user):
        raise ProfileThere if NhriProfile.objects.filter(institution=institution).exists() else PermissionDenied
    of_any_country = is_of_any_country(user)
    if not of_any_country and facts.country != institution.country:
        raise PermissionDenied
    profile = NhriProfile(kept_by=institution, institution=None if of_any_country else institution)
    _set(profile, facts)
    _note("nhri-added", profile, user, {"country": facts.country, "token": token})
    return profile


@transaction.atomic
def change_profile(user: User, profile: int, facts: ProfileFacts, version: int) -> NhriProfile:
    """Change a profile. Raises `ChangedMeanwhile`, and `NhriProfile.DoesNotExist` where it isn't `user`'s to change."""
    held = _take(user, profile, version)
    if not is_of_any_country(user) and facts.country != held.country:
        raise PermissionDenied
    held.version += 1
    held.changed_at = this_hour()
    _set(held, facts)
    _note("nhri-changed", held, user, {})
    return held


@transaction.atomic
def keep_part(user: User, profile: int, part: _PartT, version: int, token: str = "") -> _PartT:
    """Add or change a part of a profile: accreditation, figures of a year, seat. One sent twice is added once.

    Raises `ChangedMeanwhile`, `YearThere`, `NhriProfile.DoesNotExist`.
    """
    adds = part.pk is None
    held = _take(user, profile, None if adds else version)
    if adds and _was_sent(held, token):
        return part
    part.profile = held
    if isinstance(part, Accreditation):
        part.earliest = part.date.earliest if part.date else None
    try:
        with transaction.atomic():
            part.save()
    except IntegrityError:
        raise YearThere from None
    _raise_version(held)
    facts: dict[str, str | int] = {"part": _name(part), "number": part.pk}
    _note("nhri-part-added" if adds else "nhri-part-changed", held, user, facts | ({"token": token} if adds else {}))
    return part


@transaction.atomic
def keep_seat(
    user: User, profile: int, seat: Seat, name: str, version: int, unlocked: vault.Unlocked | None, token: str = ""
) -> Seat:
    """Add or change a seat, with the name of who holds it sealed. Raises as `keep_part`, and `KeysClosed`."""
    institution = user.institution
    assert institution is not None  # noqa: S101
    fields = {"name": name} if name else {}
    if seat.section is None:
        seat.section = vault.keep_section(fields, IDENTITY, [institution.key_pair]) if fields else None
    elif unlocked is not None:
        vault.rewrite_section(seat.section, unlocked, fields)
    elif fields:
        raise KeysClosed
    return keep_part(user, profile, seat, version, token)


@transaction.atomic
def remove_part(user: User, profile: int, part: Accreditation | YearFigures | Seat) -> None:
    """Remove a part of a profile. Raises `NhriProfile.DoesNotExist` where it isn't `user`'s to change."""
    held = _take(user, profile, None)
    number, name = part.pk, _name(part)
    part.delete()
    _raise_version(held)
    _note("nhri-part-removed", held, user, {"part": name, "number": number})


def _take(user: User, profile: int, version: int | None) -> NhriProfile:
    held: NhriProfile = profiles_kept_by(user).select_for_update(of=("self",)).get(pk=profile)
    if version is not None and held.version != version:
        raise ChangedMeanwhile
    return held


def _set(profile: NhriProfile, facts: ProfileFacts) -> None:
    profile.names = {language: name for language, name in facts.names.items() if name}
    profile.country = facts.country
    for column, value in facts.columns.items():
        setattr(profile, column, value)
    if profile.network == "unknown":
        profile.network = ganhri_network(facts.country)
    profile.save()
    profile.codes.all().delete()
    ProfileCode.objects.bulk_create(
        ProfileCode(profile=profile, question=question, code=code)
        for question, chosen in facts.codes.items()
        for code in dict.fromkeys(chosen)
    )
    profile.pillars.all().delete()
    PillarState.objects.bulk_create(
        PillarState(profile=profile, pillar=pillar, state=state) for pillar, state in facts.pillars.items()
    )


def _raise_version(profile: NhriProfile) -> None:
    profile.version += 1
    profile.changed_at = this_hour()
    profile.save(update_fields=["version", "changed_at"])


def _was_sent(profile: NhriProfile, token: str) -> bool:
    return bool(token) and LogEntry.objects.filter(record=f"nhri:{profile.pk}", facts__token=token).exists()


def _name(part: Accreditation | YearFigures | Seat) -> str:
    return {Accreditation: "accreditation", YearFigures: "year", Seat: "seat"}[type(part)]


def _note(action: str, profile: NhriProfile, user: User, facts: dict[str, str | int]) -> None:
    institution = user.institution
    log.record(
        action,
        actor=user.pk,
        institution=institution.code if institution else "",
        record=f"nhri:{profile.pk}",
        facts=facts,
    )
