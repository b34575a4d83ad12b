"""The parts that a case is written in: of each record, which values lie in columns and which are sealed.

Every part is read and written as flat values (`cases.merging`), so that one set of writers (`cases.changing`), one
merge and one page serve them all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from amparo.cases.dates import EventDate
from amparo.cases.merging import Value, Values
from amparo.cases.models import Act, AllegedPerpetrator, Incident, Information, Person, Place, Source, Victim
from amparo.vault.models import Section

UNNAMED = "unnamed-"
OF_KIND = "kind:"
Opened = Mapping[Any, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class SealedPart:
    """A sealed section of a record: `fields` are value name → field of the section."""

    relation: str
    kind: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SetOf:
    """Rows below a record that hold a set of codes: `columns` of one row, written "a" or "a:b"."""

    related: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A part of a case: what of a record is written on one form.

    `links` are columns that point to another record of the same case.
    """

    code: str
    model: type[models.Model]
    columns: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    links: Mapping[str, type[models.Model]] = field(default_factory=dict)
    sets: Mapping[str, SetOf] = field(default_factory=dict)
    sealed: tuple[SealedPart, ...] = ()

    @property
    def sealed_names(self) -> frozenset[str]:
        """The values that go sealed."""
        return frozenset(name for part in self.sealed for name in part.fields)


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


WHAT = Part(
    "what",
    Incident,
    columns=(
        "country",
        "area",
        "setting",
        "sector",
        "because_of_work",
        "because_of_mandate",
        "because_of_cooperation",
    ),
    dates=("date",),
)
STORY = Part(
    "story",
    Incident,
    sealed=(
        SealedPart("section", "narrative", _same("text", "links")),
        SealedPart("notes", "notes", {"notes": "text"}),
    ),
)
PLACE = Part(
    "place",
    Place,
    columns=("kind", "precision"),
    links={"victim": Victim},
    sealed=(SealedPart("section", "place", _same("place", "latitude", "longitude")),),
)
VICTIM = Part(
    "victim",
    Victim,
    columns=("kind", "target", "sex", "gender", "age_band"),
    sets={"profiles": SetOf("profiles", ("profile",)), "ruled_out": SetOf("ruled_out", ("kind",))},
    sealed=(
        SealedPart(
            "section",
            "identity",
            _same(
                "name",
                "function",
                "organisation",
                "nationality",
                "age",
                "agreed",
                "gender_identity",
                "sexual_orientation",
            ),
        ),
    ),
)
CONTACT = Part("contact", Victim, sealed=(SealedPart("contacts", "contacts", _same("contact", "safe_ways")),))
ACT = Part(
    "act",
    Act,
    columns=("kind",),
    dates=("date",),
    links={"victim": Victim, "place": Place},
    sets={
        "methods": SetOf("methods", ("method",)),
        "involvements": SetOf("involvements", ("alleged_perpetrator_id", "degree")),
    },
)
PERPETRATOR = Part(
    "perpetrator",
    AllegedPerpetrator,
    columns=("kind", "state_link"),
    sealed=(SealedPart("section", "identity", _same("name", "function", "organisation")),),
)
INFORMATION = Part(
    "source",
    Information,
    columns=("reliability", "credibility", "independence"),
    sealed=(SealedPart("section", "information", _same("name", "contact", "text", "links")),),
)
PARTS = {part.code: part for part in (WHAT, STORY, PLACE, VICTIM, CONTACT, ACT, PERPETRATOR, INFORMATION)}
# Those of which a case has one only.
OF_CASE = frozenset({"what", "story"})


def records_of(part: Part, incident: Incident) -> "models.QuerySet[Any]":
    """The records of `incident` that `part` is written in, in order, with their sections."""
    relations = [sealed.relation for sealed in part.sealed]
    if part.model is Incident:
        return Incident.objects.filter(pk=incident.pk).select_related("institution", *relations)
    extra = ["source"] if part.model is Information else []
    found: Any = part.model._default_manager.filter(incident=incident).select_related(*relations, *extra)
    if part.model is AllegedPerpetrator:
        same = Victim.objects.filter(incident_id=models.OuterRef("incident_id"), person_id=models.OuterRef("person_id"))
        found = found.annotate(same_as_victim=models.Subquery(same.order_by("pk").values("pk")[:1]))
    ordered: models.QuerySet[Any] = found.order_by("order", "pk") if part.model is Place else found.order_by("pk")
    return ordered


