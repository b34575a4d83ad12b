"""While a case is entered, its form may say that it is there already."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amparo.cases.dates import EventDate
from amparo.linkage.duplicates import MOST_OPENED, likely_duplicates
from tests.factories import make_incident, make_institution

DAY = EventDate.read("2020-05-17")


@pytest.mark.django_db
def test_it_works() -> None:
    founded = make_institution()
    there = make_incident(founded, name="José Invented Persón", area="CO-CAU")
    make_incident(founded, name="Somebody Quite Other", area="CO-CAU")

    found = likely_duplicates(founded.institution, founded.unlocked, ["Person, Jose Invented"], DAY, "COL", "CO-CAU")

    assert [each.incident_id for each in found] == [there.pk]
    assert found[0].likelihood == "surely"
    assert found[0].reasons == ("name-same", "date-same-day", "area-same")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "date", "area", "expected"),
    [
        ("Jose Invented Persom", "2020-05-17", "CO-CAU", "probably"),
        ("Jose Invented", "2020-05-20", "CO-CAU", "probably"),
        ("Jose Invented Person", "2020-05", "CO-CAU", "probably"),
        ("Jose Invented Person", "2020-05-17", "CO-ANT", "probably"),
        ("Jose Invented Person", None, "unknown", "probably"),
        ("Maria Invented Person", "2020-05-17", "CO-CAU", "perhaps"),
        ("Maria Invented Person", "2020-05-17", "CO-ANT", None),
        ("Maria Quite Other", "2020-05-17", "CO-CAU", None),
        ("Jose Invented Person", "2018-05-17", "CO-CAU", None),
        ("NN", "2020-05-17", "CO-CAU", None),
        ("", "2020-05-17", "CO-CAU", None),
    ],
)
def test_how_likely_it_is(name: str, date: str | None, area: str, expected: str | None) -> None:
    founded = make_institution()
    make_incident(founded, name="José Invented Persón", area="CO-CAU")

    when = EventDate.read(date) if date else None
    found = likely_duplicates(founded.institution, founded.unlocked, [name], when, "COL", area)

    assert [each.likelihood for each in found] == ([expected] if expected else [])


@pytest.mark.django_db
def test_of_another_institution_nothing_is_said() -> None:
    ours, theirs = make_institution(), make_institution()
    make_incident(theirs, name="Jose Invented Person")

    assert not likely_duplicates(ours.institution, ours.unlocked, ["Jose Invented Person"], DAY, "COL", "unknown")


@pytest.mark.django_db
def test_few_are_opened_however_many_there_are() -> None:
    founded = make_institution()
    for number in range(MOST_OPENED + 5):
        make_incident(founded, name=f"Invented Number{number}", acts=())

    with CaptureQueriesContext(
        connection,
    ) as queries:
        likely_duplicates(founded.institution, founded.unlocked, ["Jose Invented Person"], DAY, "COL", "unknown")

    assert len(queries) <= 3
