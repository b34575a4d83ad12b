"""What a country's system for protecting defenders lacks, as far as the register knows. Pure.

After the Marrakech Declaration's first commitment: a law or mechanism that exists, was designed with defenders, and is
funded; and consultations held. "Not known" is a gap in knowledge, and said to be one: it is not "there is none".
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

EXPECTED = ("law", "mechanism", "protocol", "budget", "focal-point")
WORKING = ("adopted", "in-force", "funded")
# Of a budget, "adopted" is a plan until it is funded.
_WORKING_OF = {"budget": ("funded", "in-force")}
UNKNOWN = "unknown"


class Lack(StrEnum):
    """What is lacking."""

    NOT_KNOWN = "not-known"
    NOT_WORKING = "not-working"
    NOT_FUNDED = "not-funded"
    NO_EVIDENCE = "no-evidence"
    NOT_DESIGNED_WITH_DEFENDERS = "not-designed-with-defenders"
    NOT_CONSULTED = "not-consulted"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a country's system: its kind, its state now, and what is known of it."""

    kind: str
    state: str
    has_evidence: bool
    with_defenders: str
    consultations: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that lacks; `kind` is that of the part, "" for the whole system."""

    lack: Lack
    kind: str = ""


def find_gaps(parts: Iterable[Part]) -> tuple[Gap, ...]:
    """The gaps of one country's system, in the order of `EXPECTED`, those of the whole system last."""
    known = list(parts)
    found = [gap for kind in EXPECTED for gap in _of_kind(kind, [part for part in known if part.kind == kind])]
    if known and not any(part.with_defenders == "yes" for part in known):
        found.append(Gap(Lack.NOT_DESIGNED_WITH_DEFENDERS))
    if not any(part.consultations for part in known):
        found.append(Gap(Lack.NOT_CONSULTED))
    return tuple(found)


def is_working(kind: str, state: str) -> bool:
    """Whether a part of `kind` in `state` does something for defenders."""
    return state in _WORKING_OF.get(kind, WORKING)


def _of_kind(kind: str, parts: Collection[Part]) -> Iterable[Gap]:
    if all(part.state == UNKNOWN for part in parts):
        yield Gap(Lack.NOT_KNOWN, kind)
        return
    if any(part.state == "not-funded" for part in parts):
        yield Gap(Lack.NOT_FUNDED, kind)
    elif not any(is_working(kind, part.state) for part in parts):
        yield Gap(Lack.NOT_WORKING, kind)
    if not any(part.has_evidence for part in parts):
        yield Gap(Lack.NO_EVIDENCE, kind)
