"""Coding twice: drawing a sample, coding its cases again without seeing the codes, deciding where the two differ."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from amparo.cases.models import Incident
from amparo.channel.models import Report
from amparo.institutions.models import User, this_hour
from amparo.quality.conditions import cases_of
from amparo.quality.fields import CODED_TWICE
from amparo.quality.first_codings import first_victims, read_first_codings
from amparo.quality.models import FIRST, NEITHER, SECOND, CodingRound, Resolution, SampledCase
from amparo.vault import log
from amparo.vault.models import LogEntry

MOST_CASES = 500
DECISIONS = (FIRST, SECOND, NEITHER)
# Whoever did one of these to a case has coded it, or seen how it is coded.
_WORKED_ON = (
    "case-begun",
    "case-recorded",
    "record-added",
    "record-changed",
    "record-removed",
    "status-decided",
    "report-accepted",
)


class QualityError(Exception):
    """What was asked for can't be done. `code` is for programs, `words` for people."""

    code = "quality"
    words = _("This can’t be done.")


class NothingToDraw(QualityError):
    code = "nothing-to-draw"
    words = _("There is no case with a sealed story to draw from.")


class CodedAlready(QualityError):
    code = "coded-already"
    words = _("A colleague coded this case meanwhile.")


class NotBlind(QualityError):
    code = "not-blind"
    words = _("You worked on this case yourself: a colleague has to code it again.")


class NotDisputed(QualityError):
    code = "not-disputed"
    words = _("The two codings of this field don’t differ.")


@dataclass(frozen=True, slots=True)
class Waiting:
    """The cases of a round that somebody may still code, in their order, and how many she may not: her own."""

    open_to_her: tuple[int, ...]
    her_own: int


def rounds_of(user: User) -> QuerySet[CodingRound]:
    """The samples of `user`'s institution, the newest first."""
    return (
        CodingRound.objects.filter(institution=user.institution_id)
        if user.institution_id
        else CodingRound.objects.none()
    )


def sampled_of(user: User) -> QuerySet[SampledCase]:
    """The cases in them."""
    return SampledCase.objects.filter(round__in=rounds_of(user), incident__institution=user.institution_id)


@transaction.atomic
def draw_sample(user: User, size: int, fields: Sequence[str], seed: int, token: str) -> CodingRound:
    """Draw `size` of the cases with a story, or all where there are fewer. The same token draws once.

    Raises `NothingToDraw`.
    """
    drawn = rounds_of(user).filter(token=token).first()
    if drawn is not None:
        return drawn
    assert user.institution is not None  # noqa: S101  (every page of the desk asks for it)
    numbers = list(cases_of(user).exclude(section=None).order_by("pk").values_list("pk", flat=True))
    if not numbers:
        raise NothingToDraw
    # Not for secrets: whoever knows the seed must be able to draw the same cases again.
    chosen = random.Random(seed).sample(numbers, min(size, len(numbers), MOST_CASES))  # noqa: S311
    asked = [code for code in CODED_TWICE if code in set(fields)]
    drawn = CodingRound.objects.create(
        institution=user.institution, seed=seed, fields=asked, drawn_from=len(numbers), drawn_by=user, token=token
    )
    incidents = {each.pk: each for each in Incident.objects.filter(pk__in=chosen)}
    victims = first_victims(chosen)
    codings = read_first_codings(list(incidents.values()), victims, asked)
    SampledCase.objects.bulk_create(
        SampledCase(round=drawn, order=place, incident_id=number, victim=victims.get(number), first=codings[number])
        for place, number in enumerate(chosen, start=1)
    )
    _note("coding-sample-drawn", user, f"coding-round:{drawn.pk}", {"cases": len(chosen), "seed": seed})
    return drawn


@transaction.atomic
def code_again(user: User, sampled: int, coding: Mapping[str, str]) -> SampledCase:
    """Keep `coding` as the second one of a case. Sent twice it is kept once; what was coded is never coded over.

    Raises `SampledCase.DoesNotExist`, `CodedAlready`, `NotBlind`.
    """
    held = sampled_of(user).select_related("round").select_for_update(of=("self",)).get(pk=sampled)
    if held.second is not None:
        if held.coded_by_id == user.pk:
            return held
        raise CodedAlready
    if own_cases(user, [held.incident_id]):
        raise NotBlind
    held.second = {code: coding[code] for code in held.round.fields}
    held.coded_by, held.coded_at = user, this_hour()
    held.save(update_fields=["second", "coded_by", "coded_at"])
    _note("case-coded-again", user, f"incident:{held.incident_id}", {"round": held.round_id})
    return held


@transaction.atomic
def resolve(user: User, sampled: int, field: str, decision: str) -> Resolution:
    """Decide which of two codings of `field` holds, or neither; decided again, the newer decision stands.

    Nothing of the case is changed by it. Raises `SampledCase.DoesNotExist`, `NotDisputed`.
    """
    held = sampled_of(user).select_for_update(of=("self",)).get(pk=sampled)
    if decision not in DECISIONS or held.second is None or held.first.get(field) == held.second.get(field):
        raise NotDisputed
    said = {"decision": decision, "decided_by": user, "decided_at": this_hour()}
    resolution, _new = Resolution.objects.update_or_create(sampled=held, field=field, defaults=said)
    _note("coding-resolved", user, f"incident:{held.incident_id}", {"field": field, "decision": decision})
    return resolution


@transaction.atomic
def drop_round(user: User, number: int) -> bool:
    """Give a sample up of which nothing was coded yet. False where something was. Raises `CodingRound.DoesNotExist`."""
    held = rounds_of(user).select_for_update(of=("self",)).get(pk=number)
    if held.sampled.exclude(coded_at=None).exists():
        return False
    held.delete()
    _note("coding-sample-dropped", user, f"coding-round:{number}")
    return True


def waiting_for(user: User, drawn: CodingRound) -> Waiting:
    """What of a round `user` may still code. Two queries."""
    left = list(drawn.sampled.filter(coded_at=None).values_list("pk", "incident_id"))
    own = own_cases(user, [incident for _, incident in left])
    return Waiting(tuple(pk for pk, incident in left if incident not in own), len(own))


def own_cases(user: User, incidents: Iterable[int]) -> set[int]:
    """Which of these cases `user` wrote or changed, as the log says: she can't code them without knowing the codes."""
    numbers = list(incidents)
    records = {f"incident:{number}": number for number in numbers}
    reports = Report.objects.filter(incident__in=numbers).values_list("pk", "incident_id")
    records |= {f"report:{report}": incident for report, incident in reports}
    entries = LogEntry.objects.filter(record__in=list(records), actor=user.pk, action__in=_WORKED_ON)
    return {records[record] for record in entries.values_list("record", flat=True).distinct()}


def _note(action: str, user: User, record: str, facts: Mapping[str, str | int] | None = None) -> None:
    code = user.institution.code if user.institution else ""
    log.record(action, actor=user.pk, institution=code, record=record, facts=dict(facts or {}))
