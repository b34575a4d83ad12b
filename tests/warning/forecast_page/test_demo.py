"""The demonstration shows forecasts, and the past played again, of the lists that it has."""

import shutil
from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from amparo.cases.models import Dataset, Incident
from amparo.warning.backtest.playing import read_played
from amparo.warning.forecast_page.demo import seed_demo_outlook
from amparo.warning.forecast_page.forecasting import read_kept
from tests.factories import make_dataset, make_incident, make_institution, make_member, sign_in
from tests.warning.forecast_page.test_forecast_pages import fill

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    for folder in ("forecasts", "backtests"):
        shutil.rmtree(settings.DATA_DIR / folder, ignore_errors=True)


def test_it_works(client: Client) -> None:
    founded = make_institution()
    fill(founded, "global-witness")
    journalists = make_dataset("cpj")
    for day in ("1995-03-01", "2003-04-01"):
        Incident.objects.filter(pk=make_incident(founded, date=day).pk).update(dataset=journalists)
    user = make_member(make_institution("reader"))

    seed_demo_outlook(user)

    forecast = read_kept(user, Dataset.objects.get(code="global-witness"))
    assert forecast is not None
    assert forecast.is_current
    assert forecast.countries
    played = read_played(user, journalists)
    assert played is not None
    assert str(played.first) == "2002-01"
    sign_in(client, user)
    assert 'class="chart"' in client.get(reverse("forecast-of", args=["global-witness"])).content.decode()


def test_without_lists_there_is_nothing_to_show() -> None:
    founded = make_institution()
    make_incident(founded, date=date(2020, 1, 1).isoformat())
    seed_demo_outlook(make_member(founded))
    assert not (settings.DATA_DIR / "forecasts").exists()
