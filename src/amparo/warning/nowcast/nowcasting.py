"""How many attacks there were in the months that are not complete yet, with how unsure that is. Pure.

A count is Poisson; its rate has a gamma prior that the series' complete months give. What is in is a part of it, which
the delays tell; what is still to come is then negative binomial. Draws of the delays carry their uncertainty over.

Source: Höhle & an der Heiden, Biometrics 70 (2014) 993–1002; Lawless, Canadian Journal of Statistics 22 (1994) 15–31.
"""

from dataclasses import dataclass

import numpy as np

from amparo.warning.detection import Floats, Integers
from amparo.warning.nowcast.delays import Delays, estimate_delays, take_faster

_SMALLEST_SHAPE, _LARGEST_SHAPE = 0.5, 50.0


@dataclass(frozen=True, slots=True)
class NowcastSettings:
    """`window` months of recording tell the delays; `recent` months tell whether they have become shorter.

    `cautious` takes the faster of the two. Intervals hold `level` of what may be.
    """

    window: int = 24
    recent: int = 3
    level: float = 0.9
    draws: int = 400
    cautious: bool = False
    seed: int = 20110521


@dataclass(frozen=True, slots=True)
class Nowcast:
    """Of the last months, the last being now. Arrays are (series, months), `share_in` (months,).

    `recorded` is in; `expected` with what is still to come, `low` and `high` the ends of the interval for it.
    """

    recorded: Floats
    expected: Floats
    low: Floats
    high: Floats
    share_in: Floats


def nowcast(by_delay: Floats, settings: NowcastSettings, delays_of: Integers | None = None) -> Nowcast:
    """The months not yet complete of counts (series, months, delays), as of the last month.

    The delays are those of all series together, or of those that `delays_of` numbers.
    """
    random = np.random.default_rng(settings.seed)
    together = (by_delay if delays_of is None else by_delay[delays_of]).sum(axis=0)
    delays = estimate_delays(together, settings.window, settings.draws, random)
    recent = estimate_delays(together, settings.recent, settings.draws, random) if settings.cautious else delays
    return complete_months(by_delay, delays, recent, settings, random)


def complete_months(
    by_delay: Floats, delays: Delays, recent: Delays, settings: NowcastSettings, random: np.random.Generator
) -> Nowcast:
    months, longest = by_delay.shape[1], delays.longest
    # Not yet complete are those whose last delay lies ahead.
    late = min(longest, months)
    recorded = _recorded(by_delay)
    shape, rate = _fit_prior(recorded[:, : months - late])
    share_in = take_faster(delays, recent)
    judged = recorded[:, months - late :]
    expected, low, high = (np.empty(judged.shape) for _ in range(3))
    shares = np.empty(late)
    tail = (1 - settings.level) / 2
    for position in range(late):
        share = share_in[:, late - 1 - position]
        came = judged[:, position]
        to_come = _draw_to_come(came, share, shape, rate, random)
        expected[:, position] = came + to_come.mean(axis=0)
        low[:, position], high[:, position] = came + np.quantile(
            to_come, [tail, 1 - tail], axis=0, method="inverted_cdf"
        )
        shares[position] = share.mean()
    return Nowcast(judged, expected, low, high, shares)


def _recorded(by_delay: Floats) -> Floats:
    months, delays = by_delay.shape[1:]
    known = np.arange(months)[:, None] + np.arange(delays) < months
    recorded: Floats = np.where(known, by_delay, 0).sum(axis=2)
    return recorded


def _fit_prior(complete: Floats) -> tuple[Floats, Floats]:
    """Shape and rate of each series' gamma prior, by moments of its complete months; a weak one without them."""
    if complete.shape[1] < 2:
        return np.full(len(complete), _SMALLEST_SHAPE), np.full(len(complete), 1e-6)
    mean, variance = complete.mean(axis=1), complete.var(axis=1, ddof=1)
    mean = np.maximum(mean, _SMALLEST_SHAPE / complete.shape[1])
    shape = np.clip(mean**2 / np.maximum(variance - mean, 1e-9), _SMALLEST_SHAPE, _LARGEST_SHAPE)
    return shape, shape / mean


def _draw_to_come(came: Floats, share: Floats, shape: Floats, rate: Floats, random: np.random.Generator) -> Floats:
    """What is still to come: (draws, series)."""
    size = np.broadcast_to(shape + came, (len(share), len(came)))
    gone = (rate + share[:, None]) / (rate + 1)
    return random.negative_binomial(size, gone).astype(np.float64)
