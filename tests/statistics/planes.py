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
        "days_to_verification": [None] * records,
    }
    return pa.table(columns, schema=SCHEMA)


def with_months(plane: pa.Table, seed: int) -> pa.Table:
    """`plane` with a month for two acts of three."""
    drawn = np.random.default_rng(seed).integers(1, 19, plane.num_rows)
    months = [int(month) if month <= 12 else None for month in drawn]
    return plane.set_column(plane.schema.get_field_index("month"), "month", pa.array(months, pa.int8()))


_GROUPS = {"killing": "attack-on-life", "torture": "attack-on-life", "unfair-trial": "judicial-harassment"}


def make_nested_plane(incidents: int, seed: int) -> pa.Table:
    """`incidents` with up to three victims each, and these with up to three acts; some persons in several incidents."""
    numbers = np.random.default_rng(seed)

    def one_of(*codes: str) -> str:
        return codes[numbers.integers(len(codes))]

    def some_of(*codes: str) -> list[str]:
        return sorted({one_of(*codes) for _ in range(numbers.integers(1, 4))})

    def number_below(most: int, *, least: int = 0) -> int | None:
        return None if numbers.random() < 0.25 else int(numbers.integers(least, most))

    def make_victim(number: int | None) -> dict[str, object]:
        if number is None:
            unknown = dict.fromkeys(("victim_kind", "target", "sex", "age_band"), "unknown")
            return unknown | {"victim_id": None, "profile": ["unknown"], "person": None}
        return {
            "victim_id": number,
            "victim_kind": "person",
            "target": one_of("human-rights-defender", "journalist", "lawyer", "nhri-member"),
            "sex": one_of("male", "female", "unknown"),
            "age_band": one_of("18-24", "unknown"),
            "profile": some_of("land", "environment", "peace"),
            "person": number_below(incidents),
        }

    def make_act(number: int | None) -> dict[str, object]:
        kind = "unknown" if number is None else one_of("killing", "torture", "threat", "death-threat", "unfair-trial")
        top = "unknown" if kind == "unknown" else _GROUPS.get(kind, "intimidation")
        return {"act_id": number, "act": kind, "act_group": top}

    rows = []
    victims, acts = iter(range(10**6)), iter(range(10**6))
    for incident in range(incidents):
        told = dict.fromkeys(("area", "network", "sector", "gender"), "unknown") | {
            "incident_id": incident,
            "year": number_below(2021, least=2018),
            "month": number_below(13, least=1),
            "dataset": "invented",
            "country": one_of("COL", "BRA", "KEN"),
            "regional_group": one_of("africa", "unknown"),
            "date_precision": "day",
            "status": one_of("verified", "reported"),
            "setting": one_of("online", "offline"),
            "perpetrator": some_of("police", "military", "company", "unknown"),
            "source": ["invented"],
            "days_to_verification": number_below(90),
        }
        for victim in [next(victims) for _ in range(numbers.integers(0, 4))] or [None]:
            of_victim = make_victim(victim)
            number = 0 if victim is None else numbers.integers(0, 4)
            rows += [told | of_victim | make_act(act) for act in [next(acts) for _ in range(number)] or [None]]
    return pa.Table.from_pylist(rows, schema=SCHEMA)
