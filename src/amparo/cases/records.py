"""The records of a case as they are read: opened as far as this session may, counted and called by names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language, gettext

from amparo.cases.merging import Value
from amparo.cases.models import Incident
from amparo.cases.parts import Part, read_values, records_of, sections_of
from amparo.vault import services as vault
from amparo.vocabularies.catalogue import get_vocabulary

# Of a long name only so much stands in a list to choose from.
_SHORT = 60


@dataclass(frozen=True, slots=True)
class OpenedRecord:
    """A record with its values, as far as they are open; `number` counts it within the case, from 1."""

    record: Any
    number: int
    values: dict[str, Value] = field(repr=False)

    @property
    def name(self) -> str:
        """What it is called in what is sealed; "" where nothing is, or it is closed."""
        return str(self.values.get("name") or self.values.get("place") or "")


def open_records(
    part: Part, records: Sequence[Any], unlocked: vault.Unlocked | None, numbers: dict[int, int] | None = None
) -> list[OpenedRecord]:
    """`records` with their values. `numbers` are how they are counted in the case; by their order here without."""
    sections = sections_of(part, records)
    opened = vault.open_sections(sections, unlocked) if unlocked is not None and sections else {}
    return [
        OpenedRecord(record, (numbers or {}).get(record.pk, place), read_values(part, record, opened))
        for place, record in enumerate(records, start=1)
    ]


def numbers_of(part: Part, incident: Incident) -> dict[int, int]:
    """How the records of a case are counted: the first is 1."""
    return {pk: place for place, pk in enumerate(records_of(part, incident).values_list("pk", flat=True), start=1)}


def victim_label(opened: OpenedRecord) -> str:
    """How a victim is called on pages of the case."""
    return _with_name(victim_number(opened.number), opened.name)


def perpetrator_label(opened: OpenedRecord) -> str:
    """How an alleged perpetrator is called on pages of the case."""
    term = get_vocabulary("alleged-perpetrators").terms.get(opened.record.kind)
    kind = term.label(get_language() or "en") if term else opened.record.kind
    return _with_name(f"{opened.number}. {kind}", opened.name)


def opened_sections(part: Part, records: Iterable[OpenedRecord]) -> int:
    """How many sealed sections were opened to read `records`: what the log is told."""
    return sum(
        getattr(each.record, f"{sealed.relation}_id") is not None and set(sealed.fields) <= each.values.keys()
        for each in records
        for sealed in part.sealed
    )


def victim_number(number: int | None) -> str:
    return gettext("Victim %(number)s") % {"number": number or "–"}


def place_label(opened: OpenedRecord) -> str:
    term = get_vocabulary("place-kinds").terms.get(opened.record.kind)
    kind = term.label(get_language() or "en") if term else opened.record.kind
    return _with_name(f"{opened.number}. {kind}", opened.name)


def _with_name(called: str, name: str) -> str:
    if not name:
        return called
    short = name if len(name) <= _SHORT else f"{name[:_SHORT]}…"
    return f"{called}: {short}"
