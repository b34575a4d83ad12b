"""The database is brought up to the files: once, quickly, and without forgetting a code that was used."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from amparo.vocabularies.catalogue import Term, Vocabulary, get_vocabulary, vocabulary_codes
from amparo.vocabularies.models import LoadedTerm, LoadedVocabulary
from amparo.vocabularies.services import load_vocabularies

pytestmark = pytest.mark.django_db

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@pytest.fixture(autouse=True)
def _nothing_loaded() -> None:
    LoadedVocabulary.objects.all().delete()


def invented(**labels: str) -> Vocabulary:
    """A small vocabulary with these codes and English labels."""
    terms = {code: Term(code, None, {"en": label}) for code, label in labels.items()}
    return Vocabulary("invented", "1", {"en": "Invented"}, {"en": "For tests."}, terms)


def test_it_works() -> None:
    changed = load_vocabularies()

    assert changed == vocabulary_codes()
    for code in vocabulary_codes():
        terms = get_vocabulary(code).terms
        loaded = LoadedTerm.objects.filter(vocabulary__code=code, retired=False)
        assert set(loaded.values_list("code", flat=True)) == set(terms)
    killing = LoadedTerm.objects.get(vocabulary__code="acts", code="killing")
    assert killing.broader == "attack-on-life"
    assert killing.labels["ar"] == "قتل"


def test_loading_again_writes_nothing() -> None:
    load_vocabularies()
    before = list(LoadedTerm.objects.order_by("pk").values())

    with CaptureQueriesContext(
        connection,
    ) as queries:
        changed = load_vocabularies()

    assert changed == ()
    assert not [q["sql"] for q in queries if q["sql"].upper().startswith(WRITES)]
    assert list(LoadedTerm.objects.order_by("pk").values()) == before


def test_loading_again_asks_one_question(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    load_vocabularies()

    # One question; the rest opens and closes the transaction.
    with django_assert_max_num_queries(3):
        load_vocabularies()


def test_loading_thousands_of_areas_takes_few_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    areas = get_vocabulary("areas")

    with django_assert_max_num_queries(40):
        load_vocabularies([areas])

    assert LoadedTerm.objects.filter(vocabulary__code="areas").count() == len(areas.terms) > 3500


def test_a_changed_label_is_updated_and_recorded() -> None:
    load_vocabularies([invented(one="One", two="Two")])
    before = LoadedVocabulary.objects.get(code="invented")
    key = LoadedTerm.objects.get(code="one").pk

    changed = load_vocabularies([replace(invented(one="The first", two="Two"), version="2")])

    after = LoadedVocabulary.objects.get(code="invented")
    assert changed == ("invented",)
    assert (after.pk, after.version) == (before.pk, "2")
    assert after.sha256 != before.sha256
    assert LoadedTerm.objects.get(pk=key).labels == {"en": "The first"}
    assert LoadedTerm.objects.filter(vocabulary=after).count() == 2


def test_only_the_vocabulary_that_changed_is_written() -> None:
    load_vocabularies()

    changed = load_vocabularies([get_vocabulary("sex"), invented(one="One")])

    assert changed == ("invented",)


def test_a_term_that_left_the_file_is_retired_and_keeps_its_label() -> None:
    load_vocabularies([invented(one="One", two="Two")])

    load_vocabularies([invented(one="One")])

    two = LoadedTerm.objects.get(code="two")
    assert two.retired
    assert two.labels == {"en": "Two"}
    assert not LoadedTerm.objects.get(code="one").retired


def test_a_term_that_comes_back_is_no_longer_retired() -> None:
    load_vocabularies([invented(one="One", two="Two")])
    key = LoadedTerm.objects.get(code="two").pk
    load_vocabularies([invented(one="One")])

    load_vocabularies([invented(one="One", two="Two again")])

    two = LoadedTerm.objects.get(code="two")
    assert (two.pk, two.retired, two.labels) == (key, False, {"en": "Two again"})


def test_two_vocabularies_may_use_the_same_code() -> None:
    load_vocabularies([get_vocabulary("sex"), get_vocabulary("gender")])

    assert LoadedTerm.objects.filter(code="unknown").count() == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"labels": {"en": "Other"}},
        {"broader": "two"},
        {"definitions": {"en": "Other."}},
    ],
)
def test_any_word_that_changes_changes_the_hash(changed: dict[str, object]) -> None:
    vocabulary = invented(one="One", two="Two")
    term = replace(vocabulary.terms["one"], **changed)  # type: ignore[arg-type]

    other = replace(vocabulary, terms={**vocabulary.terms, "one": term})

    assert other.sha256 != vocabulary.sha256


def test_a_load_that_fails_leaves_all_as_it_was() -> None:
    load_vocabularies([invented(one="One")])
    unwritable = Term("two", None, {"en": object()})  # type: ignore[dict-item]
    broken = replace(invented(), code="broken", terms={"two": unwritable})

    with pytest.raises(TypeError):
        load_vocabularies([invented(one="Changed"), broken])

    assert LoadedTerm.objects.get(code="one").labels == {"en": "One"}
    assert not LoadedVocabulary.objects.filter(code="broken").exists()
