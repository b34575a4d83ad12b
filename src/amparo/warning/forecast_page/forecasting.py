"""The records of a dataset forecast, and what came of it kept until they change."""

import json
import logging
from datetime import date
from pathlib import Path
from threading import Lock

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.utils import timezone

from amparo.cases.models import Dataset
from amparo.institutions.models import Institution, User
from amparo.vault import log
from amparo.vault.key_files import write_whole
from amparo.warning.backtest.playing import PUBLISHED, state_of
from amparo.warning.forecast.panels import Panel
from amparo.warning.forecast_page.outlook import Outlook, keep_outlook, look_ahead, read_outlook
from amparo.warning.months import Month
from amparo.warning.problems import WarningRefused
from amparo.warning.watching.counting import count_countries
from amparo.warning.watching.reading import read_watched_plane
from amparo.warning.watching.services import last_full_month

_LOG = logging.getLogger(__name__)
# Of longer series the end is taken: what came a generation ago says little. Of many countries less, for the memory:
# 28,000 counts (countries times months) take 0.7 GB.
_LONGEST, _MOST_COUNTS = 360, 36_000
# An institution that wrote nothing down for longer has stopped; before that its empty months are counts of 0.
_STILL_DOCUMENTED = 12
# One forecast at a time: it takes much memory, and who sends twice waits and finds it made.
_ONE_AT_A_TIME = Lock()


def forecast_dataset(user: User, dataset: Dataset, today: date | None = None) -> Outlook:
    """The outlook of a dataset: that which is kept where nothing has changed since, or a new one, which is then kept.

    Nothing is locked in the database meanwhile. Raises WarningRefused for too few months.
    """
    assert user.institution is not None  # noqa: S101  (a page for members only)
    with _ONE_AT_A_TIME:
        kept = read_kept(user, dataset, today)
        if kept is not None and kept.is_current:
            return kept
        state = _state_of(dataset, today)
        panel = make_panel(
            read_watched_plane([dataset.code], as_happened=True),
            last_full_month(today or timezone.localdate()),
            goes_on=dataset.code not in PUBLISHED,
        )
        outlook = look_ahead(panel, state)
        path = _place(user.institution, dataset)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, json.dumps(keep_outlook(outlook)).encode())
    log.record("forecast-made", actor=user.pk, institution=user.institution.code, facts={"dataset": dataset.pk})
    return outlook


def make_panel(prepared: pa.Table, last: Month, *, goes_on: bool) -> Panel:
    """Incidents of countries by month, of months that are over (`last` is the last of them).

    A list that does not go on ends with its last incident: whether its later months were quiet is not known. Raises
    WarningRefused where no month is known.
    """
    months = pc.unique(prepared["month_number"]).drop_null().to_pylist()
    over = [each for each in months if each <= last.number]
    if not over:
        raise WarningRefused("no-rows")
    newest = max(over)
    end = last.number if goes_on and last.number - newest <= _STILL_DOCUMENTED else newest
    begin = max(min(over), end - _LONGEST + 1)
    names, counts = count_countries(prepared, Month.of_number(begin), Month.of_number(end))
    came = counts.sum(axis=1) > 0
    if not came.any():
        raise WarningRefused("no-rows")
    countries = tuple(name for name, any_came in zip(names, came.tolist(), strict=True) if any_came)
    kept = counts[came][:, -(_MOST_COUNTS // len(countries)) :]
    return Panel(countries, Month.of_number(end - kept.shape[1] + 1), kept, np.zeros((*kept.shape, 0)))


def is_kept(user: User, dataset: Dataset) -> bool:
    """Whether something is kept of a dataset."""
    assert user.institution is not None  # noqa: S101  (a page for members only)
    return _place(user.institution, dataset).exists()


def read_kept(user: User, dataset: Dataset, today: date | None = None) -> Outlook | None:
    """What was forecast last; None where nothing was, or what was kept cannot be read."""
    assert user.institution is not None  # noqa: S101  (a page for members only)
    try:
        kept = json.loads(_place(user.institution, dataset).read_text(encoding="utf-8"))
        return read_outlook(kept, _state_of(dataset, today))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        _LOG.warning("A kept forecast cannot be read; it can be made again.")
        return None


def _state_of(dataset: Dataset, today: date | None) -> str:
    """Differs as soon as the records do; where they go on, also when another month is over."""
    last = last_full_month(today or timezone.localdate())
    return state_of(dataset) if dataset.code in PUBLISHED else f"{state_of(dataset)}-{last}"


def _place(institution: Institution, dataset: Dataset) -> Path:
    return Path(settings.DATA_DIR) / "forecasts" / f"{institution.pk}-{dataset.pk}.json"
