"""Forecasts and the past played again in the demonstration, so that their pages are not empty: of published lists."""

from amparo.institutions.models import User
from amparo.warning.backtest.playing import datasets_for, play_dataset
from amparo.warning.backtest.views import FIRST_MONTHS
from amparo.warning.forecast_page.forecasting import forecast_dataset
from amparo.warning.months import read_month

# The one is forecast in seconds; of the other it is known what came.
_FORECAST, _PLAYED = "global-witness", "cpj"


def seed_demo_outlook(user: User) -> None:
    """Forecast and play again for `user`'s institution what lists of the demonstration there are."""
    for dataset in datasets_for(user).filter(code__in=(_FORECAST, _PLAYED)):
        if dataset.code == _FORECAST:
            forecast_dataset(user, dataset)
        else:
            play_dataset(user, dataset, read_month(FIRST_MONTHS[dataset.code]))
