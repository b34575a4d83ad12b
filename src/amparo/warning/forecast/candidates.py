"""Models whose mixture is the forecast: each gives probabilities (origins, countries, horizons, bins). Pure.

`decayed_past` lets every past month speak, the older the less: of a country by itself. `hurdle` asks first whether
anything will come, by a logistic regression, and then how much, by a regression of the logarithm; both are fitted to
all countries together, so that a country with little history borrows from the others, on its own recent past, that of
its neighbours and of all, the time since the last count, the season, and the conditions given.

Sources: Mullahy, "Specification and testing of some modified count data models", Journal of Econometrics 33 (1986)
341–365 (hurdle); Hegre et al., "ViEWS2020: Revising and evaluating the ViEWS political Violence Early-Warning System",
Journal of Peace Research 58 (2021) 599–611 (which past is worth looking at).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import special

from amparo.warning.detection import Floats, Integers, Truths
from amparo.warning.forecast.outcomes import BINS, negative_binomial, place_counts

# Of occurrence and of size: months after which the past weighs half.
_HALF_LIVES_OF_SIZE, _HALF_LIVES_OF_OCCURRENCE, _HALF_LIVES_OF_NEIGHBOURS = (1, 3, 12, 48), (1, 6, 24), (3, 12)
_FIRST_USED = 12
_REFIT_EVERY = 12
_RIDGE, _STEPS, _CONVERGED = 3.0, 15, 1e-6
_SIZE_NEARBY, _MORE_THAN_NONE = 4.0, 0.05
# Fewer counts above 0 tell nothing of how large they are.
_FEWEST_SIZES = 30
_WIDEST = 3.0


def decayed_past(counts: Floats, origins: Integers, horizons: int, half_life: float) -> Floats:
    """How often each count came, and counts near it: a month weighs half as much as one `half_life` months later."""
    keep = 0.5 ** (1 / half_life)
    placed = place_counts(counts)
    weighed = np.zeros((len(counts), len(BINS.low)))
    found = np.zeros((len(origins), len(counts), len(BINS.low)))
    position = {int(origin): number for number, origin in enumerate(origins)}
    for month in range(int(origins[-1]) + 1):
        weighed = keep * weighed + placed[:, month]
        if month in position:
            found[position[month]] = weighed
    return np.repeat((found @ _nearby())[:, :, None, :], horizons, axis=2)


@cache
def _nearby() -> Floats:
    """What a count says of counts near it: negative binomial around it, and of 0 that it can be a little more."""
    middle = (BINS.low + BINS.high) / 2
    kernel = negative_binomial(np.maximum(middle, 0.5), np.full(middle.shape, _SIZE_NEARBY))
    kernel[0] = _MORE_THAN_NONE * negative_binomial(np.ones(1), np.full(1, 0.5))[0]
    kernel[0, 0] += 1 - _MORE_THAN_NONE
    return kernel


@dataclass(frozen=True, slots=True)
class Hurdle:
    """`features` is (countries, months, features), what is known at the end of each month."""

    features: Floats

    @classmethod
    def of(cls, counts: Floats, neighbours: Floats, conditions: Floats, first_month: int) -> "Hurdle":
        """`neighbours` makes means of neighbours, `conditions` is (countries, months, conditions) without gaps: of each
        its size now, over the last year, and that of the neighbours. `first_month` (0 … 11) is the calendar month of
        the first.
        """
        return cls(_describe(np.nan_to_num(counts), neighbours, conditions, first_month))

    def forecast(self, counts: Floats, origins: Integers, horizons: int) -> Floats:
        """Fitted anew each year to what was known then, and for the last origin."""
        centre = self.features[:, : origins[0] + 1].mean(axis=(0, 1))
        spread = self.features[:, : origins[0] + 1].std(axis=(0, 1))
        scaled = np.clip((self.features - centre) / np.where(spread > 0, spread, 1), -_WIDEST * 3, _WIDEST * 3)
        scaled[..., 0] = 1
        found = np.empty((len(origins), len(counts), horizons, len(BINS.low)))
        starts = sorted({*range(0, len(origins), _REFIT_EVERY), len(origins) - 1})
        for start, end in zip(starts, [*starts[1:], len(origins)], strict=True):
            judged = np.moveaxis(scaled[:, origins[start:end]], 0, 1)
            for ahead in range(1, horizons + 1):
                past = np.arange(_FIRST_USED, origins[start] + 1 - ahead)
                came = counts[:, past + ahead]
                known = np.isfinite(came)
                fit = _HurdleFit.of(scaled[:, past][known], came[known])
                found[start:end, :, ahead - 1] = fit.predict(judged)
        return found


def _describe(counts: Floats, neighbours: Floats, conditions: Floats, first_month: int) -> Floats:
    size, occurred = np.log1p(counts), (counts > 0).astype(float)
    sizes = {half_life: _decayed_mean(size, half_life) for half_life in _HALF_LIVES_OF_SIZE}
    angle = 2 * np.pi * (np.arange(counts.shape[1]) + first_month) / 12
    everywhere = [_decayed_mean(size, 6).mean(axis=0), np.sin(angle), np.cos(angle)]
    features = [
        np.ones(counts.shape),
        *sizes.values(),
        *(_decayed_mean(occurred, half_life) for half_life in _HALF_LIVES_OF_OCCURRENCE),
        np.log1p(_decayed_mean(counts, 6)),
        np.log1p(_months_since(occurred > 0)),
        *(neighbours @ sizes[half_life] for half_life in _HALF_LIVES_OF_NEIGHBOURS),
        neighbours @ _decayed_mean(occurred, 6),
        *(np.broadcast_to(values, counts.shape) for values in everywhere),
        *(feature for each in np.moveaxis(conditions, -1, 0) for feature in _describe_condition(each, neighbours)),
    ]
    return np.stack(features, axis=-1)


def _describe_condition(condition: Floats, neighbours: Floats) -> tuple[Floats, ...]:
    """Conditions are indices as well as numbers of people: the logarithm brings both to one scale."""
    size = np.sign(condition) * np.log1p(np.abs(condition))
    return size, _decayed_mean(size, 12), neighbours @ _decayed_mean(size, 3)


def _decayed_mean(values: Floats, half_life: float) -> Floats:
    keep = 0.5 ** (1 / half_life)
    mean, total, weight = np.empty_like(values), np.zeros(len(values)), 0.0
    for month in range(values.shape[1]):
        total, weight = keep * total + values[:, month], keep * weight + 1
        mean[:, month] = total / weight
    return mean


def _months_since(occurred: Truths) -> Floats:
    since, number = np.empty(occurred.shape), np.full(len(occurred), 12.0)
    for month in range(occurred.shape[1]):
        number = np.where(occurred[:, month], 0, number + 1)
        since[:, month] = number
    return since


@dataclass(frozen=True, slots=True)
class _HurdleFit:
    occurrence: Floats
    size: Floats
    # Sorted, of the logarithms of counts above 0.
    residuals: Floats

    @classmethod
    def of(cls, features: Floats, counts: Floats) -> "_HurdleFit":
        above = counts > 0
        occurrence = _fit_logistic(features, above.astype(float))
        if above.sum() < _FEWEST_SIZES:
            return cls(occurrence, np.zeros(features.shape[1]), np.array([-0.5, 0.0, 0.5]))
        size = _fit_least_squares(features[above], np.log(counts[above]))
        return cls(occurrence, size, np.sort(np.log(counts[above]) - features[above] @ size))

    def predict(self, features: Floats) -> Floats:
        """Probabilities (…, bins) for features (…, features)."""
        chance = special.expit(features @ self.occurrence)[..., None]
        # Where on the scale of residuals the lower end of each bin lies: half their own spread, half the normal.
        ends = np.log(BINS.low[1:] - 0.5) - (features @ self.size)[..., None]
        own = np.searchsorted(self.residuals, ends) / len(self.residuals)
        below = (own + special.ndtr(ends / max(float(self.residuals.std()), 0.1))) / 2
        below[..., 0] = 0
        sizes = np.diff(below, axis=-1, append=1.0)
        return np.concatenate((1 - chance, chance * sizes), axis=-1)


def _fit_logistic(features: Floats, occurred: Floats) -> Floats:
    coefficients: Floats = np.zeros(features.shape[1])
    penalty = _RIDGE * np.eye(features.shape[1])
    penalty[0, 0] = 1e-3
    for _ in range(_STEPS):
        chance = special.expit(features @ coefficients)
        weight = chance * (1 - chance) + 1e-9
        information = (features * weight[:, None]).T @ features + penalty
        step = np.linalg.solve(information, features.T @ (occurred - chance) - penalty @ coefficients)
        coefficients = np.asarray(coefficients + step, dtype=np.float64)
        if np.abs(step).max() < _CONVERGED:
            break
    return coefficients


def _fit_least_squares(features: Floats, values: Floats) -> Floats:
    penalty = _RIDGE * np.eye(features.shape[1])
    penalty[0, 0] = 1e-3
    information = features.T @ features + penalty
    return np.asarray(np.linalg.solve(information, features.T @ values), dtype=np.float64)
