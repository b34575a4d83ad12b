"""Reports still to come: simulated delays with known truth, and reporting that becomes faster and nothing else."""

import numpy as np
import pytest
from scipy import stats

from amparo.warning.detection import Floats, Truths
from amparo.warning.nowcast.delays import count_by_delay, estimate_delays
from amparo.warning.nowcast.nowcasting import Nowcast, NowcastSettings, nowcast

MONTHS, LONGEST = 72, 8
SLOW = np.array([0.25, 0.25, 0.15, 0.12, 0.08, 0.06, 0.04, 0.03, 0.02])
FAST = np.array([0.75, 0.15, 0.04, 0.02, 0.01, 0.01, 0.01, 0.005, 0.005])


def make_attacks(random: np.random.Generator, rate: Floats, faster_from: int = MONTHS) -> Floats:
    """Invented attacks by delay (series, months, delays), all of them; recorded faster from a month of attack on."""
    total = random.poisson(np.broadcast_to(rate, (len(rate), MONTHS)))
    chances = np.where((np.arange(MONTHS) >= faster_from)[:, None], FAST, SLOW)
    return random.multinomial(total, chances).astype(float)


def as_known(by_delay: Floats, now: int) -> Floats:
    """What is in at the end of month `now`."""
    known = np.arange(now + 1)[:, None] + np.arange(LONGEST + 1) <= now
    return np.where(known, by_delay[:, : now + 1], 0)


def judge(nowcasted: Floats, rate: Floats) -> Truths:
    """An alarm where 1 of 100 full months has as many: the usual rate is known."""
    return nowcasted > stats.poisson(rate).ppf(0.99)


@pytest.fixture(scope="module")
def attacks() -> Floats:
    random = np.random.default_rng(1)
    return make_attacks(random, random.gamma(2, 3, (300, 1)))


@pytest.fixture(scope="module")
def found(attacks: Floats) -> Nowcast:
    return nowcast(as_known(attacks, MONTHS - 1), NowcastSettings())


def test_it_works(found: Nowcast, attacks: Floats) -> None:
    truth = attacks[:, -LONGEST:].sum(axis=2)

    assert found.recorded.shape == truth.shape
    assert found.recorded.sum() < 0.75 * truth.sum()
    assert found.expected.sum() == pytest.approx(truth.sum(), rel=0.03)


def test_delays_are_found_again(attacks: Floats) -> None:
    delays = estimate_delays(
        as_known(attacks, MONTHS - 1).sum(axis=0), 24, 200, np.random.default_rng(1)
    ).share_in.mean(axis=0)

    np.testing.assert_allclose(delays, SLOW.cumsum(), atol=0.02)


def test_intervals_hold_the_truth_as_often_as_they_say(found: Nowcast, attacks: Floats) -> None:
    truth = attacks[:, -LONGEST:].sum(axis=2)

    covered = (found.low <= truth) & (truth <= found.high)

    # Counts are whole, so that intervals hold rather more.
    assert 0.88 <= covered.mean() <= 0.985
    assert covered[:, -1].mean() == pytest.approx(0.9, abs=0.06)


@pytest.mark.parametrize("rate", [0.05, 0.4])
def test_sparse_series_are_covered_too(rate: float) -> None:
    attacks = make_attacks(np.random.default_rng(2), np.full((800, 1), rate))
    truth = attacks[:, -LONGEST:].sum(axis=2)

    found = nowcast(as_known(attacks, MONTHS - 1), NowcastSettings())

    assert ((found.low <= truth) & (truth <= found.high)).mean() >= 0.88
    assert found.expected.sum() == pytest.approx(truth.sum(), rel=0.15)


def test_what_is_in_is_never_taken_away(found: Nowcast) -> None:
    assert (found.low >= found.recorded).all()
    assert (found.high >= found.low).all()
    assert (np.diff(found.share_in) <= 0).all()


def test_reporting_that_became_faster_raises_no_alarm() -> None:
    """The attacks are the same as ever; from month 60 on they are recorded sooner."""
    random = np.random.default_rng(3)
    rate = np.full((400, 1), 6.0)
    attacks = make_attacks(random, rate, faster_from=60)
    by_recording, as_if_slow, ours = [], [], []
    for now in range(60, 66):
        known = as_known(attacks, now)
        recorded_now = sum(known[:, now - delay, delay] for delay in range(LONGEST + 1))
        by_recording.append(judge(recorded_now[:, None], rate).mean())
        slow = SLOW.cumsum()[:3][::-1]
        as_if_slow.append(judge(known[:, -3:].sum(axis=2) / slow, rate).mean())
        ours.append(judge(nowcast(known, NowcastSettings(cautious=True)).low, rate).mean())

    # Counted by the month of recording, and with the delays of before, faster reporting looks like a wave of attacks.
    assert max(by_recording) > 0.1
    assert max(as_if_slow) > 0.3
    assert max(ours) < 0.015


def test_more_attacks_still_raise_one_before_all_is_in() -> None:
    random = np.random.default_rng(4)
    usual, rate = np.full((200, 1), 6.0), np.full((200, MONTHS), 6.0)
    rate[:, -2:] = 30
    known = as_known(make_attacks(random, rate), MONTHS - 1)

    found = nowcast(known, NowcastSettings(cautious=True))

    # Of the month before last half is in.
    assert judge(found.low[:, -2:-1], usual).mean() > 0.7
    assert judge(found.low[:, -2:-1], usual).mean() > judge(found.recorded[:, -2:-1], usual).mean()


def test_the_same_counts_give_the_same_answer(attacks: Floats, found: Nowcast) -> None:
    again = nowcast(as_known(attacks, MONTHS - 1), NowcastSettings())

    np.testing.assert_array_equal(again.low, found.low)


def test_a_place_of_which_nothing_was_ever_recorded_has_an_answer() -> None:
    found = nowcast(np.zeros((3, 20, LONGEST + 1)), NowcastSettings())

    assert np.isfinite(found.expected).all()
    assert (found.low == 0).all()


def test_reports_are_laid_out_by_month_and_delay() -> None:
    happened = np.array([0, 0, 2, 4, 3, -1, 4])
    recorded = np.array([0, 1, 4, 3, 9, 2, 4])

    counts = count_by_delay(happened, recorded, months=5, longest=1)

    # Recorded long after: with the longest delay. Recorded before it happened: an error of entry, no delay.
    np.testing.assert_array_equal(counts, [[1, 1], [0, 0], [0, 1], [0, 0], [2, 0]])
