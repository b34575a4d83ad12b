"""Which countries share a land border. Pure.

`land-neighbours.csv` has each pair once, in ISO 3166-1 alpha-3 codes (and those of `countries-beyond-iso.csv`). Source:
the lists of border countries of The World Factbook (United States government, public domain), in the edition of May
2026. Where borders are disputed this says which countries are beside each other and nothing of whose land it is.
"""

import csv
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from amparo.warning.detection import Floats

_FILE = Path(__file__).with_name("land-neighbours.csv")


@cache
def _borders() -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["country"]].add(row["neighbour"])
            found[row["neighbour"]].add(row["country"])
    return {country: frozenset(its) for country, its in found.items()}


def neighbours_of(country: str) -> frozenset[str]:
    """The codes of the countries that share a land border with `country`; none of an island, or of no such code."""
    return _borders().get(country, frozenset())


def weigh_neighbours(countries: Sequence[str]) -> Floats:
    """A matrix that makes of values by country the mean of each country's neighbours among `countries`; 0 for none."""
    weights = np.array([[other in neighbours_of(country) for other in countries] for country in countries], dtype=float)
    means: Floats = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1)
    return means
