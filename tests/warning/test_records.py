"""Detectors are compared where all cry in vain equally often."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from amparo.warning.commands import warn
from amparo.warning.problems import WarningRefused
from amparo.warning.records import (
    FIRST,
    TRIED,
    WATCHING,
    SimulationSettings,
    match_level,
    measure_detectors,
    settings_like,
    simulate,
)

SMALL = SimulationSettings(series=150)
CHOSEN = {name: TRIED[name] for name in ("ears-c1, minSigma 0.5", "bayes-pooled, 60 months", WATCHING)}


def test_it_works() -> None:
    measured = measure_detectors(SMALL, CHOSEN)

    assert [each.detector for each in measured] == list(CHOSEN)
    for each in measured:
        assert each.matched.false_positive_rate == pytest.approx(0.01, abs=0.006)
        assert 0.4 < each.matched.detected < 1
        assert 0 <= each.months_late < 3
        assert each.false_error < 0.003


def test_what_watches_finds_more_than_ears_at_the_same_rate() -> None:
    ears, pooled, _ = measure_detectors(SMALL, CHOSEN)

    assert pooled.matched.detected > ears.matched.detected


def test_the_level_is_the_highest_that_keeps_the_rate() -> None:
    counts, alarms = simulate(SMALL, 1).without, CHOSEN["bayes-pooled, 60 months"]

    level = match_level(alarms, counts, 0.01)

    assert alarms(counts, FIRST, level).mean() <= 0.01 < alarms(counts, FIRST, level * 1.3).mean()


def test_series_are_simulated_like_those_given() -> None:
    wide = SimulationSettings(series=3000, mean=0.4, shape=0.8, dispersion=1.8, largest=9)

    found = settings_like(simulate(wide, 3).without)

    assert found.mean == pytest.approx(0.4, rel=0.1)
    assert found.shape == pytest.approx(0.8, rel=0.2)
    assert found.dispersion == pytest.approx(1.8, rel=0.1)


def test_an_outbreak_lies_where_it_is_said_to() -> None:
    simulated = simulate(replace(SMALL, lasts=2), 5)

    more = (simulated.with_outbreak - simulated.without)[:, FIRST - 1 :]
    np.testing.assert_array_equal(more > 0, simulated.outbreak)
    assert (simulated.outbreak.sum(axis=1) <= 2).all()
    assert simulated.outbreak.any(axis=1).all()


def test_where_nothing_was_counted_nothing_is_simulated() -> None:
    with pytest.raises(WarningRefused, match="nothing-counted"):
        settings_like(np.zeros((3, 20)))


def test_the_command_says_it(tmp_path: Path) -> None:
    rows = [
        f"s{n},{t},{int(count)}"
        for n, its in enumerate(simulate(SMALL, 9).without[:40])
        for t, count in enumerate(its, 1)
    ]
    path = tmp_path / "series.csv"
    path.write_text("\n".join(["series,t,count", *rows, ""]), encoding="utf-8")
    asked = ["records", "--input", str(path), "--series", "60", "--method", WATCHING]

    said = json.loads(CliRunner().invoke(warn, [*asked, "--json"]).stdout)
    shown = CliRunner().invoke(warn, asked)

    assert said["detectors"][0]["detector"] == WATCHING
    assert 0 <= said["detectors"][0]["false_alarms"] < 0.05
    assert shown.exit_code == 0, shown.output
    assert "False" in shown.output


def test_a_file_of_zeros_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "series.csv"
    path.write_text("series,t,count\na,1,0\na,2,0\n", encoding="utf-8")

    result = CliRunner().invoke(warn, ["records", "--input", str(path), "--json"])

    assert json.loads(result.stdout)["error"]["code"] == "nothing-counted"
