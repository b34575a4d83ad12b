"""What may come in the next months, at the desk: for who may see the dataset, with its record or not at all."""

import csv
import io
import shutil
from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.cases.dates import EventDate
from amparo.cases.models import Act, Dataset, Incident, Victim
from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.ui.templatetags.ui import label
from amparo.vault.models import LogEntry
from amparo.warning.forecast_page.forecasting import forecast_dataset, read_kept
from tests.factories import make_dataset, make_incident, make_institution
from tests.warning.forecast_page.test_outlook import COUNTRIES, make_waves

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_forecast() -> None:
    shutil.rmtree(settings.DATA_DIR / "forecasts", ignore_errors=True)


def fill(founded: Founded, code: str = "invented-list") -> Dataset:
    """Some 300 killings in four countries, 2010 to 2020, that come in waves."""
    panel, dataset = make_waves(), make_dataset(code)
    incidents = []
    for country, counts in zip(panel.countries, panel.counts, strict=True):
        for position, count in enumerate(counts):
            for _number in range(int(count)):
                incident = Incident(institution=founded.institution, dataset=dataset, country=country)
                incident.set_date(EventDate.read(f"{panel.month(position)}-05"))
                incidents.append(incident)
    Incident.objects.bulk_create(incidents)
    made = list(Incident.objects.filter(dataset=dataset))
    Victim.objects.bulk_create(Victim(incident=each) for each in made)
    victims = Victim.objects.filter(incident__in=made)
    Act.objects.bulk_create(Act(incident_id=each.incident_id, victim=each, kind="killing") for each in victims)
    return dataset


@pytest.fixture
def dataset(founded: Founded) -> Dataset:
    return fill(founded)


def forecast(client: Client, code: str) -> str:
    return client.post(reverse("forecast"), {"dataset": code}, follow=True).content.decode()


def test_it_works(client: Client, user: User, dataset: Dataset) -> None:
    before = client.get(reverse("forecast-of", args=[dataset.code])).content.decode()
    assert "It has not been forecast yet" in before
    page = forecast(client, dataset.code)
    outlook = read_kept(user, dataset)
    assert outlook is not None
    shown = [each.country for each in outlook.countries]
    assert shown
    assert [code for code in sorted(COUNTRIES) if f'id="country-{code}"' in page] == shown
    assert page.count("Record: ") == page.count('class="chart"') == len(shown)
    for each in outlook.countries:
        first = each.months[0]
        assert f"<bdi>{first.low_90}–{first.high_90}</bdi>" in page
        for score in (each.tried.crps, each.tried.naive_crps, each.tried.log, each.tried.naive_log):
            assert f">{score:.3f}<" in page
        assert f"the wide one {each.tried.held_90:.0%}" in page
    assert "For 1 country no forecast is shown" in page
    (withheld,) = outlook.withheld
    assert f"<li>{label(withheld.country, 'countries')}</li>" in page
    newest = Incident.objects.order_by("-earliest").values_list("earliest", flat=True)[0]
    assert newest is not None
    assert str(outlook.end) == f"{newest:%Y-%m}"
    assert f"The records end in {newest:%b %Y}" in page
    assert "inside the house" in page
    assert LogEntry.objects.order_by("pk").last().action == "forecast-made"  # type: ignore[union-attr]

    file = client.get(reverse("forecast-csv", args=[dataset.code])).content.decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(file)))
    assert [(row["country"], row["month"], row["median"], row["forecasts_tried"]) for row in table] == [
        (each.country, str(outlook.end.later(its.ahead)), str(its.median), str(each.tried.forecasts))
        for each in outlook.countries
        for its in each.months
    ]
    assert LogEntry.objects.order_by("pk").last().action == "forecast-exported"  # type: ignore[union-attr]


