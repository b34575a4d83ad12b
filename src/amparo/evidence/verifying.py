"""Computing anew whether a piece of evidence is bit for bit what came; the result is a step of its custody."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction

from amparo.cases.models import Evidence
from amparo.evidence.custody import Step, record_steps
from amparo.files.checking import CheckedFile, check_file
from amparo.institutions.models import User
from amparo.vault import services as vault


class Outcome(StrEnum):
    """What a check found."""

    WHOLE = "whole"
    CHANGED = "changed"
    MISSING = "missing"
    # It opens, but not to what was noted when it came.
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Verified:
    """A piece with what was found, and what was computed."""

    evidence: Evidence
    outcome: Outcome
    checked: CheckedFile


def check_evidence(evidence: Evidence, unlocked: vault.Unlocked) -> Verified:
    """Read the file to its end and compare it; nothing is written. Raises as `files.checking.check_file` does."""
    checked = check_file(evidence.file, unlocked)
    return Verified(evidence, _compare(evidence, checked), checked)


@transaction.atomic
def verify(user: User, evidence: Evidence, unlocked: vault.Unlocked) -> Verified:
    """`check_evidence`, with its result noted in the chain of custody and in the log."""
    found = check_evidence(evidence, unlocked)
    record_steps(user.pk, [(evidence, step_of(found))])
    return found


def step_of(found: Verified, action: str = "verified", **more: str | int) -> Step:
    """The step of custody that a check is: hashes noted and found, the clear one sealed."""
    file, checked = found.evidence.file, found.checked
    return Step(
        action,
        sealed_before=_noted(found.evidence),
        sealed_after=checked.sealed_sha256,
        facts={"result": found.outcome.value, "generation": file.generation} | more,
        details={"sha256": checked.sha256} if checked.sha256 else {},
    )


def _compare(evidence: Evidence, checked: CheckedFile) -> Outcome:
    if checked.sealed_sha256 is None:
        return Outcome.MISSING
    noted = _noted(evidence)
    if not checked.sha256 or (noted is not None and noted != checked.sealed_sha256):
        return Outcome.CHANGED
    return Outcome.WHOLE if checked.opens_to_what_came else Outcome.OTHER


def _noted(evidence: Evidence) -> bytes | None:
    """The hash that the sealed bytes should have; None where they were sealed anew and not hashed since."""
    if evidence.file.generation == 0:
        return bytes(evidence.file.sealed_sha256)
    for entry in evidence.custody.filter(action__in=["verified", "exported"]).order_by("-number"):
        known = entry.facts.get("generation") == evidence.file.generation and entry.facts.get("result") == "whole"
        if known and entry.sealed_after is not None:
            return bytes(entry.sealed_after)
    return None
