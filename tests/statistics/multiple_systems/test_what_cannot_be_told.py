"""What lists cannot tell is refused, with the reason; and what hangs on what they cannot show is said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.statistics.multiple_systems.choice import compare_models
from amparo.statistics.multiple_systems.dependence import vary_dependence
from amparo.statistics.multiple_systems.estimation import estimate_unseen
from amparo.statistics.multiple_systems.graphs import average_over_graphs, decomposable_graphs
from amparo.statistics.multiple_systems.histories import Histories, check_histories, count_histories
from amparo.statistics.multiple_systems.latent_classes import draw_latent_classes
from amparo.statistics.multiple_systems.loglinear import fit_model, hierarchical_models, name_model, read_model
from amparo.statistics.multiple_systems.refusals import EstimateRefused
from amparo.statistics.multiple_systems.two_lists import chapman, lincoln_petersen
from tests.statistics.multiple_systems.reference import table


@pytest.mark.parametrize(
    ("histories", "code"),
    [
        (table(1, A=5), "too-few-lists"),
        (table(2), "nobody-listed"),
        (table(2, A=5), "empty-list"),
        (table(2, A=5, B=5), "no-overlap"),
        (table(3, A=5, B=5, AB=3, C=4), "no-overlap"),
        (table(2, AB=5), "same-lists"),
        (table(3, ABC=5, AB=5, C=3), "same-lists"),
        (table(2, A=5, AB=3), "contained"),
    ],
)
def test_lists_that_tell_nothing_are_refused(histories: Histories, code: str) -> None:
    with pytest.raises(EstimateRefused) as refused:
        estimate_unseen(histories)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("model", "code"),
    [
        # A and B share nobody: the interaction between them would be minus infinity.
        ("[12,13,23]", "empty-overlap"),
        ("[12,3]", "empty-overlap"),
        # Among those on C nobody is on both; outside it the model makes the unseen infinite.
        ("[13,23]", "no-maximum"),
    ],
)
def test_three_lists_with_an_empty_overlap_that_the_model_needs(model: str, code: str) -> None:
    histories = table(3, A=20, B=25, C=30, AC=6, BC=7)

    with pytest.raises(EstimateRefused) as refused:
        fit_model(histories, read_model(model, 3))

    assert refused.value.code == code


def test_an_interaction_that_runs_to_minus_infinity_uses_up_what_the_lists_can_tell() -> None:
    histories = table(3, A=20, B=25, C=30, AC=6, BC=7)

    with pytest.raises(EstimateRefused) as refused:
        fit_model(histories, read_model("[12,13,23]", 3), allow_never_shared=True)

    assert refused.value.code == "not-identified"


def test_models_that_need_the_empty_overlap_are_passed_over_and_counted() -> None:
    comparison = compare_models(table(3, A=20, B=25, C=30, AC=6, BC=7))

    assert comparison.best.name in {"[1,2,3]", "[13,2]", "[23,1]"}
    assert comparison.refused.total() == 5


def test_two_lists_by_hand() -> None:
    histories = table(2, A=40, B=30, AB=20)

    assert lincoln_petersen(histories) == 60 * 50 / 20
    assert chapman(histories).total == pytest.approx(61 * 51 / 21 - 1)
    assert compare_models(histories).best.total == pytest.approx(150)


def test_two_lists_cannot_tell_their_dependence_and_the_answer_says_so() -> None:
    found = estimate_unseen(table(2, A=40, B=30, AB=20))

    # The unseen change by the very ratio: 60 of 150.
    assert [round(each.total or 0, 6) for each in found.dependence] == [90 + 30, 90 + 120]
    assert "two-lists" in found.notes


def test_few_shared_victims_are_said() -> None:
    assert "few-shared" in estimate_unseen(table(2, A=40, B=30, AB=3)).notes


def test_dependence_is_varied_only_where_the_model_has_none() -> None:
    fitted = fit_model(table(3, A=40, B=30, C=30, AB=20, AC=10, BC=9, ABC=6), read_model("[12,3]", 3))

    assert {each.lists for each in vary_dependence(fitted)} == {("A", "C"), ("B", "C")}


def test_a_list_that_did_not_look_is_not_a_list_that_did_not_find() -> None:
    records = [{"A": True, "B": None}, {"A": True, "B": False}, {"A": True, "B": True}, {"A": False, "B": False}]

    histories = count_histories(records, ["A", "B"])

    assert histories.counts.tolist() == [0, 1, 0, 1]
    assert histories.left_out == 2


def test_some_of_the_lists_leave_out_who_is_on_none_of_them() -> None:
    histories = table(3, A=1, B=2, C=4, AC=8, ABC=16)

    fewer = histories.of(["C", "A"])

    assert fewer.counts.tolist() == [0, 4, 1, 24]
    assert fewer.left_out == 2


def test_more_than_five_lists_are_not_averaged_over_graphs() -> None:
    with pytest.raises(EstimateRefused) as refused:
        average_over_graphs(Histories(tuple("ABCDEF"), np.ones(64, dtype=np.int64)))

    assert refused.value.code == "too-many-lists"


def test_latent_classes_need_three_lists() -> None:
    with pytest.raises(EstimateRefused):
        draw_latent_classes(table(2, A=4, B=4, AB=4))


@pytest.mark.parametrize(("lists", "number"), [(2, 1), (3, 7), (4, 60), (5, 821)])
def test_every_graph_without_a_hole_once(lists: int, number: int) -> None:
    assert len(set(decomposable_graphs(lists))) == number


@pytest.mark.parametrize(("lists", "number"), [(2, 1), (3, 8), (4, 113), (5, 1024)])
def test_every_hierarchical_model_once(lists: int, number: int) -> None:
    models = list(hierarchical_models(lists))

    assert len(models) == len(set(models)) == number
    assert all(read_model(name_model(model, lists), lists) == model for model in models)


@given(counts=st.lists(st.integers(1, 60), min_size=7, max_size=7))
def test_independent_lists_give_back_the_margins(counts: list[int]) -> None:
    histories = Histories(("A", "B", "C"), np.array([0, *counts]))

    fitted = fit_model(histories, frozenset())

    mean = np.exp(fitted.design @ fitted.fit.coefficients)
    assert fitted.design.T @ mean == pytest.approx(fitted.design.T @ fitted.counts, rel=1e-5)


@given(counts=st.lists(st.integers(0, 30), min_size=7, max_size=7))
def test_whatever_the_lists_the_answer_is_a_number_above_the_observed_or_a_reason(counts: list[int]) -> None:
    histories = Histories(("A", "B", "C"), np.array([0, *counts]))
    try:
        check_histories(histories)
    except EstimateRefused:
        return

    found = estimate_unseen(histories)

    for answer in found.answers:
        assert (answer.estimate is None) != (answer.refused is None)
    for estimate in found.estimates:
        assert histories.observed <= estimate.low <= estimate.total <= estimate.high < float("inf")


def test_independent_lists_of_a_known_number_are_seen_through() -> None:
    drawn = np.random.default_rng(20181018)

    estimates = []
    for _ in range(40):
        on = drawn.random((1200, 3)) < [0.5, 0.4, 0.3]
        records = [dict(zip("ABC", row.tolist(), strict=True)) for row in on]
        estimates.append(fit_model(count_histories(records, ["A", "B", "C"]), frozenset()).total)

    assert np.mean(estimates) == pytest.approx(1200, rel=0.02)
