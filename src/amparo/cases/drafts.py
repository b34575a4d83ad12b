"""Incidents as they come in, before they are written: plain values, already coded. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from amparo.cases.dates import EventDate

UNKNOWN = "unknown"
SealedFields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class VictimDraft:
    """A victim with the kinds of the acts against her, and what of her goes sealed."""

    kind: str = "person"
    target: str = UNKNOWN
    sex: str = UNKNOWN
    gender: str = UNKNOWN
    age_band: str = UNKNOWN
    profiles: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    identity: SealedFields = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class IncidentDraft:
    """An incident with everything in it. `sources` are codes of `Source`; `fingerprint`s tell it again."""

    date: EventDate | None = None
    country: str = UNKNOWN
    area: str = UNKNOWN
    setting: str = UNKNOWN
    status: str = "reported"
    sector: str = UNKNOWN
    victims: tuple[VictimDraft, ...] = ()
    perpetrators: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    narrative: SealedFields = field(default_factory=dict, repr=False)
    fingerprint: bytes | None = None
    content_fingerprint: bytes | None = None
