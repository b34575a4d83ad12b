"""EARS gives the bounds and alarms of the reference implementation."""

import numpy as np
import pytest

from amparo.warning.ears import EarsMethod, EarsSettings, detect_ears
from tests.warning.reference import assert_agrees, column, expect, group_rows, read_rows

ALPHA: dict[EarsMethod, float] = {"C1": 0.001, "C2": 0.001, "C3": 0.025}


@pytest.mark.usefixtures("shared_data")
@pytest.mark.parametrize("method", ["C1", "C2", "C3"])
def test_it_works(method: EarsMethod) -> None:
    counts = column(read_rows("salmonella_agona_series.csv"), "observed")

    found = detect_ears(counts, 20, EarsSettings(method, alpha=0.001))

    assert_agrees(found, expect([read_rows(f"salmonella_ears_{method}.csv")], "upperbound"))


@pytest.mark.usefixtures("shared_data")
@pytest.mark.parametrize("method", ["C1", "C2", "C3"])
@pytest.mark.parametrize(("baseline", "smallest", "name"), [(7, 0, "default_base7"), (28, 0.5, "base28_minSigma0.5")])
def test_other_baselines(method: EarsMethod, baseline: int, smallest: float, name: str) -> None:
    counts = column(read_rows("agona_series.csv"), "observed")
    expected = group_rows(read_rows("agona_expected.csv"), "method")[(f"ears_{method}_{name}",)]

    found = detect_ears(counts, 220, EarsSettings(method, baseline, smallest, ALPHA[method]))

    assert_agrees(found, expect([expected]))


@pytest.mark.usefixtures("shared_data")
@pytest.mark.parametrize(("method", "alpha"), [("C1", 0.05), ("C2", 0.05), ("C3", 0.025)])
def test_a_second_country(method: EarsMethod, alpha: float) -> None:
    expected = group_rows(read_rows("newport_expected.csv"), "method")[(f"ears_{method}",)]
    counts = column(read_rows("newport_germany_series.csv")[: int(expected[-1]["t"])], "observed")

    found = detect_ears(counts, 366, EarsSettings(method, alpha=alpha))

    assert_agrees(found, expect([expected]))


def test_c3_as_published_adds_what_three_counts_exceed() -> None:
    random = np.random.default_rng(3)
    counts = random.poisson(4, (1, 60)).astype(float)
    settings = EarsSettings("C3", alpha=0.05, published_bound=True)

    found = detect_ears(counts, 20, settings)

    for time in range(20, 61):
        window = [counts[0, at - 10 : at - 3] for at in (time, time - 1, time - 2)]
        excess = [
            max(0.0, (counts[0, at - 1] - each.mean()) / each.std(ddof=1) - 1)
            for at, each in zip((time, time - 1, time - 2), window, strict=True)
        ]
        bound = window[0].mean() + window[0].std(ddof=1) * (1.6448536269514722 - excess[1] - excess[2])
        np.testing.assert_allclose(found.upperbound[0, time - 20], max(bound, 0), rtol=1e-9)


def test_too_short_a_history_is_an_error() -> None:
    with pytest.raises(ValueError, match="9 counts are needed"):
        detect_ears(np.ones((1, 30)), 9, EarsSettings("C2"))
