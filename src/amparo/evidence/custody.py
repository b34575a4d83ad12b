"""Writing the chain of custody: the only place that does. Each entry's code goes into the log as well."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from amparo.cases.models import Evidence
from amparo.evidence.custody_chain import (
    BEGIN,
    CustodyFacts,
    WrongEntry,
    check_custody,
    entry_code,
    salted,
)
from amparo.evidence.errors import SentTwice
from amparo.evidence.models import CustodyEntry
from amparo.institutions.models import this_hour
from amparo.vault import log
from amparo.vault import services as vault
from amparo.vault.models import LogEntry

# Kind of the sections in which details of custody, and what evidence shows, are sealed.
EVIDENCE = "evidence"
RECEIVED, TAKEN_OVER = "received", "taken-over"
# What the log called these before there was a chain of custody.
_LOGGED_AS = {"viewed-original": ("file-opened", "original"), "viewed-copy": ("file-opened", "copy")}


@dataclass(frozen=True, slots=True)
class Step:
    """What was done with a piece of evidence. `details` (texts) are sealed; hashes here are of sealed bytes."""

    action: str
    sealed_before: bytes | None = None
    sealed_after: bytes | None = None
    facts: Mapping[str, str | int] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict, repr=False)
    submission: bytes | None = None


@transaction.atomic
def record_steps(actor: int | None, steps: Sequence[tuple[Evidence, Step]]) -> list[CustodyEntry]:
    """Add each step to the chain of its piece, in order, and note it in the log. Call it last in a transaction.

    Raises `SentTwice` for the step of a form that came before.
    """
    submissions = [step.submission for _, step in steps if step.submission is not None]
    written: list[tuple[Evidence, CustodyEntry]] = []
    for evidence, step in steps:
        # Two who write to one chain wait for each other.
        Evidence.objects.select_for_update().get(pk=evidence.pk)
        if submissions and CustodyEntry.objects.filter(submission__in=submissions).exists():
            raise SentTwice
        written += [(evidence, entry) for entry in _add(actor, evidence, step)]
    for evidence, entry in written:
        _log(evidence, entry)
    return [entry for _, entry in written]


def read_chain(entry: CustodyEntry) -> CustodyFacts:
    """The entry as its code is computed of it."""
    return CustodyFacts(
        entry.evidence_id,
        entry.number,
        entry.at,
        entry.actor,
        entry.action,
        _bytes(entry.sealed_before),
        _bytes(entry.sealed_after),
        entry.facts,
        _bytes(entry.details),
        bytes(entry.previous),
        bytes(entry.code),
    )


def check_chains(evidence: Iterable[Evidence]) -> dict[int, list[WrongEntry]]:
    """What is wrong with the chain of each of `evidence` of one incident, against the log too, in two queries."""
    pieces = list(evidence)
    chains: dict[int, list[CustodyFacts]] = {each.pk: [] for each in pieces}
    for entry in CustodyEntry.objects.filter(evidence__in=pieces).order_by("evidence", "number"):
        chains[entry.evidence_id].append(read_chain(entry))
    in_log: dict[int, dict[int, bytes]] = {each.pk: {} for each in pieces}
    records = {f"incident:{each.incident_id}" for each in pieces}
    for facts in LogEntry.objects.filter(record__in=records).values_list("facts", flat=True).iterator(2000):
        if "entry" in facts and facts.get("evidence") in in_log:
            in_log[facts["evidence"]][int(facts["number"])] = bytes.fromhex(str(facts["entry"]))
    return {piece: check_custody(chain, in_log[piece]) for piece, chain in chains.items()}


def open_details(entries: Sequence[CustodyEntry], unlocked: vault.Unlocked | None) -> dict[int, dict[str, object]]:
    """What is sealed with each entry, its salt included, by entry; give them with their sections selected."""
    sections = [entry.section for entry in entries if entry.section is not None]
    opened = vault.open_sections(sections, unlocked) if unlocked and sections else {}
    return {entry.pk: opened[entry.section_id] for entry in entries if entry.section_id in opened}


def _add(actor: int | None, evidence: Evidence, step: Step) -> list[CustodyEntry]:
    last = evidence.custody.order_by("-number").first()
    if last is None and step.action not in (RECEIVED, TAKEN_OVER):
        begun = _append(actor, evidence, Step(TAKEN_OVER, sealed_after=bytes(evidence.file.sealed_sha256)), None)
        return [begun, _append(actor, evidence, step, begun)]
    return [_append(actor, evidence, step, last)]


def _append(actor: int | None, evidence: Evidence, step: Step, last: CustodyEntry | None) -> CustodyEntry:
    section, digest = None, None
    if step.details:
        with_salt, digest = salted(step.details)
        section = vault.keep_section(with_salt, EVIDENCE, [evidence.incident.institution.key_pair])
    entry = CustodyEntry(
        evidence=evidence,
        number=last.number + 1 if last else 1,
        at=this_hour(),
        actor=actor,
        action=step.action,
        sealed_before=step.sealed_before,
        sealed_after=step.sealed_after,
        facts=dict(step.facts),
        details=digest,
        section=section,
        submission=step.submission,
        previous=bytes(last.code) if last else BEGIN,
    )
    entry.code = entry_code(read_chain(entry))
    entry.save(force_insert=True)
    return entry


def _log(evidence: Evidence, entry: CustodyEntry) -> None:
    facts: dict[str, str | int] = {
        "evidence": evidence.pk,
        "number": entry.number,
        "step": entry.action,
        "entry": bytes(entry.code).hex(),
    }
    action, which = _LOGGED_AS.get(entry.action, ("custody-recorded", ""))
    if which:
        facts |= {"which": which, "file": str(evidence.file_id)}
    elif entry.action == RECEIVED and entry.sealed_after is not None:
        facts |= {"sealed-sha256": bytes(entry.sealed_after).hex()}
    log.record(
        action,
        actor=entry.actor,
        institution=evidence.incident.institution.code,
        record=f"incident:{evidence.incident_id}",
        facts=facts,
    )


def _bytes(value: bytes | memoryview | None) -> bytes | None:
    return None if value is None else bytes(value)
