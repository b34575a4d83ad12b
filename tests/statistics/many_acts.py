"""A made-up coded plane of many acts in a Parquet file, for measuring: `bench/cube`."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary
from amparo.vocabularies.places import regional_group

AT_ONCE = 500_000
VOCABULARIES = {
    "country": "countries",
    "regional_group": "un-regional-groups",
    "act": "acts",
    "act_group": "acts",
    "status": "information-status",
    "target": "targets",
    "profile": "defender-profiles",
    "sex": "sex",
    "age_band": "age-bands",
    "perpetrator": "alleged-perpetrators",
    "sector": "sectors",
}
DIMENSIONS = ("year", *VOCABULARIES)
YEARS = range(2000, 2025)


def codes_of(dimension: str) -> list[str]:
    if dimension == "year":
        return [*map(str, YEARS), UNKNOWN]
    terms = get_vocabulary(VOCABULARIES[dimension])
    if dimension == "act_group":
        return sorted({terms.top(code) for code in terms.terms})
    return sorted(terms.terms)


def make_acts(acts: int, path: Path) -> None:
    """A coded plane of invented acts: 2.5 to an incident, 1.25 to a victim; few codes are frequent, most are rare."""
    numbers = np.random.default_rng(20181012)
    words = {name: codes_of(name) for name in VOCABULARIES}
    places = {name: {word: n for n, word in enumerate(each)} for name, each in words.items()}
    groups = np.array([places["regional_group"][regional_group(code)] for code in words["country"]])
    top = get_vocabulary("acts").top
    tops = np.array([places["act_group"][top(code)] for code in words["act"]])

    def draw(name: str, many: int) -> np.ndarray:
        weights = 1 / np.arange(1, len(words[name]) + 1)
        ranked = numbers.choice(len(words[name]), many, p=weights / weights.sum())
        return np.random.default_rng(len(words[name])).permutation(len(words[name]))[ranked]

    def several(name: str, many: int) -> pa.Array:
        first, second = draw(name, many), draw(name, many)
        two = (numbers.random(many) < 0.3) & (first != second)
        offsets = np.concatenate([[0], np.cumsum(1 + two)]).astype(np.int32)
        values = np.empty(offsets[-1], dtype=np.int64)
        values[offsets[:-1]] = first
        values[offsets[:-1][two] + 1] = second[two]
        return pa.ListArray.from_arrays(pa.array(offsets), pa.array(words[name]).take(pa.array(values)))

    writer = None
    for start in range(0, acts, AT_ONCE):
        act = np.arange(start, min(start + AT_ONCE, acts))
        victims, of_victim = np.unique(act * 4 // 5, return_inverse=True)
        incidents, of_incident = np.unique(act * 2 // 5, return_inverse=True)
        year = pa.array(numbers.choice(YEARS, len(incidents)), pa.int16(), mask=numbers.random(len(incidents)) < 0.02)
        coded: dict[str, np.ndarray] = {}
        coded["country"] = draw("country", len(incidents))[of_incident]
        coded["regional_group"] = groups[coded["country"]]
        coded["act"] = draw("act", len(act))
        coded["act_group"] = tops[coded["act"]]
        coded |= {name: draw(name, len(incidents))[of_incident] for name in ("status", "sector")}
        coded |= {name: draw(name, len(victims))[of_victim] for name in ("target", "sex", "age_band")}
        columns = {
            "incident_id": act * 2 // 5,
            "victim_id": act * 4 // 5,
            "act_id": act,
            "year": year.take(of_incident),
        }
        columns |= {name: pa.array(words[name]).take(pa.array(place)) for name, place in coded.items()}
        columns["profile"] = several("profile", len(victims)).take(of_victim)
        columns["perpetrator"] = several("perpetrator", len(incidents)).take(of_incident)
        plane = pa.table(columns)
        writer = writer or pq.ParquetWriter(path, plane.schema, compression="zstd")
        writer.write_table(plane, row_group_size=AT_ONCE // 4)
    if writer:
        writer.close()
