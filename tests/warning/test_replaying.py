"""The past played again: only with what was known then, and beside what came where nothing was raised."""

import numpy as np
import pytest

from amparo.warning.detection import Floats
from amparo.warning.problems import WarningRefused
from amparo.warning.replaying import METHODS, ReplayedSeries, ReplaySettings, replay

FIRST, MONTHS = 72, 120
SETTINGS = ReplaySettings()
NAMES = tuple(f"place-{number}" for number in range(30))


def make_series(seed: int = 1) -> Floats:
    """Invented: quiet places; in one, a wave that begins at month 90 and lasts a year."""
    random = np.random.default_rng(seed)
    counts = random.poisson(random.gamma(1, 0.15, (30, 1)), (30, MONTHS)).astype(float)
    counts[4, 90:102] += random.poisson(5, 12)
    counts[4, 90] += 4
    return counts


def test_it_works() -> None:
    found = replay(ReplayedSeries(NAMES, make_series()), FIRST, SETTINGS)

    first = next(each for each in found.raised if each.series == "place-4")
    assert first.position == 90
    assert first.observed > first.upperbound > first.expected
    assert [each.times for each in first.after] == [3, 6, 12]
    assert all(each.came > 5 * each.usual for each in first.after)
    assert not first.again
    assert found.judged == 30 * (MONTHS - FIRST)


def test_an_alarm_that_goes_on_says_so() -> None:
    found = replay(ReplayedSeries(NAMES, make_series()), FIRST, SETTINGS)

    later = [each for each in found.raised if each.series == "place-4"][1:]
    assert later
    assert all(each.again for each in later[:3])


def test_what_came_after_alarms_stands_beside_what_came_otherwise() -> None:
    found = replay(ReplayedSeries(NAMES, make_series()), FIRST, SETTINGS)

    within_six = found.summary[1]
    assert within_six.times == 6
    assert within_six.share > 0.8
    assert within_six.base_share < 0.5
    assert within_six.rise > 3 > within_six.base_rise
    assert within_six.alarms + within_six.others == 30 * (MONTHS - FIRST - 6)


def test_nothing_that_came_later_raises_or_hides_an_alarm() -> None:
    counts = make_series()
    changed = counts.copy()
    changed[:, 100:] = 50

    before, after = (replay(ReplayedSeries(NAMES, each), FIRST, SETTINGS) for each in (counts, changed))

    def until(found: object) -> list[tuple[str, int, float]]:
        return [(each.series, each.position, each.tail) for each in found.raised if each.position < 100]  # type: ignore[attr-defined]

    assert until(before) == until(after)
    assert until(before)


def test_what_was_recorded_late_was_not_known_then() -> None:
    counts = make_series()
    by_delay = np.stack((counts, np.zeros_like(counts), np.zeros_like(counts)), axis=2)
    # The first month of the wave came in two months later.
    by_delay[4, 90] = [0, 0, counts[4, 90]]

    found = replay(ReplayedSeries(NAMES, counts, by_delay), FIRST, SETTINGS)

    positions = [each.position for each in found.raised if each.series == "place-4"]
    assert 90 not in positions
    assert positions[0] in (91, 92)


def test_quiet_places_raise_hardly_any_alarm() -> None:
    random = np.random.default_rng(2)
    counts = random.poisson(random.gamma(1, 0.15, (60, 1)), (60, MONTHS)).astype(float)

    found = replay(ReplayedSeries(tuple(map(str, range(60))), counts), FIRST, SETTINGS)

    assert len(found.raised) <= 8
    assert len({each.position for each in found.raised}) <= 0.2 * (MONTHS - FIRST)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_is_played(method: str) -> None:
    counts = make_series()

    found = replay(ReplayedSeries(NAMES, counts), FIRST, SETTINGS, method)

    assert found.method == method
    # CUSUM and EARS' C3 have their own way of being late.
    assert any(each.series == "place-4" and 90 <= each.position <= 103 for each in found.raised)


def test_years_are_played_too() -> None:
    counts = make_series().reshape(30, 10, 12).sum(axis=2)

    found = replay(ReplayedSeries(NAMES, counts), 8, ReplaySettings.yearly())

    assert found.judged == 60
    assert [each.times for each in found.summary] == [1, 2]


def test_too_little_before_the_first_is_refused() -> None:
    with pytest.raises(WarningRefused, match="history-too-short"):
        replay(ReplayedSeries(NAMES, make_series()), 20, SETTINGS)
    with pytest.raises(WarningRefused, match="history-too-short"):
        replay(ReplayedSeries(NAMES, make_series()), 20, SETTINGS, "farrington")
    with pytest.raises(WarningRefused, match="first-after-end"):
        replay(ReplayedSeries(NAMES, make_series()), MONTHS, SETTINGS)