def sections_of(part: Part, records: Iterable[models.Model]) -> list[Section]:
    """The sections of `records` that `part` is written in."""
    found = (getattr(record, sealed.relation) for record in records for sealed in part.sealed)
    return [section for section in found if section is not None]


def read_values(part: Part, record: Any, opened: Opened) -> dict[str, Value]:
    """The values of `record`. Sealed ones whose section is not among `opened` are left out: they are closed here."""
    values: dict[str, Value] = {name: getattr(record, name) for name in part.columns}
    values |= {name: str(getattr(record, name) or "") for name in part.dates}
    for name in part.links:
        number = getattr(record, f"{name}_id")
        values[name] = "" if number is None else str(number)
    for name, rows in part.sets.items():
        written = (":".join(str(getattr(row, column)) for column in rows.columns) for row in _rows(record, rows))
        values[name] = tuple(sorted(written))
    if isinstance(record, Information):
        values["source"] = source_value(record.source)
    if isinstance(record, AllegedPerpetrator):
        values["same_as"] = _victim_who_is(record)
    for sealed in part.sealed:
        section = getattr(record, f"{sealed.relation}_id")
        if section is None:
            values |= dict.fromkeys(sealed.fields, "")
        elif section in opened:
            kept = opened[section]
            values |= {name: _text(kept.get(within, "")) for name, within in sealed.fields.items()}
    return values


def source_value(source: Source) -> str:
    """How a form names a source: by its code where it publishes under its name, by its kind where it doesn't."""
    return source.code if source.published_name else f"{OF_KIND}{source.kind}"


def set_plain_values(part: Part, record: Any, values: Values) -> None:
    """Put the values of columns, dates and links into `record`. Links are checked by who calls."""
    for name in part.columns:
        if name in values:
            setattr(record, name, values[name])
    for name in part.dates:
        if name in values:
            when = EventDate.read(str(values[name])) if values[name] else None
            if isinstance(record, Incident):
                record.set_date(when)
            else:
                setattr(record, name, when)
    for name in part.links:
        if name in values:
            setattr(record, f"{name}_id", int(str(values[name])) if values[name] else None)


def set_rows(part: Part, record: Any, values: Values) -> None:
    """Make the sets below `record` what `values` say: what is no longer there goes first."""
    for name, rows in part.sets.items():
        if name not in values:
            continue
        wanted = set(values[name])
        relation = getattr(record, rows.related)
        there = {":".join(str(getattr(row, column)) for column in rows.columns): row.pk for row in relation.all()}
        gone = [pk for written, pk in there.items() if written not in wanted]
        if gone:
            relation.filter(pk__in=gone).delete()
        new = [dict(zip(rows.columns, each.split(":"), strict=True)) for each in sorted(wanted - there.keys())]
        relation.model._default_manager.bulk_create(
            relation.model(**{relation.field.name: record}, **columns) for columns in new
        )


def join_person(perpetrator: AllegedPerpetrator, victim: Victim | None) -> None:
    """Say that a perpetrator and a victim of the case are one and the same person, or no longer that they are."""
    if victim is None:
        perpetrator.person = None
        return
    if victim.person is None:
        victim.person = Person.objects.create(institution=perpetrator.incident.institution)
        victim.save(update_fields=["person"])
    perpetrator.person = victim.person


def _victim_who_is(perpetrator: AllegedPerpetrator) -> str:
    """The victim of the case who is the same person, as `records_of` found her."""
    number = getattr(perpetrator, "same_as_victim", None)
    return "" if number is None else str(number)


def _rows(record: Any, rows: SetOf) -> Any:
    return getattr(record, rows.related).all() if record.pk else ()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ", ".join(map(str, value)) if isinstance(value, list) else str(value)
