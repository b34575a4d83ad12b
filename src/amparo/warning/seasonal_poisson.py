"""A Poisson mean with a yearly wave, fitted to what came before and carried on. Many series at once. Pure.

Source: Rossi, Lampugnani & Marchi, Statistics in Medicine 18 (1999) 2111–2122, section 2.
"""

import numpy as np

from amparo.warning.detection import Floats
from amparo.warning.quasi_poisson import MOST_STEPS, TOLERANCE


def predict_seasonal_mean(past: Floats, ahead: int, frequency: int) -> Floats:
    """The mean of the next `ahead` times after `past` (series, times): (series, ahead); no numbers where no fit is
    found.
    """
    length = past.shape[1]
    design = _design(np.arange(1, length + ahead + 1), frequency)
    # Means of no count at all would go to 0 without end.
    fitted = past.any(axis=1)
    coefficients = np.full((len(past), design.shape[1]), np.nan)
    if fitted.any():
        coefficients[fitted] = _fit(past[fitted], design[:length])
    with np.errstate(all="ignore"):
        mean: Floats = np.exp(coefficients @ design[length:].T)
    return mean


def _design(times: Floats, frequency: int) -> Floats:
    angle = 2 * np.pi * times / frequency
    return np.column_stack((np.ones(len(times)), np.sin(angle), np.cos(angle)))


def _fit(past: Floats, design: Floats) -> Floats:
    mean = past + 0.1
    eta = np.log(mean)
    deviance = np.full(len(past), np.inf)
    coefficients = np.full((len(past), design.shape[1]), np.nan)
    going = np.ones(len(past), dtype=np.bool_)
    log_past = np.log(past, out=np.zeros_like(past), where=past > 0)
    for _ in range(MOST_STEPS):
        information = np.einsum("bt,ti,tj->bij", mean[going], design, design, optimize=True)
        score = (mean[going] * eta[going] + past[going] - mean[going]) @ design
        coefficients[going] = np.linalg.solve(information, score[:, :, None])[:, :, 0]
        eta[going] = coefficients[going] @ design.T
        mean[going] = np.exp(eta[going])
        last, deviance = deviance, 2 * (past * (log_past - eta) - (past - mean)).sum(axis=1)
        with np.errstate(invalid="ignore"):
            going &= ~(np.abs(deviance - last) / (np.abs(deviance) + 0.1) < TOLERANCE)
        if not going.any():
            return coefficients
    coefficients[going] = np.nan
    return coefficients
