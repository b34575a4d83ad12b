"""Merging what is one person or one event, and undoing it: the only writer of `Victim.person` and `Incident.same_as`.

Nothing of what is merged is deleted or changed besides these two columns. What they hold is computed from the merges in
force (`merges_in_force`), so that undoing any of them leaves what would be there without it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q, QuerySet

from amparo.cases.models import Incident, Person, Victim
from amparo.institutions.models import Institution, User, this_hour
from amparo.linkage.merges_in_force import groups_of, kept_of, reached_from
from amparo.linkage.models import (
    LATER,
    NOT_SAME,
    OPEN,
    OTHER_EVENT,
    SAME_EVENT,
    Candidate,
    Merge,
    PersonBefore,
)
from amparo.vault.log import record

DECISIONS = (SAME_EVENT, OTHER_EVENT, NOT_SAME, LATER)
MOST_AT_ONCE = 2_000
_MERGED = frozenset({SAME_EVENT, OTHER_EVENT})


class NotNow(Exception):
    """The candidate was decided on meanwhile, or one of the two cases is a draft or has gone."""


@transaction.atomic
def decide(user: User, candidate: int, decision: str, *, kept: int | None = None) -> Merge | None:
    """Decide on a candidate; the merge, where it makes one. `kept`: the incident that is shown; else the older.

    Raises NotNow, and `Candidate.DoesNotExist` for another institution's.
    """
    found = _candidates(user).select_for_update(of=("self",)).get(pk=candidate)
    if found.decision not in (OPEN, LATER) or decision not in DECISIONS:
        raise NotNow
    merge = None
    if decision in _MERGED:
        merge = _merge(user, found, decision == SAME_EVENT, "confirmed", kept, None)
        _set_state(found.institution_id, [merge])
    _note_decision(found, decision, user)
    facts: dict[str, str | int] = {"candidate": found.pk, "decision": decision}
    if merge is not None:
        facts["copy"] = merge.copy_id
    record(
        "candidate-decided",
        actor=user.pk,
        institution=found.institution.code,
        record=f"incident:{merge.kept_id if merge else found.one.incident_id}",
        facts=facts,
    )
    return merge


@transaction.atomic
def accept_all_sure(user: User) -> tuple[UUID, int]:
    """Merge all open candidates of the band "surely", as same person and same event; their batch, and how many.

    At most `MOST_AT_ONCE`; what was decided on before stays. `undo_batch` takes all of them back.
    """
    batch = uuid4()
    sure = list(_candidates(user).filter(decision=OPEN, band="surely").order_by("-score", "pk")[:MOST_AT_ONCE])
    merges = []
    for candidate in sure:
        if "draft" in (candidate.one.incident.stage, candidate.other.incident.stage):
            continue
        merges.append(_merge(user, candidate, True, "surely", None, batch))
        _note_decision(candidate, SAME_EVENT, user)
    if merges:
        _set_state(merges[0].institution_id, merges)
        record(
            "cases-merged",
            actor=user.pk,
            institution=merges[0].institution.code,
            facts={"batch": str(batch), "merges": len(merges)},
        )
    return batch, len(merges)


@transaction.atomic
def undo(user: User, merge: int) -> Merge:
    """Take a merge back; its candidate is open again. Raises `Merge.DoesNotExist`; twice does nothing more."""
    found = _merges(user).select_for_update(of=("self",)).get(pk=merge)
    if found.undone_at is None:
        _undo(user, [found])
        record(
            "merge-undone",
            actor=user.pk,
            institution=found.institution.code,
            record=f"incident:{found.kept_id}",
            facts={"merge": found.pk, "copy": found.copy_id},
        )
    return found


@transaction.atomic
def undo_batch(user: User, batch: UUID) -> int:
    """Take all merges back that were accepted together and are still in force. How many."""
    merges = list(_merges(user).filter(batch=batch, undone_at=None))
    if merges:
        _undo(user, merges)
        record(
            "merges-undone",
            actor=user.pk,
            institution=merges[0].institution.code,
            facts={"batch": str(batch), "merges": len(merges)},
        )
    return len(merges)


def count_persons(institution: Institution, dataset: str | None = None) -> int:
    """How many different persons are victims in the cases of `institution` (of one dataset): a person once, whether in
    one case or several; copies of a case counted with it.
    """
    victims = Victim.objects.filter(incident__institution=institution, kind__in=("person", "unknown")).exclude(
        incident__stage="draft"
    )
    if dataset is not None:
        victims = victims.filter(incident__dataset__code=dataset)
    known = victims.exclude(person=None).values("person").distinct().count()
    return known + victims.filter(person=None).count()


def _candidates(user: User) -> QuerySet[Candidate]:
    return Candidate.objects.filter(institution=user.institution).select_related(
        "institution", "one__incident", "other__incident"
    )


def _merges(user: User) -> QuerySet[Merge]:
    return Merge.objects.filter(institution=user.institution).select_related("institution")


def _merge(user: User, candidate: Candidate, same_event: bool, how: str, kept: int | None, batch: UUID | None) -> Merge:
    one, other = candidate.one, candidate.other
    if "draft" in (one.incident.stage, other.incident.stage):
        raise NotNow
    if kept == other.incident_id or (kept is None and other.incident_id < one.incident_id):
        one, other = other, one
    return Merge.objects.create(
        institution=candidate.institution,
        kept_id=one.incident_id,
        copy_id=other.incident_id,
        victim_kept=one,
        victim_copy=other,
        same_event=same_event and one.incident_id != other.incident_id,
        how=how,
        score=candidate.score,
        band=candidate.band,
        reasons=candidate.reasons,
        before={},
        after={},
        batch=batch,
        merged_by=user,
    )


def _note_decision(candidate: Candidate, decision: str, user: User) -> None:
    candidate.decision, candidate.decided_by, candidate.decided_at = decision, user, this_hour()
    candidate.save(update_fields=["decision", "decided_by", "decided_at"])


def _undo(user: User, merges: Sequence[Merge]) -> None:
    Merge.objects.filter(pk__in=[merge.pk for merge in merges]).update(undone_by=user, undone_at=this_hour())
    for merge in merges:
        low, high = sorted((merge.victim_kept_id, merge.victim_copy_id))
        Candidate.objects.filter(one=low, other=high).update(decision=OPEN, decided_by=None, decided_at=None)
    _set_state(merges[0].institution_id, merges)


def _set_state(institution: int, changed: Iterable[Merge]) -> None:
    """Set persons and copies of all that is connected with the `changed` merges, as the merges in force have it."""
    merges = list(Merge.objects.filter(institution_id=institution, undone_at=None).order_by("pk"))
    changed = list(changed)
    _set_copies(merges, {each for merge in changed for each in (merge.kept_id, merge.copy_id)})
    before, after = _set_persons(
        institution, merges, {each for merge in changed for each in (merge.victim_kept_id, merge.victim_copy_id)}
    )
    for merge in changed:
        if not merge.before:
            both = (merge.victim_kept_id, merge.victim_copy_id)
            merge.before = {str(victim): before.get(victim) for victim in both}
            merge.after = {str(victim): after.get(victim) for victim in both}
    Merge.objects.bulk_update(changed, ["before", "after"], batch_size=200)


def _set_copies(merges: Sequence[Merge], starts: set[int]) -> None:
    events = [(merge.kept_id, merge.copy_id) for merge in merges if merge.same_event]
    near: defaultdict[int, list[int]] = defaultdict(list)
    for one, other in events:
        near[one].append(other)
        near[other].append(one)
    touched = reached_from(starts, near)
    kept = kept_of(event for event in events if event[0] in touched)
    incidents = list(Incident.objects.filter(pk__in=touched).order_by("pk"))
    moved = [incident for incident in incidents if incident.same_as_id != kept.get(incident.pk)]
    for incident in moved:
        incident.same_as_id = kept.get(incident.pk)
        incident.version += 1
    Incident.objects.bulk_update(moved, ["same_as", "version"], batch_size=200)


def _set_persons(
    institution: int, merges: Sequence[Merge], starts: set[int]
) -> tuple[dict[int, int | None], dict[int, int | None]]:
    """The persons of the victims connected with `starts`, before and after."""
    pairs = [(merge.victim_kept_id, merge.victim_copy_id) for merge in merges]
    touched, person_of, base = _connected(pairs, starts)
    known = dict(base)
    groups = groups_of(
        [pair for pair in pairs if pair[0] in touched]
        + [(victims[0], each) for victims in _by_person(base).values() for each in victims[1:]]
    )
    in_force = {victim for pair in pairs for victim in pair}
    wanted = dict(known)
    for group in groups:
        if group.isdisjoint(in_force):
            continue
        persons = sorted({person for victim in group if (person := base[victim]) is not None})
        # Of a group that has none, one that a merge gave it stays.
        now = sorted({person for victim in group if (person := person_of[victim]) is not None})
        person = persons[0] if persons else now[0] if now and _is_free(now[0], group) else None
        if person is None:
            person = Person.objects.create(institution_id=institution).pk
        wanted |= dict.fromkeys(group, person)
    _write_persons(touched, person_of, base, wanted)
    return person_of, wanted


def _connected(
    pairs: Sequence[tuple[int, int]], starts: set[int]
) -> tuple[set[int], dict[int, int | None], dict[int, int | None]]:
    """The victims connected with `starts` through pairs or a person of before; their persons now, and before."""
    touched: set[int] = set()
    frontier = set(starts)
    near: defaultdict[int, list[int]] = defaultdict(list)
    for one, other in pairs:
        near[one].append(other)
        near[other].append(one)
    person_of: dict[int, int | None] = {}
    base: dict[int, int | None] = {}
    while frontier:
        touched |= reached_from(frontier, near)
        missing = touched - person_of.keys()
        person_of |= dict(Victim.objects.filter(pk__in=missing).values_list("pk", "person_id"))
        before = dict(PersonBefore.objects.filter(victim__in=missing).values_list("victim_id", "person_id"))
        base |= {victim: before.get(victim, person_of.get(victim)) for victim in missing}
        persons = {person for person in base.values() if person is not None}
        sharing = Victim.objects.filter(
            Q(person__in=persons, person_before=None) | Q(person_before__person__in=persons)
        ).values_list("pk", flat=True)
        frontier = set(sharing) - touched
    return touched, person_of, base


def _by_person(base: dict[int, int | None]) -> dict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for victim, person in sorted(base.items()):
        if person is not None:
            found[person].append(victim)
    return found


def _is_free(person: int, group: set[int]) -> bool:
    return not Victim.objects.filter(person=person).exclude(pk__in=group).exists()


def _write_persons(
    touched: set[int],
    person_of: dict[int, int | None],
    base: dict[int, int | None],
    wanted: dict[int, int | None],
) -> None:
    PersonBefore.objects.filter(victim__in=touched).delete()
    PersonBefore.objects.bulk_create(
        PersonBefore(victim_id=victim, person_id=base[victim])
        for victim in sorted(touched)
        if wanted[victim] != base[victim]
    )
    moved = [
        Victim(pk=victim, person_id=wanted[victim]) for victim in sorted(touched) if wanted[victim] != person_of[victim]
    ]
    Victim.objects.bulk_update(moved, ["person"], batch_size=200)
