"""Averaging over decomposable graphs: every pattern of dependence between lists has its say. Pure.

Madigan and York, "Bayesian methods for estimation of the size of a closed population", Biometrika 84 (1997) 19–31;
Dawid and Lauritzen, Annals of Statistics 21 (1993) 1272–1317, for the hyper-Dirichlet law.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, logsumexp

from amparo.statistics.multiple_systems.histories import Histories
from amparo.statistics.multiple_systems.intervals import LEVEL, Estimate
from amparo.statistics.multiple_systems.refusals import EstimateRefused

# 821 graphs for five lists; six would have 18,154.
MOST_LISTS = 5
# Unseen victims are looked for up to this many times those observed.
MOST_UNSEEN = 20
# As much of the posterior as may lie in the last hundredth of what was looked at.
_AT_THE_EDGE = 0.001

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Posterior:
    """How likely each number of victims is, and each graph. `weights[i]` belongs to `totals[i]`."""

    totals: NDArray[np.int64]
    weights: Floats
    graphs: tuple[tuple[str, float], ...]

    @cached_property
    def mean(self) -> float:
        return float(self.totals @ self.weights)

    @property
    def mode(self) -> int:
        return int(self.totals[np.argmax(self.weights)])

    def quantile(self, share: float) -> int:
        """The least number of victims that at least `share` of the posterior does not exceed."""
        return int(self.totals[np.searchsorted(np.cumsum(self.weights), share - 1e-12)])

    def estimate(self, level: float = LEVEL) -> Estimate:
        """The median, with the middle `level` of the posterior."""
        return Estimate(self.quantile(0.5), self.quantile((1 - level) / 2), self.quantile((1 + level) / 2), level)


def average_over_graphs(histories: Histories, *, delta: float | None = None, most_unseen: int = 0) -> Posterior:
    """The posterior of the number of victims, over all decomposable graphs but the complete one.

    `delta` is the Dirichlet prior's weight for each combination of lists, by default one for all together. From 1 to
    `most_unseen` unseen victims are looked at (by default `MOST_UNSEEN` times the observed); the prior of a number of
    victims is inverse to it (Jeffreys), that of all graphs is the same. Raises EstimateRefused ("too-many-lists",
    "too-few-lists", "no-upper-limit").
    """
    lists = len(histories.lists)
    if lists > MOST_LISTS:
        raise EstimateRefused("too-many-lists", most=MOST_LISTS)
    if lists < 3:
        raise EstimateRefused("too-few-lists", needed=3)
    weight = 2.0**-lists if delta is None else delta
    unseen = np.arange(1, (most_unseen or MOST_UNSEEN * histories.observed) + 1)
    totals = histories.observed + unseen
    # How many ways there are to be seen or not, and the prior.
    shared = gammaln(totals + 1.0) - gammaln(unseen + 1.0) - np.log(totals)
    marginal = {mask: _log_marginal(histories, mask, unseen, weight) for mask in range(1 << lists)}
    by_graph = []
    names = []
    for cliques, separators in decomposable_graphs(lists):
        found = shared + sum(marginal[clique] for clique in cliques) - sum(marginal[each] for each in separators)
        by_graph.append(found)
        names.append("[" + ",".join(_written(clique, lists) for clique in sorted(cliques, key=_order)) + "]")
    stacked = np.stack(by_graph)
    stacked -= logsumexp(stacked)
    weights = np.exp(logsumexp(stacked, axis=0))
    if not most_unseen and weights[-len(weights) // 100 :].sum() > _AT_THE_EDGE:
        raise EstimateRefused("no-upper-limit", model="graphs")
    shares = np.exp(logsumexp(stacked, axis=1))
    likeliest = sorted(zip(names, shares.tolist(), strict=True), key=lambda each: -each[1])
    return Posterior(totals, weights, tuple(likeliest))


def decomposable_graphs(lists: int) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Cliques and separators (masks of lists) of every graph of lists without a hole; the complete one left out, since
    nothing could tell the number of unseen victims under it.
    """
    pairs = list(combinations(range(lists), 2))
    for chosen in range((1 << len(pairs)) - 1):
        beside = [0] * lists
        for place, (first, second) in enumerate(pairs):
            if chosen >> place & 1:
                beside[first] |= 1 << second
                beside[second] |= 1 << first
        parts = _decompose(beside)
        if parts is not None:
            yield parts


def _decompose(beside: list[int]) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Cliques and separators by maximum cardinality search (Tarjan and Yannakakis 1984); None where there is a hole."""
    seen = 0
    cliques: list[int] = []
    separators: list[int] = []
    while seen.bit_count() < len(beside):
        node = max(
            (each for each in range(len(beside)) if not seen >> each & 1),
            key=lambda each: (beside[each] & seen).bit_count(),
        )
        before = beside[node] & seen
        # Those beside it that came before must all be beside each other.
        if any(before >> each & 1 and before & ~beside[each] & ~(1 << each) for each in range(len(beside))):
            return None
        if cliques and cliques[-1] == before:
            cliques[-1] |= 1 << node
        else:
            if seen:
                separators.append(before)
            cliques.append(before | 1 << node)
        seen |= 1 << node
    return tuple(cliques), tuple(separators)


def _log_marginal(histories: Histories, mask: int, unseen: NDArray[np.int64], delta: float) -> Floats:
    """The logarithm of the Dirichlet-multinomial probability of the table of the lists in `mask`, for each number of
    unseen victims, without the multinomial coefficient.
    """
    every = np.arange(len(histories.counts))
    margin = np.bincount(every & mask, weights=histories.counts, minlength=len(every))
    cells = np.unique(every & mask)
    prior = delta * len(every) / len(cells)
    in_nothing = margin[0] + unseen
    others = cells[cells > 0]
    fixed = float((gammaln(prior + margin[others]) - gammaln(prior)).sum())
    whole = prior * len(cells)
    found: Floats = (
        gammaln(whole)
        - gammaln(whole + histories.observed + unseen)
        + gammaln(prior + in_nothing)
        - gammaln(prior)
        + fixed
    )
    return found


def _written(mask: int, lists: int) -> str:
    return "".join(str(bit + 1) for bit in range(lists) if mask >> bit & 1)


def _order(mask: int) -> tuple[int, str]:
    return -mask.bit_count(), _written(mask, MOST_LISTS)
