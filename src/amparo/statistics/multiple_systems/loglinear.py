"""Log-linear models of lists: which of them depend on each other, and how many victims are then on none. Pure.

Fienberg, Biometrika 59 (1972) 591–603; Bishop, Fienberg and Holland, "Discrete Multivariate Analysis", 1975, chapter 6;
Cormack, Biometrics 45 (1989) 395–413.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import exp, log

import numpy as np
from scipy.optimize import brentq
from scipy.stats import chi2

from amparo.statistics.multiple_systems.histories import Histories
from amparo.statistics.multiple_systems.intervals import LEVEL, Estimate, quantile
from amparo.statistics.multiple_systems.poisson import Fit, Floats, NotConverged, fit_poisson, has_maximum
from amparo.statistics.multiple_systems.refusals import EstimateRefused

# Up to this many lists every hierarchical model is tried: 113 of them for four lists.
ALL_ORDERS = 4
# Up to this many, every model with interactions of two lists: 1,024 for five.
ALL_PAIRS = 5
# How far the profile of the likelihood is followed: unseen victims a million times the estimate.
_FURTHEST = log(1e6)

Model = frozenset[int]
"""The interactions of a model, each a mask of lists. Every list has a main effect in every model."""


@dataclass(frozen=True)
class FittedModel:
    """A model that could be fitted. `total` is seen and unseen victims; `error` its standard error.

    `never_shared` holds the pairs of lists whose interaction runs to minus infinity because they share nobody: the
    model then says that they never would.
    """

    histories: Histories
    model: Model
    never_shared: tuple[int, ...]
    design: Floats
    counts: Floats
    offset: Floats
    fit: Fit

    @property
    def name(self) -> str:
        """The model by its largest interactions, lists numbered from 1: [123,14,34]."""
        return name_model(self.model, len(self.histories.lists))

    @property
    def unseen(self) -> float:
        return exp(float(self.fit.coefficients[0]))

    @property
    def total(self) -> float:
        return self.histories.observed + self.unseen

    @property
    def error(self) -> float:
        # That of the Poisson count of the unseen, and that of its mean.
        return float(np.sqrt(self.unseen + self.unseen**2 * self.fit.covariance[0, 0]))

    @property
    def parameters(self) -> int:
        return int(self.design.shape[1])

    @property
    def degrees_of_freedom(self) -> int:
        return len(self.counts) - self.parameters

    @property
    def deviance(self) -> float:
        return self.fit.deviance

    @property
    def aic(self) -> float:
        return self.fit.minus_two_log_likelihood + 2 * self.parameters

    @cached_property
    def bic(self) -> float:
        return self.fit.minus_two_log_likelihood + log(self.histories.observed) * self.parameters

    def wald(self, level: float = LEVEL) -> Estimate:
        """The interval that takes the logarithm of the mean of the unseen for normal."""
        spread = exp(quantile(level) * float(np.sqrt(self.fit.covariance[0, 0])))
        observed = self.histories.observed
        return Estimate(self.total, observed + self.unseen / spread, observed + self.unseen * spread, level)

    def profile(self, level: float = LEVEL) -> Estimate:
        """The interval of all numbers of unseen victims that the likelihood does not reject.

        Cormack, Biometrics 48 (1992) 567–576, for a Poisson count. Raises EstimateRefused ("no-upper-limit").
        """
        allowed = float(chi2.ppf(level, 1))
        best = float(self.fit.coefficients[0])

        def excess(intercept: float) -> float:
            offset = self.offset + intercept * self.design[:, 0]
            return fit_poisson(self.design[:, 1:], self.counts, offset).deviance - self.deviance - allowed

        ends = []
        for sign in (-1, 1):
            near, far = best, best + sign * 0.1
            try:
                while excess(far) < 0:
                    near, far = far, far + 2 * (far - best)
                    if abs(far - best) > 3 * _FURTHEST:
                        raise EstimateRefused("no-upper-limit" if sign > 0 else "no-lower-limit", model=self.name)
            except NotConverged:
                raise EstimateRefused("not-identified", model=self.name) from None
            ends.append(exp(brentq(excess, near, far, xtol=1e-10)))
        observed = self.histories.observed
        return Estimate(self.total, observed + ends[0], observed + ends[1], level)


def fit_model(
    histories: Histories, model: Model, *, allow_never_shared: bool = False, fixed: dict[int, float] | None = None
) -> FittedModel:
    """`model` fitted to `histories`. `fixed` sets interactions that are not estimated (natural logarithm of the ratio).

    Where two lists share nobody, their interaction has no finite estimate. With `allow_never_shared` it is taken for
    minus infinity, and the combinations of lists that it forbids for zero (Chan, Silverman and Vincent, JASA 116 (2021)
    1297–1306); otherwise the model is refused. Raises EstimateRefused ("empty-overlap", "not-identified",
    "no-maximum").
    """
    name = name_model(model, len(histories.lists))
    never = tuple(mask for mask in sorted(model) if not histories.on(mask))
    if never and not allow_never_shared:
        raise EstimateRefused("empty-overlap", model=name, lists=histories.names(never[0]))
    cells = np.arange(1, len(histories.counts))
    for mask in never:
        cells = cells[(cells & mask) != mask]
    singles = [1 << bit for bit in range(len(histories.lists))]
    terms = [0, *singles, *(mask for mask in sorted(model) if not any(mask & each == each for each in never))]
    design = np.stack([(cells & mask) == mask for mask in terms], axis=1).astype(np.float64)
    counts = histories.counts[cells].astype(np.float64)
    offset = np.zeros(len(cells))
    for mask, value in (fixed or {}).items():
        offset += value * ((cells & mask) == mask)
    if len(cells) < len(terms) or np.linalg.matrix_rank(design) < len(terms):
        raise EstimateRefused("not-identified", model=name)
    if not has_maximum(design, counts):
        raise EstimateRefused("no-maximum", model=name)
    try:
        fit = fit_poisson(design, counts, offset)
    except NotConverged:
        raise EstimateRefused("no-maximum", model=name) from None
    return FittedModel(histories, model, never, design, counts, offset, fit)


def name_model(model: Model, lists: int) -> str:
    """[123,14,34]: the largest interactions, and lists that are in none. The longest first."""
    masks = [*model, *(1 << bit for bit in range(lists))]
    largest = [mask for mask in masks if not any(mask != other and mask & other == mask for other in masks)]
    # From the tenth list on, numbers are parted by dots.
    joint = "" if lists < 10 else "."
    written = [
        (-mask.bit_count(), joint.join(str(bit + 1) for bit in range(lists) if mask >> bit & 1)) for mask in largest
    ]
    return "[" + ",".join(text for _, text in sorted(written)) + "]"


def read_model(name: str, lists: int) -> Model:
    """The model that `name_model` writes so; every part of an interaction belongs to it."""
    model: set[int] = set()
    for word in name.strip("[]").split(","):
        numbers = word.split(".") if lists >= 10 else list(word)
        places = [int(number) - 1 for number in numbers]
        for size in range(2, len(places) + 1):
            model |= {sum(1 << place for place in part) for part in combinations(places, size)}
    return frozenset(model)


def hierarchical_models(lists: int) -> Iterator[Model]:
    """The models that are compared: with an interaction stand all its parts; never that of all lists, which nothing
    could tell. Up to `ALL_ORDERS` lists all of them, then those with interactions of two lists.
    """
    most = lists - 1 if lists <= ALL_ORDERS else 2

    def extend(lower: Model, order: int) -> Iterator[Model]:
        yield lower
        if order > most:
            return
        open_to = [
            mask
            for part in combinations(range(lists), order)
            if all(
                sum(1 << place for place in smaller) in lower or order == 2 for smaller in combinations(part, order - 1)
            )
            and (mask := sum(1 << place for place in part))
        ]
        for size in range(1, len(open_to) + 1):
            for chosen in combinations(open_to, size):
                yield from extend(lower | frozenset(chosen), order + 1)

    yield from extend(frozenset(), 2)
