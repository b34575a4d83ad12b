"""The same expressions give the same counts on DuckDB and on PostgreSQL."""

from collections.abc import Iterator

import ibis
import psycopg
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amparo.launch.temporary_postgres import temporary_postgres
from amparo.statistics.cube import COLUMNS, count
from tests.statistics.planes import make_plane, with_months
from tests.statistics.test_cube import DIMENSIONS, as_table, count_by_hand
from tests.statistics.test_whose_acts_are_not_known import check_counts, make_unfinished_plane

_TYPES = {pa.int64(): "bigint", pa.int16(): "smallint", pa.int8(): "smallint", pa.string(): "text"}


class PostgresPlanes:
    """Coded planes in a PostgreSQL server of the test's own, one after the other."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        host = self.connection.info.host
        self.backend = ibis.postgres.connect(host=host, user="amparo", database="postgres")

    def load(self, plane: pa.Table) -> ibis.expr.types.Table:
        columns = [f"{field.name} {_TYPES.get(field.type, 'text[]')}" for field in plane.schema]
        self.connection.execute("DROP TABLE IF EXISTS plane")
        self.connection.execute(f"CREATE TABLE plane ({', '.join(columns)})")
        with self.connection.cursor() as cursor, cursor.copy("COPY plane FROM STDIN") as copy:
            for row in plane.to_pylist():
                copy.write_row(list(row.values()))
        return self.backend.table("plane")


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresPlanes]:
    with temporary_postgres() as url:
        planes = PostgresPlanes(url)
        yield planes
        planes.backend.disconnect()
        planes.connection.close()


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 50),
    measure=st.sampled_from(sorted(COLUMNS)),
    by=st.lists(st.sampled_from(DIMENSIONS), max_size=3, unique=True),
    where=st.dictionaries(
        st.sampled_from(["country", "profile", "year", "quarter", "act_family"]),
        st.sampled_from([["COL", "BRA"], ["land"], ["2019", "unknown"], ["2019-Q2"], ["threat"]]),
        max_size=2,
    ),
)
def test_duckdb_and_postgresql_count_the_same(
    postgres: PostgresPlanes, seed: int, measure: str, by: list[str], where: dict[str, list[str]]
) -> None:
    if "year" in where:
        where["year"] = ["2019", "unknown"]
    plane = with_months(make_plane(40, seed), seed)

    on_duckdb, on_postgres = (count(table, measure, by, where) for table in (as_table(plane), postgres.load(plane)))

    assert on_postgres == on_duckdb
    assert (dict(on_duckdb.cells), on_duckdb.total) == count_by_hand(plane, measure, by, where)


def test_a_victim_of_whom_no_act_is_known_is_counted_on_postgresql(postgres: PostgresPlanes) -> None:
    check_counts(postgres.load(make_unfinished_plane()))
