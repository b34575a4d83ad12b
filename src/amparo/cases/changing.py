"""Changing single records of a case: added, changed by two at once, removed. Each change raises the case's version.

A form carries a token: sent twice, it adds once. The log remembers it, in the transaction that holds the case.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.db import models, transaction

from amparo.cases.held import note_change, take_incident
from amparo.cases.merging import Merged, Values, digest_values, merge
from amparo.cases.models import (
    Act,
    ActMethod,
    AllegedPerpetrator,
    Incident,
    Information,
    Involvement,
    Place,
    Source,
    Statement,
    Victim,
)
from amparo.cases.parts import (
    ACT,
    INFORMATION,
    OF_KIND,
    PARTS,
    PERPETRATOR,
    PLACE,
    UNNAMED,
    Part,
    join_person,
    read_values,
    records_of,
    sections_of,
    set_plain_values,
    set_rows,
)
from amparo.institutions.models import User
from amparo.vault import services as vault
from amparo.vault.models import LogEntry, Section
from amparo.vault.seal import Fields

ADDED, CHANGED, REMOVED = "record-added", "record-changed", "record-removed"
_AT_ONCE = 500


class NotChanged(Exception):
    """What was asked for cannot be done with this record. `code` says why."""

    code = "not-changed"


class SourceThere(NotChanged):
    """This source is one of the case's already."""

    code = "source-there"


class StillNeeded(NotChanged):
    """Something else hangs on the record, and would be lost with it."""

    code = "still-needed"


def digests_of(part: Part, number: int, values: Values) -> dict[str, str]:
    """What a form carries of the values that it was opened with."""
    return digest_values(values, _key(part, number))


@transaction.atomic
def change_record(
    user: User,
    incident: int,
    part: Part,
    number: int,
    said: Values,
    opened: Mapping[str, str],
    unlocked: vault.Unlocked,
    choices: Mapping[str, str] | None = None,
) -> Merged:
    """Write what a form that was `opened` on these digests says of record `number`. Conflicts: nothing is written.

    Raises `Incident.DoesNotExist`, the part's `DoesNotExist` where another removed it meanwhile, `NotChanged`.
    """
    held = take_incident(user, incident)
    record = _take(part, held, number)
    kept = read_values(part, record, vault.open_sections(sections_of(part, [record]), unlocked))
    # Sealed values that are closed to this session are neither read nor written.
    said = {name: value for name, value in said.items() if name in kept}
    merged = merge(opened, said, kept, _key(part, number), choices)
    if merged.conflicts or not merged.changed:
        return merged
    _write(part, record, held, {name: merged.values[name] for name in merged.changed}, unlocked)
    facts: dict[str, str | int] = {"part": part.code, "number": number}
    facts |= {name.replace("_", "-"): "changed" for name in sorted(merged.changed)}
    note_change(CHANGED, held, user, facts)
    return merged


@transaction.atomic
def add_record(
    user: User, incident: int, part: Part, values: Values, token: str, unlocked: vault.Unlocked
) -> int | None:
    """Add a record to a case; None where the form with this token was sent before. Raises as `change_record`."""
    held = take_incident(user, incident)
    if was_sent(held, token):
        return None
    record: Any = part.model(incident=held)
    if part is PLACE:
        record.order = min(held.places.count() + 1, 32_000)
    _write(part, record, held, values, unlocked)
    note_change(ADDED, held, user, {"part": part.code, "number": record.pk, "token": token})
    number: int = record.pk
    return number


