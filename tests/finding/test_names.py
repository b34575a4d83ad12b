"""Finding people by names that are sealed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amparo.cases.models import AllegedPerpetrator, Victim
from amparo.finding.models import NameIndexed, NameToken
from amparo.finding.names import (
    find_by_name,
    find_perpetrators_by_name,
    forget_name,
    index_missing,
    index_perpetrator,
    index_victim,
    names_in,
    names_missing,
)
from amparo.vault import services as vault
from tests.factories import make_incident, make_institution

pytestmark = pytest.mark.django_db


def test_it_works() -> None:
    founded = make_institution()
    victim = make_incident(founded, name="Invented Person One").victims.get()
    make_incident(founded, name="Invented Person Two")

    left = index_missing(founded.institution, founded.unlocked)

    assert left == 0
    assert list(find_by_name(founded.institution, founded.unlocked, "one, INVENTED")) == [victim]
    assert find_by_name(founded.institution, founded.unlocked, "Invented").count() == 2


def test_what_is_spelled_just_so_stands_before_other_spellings() -> None:
    founded = make_institution()
    alike, same, third = (make_incident(founded).victims.get() for _ in range(3))
    index_victim(alike, "Mohammed Invented", founded.unlocked)
    index_victim(same, "Mohamed Invented", founded.unlocked)
    index_victim(third, "محمد", founded.unlocked)

    assert list(find_by_name(founded.institution, founded.unlocked, "Mohamed")) == [same, alike, third]
    assert list(find_by_name(founded.institution, founded.unlocked, "Muhamad Invented")) == [alike, same]


def test_all_parts_that_are_asked_for_must_be_there() -> None:
    founded = make_institution()
    index_victim(make_incident(founded).victims.get(), "Invented Person Three", founded.unlocked)

    assert not find_by_name(founded.institution, founded.unlocked, "Invented Person Four")
    assert find_by_name(founded.institution, founded.unlocked, "Person Three")


@pytest.mark.parametrize("text", ["", "  ", "?!", "\u202e", "' OR 1=1 --", "%", "x" * 5000, "\u202eenO nosreP"])
def test_what_is_no_name_of_anybody_finds_nobody(text: str) -> None:
    founded = make_institution()
    index_victim(make_incident(founded).victims.get(), "Invented Person", founded.unlocked)

    assert not find_by_name(founded.institution, founded.unlocked, text)


def test_marks_of_direction_in_a_name_hide_nobody() -> None:
    founded = make_institution()
    victim = make_incident(founded).victims.get()
    index_victim(victim, "\u202eInvented\u202c Person", founded.unlocked)

    assert list(find_by_name(founded.institution, founded.unlocked, "invented person")) == [victim]


def test_another_institution_finds_nobody_of_ours() -> None:
    ours, theirs = make_institution(), make_institution()
    index_victim(make_incident(ours).victims.get(), "Invented Person", ours.unlocked)

    assert not find_by_name(theirs.institution, theirs.unlocked, "Invented")
    assert not find_by_name(ours.institution, theirs.unlocked, "Invented")


def test_a_changed_name_is_found_by_the_new_one_only() -> None:
    founded = make_institution()
    victim = make_incident(founded).victims.get()
    index_victim(victim, "Invented Before", founded.unlocked)

    index_victim(victim, "Invented After", founded.unlocked)

    assert not find_by_name(founded.institution, founded.unlocked, "Before")
    assert list(find_by_name(founded.institution, founded.unlocked, "After")) == [victim]


def test_a_name_that_was_changed_without_the_key_is_indexed_again() -> None:
    founded = make_institution()
    victim = make_incident(founded, name="Invented Person").victims.get()
    index_missing(founded.institution, founded.unlocked)

    forget_name(victim)

    assert not find_by_name(founded.institution, founded.unlocked, "Invented")
    assert names_missing(founded.institution) == 1
    assert index_missing(founded.institution, founded.unlocked) == 0
    assert find_by_name(founded.institution, founded.unlocked, "Invented").exists()


def test_alleged_perpetrators_are_found_apart_from_victims() -> None:
    founded = make_institution()
    incident = make_incident(founded)
    section, key = vault.seal_for({"name": "Invented Officer"}, "identity", founded.institution.key_pair)
    section.save()
    key.save()
    sealed = AllegedPerpetrator.objects.create(incident=incident, kind="police", section=section)
    typed = AllegedPerpetrator.objects.create(incident=incident, kind="army")
    index_perpetrator(typed, "Invented Colonel", founded.unlocked)

    index_missing(founded.institution, founded.unlocked)

    assert list(find_perpetrators_by_name(founded.institution, founded.unlocked, "Invented")) == [sealed, typed]
    assert not find_by_name(founded.institution, founded.unlocked, "Invented")


def test_names_are_indexed_in_pieces() -> None:
    founded = make_institution()
    for number in range(5):
        make_incident(founded, name=f"Invented Person {number}")

    assert index_missing(founded.institution, founded.unlocked, at_most=2) == 3
    assert index_missing(founded.institution, founded.unlocked, at_most=2) == 1
    assert index_missing(founded.institution, founded.unlocked, at_most=2) == 0
    assert index_missing(founded.institution, founded.unlocked, at_most=0) == 0
    assert NameIndexed.objects.count() == 5


def test_one_without_a_name_is_not_asked_for_again() -> None:
    founded = make_institution()
    make_incident(founded, name="…")

    assert index_missing(founded.institution, founded.unlocked) == 0
    assert not NameToken.objects.exists()


def test_tokens_go_with_the_record() -> None:
    founded = make_institution()
    incident = make_incident(founded, name="Invented Person")
    index_missing(founded.institution, founded.unlocked)

    incident.delete()

    assert not NameToken.objects.exists()
    assert not NameIndexed.objects.exists()


def test_with_a_new_key_all_tokens_are_made_anew() -> None:
    founded = make_institution()
    victim = make_incident(founded, name="Invented Person").victims.get()
    index_missing(founded.institution, founded.unlocked)
    before = {bytes(token) for token in NameToken.objects.values_list("token", flat=True)}

    key_pair, unlocked = vault.rotate_key_pair(founded.unlocked, [])
    founded.institution.key_pair = key_pair
    founded.institution.save()

    assert names_missing(founded.institution) == 1
    assert not find_by_name(founded.institution, unlocked, "Invented")
    assert index_missing(founded.institution, unlocked) == 0
    after = {bytes(token) for token in NameToken.objects.values_list("token", flat=True)}
    assert after.isdisjoint(before)
    assert list(find_by_name(founded.institution, unlocked, "Invented")) == [victim]


def test_no_part_of_a_name_stands_in_the_index() -> None:
    founded = make_institution()
    index_victim(make_incident(founded).victims.get(), "Inventedname", founded.unlocked)

    kept = b" ".join(bytes(token) for token in NameToken.objects.values_list("token", flat=True))
    assert b"nvnt" not in kept.lower()
    assert {len(bytes(token)) for token in NameToken.objects.values_list("token", flat=True)} == {16}


def test_several_names_of_one_person_find_her() -> None:
    assert names_in({"name": "Invented One", "other_names": ["Two", "Three"], "age": "30"}) == "Invented One Two Three"
    assert names_in({}) == ""


def test_a_search_takes_one_query_however_many_there_are() -> None:
    founded = make_institution()
    for number in range(12):
        make_incident(founded, name=f"Invented Person {number}")
    index_missing(founded.institution, founded.unlocked)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = list(find_by_name(founded.institution, founded.unlocked, "Invented Person"))

    assert len(found) == 12
    assert len(asked) == 1


def test_indexing_takes_as_many_queries_for_many_as_for_two() -> None:
    counts = []
    for number in (2, 20):
        founded = make_institution()
        for each in range(number):
            make_incident(founded, name=f"Invented Person {each}")
        with CaptureQueriesContext(connection) as asked:
            index_missing(founded.institution, founded.unlocked)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_victims_are_the_model_that_is_found() -> None:
    founded = make_institution()

    assert find_by_name(founded.institution, founded.unlocked, "Invented").model is Victim


def test_a_name_that_is_rewritten_is_found_as_it_is_now_only() -> None:
    founded = make_institution()
    victim = make_incident(founded, name="Invented Before").victims.get()
    index_missing(founded.institution, founded.unlocked)

    vault.rewrite_section(victim.section, founded.unlocked, {"name": "Invented After"})

    assert not find_by_name(founded.institution, founded.unlocked, "Before")
    assert index_missing(founded.institution, founded.unlocked) == 0
    assert not find_by_name(founded.institution, founded.unlocked, "Before")
    assert list(find_by_name(founded.institution, founded.unlocked, "After")) == [victim]
