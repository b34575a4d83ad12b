"""Datasets that are protected side by side come out as one by one."""

import numpy as np
import pytest

from amparo.statistics import protecting
from amparo.statistics.family import count_family
from amparo.statistics.protecting import Unprotected, protect_dataset, protect_datasets
from tests.statistics.planes import make_plane

SETS = [(), ("country",), ("year",), ("sex",), ("country", "year"), ("country", "sex"), ("year", "sex")]


def count(dataset: str, records: int) -> Unprotected:
    return Unprotected(dataset, count_family(make_plane(records, records), SETS), None)


def test_it_works() -> None:
    started: list[str] = []

    found = protect_datasets([count("first", 80), count("second", 120)], 3, started.append)

    assert started == ["first", "second"] == list(found)
    for each in found.values():
        assert each.protected is not None
        assert each.audit is not None
        assert each.audit.holds


def test_side_by_side_they_come_out_as_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = [count("first", 80), count("second", 120)]
    alone = {each.dataset: protect_dataset(each, 3) for each in waiting}
    monkeypatch.setattr(protecting, "_LARGE", 0)
    monkeypatch.setattr(protecting.os, "cpu_count", lambda: 2)

    found = protect_datasets(waiting, 3, lambda _code: None)

    for code, outcome in found.items():
        one, other = outcome.protected, alone[code].protected
        assert one is not None
        assert other is not None
        assert one.tables == other.tables
        assert np.array_equal(one.hidden, other.hidden)
        assert outcome.audit == alone[code].audit
