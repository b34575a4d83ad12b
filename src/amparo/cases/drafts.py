"""Incidents as they come in, before they are written: plain values, already coded. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from amparo.cases.dates import EventDate

UNKNOWN = "unknown"
SealedFields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PlaceDraft:
    """The place that stands at `order` among a victim's; which place it is goes sealed."""

    order: int = 1
    kind: str = UNKNOWN
    precision: str = UNKNOWN
    sealed: SealedFields = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class PerpetratorDraft:
    """An alleged perpetrator of whom more is told than a kind."""

    kind: str = UNKNOWN
    state_link: str = UNKNOWN
    identity: SealedFields = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class VictimDraft:
    """A victim with the kinds of the acts against her, and what of her goes sealed.

    `date` is that of her acts where it differs from the incident's, `methods` are the means of the first of them.
    `alleged` are places in the incident's `alleged`: who is said to have acted against her; None for all of them.
    """

    kind: str = "person"
    target: str = UNKNOWN
    sex: str = UNKNOWN
    gender: str = UNKNOWN
    age_band: str = UNKNOWN
    profiles: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    identity: SealedFields = field(default_factory=dict, repr=False)
    date: EventDate | None = None
    methods: tuple[str, ...] = ()
    ruled_out: tuple[str, ...] = ()
    places: tuple[PlaceDraft, ...] = ()
    alleged: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class IncidentDraft:
    """An incident with everything in it. `sources` are codes of `Source`; `fingerprint`s tell it again.

    `perpetrators` are kinds of those of whom nothing else is told; they are said to have acted against every victim.
    """

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
    alleged: tuple[PerpetratorDraft, ...] = ()
