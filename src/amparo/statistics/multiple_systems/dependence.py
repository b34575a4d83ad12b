"""What would change if lists depended on each other in a way that nothing in the data shows. Pure.

Gerritse, van der Heijden and Bakker, "Sensitivity of population size estimation for violating parametric assumptions in
log-linear models", Journal of Official Statistics 31 (2015) 357–379.
"""

from dataclasses import dataclass
from itertools import combinations
from math import log

from amparo.statistics.multiple_systems.loglinear import FittedModel, fit_model
from amparo.statistics.multiple_systems.refusals import EstimateRefused

# Odds ratios: victims on one list are half as likely to be on the other, or twice.
RATIOS = (0.5, 2.0)


@dataclass(frozen=True, slots=True)
class Dependence:
    """The estimate if being on one of `lists` multiplied the odds of being on the other by `ratio`, beyond what the
    model has already; `total` is None where there is then no estimate, and `why` its reason's code.
    """

    lists: tuple[str, str]
    ratio: float
    total: float | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The estimate without one list; `total` is None where there is none, and `why` its reason's code."""

    name: str
    total: float | None
    why: str = ""


def vary_dependence(fitted: FittedModel, ratios: tuple[float, ...] = RATIOS) -> tuple[Dependence, ...]:
    """The estimates of `fitted` with each pair of lists that it takes for independent made dependent by `ratios`.

    With two lists the total changes by the ratio, and nothing in them speaks against it.
    """
    histories = fitted.histories
    found = []
    for first, second in combinations(range(len(histories.lists)), 2):
        pair = 1 << first | 1 << second
        if pair in fitted.model:
            continue
        names = histories.lists[first], histories.lists[second]
        for ratio in ratios:
            try:
                other = fit_model(histories, fitted.model, allow_never_shared=True, fixed={pair: log(ratio)})
            except EstimateRefused as refused:
                found.append(Dependence(names, ratio, None, refused.code))
            else:
                found.append(Dependence(names, ratio, other.total))
    return tuple(found)
