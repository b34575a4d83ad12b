"""Latent classes: victims of several unknown kinds, each kind found by each list at its own rate. Pure.

Manrique-Vallier, "Bayesian population size estimation using Dirichlet process mixtures", Biometrics 72 (2016)
1246–1254. The posterior is drawn by Gibbs sampling, in several chains at once; they move slowly, so both their
beginning and their length are generous.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amparo.statistics.multiple_systems.histories import Histories
from amparo.statistics.multiple_systems.intervals import LEVEL, Estimate
from amparo.statistics.multiple_systems.refusals import EstimateRefused

CLASSES = 10
CHAINS = 16
BURN_IN, KEPT = 50_000, 50_000
# Shape and rate of the gamma prior of the concentration of classes.
_SHAPE = _RATE = 0.25
_SMALLEST = 1e-300

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Draws:
    """Numbers of victims drawn from the posterior: `totals[chain, draw]`."""

    totals: NDArray[np.int64]

    def estimate(self, level: float = LEVEL) -> Estimate:
        """The median, with the middle `level` of the draws."""
        low, middle, high = np.quantile(self.totals, [(1 - level) / 2, 0.5, (1 + level) / 2])
        return Estimate(float(middle), float(low), float(high), level)

    @property
    def convergence(self) -> float:
        """How much chains differ from each other beside what they vary in themselves: near 1 is well.

        Gelman and Rubin, Statistical Science 7 (1992) 457–472, on the logarithm, with each chain split in two
        (Gelman et al., "Bayesian Data Analysis", 2013, chapter 11.4).
        """
        half = self.totals.shape[1] // 2
        parts = np.log(np.concatenate([self.totals[:, :half], self.totals[:, half : 2 * half]]))
        within, between = parts.var(axis=1, ddof=1).mean(), parts.mean(axis=1).var(ddof=1)
        return float(np.sqrt((half - 1) / half + between / within))


def draw_latent_classes(
    histories: Histories,
    *,
    seed: int = 20181018,
    chains: int = CHAINS,
    burn_in: int = BURN_IN,
    kept: int = KEPT,
    classes: int = CLASSES,
) -> Draws:
    """Draws of the posterior number of victims; the same for the same `seed`. Raises EstimateRefused ("too-few-lists").

    Two lists cannot tell kinds of victims apart.
    """
    if len(histories.lists) < 3:
        raise EstimateRefused("too-few-lists", needed=3)
    numbers = np.random.default_rng(seed)
    cells = np.flatnonzero(histories.counts)
    counts = histories.counts[cells]
    on = ((cells[:, None] >> np.arange(len(histories.lists))) & 1).astype(np.float64)
    observed = histories.observed
    shares = numbers.dirichlet(np.ones(classes), size=chains)
    rates = numbers.beta(1, 1, size=(chains, classes, len(histories.lists)))
    concentration = np.full(chains, 1.0)
    totals = np.empty((chains, kept), dtype=np.int64)
    for step in range(burn_in + kept):
        listed, missed = np.log(np.maximum(rates, _SMALLEST)), np.log(np.maximum(1 - rates, _SMALLEST))
        log_shares = np.log(np.maximum(shares, _SMALLEST))
        # Which class the victims of each cell belong to: [chain, cell, class].
        by_class = np.einsum("cl,kjl->kcj", on, listed - missed) + (missed.sum(axis=2) + log_shares)[:, None, :]
        by_class = np.exp(by_class - by_class.max(axis=2, keepdims=True))
        seen = numbers.multinomial(counts, by_class / by_class.sum(axis=2, keepdims=True))
        # How many are on no list, and of which class.
        nobody = np.exp(missed.sum(axis=2) + log_shares)
        chance = np.clip(nobody.sum(axis=1), 1e-12, 1 - 1e-9)
        unseen = numbers.negative_binomial(observed, 1 - chance)
        unseen_by_class = numbers.multinomial(unseen, nobody / nobody.sum(axis=1, keepdims=True))
        on_lists = np.einsum("kcj,cl->kjl", seen, on)
        seen_by_class = seen.sum(axis=1)
        rates = numbers.beta(1 + on_lists, 1 + (seen_by_class + unseen_by_class)[:, :, None] - on_lists)
        shares, concentration = _draw_shares(numbers, seen_by_class + unseen_by_class, concentration)
        if step >= burn_in:
            totals[:, step - burn_in] = observed + unseen
    return Draws(totals)


def _draw_shares(
    numbers: np.random.Generator, members: NDArray[np.int64], concentration: Floats
) -> tuple[Floats, Floats]:
    """Shares of the classes, by breaking a stick, and the concentration that breaks it."""
    later = members[:, ::-1].cumsum(axis=1)[:, ::-1] - members
    broken = numbers.beta(1 + members[:, :-1], concentration[:, None] + later[:, :-1])
    left = np.log(np.maximum(1 - broken, _SMALLEST)).cumsum(axis=1)
    shares = np.exp(np.column_stack([np.zeros(len(members)), left])) * np.column_stack([broken, np.ones(len(members))])
    classes = members.shape[1]
    concentration = numbers.gamma(_SHAPE + classes - 1, 1 / (_RATE - left[:, -1]))
    return shares, concentration
