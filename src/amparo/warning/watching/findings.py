"""What is more than usual among all series that are watched, with few false alarms among them. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pyarrow as pa

from amparo.warning.bayes import PooledBayesSettings, detect_pooled_bayes
from amparo.warning.count_quantiles import count_quantile, probability_at_least
from amparo.warning.detection import Floats, Truths
from amparo.warning.false_discoveries import adjust_tails
from amparo.warning.months import Month
from amparo.warning.nowcast.nowcasting import Nowcast, NowcastSettings, nowcast
from amparo.warning.watching.counting import Watched, count_cell, watch
from amparo.warning.watching.strata import WATCHED, Stratum

_DETECTOR = "bayes-pooled"
# Of a month of which less is in, what is still to come is guesswork.
_SMALLEST_SHARE_IN = 0.3


class Basis(StrEnum):
    """What a series counts by."""

    HAPPENED = "happened"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """`history` months tell what is usual; the `judged` last ones are judged, since reports come late; after `longest`
    months a month is taken for complete. Of what is raised at most `false_share` is expected to be false; `smallest` is
    the smallest count that is raised.
    """

    history: int = 36
    judged: int = 3
    longest: int = 6
    false_share: float = 0.1
    smallest: int = 2
    alpha: float = 0.01

    def __post_init__(self) -> None:
        if self.judged > self.longest:
            raise ValueError("A month that is complete is not judged again.")

    @property
    def months(self) -> int:
        """How many months are looked at."""
        return self.history + self.longest + self.judged


@dataclass(frozen=True, slots=True)
class Finding:
    """A series that has more than usual in a month.

    `observed` incidents are recorded so far, with `victims` in them and `acts` by kind; `low` to `high` is what it may
    come to, where reports are still to come. `expected` is what was usual, `upperbound` the highest count taken for
    usual. `tail` is the probability of so many where nothing has happened, `adjusted` the smallest share of false
    alarms among all series at which this is one.
    """

    stratum: Stratum
    month: Month
    basis: Basis
    observed: int
    victims: int
    low: int
    high: int
    expected: float
    upperbound: float
    tail: float
    adjusted: float
    detector: str
    acts: tuple[tuple[str, int], ...]


def find_unusual(
    prepared: pa.Table, now: Month, settings: WatchSettings, basis: Basis = Basis.HAPPENED
) -> list[Finding]:
    """The findings of the months that end with `now`, the last that is over, the surest first.

    `prepared` is as of `counting.prepare`. By the day of recording a backlog looks like a wave of attacks: such
    findings say that much is entered, and no more.
    """
    watched = watch(prepared, now, settings.months, settings.longest)
    if not watched.strata:
        return []
    return sorted(_findings(prepared, watched, now, settings, basis), key=lambda each: (each.adjusted, each.stratum))


def _findings(
    prepared: pa.Table, watched: Watched, now: Month, settings: WatchSettings, basis: Basis
) -> Iterator[Finding]:
    complete = _complete(watched, settings) if basis is Basis.HAPPENED else None
    counts = watched.happened if complete else watched.by_recording
    observed = counts[:, -settings.judged :]
    counted = _counted(observed, complete, settings) if complete else observed
    expected, dispersion = _expect(watched, counts, settings)
    tail = probability_at_least(counted, expected, dispersion)
    adjusted = adjust_tails(tail.ravel(), expected.ravel(), dispersion.ravel()).reshape(tail.shape)
    bound = count_quantile(1 - settings.alpha, expected, dispersion)
    raised: Truths = (adjusted <= settings.false_share) & (observed >= settings.smallest)
    for row, column in np.argwhere(raised):
        position = watched.by_recording.shape[1] - settings.judged + int(column)
        month, stratum = watched.month(position), watched.strata[row]
        cell = count_cell(prepared, stratum, month, now, recorded=basis is Basis.RECORDED)
        high = max(complete.high[row, column - settings.judged] if complete else 0, counted[row, column])
        yield Finding(
            stratum=stratum,
            month=month,
            basis=basis,
            observed=int(observed[row, column]),
            victims=cell.victims,
            low=int(counted[row, column]),
            high=int(high),
            expected=float(expected[row, column]),
            upperbound=float(bound[row, column]),
            tail=float(tail[row, column]),
            adjusted=float(adjusted[row, column]),
            detector=_DETECTOR,
            acts=cell.acts,
        )


def _counted(observed: Floats, complete: Nowcast, settings: WatchSettings) -> Floats:
    """What is certain enough to be judged: what is recorded, or the low end of what it may come to, where enough is in
    for that to be told.
    """
    enough = complete.share_in[-settings.judged :] >= _SMALLEST_SHARE_IN
    return np.where(enough, complete.low[:, -settings.judged :], observed)


def _complete(watched: Watched, settings: WatchSettings) -> Nowcast:
    """Each country's reports still to come, by the delays of the whole: an incident counts once, in its country."""
    whole = [number for number, stratum in enumerate(watched.strata) if stratum.wider is None]
    return nowcast(watched.by_delay, NowcastSettings(cautious=True), delays_of=np.array(whole, dtype=np.int64))


def _expect(watched: Watched, counts: Floats, settings: WatchSettings) -> tuple[Floats, Floats]:
    """Mean and dispersion of the usual count: (series, judged months). Series of one kind lend to each other.

    What is known from `longest` months before on may not be complete, and tells nothing of what is usual.
    """
    shape = (len(counts), settings.judged)
    expected, dispersion = np.empty(shape), np.empty(shape)
    first = counts.shape[1] - settings.judged + 1
    pooled = PooledBayesSettings(settings.history, settings.longest, settings.alpha, True, robust=True)
    for by in WATCHED:
        rows = np.array([number for number, stratum in enumerate(watched.strata) if stratum.by == by], dtype=np.int64)
        if len(rows):
            found = detect_pooled_bayes(counts[rows], first, pooled)
            expected[rows], dispersion[rows] = found.expected, found.dispersion
    return expected, dispersion
