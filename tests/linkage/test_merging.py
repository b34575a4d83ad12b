"""Merges, and undoing them: the state is that of the merges in force, whatever came and went."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from amparo.cases.models import Incident, Person, Victim
from amparo.linkage import merging
from amparo.linkage.merges_in_force import groups_of, kept_of
from amparo.linkage.models import NOT_SAME, OTHER_EVENT, SAME_EVENT, Candidate, Merge
from tests.factories import make_incident, make_institution, make_member


def make_candidate(one: Victim, other: Victim, band: str = "surely") -> Candidate:
    low, high = sorted((one, other), key=lambda victim: victim.pk)
    return Candidate.objects.create(
        institution=one.incident.institution,
        one=low,
        other=high,
        band=band,
        band_order=0,
        score=995,
        reasons=["name-same", "date-same-day"],
    )


def victims_of(number: int) -> tuple[object, list[Victim]]:
    founded = make_institution()
    user = make_member(founded)
    return user, [make_incident(founded, acts=()).victims.get() for _ in range(number)]


@pytest.mark.django_db
def test_it_works() -> None:
    user, (one, other) = victims_of(2)

    merge = merging.decide(user, make_candidate(one, other).pk, SAME_EVENT)

    one.refresh_from_db()
    other.refresh_from_db()
    assert one.person_id == other.person_id is not None
    assert other.incident.same_as_id == one.incident_id
    assert merge.after == {str(one.pk): one.person_id, str(other.pk): other.person_id}

    merging.undo(user, merge.pk)

    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.person_id, other.person_id) == (None, None)
    assert not Incident.objects.exclude(same_as=None).exists()
    assert Candidate.objects.get().decision == "open"


@pytest.mark.django_db
def test_the_same_person_in_another_event_leaves_both_events() -> None:
    user, (one, other) = victims_of(2)

    merging.decide(user, make_candidate(one, other).pk, OTHER_EVENT)

    assert Victim.objects.exclude(person=None).count() == 2
    assert not Incident.objects.exclude(same_as=None).exists()


@pytest.mark.django_db
def test_who_was_refused_is_decided_once() -> None:
    user, (one, other) = victims_of(2)
    candidate = make_candidate(one, other)
    merging.decide(user, candidate.pk, NOT_SAME)

    with pytest.raises(merging.NotNow):
        merging.decide(user, candidate.pk, SAME_EVENT)
    assert not Merge.objects.exists()


@pytest.mark.django_db
def test_a_draft_is_not_merged() -> None:
    user, (one, other) = victims_of(2)
    Incident.objects.filter(pk=other.incident_id).update(stage="draft")

    with pytest.raises(merging.NotNow):
        merging.decide(user, make_candidate(one, other).pk, SAME_EVENT)


@pytest.mark.django_db
def test_another_institution_s_candidate_is_not_there() -> None:
    _, (one, other) = victims_of(2)
    stranger = make_member(make_institution())

    with pytest.raises(Candidate.DoesNotExist):
        merging.decide(stranger, make_candidate(one, other).pk, SAME_EVENT)


@pytest.mark.django_db
def test_persons_of_before_come_back() -> None:
    user, (one, other, third) = victims_of(3)
    before = Person.objects.create(institution=one.incident.institution)
    Victim.objects.filter(pk__in=[other.pk, third.pk]).update(person=before)

    merge = merging.decide(user, make_candidate(one, other).pk, SAME_EVENT)
    assert set(Victim.objects.values_list("person", flat=True)) == {before.pk}
    merging.undo(user, merge.pk)

    assert list(Victim.objects.order_by("pk").values_list("person", flat=True)) == [None, before.pk, before.pk]


@pytest.mark.django_db
def test_all_sure_ones_at_once_and_back() -> None:
    user, victims = victims_of(6)
    for one, other in zip(victims[::2], victims[1::2], strict=True):
        make_candidate(one, other)
    make_candidate(victims[0], victims[2], band="probably")

    batch, number = merging.accept_all_sure(user)

    assert number == 3
    assert Incident.objects.exclude(same_as=None).count() == 3
    assert merging.count_persons(victims[0].incident.institution) == 3
    assert merging.undo_batch(user, batch) == 3
    assert not Victim.objects.exclude(person=None).exists()
    assert not Incident.objects.exclude(same_as=None).exists()


class AnySequence(TestCase):
    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(
            st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans(), st.booleans(), st.integers(0, 9)),
            max_size=12,
        ),
        st.lists(st.sampled_from([0, 1, 2]), min_size=5, max_size=5),
    )
    def test_any_sequence_gives_the_state_of_the_merges_in_force(
        self, steps: list[tuple[int, int, bool, bool, int]], persons: list[int]
    ) -> None:
        user, victims = victims_of(5)
        base = [None, *(Person.objects.create(institution=victims[0].incident.institution).pk for _ in range(2))]
        before = {victim.pk: base[which] for victim, which in zip(victims, persons, strict=True)}
        for victim in victims:
            Victim.objects.filter(pk=victim.pk).update(person_id=before[victim.pk])

        for a, b, same_event, undo, which in steps:
            in_force = list(Merge.objects.filter(undone_at=None))
            if undo and in_force:
                merging.undo(user, in_force[which % len(in_force)].pk)
            elif a != b:
                low, high = sorted((victims[a].pk, victims[b].pk))
                found = Candidate.objects.filter(one=low, other=high).first()
                candidate = found or make_candidate(victims[a], victims[b])
                if candidate.decision == "open":
                    decision = SAME_EVENT if same_event else OTHER_EVENT
                    merging.decide(user, candidate.pk, decision, kept=victims[a].incident_id)
            self.check(before)

        for merge in Merge.objects.filter(undone_at=None):
            merging.undo(user, merge.pk)
        assert dict(Victim.objects.values_list("pk", "person_id")) == before
        assert not Incident.objects.exclude(same_as=None).exists()

    def check(self, before: dict[int, int | None]) -> None:
        merges = list(Merge.objects.filter(undone_at=None).order_by("pk"))
        events = [(merge.kept_id, merge.copy_id) for merge in merges if merge.same_event]
        now = dict(Incident.objects.exclude(same_as=None).values_list("pk", "same_as_id"))
        assert now == kept_of(events)
        assert not set(now) & set(now.values())
        pairs = [(merge.victim_kept_id, merge.victim_copy_id) for merge in merges]
        shared = [(a, b) for a in before for b in before if a < b and before[a] and before[a] == before[b]]
        expected = {frozenset(group) for group in groups_of(pairs + shared)}
        persons = dict(Victim.objects.values_list("pk", "person_id"))
        groups: dict[int, set[int]] = {}
        for victim, person in persons.items():
            if person:
                groups.setdefault(person, set()).add(victim)
        assert {frozenset(group) for group in groups.values() if len(group) > 1} == expected
        merged = {victim for pair in pairs for victim in pair}
        for victim, person in persons.items():
            if not any(victim in group and group & merged for group in expected):
                assert person == before[victim]
