"""The table of land borders."""

import csv
from pathlib import Path

import numpy as np

import amparo.warning.forecast
from amparo.vocabularies.places import countries
from amparo.warning.forecast.neighbours import neighbours_of, weigh_neighbours


def test_it_works() -> None:
    assert neighbours_of("COL") == {"BRA", "ECU", "PAN", "PER", "VEN"}
    assert "COD" in neighbours_of("RWA")
    assert "RWA" in neighbours_of("COD")


def test_an_island_has_none() -> None:
    assert neighbours_of("MDG") == frozenset()
    assert neighbours_of("Atlantis") == frozenset()


def test_every_code_is_that_of_a_country() -> None:
    known = {country.code for country in countries()}
    path = Path(amparo.warning.forecast.__path__[0]) / "land-neighbours.csv"
    with path.open(encoding="utf-8", newline="") as file:
        pairs = [(row["country"], row["neighbour"]) for row in csv.DictReader(file)]

    assert {code for pair in pairs for code in pair} <= known
    assert len(set(pairs)) == len(pairs)
    assert all(one < other for one, other in pairs)


def test_weights_are_means_of_neighbours_that_are_there() -> None:
    weights = weigh_neighbours(["COL", "ECU", "PER", "MDG"])

    np.testing.assert_allclose(weights @ np.array([8.0, 2, 4, 100]), [3, 6, 5, 0])
