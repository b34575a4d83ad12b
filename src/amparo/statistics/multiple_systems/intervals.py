"""An estimate with its interval. Pure."""

from dataclasses import dataclass
from math import exp, log, sqrt

from scipy.special import ndtri

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many victims there were, seen and unseen, with the interval of `level`."""

    total: float
    low: float
    high: float
    level: float = LEVEL


def log_normal(observed: int, unseen: float, variance: float, level: float = LEVEL) -> Estimate:
    """The interval that takes the logarithm of the unseen for normal: never below what was observed.

    `variance` is that of `unseen` itself. Burnham et al. 1987, in Chao, Biometrics 43 (1987) 783–791.
    """
    if unseen <= 0:
        return Estimate(observed, observed, observed, level)
    spread = exp(quantile(level) * sqrt(log(1 + variance / unseen**2)))
    return Estimate(observed + unseen, observed + unseen / spread, observed + unseen * spread, level)


def quantile(level: float) -> float:
    """How many standard errors a two-sided interval of `level` reaches to each side."""
    return float(ndtri((1 + level) / 2))
