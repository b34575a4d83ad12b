"""At a glance: which part of a case may be known to whom, for what and until when, and who has it now."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from amparo.cases.models import Incident
from amparo.cases.sharing.parts import CasePart
from amparo.institutions.models import Institution
from amparo.institutions.services import RECIPIENT_OF_KIND
from amparo.vault.consent import today, usable_keys
from amparo.vault.models import Consent


class State(StrEnum):
    """What became of a consent."""

    HOLDS = "holds"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


def state_of(consent: Consent, on: date | None = None) -> State:
    """How `consent` stands on that day; today where none is given."""
    if consent.withdrawn_on is not None:
        return State.WITHDRAWN
    if consent.replaced_by_id is not None:
        return State.REPLACED
    if consent.expires_on is not None and consent.expires_on < (on or today()):
        return State.EXPIRED
    return State.HOLDS


@dataclass(frozen=True, slots=True)
class Agreed:
    """A consent in a cell."""

    purpose: str
    state: State
    until: date | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One part and one recipient: what was agreed, newest last, and which institutions of this kind have a key."""

    recipient: str
    agreed: tuple[Agreed, ...]
    holders: tuple[Institution, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A part of the case with a cell for each recipient of the matrix."""

    part: CasePart
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """`recipients` are those who were ever agreed to or have something: the columns."""

    recipients: tuple[str, ...]
    rows: tuple[Row, ...]


def consent_matrix(
    incident: Incident, parts: Sequence[CasePart], shown: Iterable[CasePart], recipients: Sequence[str]
) -> Matrix:
    """The matrix of `shown`, some of `parts`, with the columns that all `parts` need, in the order of `recipients`.

    Three queries, however many parts.
    """
    shown, sections = list(shown), [part.section for part in parts]
    used = set(Consent.objects.filter(section__in=sections).values_list("recipient", flat=True).distinct())
    agreed = _agreed(part.section for part in shown)
    holders = _holders(incident, [part.section for part in shown])
    used |= {recipient for _, recipient in holders}
    columns = tuple(code for code in recipients if code in used)
    rows = tuple(Row(part, tuple(_cell(part.section, code, agreed, holders) for code in columns)) for part in shown)
    return Matrix(columns, rows)


_Agreed = Mapping[tuple[UUID, str], list[Agreed]]
_Holders = Mapping[tuple[UUID, str], list[Institution]]


def _cell(section: UUID, recipient: str, agreed: _Agreed, holders: _Holders) -> Cell:
    key = (section, recipient)
    return Cell(recipient, tuple(agreed.get(key, ())), tuple(holders.get(key, ())))


def _agreed(sections: Iterable[UUID]) -> _Agreed:
    """What was agreed last for each section, recipient and purpose."""
    last: dict[tuple[UUID, str, str], Consent] = {}
    for consent in Consent.objects.filter(section__in=list(sections), replaced_by=None).order_by("pk"):
        last[consent.section_id, consent.recipient, consent.purpose] = consent
    found: defaultdict[tuple[UUID, str], list[Agreed]] = defaultdict(list)
    for (section, recipient, purpose), consent in last.items():
        found[section, recipient].append(Agreed(purpose, state_of(consent), consent.expires_on))
    return found


def _holders(incident: Incident, sections: list[UUID]) -> _Holders:
    found: defaultdict[tuple[UUID, str], list[Institution]] = defaultdict(list)
    others = usable_keys().filter(section__in=sections, holder__institution__isnull=False)
    keys = others.exclude(holder__institution=incident.institution_id).select_related("holder__institution")
    for key in keys.order_by("holder__institution__code"):
        institution: Institution = key.holder.institution
        found[key.section_id, RECIPIENT_OF_KIND.get(institution.kind, "")].append(institution)
    return found