def test_sent_twice_it_is_made_once_until_the_records_change(
    client: Client, founded: Founded, user: User, dataset: Dataset
) -> None:
    forecast(client, dataset.code)
    forecast(client, dataset.code)
    assert LogEntry.objects.filter(action="forecast-made").count() == 1
    assert "Records have changed since" not in client.get(reverse("forecast-of", args=[dataset.code])).content.decode()
    make_incident(founded, date="2020-10-09")
    assert "Records have changed since" in client.get(reverse("forecast-of", args=[dataset.code])).content.decode()
    assert "Records have changed since" not in forecast(client, dataset.code)
    assert LogEntry.objects.filter(action="forecast-made").count() == 2


def test_what_goes_on_is_forecast_again_when_a_month_is_over(user: User, dataset: Dataset) -> None:
    outlook = forecast_dataset(user, dataset, date(2020, 12, 31))
    assert str(outlook.end) == "2020-11"
    same = read_kept(user, dataset, date(2020, 12, 1))
    later = read_kept(user, dataset, date(2021, 1, 1))
    assert same is not None
    assert later is not None
    assert (same.is_current, later.is_current) == (True, False)


def test_too_little_data_is_told_at_its_field(client: Client, founded: Founded, user: User) -> None:
    code = make_incident(founded, date="2019-12-01").dataset.code
    make_incident(founded, date="2020-02-01")
    answer = client.post(reverse("forecast"), {"dataset": code})
    assert answer.status_code == 422
    assert "Its records cover 3 months; at least 102 are needed" in answer.content.decode()
    Incident.objects.update(date=None)
    answer = client.post(reverse("forecast"), {"dataset": code})
    assert answer.status_code == 422
    assert "nothing can be forecast" in answer.content.decode()


@pytest.mark.parametrize("code", ["", "none-such", "../x"])
def test_a_wrong_choice_is_told_at_its_field(client: Client, user: User, dataset: Dataset, code: str) -> None:
    answer = client.post(reverse("forecast"), {"dataset": code})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["dataset"]


def test_an_empty_store_says_what_to_do(client: Client, user: User) -> None:
    assert "There is no dataset yet" in client.get(reverse("forecast")).content.decode()
    assert reverse("forecast") in client.get(reverse("warning")).content.decode()


def test_what_another_institution_documents_is_not_forecast(client: Client, user: User) -> None:
    code = make_incident(make_institution("other")).dataset.code
    assert client.get(reverse("forecast-of", args=[code])).status_code == 404
    assert client.get(reverse("forecast-csv", args=[code])).status_code == 404
    assert client.post(reverse("forecast"), {"dataset": code}).status_code == 422


@pytest.mark.parametrize("content", ["", "{", "[]", '{"first": "2002-01", "end": "2002-02"}', "\udcff"])
def test_a_file_that_was_spoilt_is_made_again(client: Client, founded: Founded, user: User, content: str) -> None:
    dataset = make_dataset()
    make_incident(founded)
    path = settings.DATA_DIR / "forecasts" / f"{user.institution_id}-{dataset.pk}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    assert "It has not been forecast yet" in client.get(reverse("forecast-of", args=[dataset.code])).content.decode()
    assert client.get(reverse("forecast-csv", args=[dataset.code])).status_code == 302


def test_what_is_kept_is_read_by_its_owner_only(user: User, dataset: Dataset) -> None:
    forecast_dataset(user, dataset)
    (path,) = (settings.DATA_DIR / "forecasts").iterdir()
    assert path.stat().st_mode & 0o077 == 0


def test_the_page_asks_for_as_much_with_many_datasets_as_with_few(
    client: Client, founded: Founded, user: User, dataset: Dataset
) -> None:
    forecast(client, dataset.code)
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("forecast-of", args=[dataset.code]))
    for number in range(5):
        Incident.objects.filter(pk=make_incident(founded).pk).update(dataset=make_dataset(f"more-{number}"))
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("forecast-of", args=[dataset.code]))
    assert len(many) == len(few)
