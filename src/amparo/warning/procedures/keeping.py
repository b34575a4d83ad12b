"""An institution's standard procedure: what Amparo ships, in the order and with the additions that it set for itself.

The words of own steps are house rules and no fact about anybody, so they lie open, as codes do; a telephone number or
an e-mail address in them is refused. Steps are hidden, never deleted, so each change can be undone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from amparo.civic_space.facts import has_contact
from amparo.institutions.models import Institution, User
from amparo.vault import log
from amparo.warning.held import AlertError
from amparo.warning.models import ProcedureStep
from amparo.warning.procedures.shipped import SHIPPED

LONGEST_WORDS = 300
MOST_STEPS = 30


class NotAStep(AlertError):
    """These words cannot be a step, or there are too many. `code` says which."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a procedure. `key` is what it is called by: the code of a shipped one, own-NUMBER of an own one."""

    key: str
    code: str
    words: str
    is_hidden: bool = False


def procedures_of(institution: Institution, levels: Iterable[str] = SHIPPED) -> dict[str, list[Step]]:
    """The steps of each level in their order, hidden ones among them. One query."""
    found: dict[str, list[Step]] = {level: [] for level in levels}
    for row in ProcedureStep.objects.filter(institution=institution, level__in=found):
        found[row.level].append(Step(_key_of(row), row.step, row.words, row.is_hidden))
    return {level: steps or [Step(code, code, "") for code in SHIPPED[level]] for level, steps in found.items()}


@transaction.atomic
def add_step(user: User, level: str, words: str, token: UUID) -> ProcedureStep:
    """Add a step in the institution's own words at the end. Sent twice it is one. Raises `NotAStep`."""
    institution = _hold(user)
    if (found := ProcedureStep.objects.filter(token=token, institution=institution).first()) is not None:
        return found
    said = " ".join(words.split())
    if (wrong := find_wrong(said)) is not None:
        raise NotAStep(wrong)
    rows = _rows_of(institution, level)
    if len(rows) >= MOST_STEPS:
        raise NotAStep("too-many-steps")
    made = ProcedureStep.objects.create(
        institution=institution, level=level, words=said, token=token, position=len(rows)
    )
    _log(user, institution, level)
    return made


def find_wrong(words: str) -> str | None:
    """A code of what keeps `words` from being a step; None where they can be one."""
    if not any(letter.isalnum() for letter in words):
        return "no-step"
    if len(words) > LONGEST_WORDS:
        return "step-too-long"
    return "step-has-contact" if has_contact(words) else None


@transaction.atomic
def move_step(user: User, level: str, key: str, *, up: bool) -> None:
    """Put a step before the one that is shown above it, or after the one below. Does nothing at either end."""
    institution = _hold(user)
    rows = _rows_of(institution, level)
    shown = [row for row in rows if not row.is_hidden]
    place = next((place for place, row in enumerate(shown) if _key_of(row) == key), None)
    other = None if place is None else place + (-1 if up else 1)
    if place is None or other is None or not 0 <= other < len(shown):
        return
    first, second = rows.index(shown[place]), rows.index(shown[other])
    rows[first], rows[second] = rows[second], rows[first]
    _keep_order(rows)
    _log(user, institution, level)


@transaction.atomic
def hide_step(user: User, level: str, key: str, *, hidden: bool) -> None:
    """Leave a step out of the procedure, or put it back; twice is once."""
    institution = _hold(user)
    for row in _rows_of(institution, level):
        if _key_of(row) == key and row.is_hidden != hidden:
            row.is_hidden = hidden
            row.save(update_fields=["is_hidden"])
            _log(user, institution, level)


@transaction.atomic
def restore_steps(user: User, level: str) -> None:
    """The shipped steps in their order; own ones are hidden, and can be put back."""
    institution = _hold(user)
    rows = _rows_of(institution, level)
    shipped = {row.step: row for row in rows if row.step}
    for code in SHIPPED[level]:
        if code not in shipped:
            shipped[code] = ProcedureStep.objects.create(institution=institution, level=level, step=code, position=0)
    for row in [*rows, *shipped.values()]:
        row.is_hidden = row.step not in SHIPPED[level]
        row.save(update_fields=["is_hidden"])
    first = [shipped[code] for code in SHIPPED[level]]
    _keep_order([*first, *(row for row in rows if row not in first)])
    _log(user, institution, level)


def _hold(user: User) -> Institution:
    """The institution, held: of two who change its procedure at once the second goes on from what the first left."""
    assert user.institution is not None  # noqa: S101  (a page for members only)
    held: Institution = Institution.objects.select_for_update().get(pk=user.institution.pk)
    return held


def _rows_of(institution: Institution, level: str) -> list[ProcedureStep]:
    """The rows of a level, made out of the shipped steps at its first change."""
    rows = list(ProcedureStep.objects.filter(institution=institution, level=level))
    return rows or [
        ProcedureStep.objects.create(institution=institution, level=level, step=code, position=place)
        for place, code in enumerate(SHIPPED[level])
    ]


def _keep_order(rows: list[ProcedureStep]) -> None:
    for place, row in enumerate(rows):
        row.position = place
    ProcedureStep.objects.bulk_update(rows, ["position"])


def _key_of(row: ProcedureStep) -> str:
    return row.step or f"own-{row.pk}"


def _log(user: User, institution: Institution, level: str) -> None:
    log.record("procedure-changed", actor=user.pk, institution=institution.code, facts={"level": level})
