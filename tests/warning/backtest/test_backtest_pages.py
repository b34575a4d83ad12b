"""The past played again at the desk: foremost for the list of journalists killed, 2002 to 2016."""

import csv
import io
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.cases.models import Dataset, Incident
from amparo.exchange.importing import import_incidents
from amparo.exchange.mapping import load_mapping
from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.vault.models import LogEntry
from amparo.warning.backtest.playing import PUBLISHED, datasets_for, read_played
from tests.factories import make_incident, make_institution

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_played() -> None:
    shutil.rmtree(settings.DATA_DIR / "backtests", ignore_errors=True)


@pytest.fixture
def dataset(founded: Founded) -> Dataset:
    """A killing a year for six years, and five in March of the last."""
    for year in range(2014, 2020):
        made = make_incident(founded, date=f"{year}-01-05", acts=("killing",))
    for day in range(1, 6):
        make_incident(founded, date=f"2019-03-0{day}", acts=("killing",))
    make_incident(founded, date="2019-12-01")
    return made.dataset


def play(client: Client, code: str, first: str = "") -> str:
    answer = client.post(reverse("backtest"), {"dataset": code, "first": first}, follow=True)
    return answer.content.decode()


def test_it_works(client: Client, user: User, dataset: Dataset) -> None:
    assert "It has not been played yet" in client.get(reverse("backtest-of", args=[dataset.code])).content.decode()
    page = play(client, dataset.code)
    assert "Mar 2019: 5 incidents are recorded." in page
    assert "Colombia: 5 incidents are recorded." in page
    assert "Killing (5)" in page
    played = read_played(user, dataset)
    assert played is not None
    (alarm,) = (each for each in played.alarms if str(each.finding.month) == "2019-03")
    series = [alarm.finding.stratum, *(each.stratum for each in alarm.others)]
    assert {("country",), ("country", "act_group")} <= {each.by for each in series}
    assert f"{len(alarm.others)} more series in the same month" in page
    assert (alarm.came, alarm.again) == (5, False)
    assert [(each.times, each.came) for each in alarm.after] == [(3, 0), (6, 0)]
    assert LogEntry.objects.order_by("pk").last().action == "backtest-played"  # type: ignore[union-attr]


def test_journalists_2002_to_2016(client: Client, user: User, shared_data: Path) -> None:
    """What the list says of its own file: 32 killed at Ampatuan in November 2009, and so on."""
    path = shared_data / "journalists-killed" / "cpj_1992_2016.csv"
    other = make_institution("observatory").institution
    import_incidents(path, load_mapping("cpj"), other)
    assert client.get(reverse("backtest")).context["form"].initial == {"dataset": "cpj", "first": "2002-01"}

    page = play(client, "cpj", "2002-01")

    played = read_played(user, Dataset.objects.get(code="cpj"))
    assert played is not None
    assert (str(played.first), str(played.end)) == ("2002-01", "2016-10")
    raised = {(each.country, str(each.finding.month)): each for each in played.alarms}
    assert {("IRQ", "2003-03"), ("PHL", "2009-11"), ("HND", "2010-03"), ("SYR", "2012-02")} <= raised.keys()
    counted = Incident.objects.filter(dataset__code="cpj")
    for (country, month), each in raised.items():
        assert each.came == counted.filter(country=country, date__startswith=month).count()
        assert all(2 <= its.observed <= each.came for its in (each.finding, *each.others))
        assert len({its.stratum for its in (each.finding, *each.others)}) == len(each.others) + 1
        later = each.finding.month.later
        for its in each.after:
            came = sum(
                counted.filter(country=country, date__startswith=str(later(n))).count() for n in range(1, its.times + 1)
            )
            assert its.came == came
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Country_killed"] == "Philippines"]
    assert raised["PHL", "2009-11"].finding.victims == sum(
        row["Date"].startswith("November") and row["Date"].endswith("2009") for row in rows
    )
    assert 15 <= len(raised) <= 40
    for its in played.summary:
        assert its.share > 2 * its.base_share
    assert f"{len(raised)} signals would have been raised" in page
    second = client.get(reverse("backtest-of", args=["cpj"]), {"page": 2}).content.decode()
    assert "Nov 2009: 32 incidents are recorded." in page + second
    file = client.get(reverse("backtest-csv", args=["cpj"])).content.decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(file)))
    assert len(table) == len(raised)
    assert next(row for row in table if row["country"] == "HND")["month"] == "2010-03"


def test_a_month_too_early_or_no_month_is_told_at_its_field(client: Client, user: User, dataset: Dataset) -> None:
    for first in ("2014-02", "2031-01", "2019-13", "March"):
        answer = client.post(reverse("backtest"), {"dataset": dataset.code, "first": first})
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["first"]
        assert first in answer.content.decode()
    assert read_played(user, dataset) is None


def test_records_that_are_too_young_are_told(client: Client, founded: Founded, user: User) -> None:
    code = make_incident(founded, date="2019-12-01").dataset.code
    answer = client.post(reverse("backtest"), {"dataset": code})
    assert answer.status_code == 422
    assert "too young" in answer.content.decode()
    Incident.objects.update(date=None)
    assert client.post(reverse("backtest"), {"dataset": code}).status_code == 422


def test_changed_records_are_told(client: Client, founded: Founded, user: User, dataset: Dataset) -> None:
    assert "have changed since" not in play(client, dataset.code)
    make_incident(founded, date="2019-11-01")
    assert "have changed since" in client.get(reverse("backtest-of", args=[dataset.code])).content.decode()
    assert "have changed since" not in play(client, dataset.code)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"first": 1}', '{"first": "2002-01", "end": "x"}', "\udcff"])
def test_a_file_that_was_spoilt_is_played_again(client: Client, user: User, dataset: Dataset, content: str) -> None:
    play(client, dataset.code)
    (path,) = (settings.DATA_DIR / "backtests").glob(f"{user.institution_id}-{dataset.pk}.json")
    assert path.stat().st_mode & 0o077 == 0
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    assert "It has not been played yet" in client.get(reverse("backtest-of", args=[dataset.code])).content.decode()
    assert client.get(reverse("backtest-csv", args=[dataset.code])).status_code == 302
    assert "5 incidents" in play(client, dataset.code)


def test_the_page_asks_for_as_much_with_many_datasets_as_with_few(
    client: Client, founded: Founded, user: User, dataset: Dataset
) -> None:
    play(client, dataset.code)
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("backtest-of", args=[dataset.code]))
    for number in range(5):
        more = Dataset.objects.create(code=f"more-{number}", titles={}, publisher="", coverage={})
        Incident.objects.filter(pk=make_incident(founded).pk).update(dataset=more)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("backtest-of", args=[dataset.code]))
    assert len(many) == len(few)


def test_what_another_institution_documents_is_not_looked_into(client: Client, user: User) -> None:
    other = make_institution("other")
    code = make_incident(other).dataset.code
    assert not datasets_for(user).exists()
    assert client.get(reverse("backtest-of", args=[code])).status_code == 404
    assert client.get(reverse("backtest-csv", args=[code])).status_code == 404
    assert client.post(reverse("backtest"), {"dataset": code}).status_code == 422
    assert "There is no dataset yet" in client.get(reverse("backtest")).content.decode()


def test_published_lists_are_those_that_come_along() -> None:
    for name in ("cpj", "global-witness", "colombia-social-leaders", "chile-truth-commission"):
        assert load_mapping(name).dataset in PUBLISHED
