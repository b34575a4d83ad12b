"""A reprisal as it comes in, checked, before it is written: plain values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from amparo.cases.dates import EventDate

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FormDraft:
    """One form with what documents it: codes by question, columns of its record, texts that go sealed."""

    form: str
    date: EventDate | None = None
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    columns: Mapping[str, object] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class CooperationDraft:
    """Cooperation with a body of the United Nations; `text` goes sealed."""

    body: str = UNKNOWN
    manner: str = UNKNOWN
    date: EventDate | None = None
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class TargetDraft:
    """Whom it was directed at: a code of targets, and the forms that hit it. The name goes sealed."""

    target: str
    forms: tuple[str, ...]
    sex: str = UNKNOWN
    name: str = field(default="", repr=False)

    @property
    def kind(self) -> str:
        return "institution" if self.target == "nhri-institution" else "person"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said of a reprisal as a whole."""

    because_of_mandate: str = UNKNOWN
    because_of_cooperation: str = UNKNOWN
    novelty: str = UNKNOWN
    extent: str = UNKNOWN
    in_un_document: str = UNKNOWN
    consequences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReprisalDraft:
    """A whole reprisal: one incident."""

    facts: Facts
    forms: tuple[FormDraft, ...]
    targets: tuple[TargetDraft, ...]
    date: EventDate | None = None
    cooperations: tuple[CooperationDraft, ...] = ()
    perpetrators: tuple[str, ...] = ()
    status: str = "reported"
    text: str = field(default="", repr=False)
