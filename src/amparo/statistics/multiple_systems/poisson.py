"""Poisson regression on a small table of counts. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.special import gammaln, xlogy

Floats = NDArray[np.float64]
_ROUNDS = 200
_EXACT = 1e-11
# A least cell above this, as a share of all counts, lies inside: what is smaller is the solver's rounding.
_INSIDE = 1e-9


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients on the logarithmic scale, their covariance, the deviance, and -2 log likelihood."""

    coefficients: Floats
    covariance: Floats
    deviance: float
    minus_two_log_likelihood: float


class NotConverged(Exception):
    """The likelihood has no finite maximum, or the coefficients are not determined."""


def fit_poisson(design: Floats, counts: Floats, offset: Floats | None = None) -> Fit:
    """The maximum of the likelihood, by Fisher scoring with halved steps.

    McCullagh and Nelder, "Generalized Linear Models", 1989, chapter 2.5. Raises NotConverged.
    """
    shift = np.zeros(len(counts)) if offset is None else offset
    eta: Floats = np.log(np.maximum(counts, 0.1) + 0.1)
    coefficients: Floats = np.zeros(design.shape[1])
    deviance = np.inf
    mean: Floats = np.exp(eta)
    for _ in range(_ROUNDS):
        information = design.T @ (mean[:, None] * design)
        try:
            scores = design.T @ (mean * (eta - shift) + counts - mean)
            proposed: Floats = np.linalg.solve(information, scores).astype(np.float64)
        except np.linalg.LinAlgError:
            raise NotConverged from None
        step = 1.0
        while True:
            trial: Floats = proposed if not np.isfinite(deviance) else coefficients + step * (proposed - coefficients)
            eta = np.clip(design @ trial + shift, -500, 500)
            mean = np.exp(eta)
            after = _deviance(counts, mean)
            if not np.isfinite(deviance) or after <= deviance + 1e-9 * (1 + abs(deviance)) or step < 1e-6:
                break
            step /= 2
        coefficients = trial
        if abs(deviance - after) < _EXACT * (abs(after) + 0.1):
            break
        deviance = after
    else:
        raise NotConverged
    information = design.T @ (mean[:, None] * design)
    try:
        covariance: Floats = np.linalg.inv(information).astype(np.float64)
    except np.linalg.LinAlgError:
        raise NotConverged from None
    if not np.isfinite(coefficients).all() or (np.diag(covariance) <= 0).any():
        raise NotConverged
    saturated = 2 * float((gammaln(counts + 1) + counts - xlogy(counts, counts)).sum())
    return Fit(coefficients, covariance, after, after + saturated)


def has_maximum(design: Floats, counts: Floats) -> bool:
    """Whether the likelihood has a finite maximum: whether some table without a zero has the same margins.

    Haberman 1974; Fienberg and Rinaldo, Annals of Statistics 40 (2012) 996–1023. Decided by a linear program, as
    Chan, Silverman and Vincent do (JASA 116 (2021) 1297–1306).
    """
    if (counts > 0).all():
        return True
    cells, parameters = design.shape
    # The last variable is the least cell; it is made as large as it can be.
    goal = np.zeros(cells + 1)
    goal[-1] = -1
    margins = np.hstack([design.T, np.zeros((parameters, 1))])
    above_least = np.hstack([-np.eye(cells), np.ones((cells, 1))])
    total = counts.sum()
    solved = linprog(
        goal,
        A_ub=above_least,
        b_ub=np.zeros(cells),
        A_eq=margins,
        b_eq=design.T @ counts / total,
        bounds=[(0, None)] * (cells + 1),
        method="highs",
    )
    return bool(solved.status == 0 and -solved.fun > _INSIDE)


def _deviance(counts: Floats, mean: Floats) -> float:
    return 2 * float((xlogy(counts, np.where(counts > 0, counts, 1) / mean) - counts + mean).sum())
