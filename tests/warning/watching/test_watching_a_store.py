"""What the store holds is watched: by when it happened, and by when it was recorded."""

import json
from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amparo.cases.models import Incident
from amparo.warning.commands import warn
from amparo.warning.months import Month
from amparo.warning.replaying import ReplaySettings
from amparo.warning.watching.findings import Basis
from amparo.warning.watching.reading import read_watched_plane
from amparo.warning.watching.services import (
    last_full_month,
    replay_countries,
    replay_countries_by_year,
    watch_store,
)
from amparo.warning.watching.strata import COUNTRY, Stratum
from tests.factories import make_incident, make_institution

NOW = Month(2020, 6)
COLOMBIA = Stratum(COUNTRY, ("COL",))


@pytest.fixture
def records(db: None) -> None:
    """One killing a year in Colombia and in Brazil, each known in its month; seven in Colombia in June 2020."""
    founded = make_institution()
    for month in range(0, 48, 12):
        for country in ("COL", "BRA"):
            record_in(make_incident(founded, date=str(NOW.later(-month - 5)), country=country), NOW.later(-month - 5))
    for day in range(1, 8):
        record_in(make_incident(founded, date=f"{NOW}-{day:02}", acts=("killing",)), NOW)


def record_in(incident: Incident, month: Month) -> None:
    at = datetime(month.year, month.month, 20, tzinfo=UTC)
    Incident.objects.filter(pk=incident.pk).update(created_at=at)


@pytest.mark.usefixtures("records")
def test_it_works() -> None:
    run = watch_store(NOW)

    found = next(each for each in run.findings if each.stratum == COLOMBIA)
    assert (found.observed, found.victims, found.month) == (7, 7, NOW)
    assert found.acts == (("killing", 7),)
    assert {each.stratum.country for each in run.findings} == {"COL"}


@pytest.mark.usefixtures("records")
def test_what_is_told_outside_passes_the_threshold() -> None:
    assert {each.observed for each in watch_store(NOW, threshold=5).outside} == {7}
    assert {each.observed for each in watch_store(NOW, threshold=8).outside} == {None}


@pytest.mark.usefixtures("records")
def test_what_was_recorded_later_is_not_known_yet() -> None:
    Incident.objects.filter(earliest__gte=date(2020, 6, 1)).update(created_at=datetime(2020, 8, 1, tzinfo=UTC))

    assert watch_store(NOW).findings == ()
    assert COLOMBIA in {each.stratum for each in watch_store(NOW.later(2)).findings}
    assert COLOMBIA in {each.stratum for each in watch_store(NOW.later(2), basis=Basis.RECORDED).findings}


@pytest.mark.usefixtures("records")
def test_a_list_brought_in_later_can_be_looked_back_at() -> None:
    Incident.objects.update(created_at=datetime(2026, 1, 1, tzinfo=UTC))

    assert watch_store(NOW).findings == ()
    assert COLOMBIA in {each.stratum for each in watch_store(NOW, as_happened=True).findings}


@pytest.mark.usefixtures("records")
def test_reading_asks_no_more_of_the_database_for_more_records() -> None:
    with CaptureQueriesContext(connection) as few:
        read_watched_plane()
    founded = make_institution()
    for _ in range(5):
        make_incident(founded)
    with CaptureQueriesContext(connection) as many:
        read_watched_plane()

    assert len(many) == len(few)


@pytest.mark.usefixtures("records")
def test_a_plane_is_played_again_by_country() -> None:
    found = replay_countries(
        read_watched_plane(), Month(2016, 1), Month(2020, 1), Month(2020, 12), ReplaySettings(history=36)
    )

    assert [(each.series, each.position) for each in found.raised] == [("COL", 53)]


@pytest.mark.usefixtures("records")
def test_a_plane_is_played_again_by_year() -> None:
    found = replay_countries_by_year(read_watched_plane(), 2008, 2016, 2020)

    assert [(each.series, each.position, each.observed) for each in found.raised] == [("COL", 12, 8)]


@pytest.mark.usefixtures("records")
def test_the_command_says_it_in_words_and_as_data() -> None:
    said = CliRunner().invoke(warn, ["watch", "--month", "2020-06"])
    data = json.loads(CliRunner().invoke(warn, ["watch", "--month", "2020-06", "--outside", "--json"]).stdout)

    assert said.exit_code == 0, said.output
    assert "Colombia, Jun 2020: 7 incidents are recorded." in said.output
    told = next(each for each in data["findings"] if each["stratum"] == {"country": "COL"})
    assert told["observed"] == 7
    assert "victims" not in told
    assert "Colombia" in told["words"]


@pytest.mark.usefixtures("records")
def test_the_record_of_findings_is_told_where_there_is_one() -> None:
    asked = ["watch", "--month", "2020-12", "--record"]
    young = CliRunner().invoke(warn, asked)
    founded = make_institution()
    make_incident(founded, date="2012-01-05", country="MEX")
    old = json.loads(CliRunner().invoke(warn, [*asked, "--json"]).stdout)["record"]

    assert "too young" in young.output
    assert old["raised"] == 1
    assert [each["times"] for each in old["after_alarms"]] == [3, 6, 12]


@pytest.mark.django_db
def test_an_empty_store_has_no_findings() -> None:
    assert watch_store(NOW).findings == ()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["--month", "soon"], "A month is written like 2026-01."),
        (["--month", "2999-01"], "This month is still to come."),
        (["--dataset", "nowhere"], "There is no dataset “nowhere”."),
    ],
)
def test_what_is_not_there_to_be_watched_is_told(asked: list[str], words: str) -> None:
    told = CliRunner().invoke(warn, ["watch", *asked])
    assert told.exit_code == 2
    assert words in told.stderr


def test_a_month_is_judged_when_it_is_over() -> None:
    assert last_full_month(date(2026, 1, 31)) == Month(2025, 12)
