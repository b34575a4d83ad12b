"""The chain of custody as people read it, and as rows of a table."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from amparo.cases.models import Evidence
from amparo.evidence.custody import open_details, read_chain
from amparo.evidence.custody_chain import canonical_json
from amparo.evidence.models import CustodyEntry
from amparo.institutions.models import User
from amparo.vault import services as vault

COLUMNS = (
    "piece",
    "number",
    "hour",
    "person",
    "action",
    "sealed_sha256_before",
    "sealed_sha256_after",
    "facts",
    "details_sha256",
    "previous",
    "code",
)
_DETAILS = {
    "sha256": _("SHA-256 of the file"),
    "sha256_before": _("SHA-256 before"),
    "sha256_after": _("SHA-256 after"),
    "came_from": _("Came from"),
    "handed_over_by": _("Handed over by"),
    "with_whom": _("With whom"),
    "note": _("Note"),
    "recipient": _("For"),
    "purpose": _("Purpose"),
}


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One entry of a chain. `person` is the user's name, "" for the system; `details` is None where they are closed."""

    entry: CustodyEntry
    person: str
    details: Sequence[tuple[str, str]] | None = field(repr=False)

    @property
    def result(self) -> str:
        """The code of what a check found; "" for other steps."""
        return str(self.entry.facts.get("result", ""))

    @property
    def sealed_after(self) -> str:
        return bytes(self.entry.sealed_after).hex() if self.entry.sealed_after is not None else ""

    @property
    def code(self) -> str:
        return bytes(self.entry.code).hex()


def show_custody(evidence: Evidence, unlocked: vault.Unlocked | None) -> list[ShownStep]:
    """The chain of one piece, oldest first."""
    entries = list(evidence.custody.select_related("section").order_by("number"))
    people = dict(User.objects.filter(pk__in={each.actor for each in entries}).values_list("pk", "username"))
    opened = open_details(entries, unlocked)
    return [
        ShownStep(each, people.get(each.actor, "") if each.actor else "", _details(each, opened.get(each.pk)))
        for each in entries
    ]


def custody_rows(pieces: Iterable[Evidence], numbers: dict[int, int] | None = None) -> Iterator[Sequence[str]]:
    """The chains of `pieces` with their head: all that the codes are computed of, codes and hashes only.

    `numbers` puts the number of a piece in a package before each row.
    """
    yield ("file", *COLUMNS) if numbers is not None else COLUMNS
    wanted = list(pieces)
    for entry in CustodyEntry.objects.filter(evidence__in=wanted).order_by("evidence", "number"):
        said = read_chain(entry)
        row = (
            str(said.piece),
            str(said.number),
            said.at.strftime("%Y-%m-%dT%H"),
            "" if said.actor is None else str(said.actor),
            said.action,
            said.sealed_before.hex() if said.sealed_before else "",
            said.sealed_after.hex() if said.sealed_after else "",
            canonical_json(said.facts),
            said.details.hex() if said.details else "",
            said.previous.hex(),
            said.code.hex(),
        )
        yield (str(numbers[entry.evidence_id]), *row) if numbers is not None else row


def details_lines(pieces: Iterable[Evidence], unlocked: vault.Unlocked) -> Iterator[str]:
    """What is sealed with each entry, with its salt, as lines of JSON: the SHA-256 of `sealed` is in the chain."""
    entries = list(
        CustodyEntry.objects.filter(evidence__in=list(pieces)).select_related("section").order_by("evidence", "number")
    )
    opened = open_details(entries, unlocked)
    for entry in entries:
        if entry.pk in opened:
            said = {"piece": entry.evidence_id, "number": entry.number, "sealed": canonical_json(opened[entry.pk])}
            yield json.dumps(said, ensure_ascii=False) + "\n"


def _details(entry: CustodyEntry, opened: dict[str, object] | None) -> Sequence[tuple[str, str]] | None:
    if entry.section_id is None:
        return ()
    if opened is None:
        return None
    return [
        (gettext(_DETAILS[name]) if name in _DETAILS else name, str(said))
        for name, said in opened.items()
        if name != "salt"
    ]
