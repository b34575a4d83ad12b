"""CUSUM: have small excesses added up to more than chance allows? Finds slow rises that no single count shows.

Counts are brought to a standard scale; what each exceeds `k` is added up, never below 0; an alarm is a sum of `h` or
more.

Sources: Rossi, Lampugnani & Marchi, "An approximate CUSUM procedure for surveillance of health events", Statistics in
Medicine 18 (1999) 2111–2122; Pierce & Schafer, "Residuals in generalized linear models", JASA 81 (1986) 977–986.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from amparo.warning.detection import Detection, Floats, require_history
from amparo.warning.seasonal_poisson import predict_seasonal_mean

Transformation = Literal["standard", "rossi", "anscombe"]
MeanFrom = Literal["past", "glm"]


@dataclass(frozen=True, slots=True)
class CusumSettings:
    """`mean` "past" takes that of all counts before the first judged one; "glm" fits them a yearly wave."""

    k: float = 1.04
    h: float = 2.26
    transformation: Transformation = "rossi"
    mean: MeanFrom | float = "past"
    frequency: int = 52


def detect_cusum(counts: Floats, first: int, settings: CusumSettings) -> Detection:
    """Judge `counts` (series, times) from the 1-based time `first` on. Raises ValueError for too short a history.

    The bound is the count that would bring the sum to h. A series that had nothing before, so that nothing is expected
    of it, has no bound.
    """
    require_history(first, 1, counts.shape[1])
    judged = counts[:, first - 1 :]
    mean = _expected(counts, first, settings)
    with np.errstate(all="ignore"):
        excess = np.where(mean > 0, _TRANSFORMED[settings.transformation](judged, mean) - settings.k, 0)
    total = np.zeros(len(counts))
    sums = np.empty_like(judged)
    before = np.empty_like(judged)
    for time in range(judged.shape[1]):
        before[:, time] = total
        total = np.maximum(total + excess[:, time], 0)
        sums[:, time] = total
    with np.errstate(all="ignore"):
        bound = _BACK[settings.transformation](settings.h - before + settings.k, mean)
    # Where the sum is so high that no count would bring it down, any count is an alarm.
    bound = np.where(mean > 0, np.fmax(bound, 0), np.nan)
    return Detection(first=first, upperbound=bound, alarm=sums >= settings.h, expected=mean)


def _expected(counts: Floats, first: int, settings: CusumSettings) -> Floats:
    length = counts.shape[1] - first + 1
    if settings.mean == "glm":
        return predict_seasonal_mean(counts[:, : first - 1], length, settings.frequency)
    if settings.mean == "past":
        return np.repeat(counts[:, : first - 1].mean(axis=1, keepdims=True), length, axis=1)
    return np.full((len(counts), length), float(settings.mean))


def _standardise(count: Floats, mean: Floats) -> Floats:
    above: Floats = (count - mean) / np.sqrt(mean)
    return above


def _standard_count(above: Floats, mean: Floats) -> Floats:
    bound: Floats = np.ceil(mean + above * np.sqrt(mean))
    return bound


def _transform_rossi(count: Floats, mean: Floats) -> Floats:
    above: Floats = (count - 3 * mean + 2 * np.sqrt(count * mean)) / (2 * np.sqrt(mean))
    return above


def _rossi_count(above: Floats, mean: Floats) -> Floats:
    root = np.sqrt(mean)
    bound: Floats = (np.sqrt(4 * mean + 2 * root * above) - root) ** 2
    return bound


def _transform_anscombe(count: Floats, mean: Floats) -> Floats:
    above: Floats = 1.5 * (np.cbrt(count) ** 2 - np.cbrt(mean) ** 2) / mean ** (1 / 6)
    return above


def _anscombe_count(above: Floats, mean: Floats) -> Floats:
    bound: Floats = (np.cbrt(mean) ** 2 + above * mean ** (1 / 6) / 1.5) ** 1.5
    return bound


_Function = Callable[[Floats, Floats], Floats]
_TRANSFORMED: dict[Transformation, _Function] = {
    "standard": _standardise,
    "rossi": _transform_rossi,
    "anscombe": _transform_anscombe,
}
# The counts that have these standardised values.
_BACK: dict[Transformation, _Function] = {
    "standard": _standard_count,
    "rossi": _rossi_count,
    "anscombe": _anscombe_count,
}
