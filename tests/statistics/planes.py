"""Made-up coded planes for tests of counting and protecting."""

import numpy as np
import pyarrow as pa

from amparo.cases.coded_plane import SCHEMA


def make_plane(records: int, seed: int, *, several: bool = True) -> pa.Table:
    """`records` acts, most against a victim of their own, skewed so that small cells abound."""
    numbers = np.random.default_rng(seed)

    def draw(codes: list[str]) -> list[str]:
        weights = 1 / np.arange(1, len(codes) + 1) ** 1.5
        return [codes[n] for n in numbers.choice(len(codes), records, p=weights / weights.sum())]

    countries = draw(["COL", "BRA", "MEX", "KEN", "PHL", "unknown"])
    groups = {"KEN": "africa", "PHL": "asia-pacific", "unknown": "unknown"}
    networks = {"KEN": "nanhri", "PHL": "apf", "unknown": "unknown"}
    acts = draw(["killing", "threat", "death-threat", "unfair-trial", "unknown"])
    tops = {"killing": "attack-on-life", "unfair-trial": "judicial-harassment", "unknown": "unknown"}
    profiles = [
        sorted(set(pair))
        for pair in zip(draw(["land", "environment", "unknown"]), draw(["land", "peace"]), strict=True)
    ]
    columns = {
        "incident_id": list(range(records)),
        "victim_id": list(range(records)),
        "act_id": list(range(records)),
        "year": [
            None if year == "unknown" else int(year) for year in draw(["2019", "2020", "2018", "2021", "unknown"])
        ],
        "month": [None] * records,
        "dataset": ["invented"] * records,
        "country": countries,
        "area": [f"{country}-{part}" for country, part in zip(countries, draw(["A", "B", "C"]), strict=True)],
        "regional_group": [groups.get(country, "latin-america-caribbean") for country in countries],
        "network": [networks.get(country, "rindhca") for country in countries],
        "date_precision": ["day"] * records,
        "act": acts,
        "act_group": [tops.get(act, "intimidation") for act in acts],
        "status": draw(["verified", "reported"]),
        "setting": ["offline"] * records,
        "sector": draw(["unknown", "mining", "logging"]),
        "victim_kind": ["person"] * records,
        "target": draw(["human-rights-defender", "journalist"]),
        "sex": draw(["male", "female", "unknown"]),
        "gender": ["unknown"] * records,
        "age_band": draw(["unknown", "35-49", "18-24"]),
        "profile": profiles if several else [each[:1] for each in profiles],
        "perpetrator": [[each] for each in draw(["unknown", "police", "armed-group"])],
        "source": [["invented"]] * records,
        "person": list(range(records)),
    }
    return pa.table(columns, schema=SCHEMA)


def with_months(plane: pa.Table, seed: int) -> pa.Table:
    """`plane` with a month for two acts of three."""
    drawn = np.random.default_rng(seed).integers(1, 19, plane.num_rows)
    months = [int(month) if month <= 12 else None for month in drawn]
    return plane.set_column(plane.schema.get_field_index("month"), "month", pa.array(months, pa.int8()))
