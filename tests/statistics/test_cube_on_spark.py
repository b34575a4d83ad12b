"""The same expressions give the same counts on Spark, as on DuckDB and by hand. Run with -m spark: CONTRIBUTING.md."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amparo.statistics.cube import COLUMNS, count
from amparo.statistics.firsts import mark_firsts
from tests.statistics.planes import make_nested_plane
from tests.statistics.test_cube import DIMENSIONS, FILTERS, as_table, count_by_hand
from tests.statistics.test_whose_acts_are_not_known import check_counts, make_unfinished_plane

pytestmark = [pytest.mark.spark, pytest.mark.slow]
Load = Callable[[pa.Table], ir.Table]


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Load]:
    sql = pytest.importorskip("pyspark.sql")
    folder = tmp_path_factory.mktemp("spark")
    settings_of_spark: dict[str, Any] = {
        "spark.sql.shuffle.partitions": 1,
        "spark.ui.enabled": False,
        "spark.sql.warehouse.dir": str(folder),
    }
    builder = sql.SparkSession.builder.master("local[1]").appName("amparo-tests")
    for name, value in settings_of_spark.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    backend = ibis.pyspark.connect(session)

    def load_plane(plane: pa.Table) -> ir.Table:
        path: Path = folder / "plane.parquet"
        pq.write_table(plane, path)
        session.read.parquet(str(path)).createOrReplaceTempView("plane")
        session.catalog.refreshTable("plane")
        return backend.table("plane")

    yield load_plane
    session.stop()


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 5),
    measure=st.sampled_from(sorted(COLUMNS)),
    by=st.lists(st.sampled_from(DIMENSIONS), max_size=3, unique=True),
    where=FILTERS,
    marked=st.booleans(),
)
def test_spark_counts_the_same(
    load: Load, seed: int, measure: str, by: list[str], where: dict[str, list[str]], marked: bool
) -> None:
    plane = make_nested_plane(25, seed)
    ready = mark_firsts(plane) if marked else plane

    on_duckdb, on_spark = (count(table, measure, by, where) for table in (as_table(ready), load(ready)))

    assert on_spark == on_duckdb
    assert (dict(on_spark.cells), on_spark.total) == count_by_hand(plane, measure, by, where)


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_each_dimension_on_spark(load: Load, dimension: str) -> None:
    plane = make_nested_plane(25, 1)

    counted = count(load(plane), "incidents", [dimension])

    assert (dict(counted.cells), counted.total) == count_by_hand(plane, "incidents", [dimension], {})


def test_a_victim_of_whom_no_act_is_known_is_counted_on_spark(load: Load) -> None:
    check_counts(load(make_unfinished_plane()))
