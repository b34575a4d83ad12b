"""168 simulated series after Noufaily et al. (2013): every bound and alarm of seven detectors, and their records.

The table in docs/methods/warning.md is held to what is measured here.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from amparo.warning.cusum import CusumSettings, detect_cusum
from amparo.warning.detection import Detection, Floats, Truths
from amparo.warning.ears import EarsSettings, detect_ears
from amparo.warning.evaluation import measure_record
from amparo.warning.farrington import FarringtonSettings, detect_farrington
from tests.warning.reference import assert_agrees, expect, group_rows, read_rows

FIRST = 576
NOUFAILY = FarringtonSettings(frequency=52, years=5, half_width=3, alpha=0.005)
DETECTORS: Mapping[str, Callable[[Floats], Detection]] = {
    "ff_nbPlugin": lambda counts: detect_farrington(counts, FIRST, NOUFAILY),
    "ff_muan": lambda counts: detect_farrington(counts, FIRST, replace(NOUFAILY, method="muan")),
    "ff_delta": lambda counts: detect_farrington(counts, FIRST, replace(NOUFAILY, method="delta")),
    "ears_C1": lambda counts: detect_ears(counts, FIRST, EarsSettings("C1", alpha=0.005)),
    "ears_C2": lambda counts: detect_ears(counts, FIRST, EarsSettings("C2", alpha=0.005)),
    "ears_C3": lambda counts: detect_ears(counts, FIRST, EarsSettings("C3", alpha=0.005)),
    "cusum_rossi": lambda counts: detect_cusum(counts, FIRST, CusumSettings()),
}
# The reference is written with six decimals.
DECIMALS = 6e-7
METHODS_PAGE = Path(__file__).resolve().parents[2] / "docs" / "methods" / "warning.md"


@dataclass(frozen=True, slots=True)
class Simulated:
    """Series of one kind ("with" or "without" an outbreak in the judged weeks), in the order of `keys`."""

    keys: tuple[tuple[str, str], ...]
    counts: Mapping[str, Floats]


@lru_cache(maxsize=1)
def read_simulated() -> Simulated:
    series = group_rows(read_rows("noufaily_series.csv.gz"), "scenario", "rep")
    counts = {
        kind: np.array([[float(row[f"y_{kind}"]) for row in rows] for rows in series.values()])
        for kind in ("with", "without")
    }
    return Simulated(tuple((key[0], key[1]) for key in series), counts)


@lru_cache(maxsize=1)
def read_expected() -> dict[tuple[str, ...], list[dict[str, str]]]:
    return group_rows(read_rows("noufaily_expected.csv.gz"), "method", "series", "scenario", "rep")


@lru_cache(maxsize=len(DETECTORS) * 2)
def detect(name: str, kind: str) -> Detection:
    return DETECTORS[name](read_simulated().counts[kind])


@pytest.mark.usefixtures("shared_data")
@pytest.mark.parametrize("kind", ["with", "without"])
@pytest.mark.parametrize("name", DETECTORS)
def test_it_works(name: str, kind: str) -> None:
    expected = expect(read_expected()[(name, kind, *key)] for key in read_simulated().keys)

    found = detect(name, kind)

    assert_agrees(found, expected, exact=name in ("ff_nbPlugin", "ff_muan"), absolute=DECIMALS)


@pytest.mark.usefixtures("shared_data")
@pytest.mark.parametrize("name", DETECTORS)
def test_records_are_those_of_the_reference(name: str) -> None:
    published = [row for row in read_rows("noufaily_fpr_pod_by_scenario.csv") if row["method"] == name]

    false, found = _record(name)

    np.testing.assert_allclose(false, np.mean([float(row["FPR"]) for row in published]), rtol=1e-12)
    np.testing.assert_allclose(found, np.mean([float(row["POD"]) for row in published]), rtol=1e-12)


@pytest.mark.usefixtures("shared_data")
@pytest.mark.parametrize("name", DETECTORS)
def test_the_methods_page_gives_these_records(name: str) -> None:
    false, found = _record(name)

    row = f"| `{name}` | {false:.4f} | {found:.3f} |"
    assert row in METHODS_PAGE.read_text(encoding="utf-8"), f"{METHODS_PAGE.name} should have the row {row}"


@pytest.mark.usefixtures("shared_data")
def test_the_methods_page_gives_every_scenario() -> None:
    page, keys = METHODS_PAGE.read_text(encoding="utf-8"), read_simulated().keys
    shown = ("ff_nbPlugin", "ff_muan", "ff_delta", "ears_C1", "cusum_rossi")
    scenarios = sorted({int(scenario) for scenario, _ in keys})

    assert len(scenarios) == 42
    for scenario in scenarios:
        rows = [number for number, key in enumerate(keys) if int(key[0]) == scenario]
        cells = [f"{false:.4f} / {found:.2f}" for false, found in (_record(name, rows) for name in shown)]
        assert re.search(rf"^\| {scenario} \| [^|]+ \| {re.escape(' | '.join(cells))} \|$", page, re.MULTILINE), cells


def _record(name: str, rows: Sequence[int] | None = None) -> tuple[float, float]:
    """False alarms and detection of a detector, over all series or over some."""
    expected, keys = read_expected(), read_simulated().keys
    chosen = list(range(len(keys)) if rows is None else rows)
    outbreak: Truths = np.array(
        [[row["outbreak"] == "1" for row in expected[(name, "with", *keys[number])]] for number in chosen]
    )
    record = measure_record(
        detect(name, "without").alarm[chosen],
        detect(name, "with").alarm[chosen],
        outbreak,
        np.array([float(keys[number][0]) for number in chosen]),
    )
    return record.false_positive_rate, record.detected