@transaction.atomic
def add_acts(
    user: User, incident: int, victims: Sequence[int], kinds: Sequence[str], common: Values, token: str
) -> int | None:
    """Add an act of each of `kinds` against each of `victims`, all with the values of `common`; how many.

    None where the form with this token was sent before. Raises `Incident.DoesNotExist` and `StillNeeded`'s like.
    """
    held = take_incident(user, incident)
    if was_sent(held, token):
        return None
    mine = set(held.victims.filter(pk__in=victims).values_list("pk", flat=True))
    chosen = [victim for victim in victims if victim in mine]
    _check_links(ACT, held, {"place": common.get("place", "")})
    acts = []
    for victim in chosen:
        for kind in kinds:
            act = Act(incident=held, victim_id=victim, kind=kind)
            set_plain_values(ACT, act, {name: common[name] for name in ("date", "place") if name in common})
            acts.append(act)
    Act.objects.bulk_create(acts, batch_size=_AT_ONCE)
    ActMethod.objects.bulk_create(
        [ActMethod(act=act, method=method) for act in acts for method in common.get("methods", ())],
        batch_size=_AT_ONCE,
    )
    involved = [each.split(":") for each in common.get("involvements", ())]
    perpetrators = set(held.alleged_perpetrators.values_list("pk", flat=True))
    Involvement.objects.bulk_create(
        [
            Involvement(act=act, alleged_perpetrator_id=int(number), degree=degree)
            for act in acts
            for number, degree in involved
            if int(number) in perpetrators
        ],
        batch_size=_AT_ONCE,
    )
    note_change(ADDED, held, user, {"part": ACT.code, "acts": len(acts), "token": token})
    return len(acts)


@transaction.atomic
def involve(user: User, incident: int, perpetrator: int, acts: Sequence[int] | None, degree: str) -> int:
    """Say that `perpetrator` had to do with `acts`, None for all of them; how many are new."""
    held = take_incident(user, incident)
    mine = held.acts.all() if acts is None else held.acts.filter(pk__in=acts)
    there = set(Involvement.objects.filter(alleged_perpetrator=perpetrator).values_list("act_id", flat=True))
    new = [
        Involvement(act_id=act, alleged_perpetrator_id=perpetrator, degree=degree)
        for act in mine.order_by("pk").values_list("pk", flat=True)
        if act not in there
    ]
    Involvement.objects.bulk_create(new, batch_size=_AT_ONCE)
    if new:
        note_change(CHANGED, held, user, {"part": PERPETRATOR.code, "number": perpetrator, "acts": len(new)})
    return len(new)


@transaction.atomic
def remove_record(user: User, incident: int, part: Part, number: int) -> None:
    """Remove a record with what hangs on it and all that was sealed in it. Twice is once.

    Raises `StillNeeded` where another part of the work hangs on it.
    """
    held = take_incident(user, incident)
    record: Any = records_of(part, held).filter(pk=number).first()
    if record is None:
        return
    sections = [section.pk for section in _sections_with(record)]
    try:
        record.delete()
        vault.destroy_sections(sections)
    except models.ProtectedError:
        raise StillNeeded from None
    note_change(REMOVED, held, user, {"part": part.code, "number": number})


@transaction.atomic
def say_facts(
    user: User,
    incident: int,
    information: int,
    victim: int | None,
    said: Values,
    opened: Mapping[str, str],
    choices: Mapping[str, str] | None = None,
) -> Merged:
    """Write what a source says of single facts, of the incident or of one `victim`; merged like any other form.

    `said` is fact → value or values. Raises `Incident.DoesNotExist`, `Information.DoesNotExist`, `Victim.DoesNotExist`.
    """
    held = take_incident(user, incident)
    source = held.information.get(pk=information)
    of = held.victims.get(pk=victim) if victim is not None else None
    kept = facts_said(source, victim, list(said))
    merged = merge(opened, said, kept, _key(INFORMATION, information), choices)
    if merged.conflicts or not merged.changed:
        return merged
    for fact in sorted(merged.changed):
        wanted = set(merged.values[fact])
        there = source.statements.filter(fact=fact, victim=of)
        there.exclude(value__in=wanted).delete()
        new = wanted - set(there.values_list("value", flat=True))
        Statement.objects.bulk_create(
            Statement(information=source, fact=fact, victim=of, value=value) for value in sorted(new)
        )
    facts: dict[str, str | int] = {"part": "statement", "number": information}
    facts |= {fact.replace(".", "-").replace("_", "-"): "changed" for fact in sorted(merged.changed)}
    note_change(CHANGED, held, user, facts)
    return merged


