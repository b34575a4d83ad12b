"""All that can be said of the unseen from one set of lists, and all that cannot. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from scipy.stats import chi2

from amparo.statistics.multiple_systems.chao import chao_lower_bound
from amparo.statistics.multiple_systems.choice import Comparison, compare_models
from amparo.statistics.multiple_systems.dependence import Dependence, LeftOut, vary_dependence
from amparo.statistics.multiple_systems.graphs import average_over_graphs
from amparo.statistics.multiple_systems.histories import Histories, check_histories
from amparo.statistics.multiple_systems.intervals import Estimate
from amparo.statistics.multiple_systems.latent_classes import draw_latent_classes
from amparo.statistics.multiple_systems.refusals import EstimateRefused
from amparo.statistics.multiple_systems.two_lists import chapman

# Robson and Regier 1964: with seven shared, the estimate from two lists is nearly without bias.
FEWEST_SHARED = 7
# Methods further apart than this say different things.
FURTHEST_APART = 1.5
# Models whose BIC is at most so much above the least cannot be told from the best (Raftery 1995: "strong" evidence).
INDISTINCT = 6.0
# Gelman et al. 2013: chains above this have not come together.
CONVERGED = 1.1


@dataclass(frozen=True, slots=True)
class Answer:
    """What one method says: an estimate, or the reason why there is none.

    `method`: "chao", "chapman", "log-linear" (the model with the least BIC), "average" (all of them, by BIC), "graphs",
    "latent-classes".
    """

    method: str
    estimate: Estimate | None
    refused: EstimateRefused | None = None


@dataclass(frozen=True)
class Estimation:
    """The answers of all methods, the models behind them, and what hangs on what cannot be tested.

    `notes` are codes of what must be said: "two-lists", "few-shared", "methods-disagree", "models-disagree",
    "does-not-fit", "never-shared", "stepwise", "records-left-out".
    """

    histories: Histories
    answers: tuple[Answer, ...]
    comparison: Comparison | None
    dependence: tuple[Dependence, ...]
    without: tuple[LeftOut, ...]
    notes: tuple[str, ...]

    def answer(self, method: str) -> Answer | None:
        """What `method` says; None where it was not asked."""
        return next((each for each in self.answers if each.method == method), None)

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        return tuple(each.estimate for each in self.answers if each.estimate)


def estimate_unseen(histories: Histories, *, latent_classes: bool = False) -> Estimation:
    """Estimate by every method that `histories` allow; `latent_classes` takes a minute, so it must be asked for.

    Raises EstimateRefused where nothing can be told at all: see `check_histories`.
    """
    check_histories(histories)
    lists = len(histories.lists)
    comparison, refusal = _compare(histories)
    answers = [_answer("chao", lambda: chao_lower_bound(histories))]
    if lists == 2:
        answers.append(_answer("chapman", lambda: chapman(histories)))
    if comparison is None:
        answers.append(Answer("log-linear", None, refusal))
    else:
        answers.append(_answer("log-linear", comparison.best.profile))
        if len(comparison.models) > 1:
            answers.append(_answer("average", comparison.average))
    if lists > 2:
        answers.append(_answer("graphs", lambda: average_over_graphs(histories).estimate()))
    if latent_classes:
        answers.append(_answer("latent-classes", lambda: _from_latent_classes(histories)))
    dependence = vary_dependence(comparison.best) if comparison else ()
    without = tuple(_leave_out(histories, name) for name in histories.lists) if lists > 2 else ()
    notes = tuple(_notes(histories, answers, comparison))
    return Estimation(histories, tuple(answers), comparison, dependence, without, notes)


def _compare(histories: Histories) -> tuple[Comparison | None, EstimateRefused | None]:
    try:
        return compare_models(histories), None
    except EstimateRefused as refused:
        return None, refused


def _answer(method: str, estimate: Callable[[], Estimate]) -> Answer:
    try:
        return Answer(method, estimate())
    except EstimateRefused as refused:
        return Answer(method, None, refused)


def _from_latent_classes(histories: Histories) -> Estimate:
    draws = draw_latent_classes(histories)
    if draws.convergence > CONVERGED:
        raise EstimateRefused("not-converged", convergence=f"{draws.convergence:.2f}")
    return draws.estimate()


def _leave_out(histories: Histories, name: str) -> LeftOut:
    others = histories.of([each for each in histories.lists if each != name])
    try:
        check_histories(others)
        return LeftOut(name, compare_models(others).best.total)
    except EstimateRefused as refused:
        return LeftOut(name, None, refused.code)


def _notes(histories: Histories, answers: list[Answer], comparison: Comparison | None) -> list[str]:
    notes = []
    if len(histories.lists) == 2:
        notes.append("two-lists")
    if sum(histories.sizes[1:]) < FEWEST_SHARED:
        notes.append("few-shared")
    totals = [each.estimate.total for each in answers if each.estimate and each.method != "chao"]
    if totals and max(totals) > FURTHEST_APART * min(totals):
        notes.append("methods-disagree")
    if comparison:
        best = comparison.best
        close = [each.total for each in comparison.models if each.bic <= best.bic + INDISTINCT]
        if max(close) > FURTHEST_APART * min(close):
            notes.append("models-disagree")
        if best.degrees_of_freedom and chi2.sf(best.deviance, best.degrees_of_freedom) < 0.01:
            notes.append("does-not-fit")
        if best.never_shared:
            notes.append("never-shared")
        if comparison.stepwise:
            notes.append("stepwise")
    if histories.left_out:
        notes.append("records-left-out")
    return notes
