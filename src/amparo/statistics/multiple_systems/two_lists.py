"""Two lists only: nothing in them tells whether they depend on each other. Pure."""

from amparo.statistics.multiple_systems.histories import Histories
from amparo.statistics.multiple_systems.intervals import LEVEL, Estimate, log_normal
from amparo.statistics.multiple_systems.refusals import EstimateRefused


def lincoln_petersen(histories: Histories) -> float:
    """Seen and unseen victims, if being on one list says nothing about being on the other.

    Raises EstimateRefused ("not-two-lists", "no-overlap").
    """
    first, second, both = _sizes(histories)
    return first * second / both


def chapman(histories: Histories, level: float = LEVEL) -> Estimate:
    """The same, nearly without bias for small numbers (Chapman 1951), with the interval that takes the logarithm of the
    unseen for normal and the variance of Seber, Biometrika 57 (1970) 313–318.

    Raises EstimateRefused ("not-two-lists", "no-overlap").
    """
    first, second, both = _sizes(histories)
    total = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    return log_normal(histories.observed, total - histories.observed, variance, level)


def _sizes(histories: Histories) -> tuple[int, int, int]:
    if len(histories.lists) != 2:
        raise EstimateRefused("not-two-lists", lists=len(histories.lists))
    both = histories.on(0b11)
    if not both:
        raise EstimateRefused("no-overlap", name=histories.lists[0])
    return histories.on(0b01), histories.on(0b10), both