def facts_said(information: Information, victim: int | None, facts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """What a source said of `facts`, of the incident or of one victim."""
    found: dict[str, list[str]] = {fact: [] for fact in facts}
    rows = information.statements.filter(fact__in=facts).order_by("value")
    rows = rows.filter(victim=None) if victim is None else rows.filter(victim_id=victim)
    for fact, value in rows.values_list("fact", "value"):
        found[fact].append(value)
    return {fact: tuple(values) for fact, values in found.items()}


def was_sent(incident: Incident, token: str) -> bool:
    """Whether the form with this token was sent before. Call while the case is held."""
    return LogEntry.objects.filter(record=f"incident:{incident.pk}", action=ADDED, facts__token=token).exists()


def unnamed_source(kind: str) -> Source:
    """A source of its own for one case, whose name is sealed with what it says."""
    return Source.objects.create(code=f"{UNNAMED}{token_hex(8)}", kind=kind)


def _take(part: Part, incident: Incident, number: int) -> Any:
    return records_of(part, incident).get(pk=number)


def _write(part: Part, record: Any, incident: Incident, values: Values, unlocked: vault.Unlocked) -> None:
    _check_links(part, incident, values)
    set_plain_values(part, record, values)
    for sealed in part.sealed:
        given = {within: values[name] for name, within in sealed.fields.items() if name in values}
        if given:
            kept = getattr(record, sealed.relation)
            setattr(record, sealed.relation, _seal(kept, given, sealed.kind, incident, unlocked))
    if isinstance(record, Information) and "source" in values:
        _set_source(record, str(values["source"]))
    if isinstance(record, AllegedPerpetrator) and "same_as" in values:
        number = values["same_as"]
        join_person(record, incident.victims.get(pk=int(str(number))) if number else None)
    record.save()
    set_rows(part, record, values)


def _seal(
    section: Section | None, given: Values, kind: str, incident: Incident, unlocked: vault.Unlocked
) -> Section | None:
    """`given` in the section, beside what else is in it. Who may open it stays."""
    if section is None:
        fields: Fields = {name: value for name, value in given.items() if value}
        return vault.keep_section(fields, kind, [incident.institution.key_pair]) if fields else None
    kept = vault.open_sections([section], unlocked)[section.pk]
    fields = {name: value for name, value in (kept | dict(given)).items() if value}
    vault.rewrite_section(section, unlocked, fields)
    return section


def _check_links(part: Part, incident: Incident, values: Values) -> None:
    """A link leads to a record of the same case only."""
    for name, model in part.links.items():
        if values.get(name) and not model._default_manager.filter(incident=incident, pk=values[name]).exists():
            raise NotChanged
    written = values.get("involvements", ())
    numbers = {int(each.partition(":")[0]) for each in written}
    if numbers - set(incident.alleged_perpetrators.filter(pk__in=numbers).values_list("pk", flat=True)):
        raise NotChanged


def _set_source(information: Information, said: str) -> None:
    now = information.source if information.source_id else None
    kind = said.removeprefix(OF_KIND)
    if said.startswith(OF_KIND):
        if now is not None and now.code.startswith(UNNAMED):
            now.kind = kind
            now.save(update_fields=["kind"])
        else:
            information.source = unnamed_source(kind)
        return
    source = Source.objects.filter(code=said).first()
    if source is None:
        raise NotChanged
    others = Information.objects.filter(incident_id=information.incident_id, source=source)
    if others.exclude(pk=information.pk).exists():
        raise SourceThere
    information.source = source


def _sections_with(record: Any) -> list[Section]:
    """The sections of a record, and of those that go with it."""
    part_of: dict[type[models.Model], list[Part]] = {}
    for part in PARTS.values():
        part_of.setdefault(part.model, []).append(part)
    found = [section for part in part_of[type(record)] for section in sections_of(part, [record])]
    if isinstance(record, Victim):
        found += sections_of(PLACE, Place.objects.filter(victim=record).select_related("section"))
    return found


def _key(part: Part, number: int) -> bytes:
    return sha256(f"{settings.SECRET_KEY}/{part.code}/{number}".encode()).digest()
