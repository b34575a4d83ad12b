"""The past played again: what would have been raised when, with what was known then, and what came after. Pure.

Each month is judged as if it were the last: by the months before it, and together with all other series of that month,
so that few alarms are false (`false_discoveries`). What came after is set beside what came after months without an
alarm: an early warning is worth something only as far as the two differ.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from amparo.warning.bayes import PooledBayesSettings, detect_pooled_bayes
from amparo.warning.detection import Floats, Integers, Truths
from amparo.warning.detectors import DETECTORS
from amparo.warning.false_discoveries import adjust_tails
from amparo.warning.parameters import read_parameters
from amparo.warning.problems import WarningRefused

# All series of a month judged together, as they are watched every night.
TOGETHER = "together"
METHODS = (TOGETHER, *DETECTORS)


@dataclass(frozen=True, slots=True)
class ReplayedSeries:
    """`counts` is (series, times). Where it is known when things were recorded, `by_delay` (series, times, delays) says
    after how many times; without it a count is taken as known at its own time, which makes the past look a little
    wiser than it was.

    Series of one of the `kinds` lend to each other: all, where these are not given. Of a part `wholes` names what it is
    a part of, of a whole itself: an alarm of a part is one of its whole, by whose counts is told what came after.
    """

    names: tuple[str, ...]
    counts: Floats
    by_delay: Floats | None = None
    kinds: tuple[Hashable, ...] = ()
    wholes: tuple[str, ...] = ()

    @property
    def rows_by_kind(self) -> list[Integers]:
        """The rows of each kind."""
        if not self.kinds:
            return [np.arange(len(self.names))]
        rows: dict[Hashable, list[int]] = {}
        for row, kind in enumerate(self.kinds):
            rows.setdefault(kind, []).append(row)
        return [np.array(each) for each in rows.values()]

    @property
    def row_of_whole(self) -> Integers:
        """Of each series the row of its whole."""
        if not self.wholes:
            return np.arange(len(self.names))
        row = {name: number for number, name in enumerate(self.names)}
        return np.array([row[name] for name in self.wholes])

    def known_at(self, time: int) -> Floats:
        """The counts up to position `time` as they were known then."""
        if self.by_delay is None:
            return self.counts[:, : time + 1]
        delays = self.by_delay.shape[2]
        known = np.arange(time + 1)[:, None] + np.arange(delays) <= time
        return np.asarray(np.where(known, self.by_delay[:, : time + 1], 0).sum(axis=2))


@dataclass(frozen=True, slots=True)
class ReplaySettings:
    """`history` times before tell what is usual, without the last `excluded`. `horizons` are looked at afterwards.

    Months or years: `frequency` is how many times make a year.
    """

    frequency: int = 12
    history: int = 60
    excluded: int = 0
    false_share: float = 0.1
    alpha: float = 0.01
    smallest: int = 2
    horizons: tuple[int, ...] = (3, 6, 12)

    @classmethod
    def yearly(cls) -> "ReplaySettings":
        return cls(frequency=1, history=8, horizons=(1, 2))


@dataclass(frozen=True, slots=True)
class After:
    """The `times` after an alarm: how many `came`, and how many would have been `usual`."""

    times: int
    came: int
    usual: float


@dataclass(frozen=True, slots=True)
class Raised:
    """An alarm. `position` is that of its time, from 0. `tail` and `adjusted` are not a number where the method gives
    none, as may be `expected` and `upperbound`. Of its whole: `came` at that time, `usual` a time before, `after`, and
    `again` where it had an alarm within the last three times.
    """

    series: str
    position: int
    observed: int
    expected: float
    upperbound: float
    tail: float
    adjusted: float
    came: int
    usual: float
    again: bool
    after: tuple[After, ...]


@dataclass(frozen=True, slots=True)
class AfterAlarms:
    """What came within `times` after alarms of wholes, beside after all other times: in how many more than was usual.

    `rise` and `base_rise` say how many times the usual came, over all of each.
    """

    times: int
    alarms: int
    followed: int
    others: int
    others_followed: int
    rise: float
    base_rise: float

    @property
    def share(self) -> float:
        return self.followed / self.alarms if self.alarms else float("nan")

    @property
    def base_share(self) -> float:
        return self.others_followed / self.others if self.others else float("nan")


@dataclass(frozen=True, slots=True)
class Replay:
    """What a method would have raised from position `first` on, of `judged` counts."""

    method: str
    first: int
    judged: int
    raised: tuple[Raised, ...]
    summary: tuple[AfterAlarms, ...]


@dataclass(frozen=True, slots=True)
class _Judged:
    """Arrays are (series, times from the first on)."""

    alarm: Truths
    expected: Floats
    upperbound: Floats
    tail: Floats
    adjusted: Floats


_SHORTLY = 3


def replay(series: ReplayedSeries, first: int, settings: ReplaySettings, method: str = TOGETHER) -> Replay:
    """Judge every time from position `first` on with `method`, one of `METHODS`.

    Raises WarningRefused where too few counts come before.
    """
    length = series.counts.shape[1]
    if first >= length:
        raise WarningRefused("first-after-end", series=series.names[0], first=first + 1, last=length)
    judged = (
        _judge_together(series, first, settings) if method == TOGETHER else _judge_each(series, first, settings, method)
    )
    usual, alarm = _usual(series.counts, first, settings), _of_wholes(judged.alarm, series)
    wholes = np.unique(series.row_of_whole)
    return Replay(
        method=method,
        first=first,
        judged=judged.alarm.size,
        raised=tuple(_list_raised(series, first, judged, usual, settings)),
        summary=tuple(
            _summarise(series.counts[wholes], first, alarm[wholes], usual[wholes], times) for times in settings.horizons
        ),
    )


def _of_wholes(alarm: Truths, series: ReplayedSeries) -> Truths:
    """(series, times): for each whole whether it or a part of it has an alarm."""
    found = np.zeros_like(alarm)
    np.logical_or.at(found, series.row_of_whole, alarm)
    return found


def _judge_together(series: ReplayedSeries, first: int, settings: ReplaySettings) -> _Judged:
    _require(series, first, settings.history + settings.excluded)
    pooled = PooledBayesSettings(settings.history, settings.excluded, settings.alpha, True, robust=True)
    columns = []
    for time in range(first, series.counts.shape[1]):
        known = series.known_at(time)
        tail, expected, bound, dispersion = (np.empty(len(known)) for _ in range(4))
        for rows in series.rows_by_kind:
            found = detect_pooled_bayes(known[rows], time + 1, pooled)
            tail[rows], expected[rows] = found.tail[:, 0], found.expected[:, 0]
            bound[rows], dispersion[rows] = found.upperbound[:, 0], found.dispersion[:, 0]
        adjusted = adjust_tails(tail, expected, dispersion)
        alarm = (adjusted <= settings.false_share) & (known[:, -1] >= settings.smallest)
        columns.append((alarm, expected, bound, tail, adjusted))
    alarm, expected, bound, tail, adjusted = (np.stack(each, axis=1) for each in zip(*columns, strict=True))
    return _Judged(alarm, expected, bound, tail, adjusted)


def _judge_each(series: ReplayedSeries, first: int, settings: ReplaySettings, method: str) -> _Judged:
    """One of the detectors, with its own defaults: every series by itself."""
    detector = DETECTORS[method]
    values = read_parameters(f"frequency = {settings.frequency}".encode(), detector.parameters)
    detect, needed = detector.prepare(values)
    _require(series, first, needed)
    found = detect(series.counts, first + 1, None)
    nothing = np.full(found.alarm.shape, np.nan)
    return _Judged(found.alarm, found.expected, found.upperbound, nothing, nothing)


def _require(series: ReplayedSeries, first: int, needed: int) -> None:
    if first < needed:
        raise WarningRefused(
            "history-too-short", series=series.names[0], first=first + 1, needed=needed, earliest=needed + 1
        )


def _usual(counts: Floats, first: int, settings: ReplaySettings) -> Floats:
    """The mean of the times before each judged one, up to `history` of them: the same for every method."""
    added = np.hstack((np.zeros((len(counts), 1)), counts.cumsum(axis=1)))
    times = np.arange(first, counts.shape[1])
    begin = np.maximum(times - settings.history, 0)
    means: Floats = (added[:, times] - added[:, begin]) / np.maximum(times - begin, 1)
    return means


def _list_raised(
    series: ReplayedSeries, first: int, judged: _Judged, usual: Floats, settings: ReplaySettings
) -> Iterator[Raised]:
    row_of_whole, of_wholes = series.row_of_whole, _of_wholes(judged.alarm, series)
    for column, row in np.argwhere(judged.alarm.T):
        time, whole = first + int(column), row_of_whole[row]
        before = of_wholes[whole, max(column - _SHORTLY, 0) : column]
        yield Raised(
            series=series.names[row],
            position=time,
            observed=int(series.known_at(time)[row, -1]),
            expected=float(judged.expected[row, column]),
            upperbound=float(judged.upperbound[row, column]),
            tail=float(judged.tail[row, column]),
            adjusted=float(judged.adjusted[row, column]),
            came=int(series.counts[whole, time]),
            usual=float(usual[whole, column]),
            again=bool(before.any()),
            after=tuple(_after(series.counts[whole], time, float(usual[whole, column]), settings.horizons)),
        )


def _after(counts: Floats, time: int, usual: float, horizons: Sequence[int]) -> Iterator[After]:
    """Only horizons that the series holds in full."""
    for times in horizons:
        if time + times < len(counts):
            yield After(times, int(counts[time + 1 : time + 1 + times].sum()), usual * times)


def _summarise(counts: Floats, first: int, alarm: Truths, usual: Floats, times: int) -> AfterAlarms:
    """Series in which nothing was usual and nothing came count too: quiet places are what a warning is judged by."""
    length = counts.shape[1]
    positions = np.arange(first, length - times)
    added = np.hstack((np.zeros((len(counts), 1)), counts.cumsum(axis=1)))
    came = added[:, positions + 1 + times] - added[:, positions + 1]
    expected = usual[:, : len(positions)] * times
    alarmed = alarm[:, : len(positions)]
    more = came > expected
    return AfterAlarms(
        times=times,
        alarms=int(alarmed.sum()),
        followed=int((more & alarmed).sum()),
        others=int((~alarmed).sum()),
        others_followed=int((more & ~alarmed).sum()),
        rise=_ratio(came[alarmed], expected[alarmed]),
        base_rise=_ratio(came[~alarmed], expected[~alarmed]),
    )


def _ratio(came: Floats, expected: Floats) -> float:
    total = float(expected.sum())
    return float(came.sum()) / total if total else float("nan")
