"""Which log-linear model, and how much hangs on it. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from amparo.statistics.multiple_systems.histories import Histories
from amparo.statistics.multiple_systems.intervals import LEVEL, Estimate
from amparo.statistics.multiple_systems.loglinear import (
    ALL_PAIRS,
    FittedModel,
    fit_model,
    hierarchical_models,
)
from amparo.statistics.multiple_systems.refusals import EstimateRefused
from amparo.statistics.multiple_systems.stepwise import choose_stepwise


@dataclass(frozen=True)
class Comparison:
    """All models that could be fitted, the best by BIC first; and how many could not, by the code of the reason.

    `stepwise` where there are too many lists to try all: then the one model was built pair by pair.
    """

    models: tuple[FittedModel, ...]
    refused: Counter[str]
    stepwise: bool = False

    @property
    def best(self) -> FittedModel:
        """The model with the least BIC."""
        return self.models[0]

    @cached_property
    def best_by_aic(self) -> FittedModel:
        return min(self.models, key=lambda fitted: fitted.aic)

    @cached_property
    def weights(self) -> tuple[float, ...]:
        """How much the data speak for each model by BIC; together 1."""
        return _weigh([fitted.bic for fitted in self.models])

    def average(self, level: float = LEVEL) -> Estimate:
        """The median and middle `level` of all models' log-normal laws of the unseen, mixed by `weights`.

        Buckland, Burnham and Augustin, Biometrics 53 (1997) 603–618, give the weights.
        """
        centres = np.array([float(fitted.fit.coefficients[0]) for fitted in self.models])
        errors = np.array([float(np.sqrt(fitted.fit.covariance[0, 0])) for fitted in self.models])
        weights = np.array(self.weights)
        least, most = float((centres - 10 * errors).min()), float((centres + 10 * errors).max())

        def share_below(log_unseen: float) -> float:
            return float(weights @ ndtr((log_unseen - centres) / errors))

        def at(share: float) -> float:
            found = brentq(lambda log_unseen: share_below(log_unseen) - share, least, most)
            return self.best.histories.observed + float(np.exp(found))

        return Estimate(at(0.5), at((1 - level) / 2), at((1 + level) / 2), level)


def compare_models(histories: Histories) -> Comparison:
    """All models of `hierarchical_models` that have an estimate; with more than five lists the one that
    `choose_stepwise` builds. Raises EstimateRefused, with the commonest reason, where none has one.
    """
    if len(histories.lists) > ALL_PAIRS:
        return Comparison((choose_stepwise(histories),), Counter(), stepwise=True)
    fitted: list[FittedModel] = []
    refused: Counter[str] = Counter()
    reasons: dict[str, EstimateRefused] = {}
    for model in hierarchical_models(len(histories.lists)):
        try:
            fitted.append(fit_model(histories, model))
        except EstimateRefused as why:
            refused[why.code] += 1
            reasons.setdefault(why.code, why)
    if not fitted:
        raise reasons[refused.most_common(1)[0][0]]
    return Comparison(tuple(sorted(fitted, key=lambda each: each.bic)), refused)


def _weigh(criteria: Sequence[float]) -> tuple[float, ...]:
    least = min(criteria)
    weights = np.exp(-(np.array(criteria) - least) / 2)
    return tuple((weights / weights.sum()).tolist())
