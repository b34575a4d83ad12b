"""Every published estimate is reached again."""

from pathlib import Path

import pytest

from amparo.statistics.multiple_systems.chao import chao_lower_bound
from amparo.statistics.multiple_systems.choice import compare_models
from amparo.statistics.multiple_systems.estimation import CONVERGED, estimate_unseen
from amparo.statistics.multiple_systems.graphs import average_over_graphs
from amparo.statistics.multiple_systems.histories import Histories
from amparo.statistics.multiple_systems.intervals import Estimate
from amparo.statistics.multiple_systems.latent_classes import draw_latent_classes
from amparo.statistics.multiple_systems.loglinear import Model, fit_model, read_model
from amparo.statistics.multiple_systems.reading import read_long
from amparo.statistics.multiple_systems.stepwise import choose_stepwise
from tests.statistics.multiple_systems.reference import expected, read_lists, read_reference, spina_bifida, table


@pytest.fixture(scope="module")
def kosovo(shared_data: Path) -> Histories:
    return read_lists(shared_data, "kosovo_4list.csv")


@pytest.fixture(scope="module")
def united_kingdom(shared_data: Path) -> Histories:
    return read_lists(shared_data, "sparsemse_UKdat.csv")


def numbers(estimate: Estimate) -> tuple[float, float, float]:
    return estimate.total, estimate.low, estimate.high


def test_kosovo_1999_the_best_model_says_10_357_as_published(kosovo: Histories) -> None:
    best = compare_models(kosovo).best

    assert kosovo.observed == 4400
    assert best.name == "[123,14,34]"
    assert best.total == pytest.approx(10356.519, abs=0.001)
    assert best.error == pytest.approx(785.902, abs=0.001)
    assert best.deviance == pytest.approx(9.32267, abs=1e-5)
    assert best.degrees_of_freedom == 4
    assert best.bic == pytest.approx(203.0296, abs=1e-4)


def test_kosovo_1999_the_intervals_are_those_published_within_three_thousandths(kosovo: Histories) -> None:
    best = compare_models(kosovo).best

    for interval in (best.profile(), best.wald()):
        assert (interval.low, interval.high) == pytest.approx((9002, 12122), rel=0.003)


def test_kosovo_1999_every_one_of_113_models_agrees(shared_data: Path, kosovo: Histories) -> None:
    rows = {row["model"]: row for row in read_reference(shared_data, "kosovo_rcapture_closedpMS_all_models.csv")}

    comparison = compare_models(kosovo)

    assert {fitted.name for fitted in comparison.models} == set(rows)
    assert len(rows) == 113
    for fitted in comparison.models:
        row = rows[fitted.name]
        found = (fitted.total, fitted.error, fitted.aic, fitted.bic)
        assert found == pytest.approx([float(row[name]) for name in ("abundance", "stderr", "AIC", "BIC")], rel=2e-5)
        assert fitted.deviance == pytest.approx(float(row["deviance"]), abs=1e-6)
        assert fitted.degrees_of_freedom == int(row["df"])


def test_kosovo_1999_chaos_lower_bound(shared_data: Path, kosovo: Histories) -> None:
    rows = {
        row["model"]: float(row["abundance"]) for row in read_reference(shared_data, "kosovo_rcapture_closedp_t.csv")
    }

    assert chao_lower_bound(kosovo).total == pytest.approx(rows["Mth Chao (LB)"], rel=1e-7)
    assert chao_lower_bound(kosovo, equal_lists=True).total == pytest.approx(rows["Mh Chao (LB)"], rel=1e-7)
    assert fit_model(kosovo, Model()).total == pytest.approx(rows["Mt"], rel=1e-7)


def test_kosovo_1999_averaged_over_graphs(shared_data: Path, kosovo: Histories) -> None:
    found = average_over_graphs(kosovo, delta=1 / 16, most_unseen=20_000)

    assert numbers(found.estimate()) == expected(shared_data, "kosovo", "dga bma")


@pytest.mark.slow
def test_kosovo_1999_by_latent_classes(shared_data: Path, kosovo: Histories) -> None:
    draws = draw_latent_classes(kosovo)

    found = draws.estimate()
    assert draws.convergence < CONVERGED
    assert numbers(found) == pytest.approx(expected(shared_data, "kosovo", "LCMCR"), rel=0.03)


def test_modern_slavery_with_independent_lists(shared_data: Path, united_kingdom: Histories) -> None:
    found = fit_model(united_kingdom, Model()).wald()

    assert numbers(found) == pytest.approx(expected(shared_data, "UKdat", "SparseMSE main"), rel=1e-6)


def test_modern_slavery_with_a_model_built_pair_by_pair(shared_data: Path, united_kingdom: Histories) -> None:
    found = choose_stepwise(united_kingdom).wald()

    assert numbers(found) == pytest.approx(expected(shared_data, "UKdat", "SparseMSE stepwise"), rel=1e-6)


def test_spina_bifida_averaged_over_graphs(shared_data: Path) -> None:
    found = average_over_graphs(spina_bifida(shared_data), delta=0.5, most_unseen=300)

    mode, mean = read_mode_and_mean(shared_data)
    assert numbers(found.estimate()) == expected(shared_data, "MadiganYork 5-list", "dga bma")
    assert found.mode == mode == 614
    assert found.mean == pytest.approx(mean, abs=1e-5)


def read_mode_and_mean(shared_data: Path) -> tuple[float, float]:
    (row,) = (row for row in read_reference(shared_data, "expected.csv") if "mode / mean" in row["method"])
    return float(row["estimate"]), float(row["lo95"])


def test_a_sparse_table_of_four_lists_is_estimated_by_what_can_be_fitted(shared_data: Path) -> None:
    rows = read_reference(shared_data, "rcapture_HIV.csv")
    sparse = {"".join(name for name, c in zip("ABCD", row, strict=False) if row[c] == "1"): row for row in rows}

    comparison = compare_models(table(4, **{names: int(row["freq"]) for names, row in sparse.items()}))

    assert comparison.best.histories.observed == 1896
    assert comparison.refused.total() + len(comparison.models) == 113
    assert comparison.refused["empty-overlap"] > 0


def test_killings_of_the_philippines_are_compared_where_all_lists_looked(shared_data: Path) -> None:
    path = shared_data / "philippines-killings-by-source" / "killings_by_source_long.csv"

    histories = read_long(path, ["city", "ID"], "source", "recorded", ["Police", "News", "CCT-DRK Research"])
    found = estimate_unseen(histories)

    # Of 2,320 killings.
    assert (histories.observed, histories.left_out) == (2199, 121)
    assert found.comparison is not None
    assert found.comparison.best.model == read_model("[12,23]", 3)
    assert all(estimate.low > histories.observed for estimate in found.estimates)
