"""A coded plane opened for many counts: in DuckDB's memory, codes as small numbers, first rows marked. Pure."""

from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from amparo.statistics.code_sets import BITS, to_bits
from amparo.statistics.firsts import mark_firsts

_IDENTIFIERS = ("incident_id", "victim_id", "act_id")
_FOUR_BYTES = 2**31
_AT_ONCE = 500_000


def open_plane(source: pa.Table | Path) -> ir.Table:
    """A table or a Parquet file with columns as of `cases.coded_plane`, perhaps not all, made ready for `cube.count`.

    A row takes 80 bytes or so.
    """
    backend = ibis.duckdb.connect()
    connection = backend.con
    if isinstance(source, Path):
        connection.read_parquet(str(source)).create_view("source")
    else:
        connection.register("source", source)
    kinds = dict(connection.execute("SELECT column_name, column_type FROM (DESCRIBE source)").fetchall())
    columns = {name: f"source.{name}::{_narrow(connection, name, kinds[name])} AS {name}" for name in kinds}
    # Codes come as numbers here too: as words the kinds of act alone would take a gigabyte of many acts.
    read = ", ".join(columns[name] for name in (*_IDENTIFIERS, "act", "act_group"))
    plane = connection.sql(f"SELECT {read} FROM source").to_arrow_table()  # noqa: S608
    marks = mark_firsts(plane).drop_columns(plane.column_names)
    del plane
    for name, column in BITS.items():
        if name in kinds:
            lists = connection.sql(f"SELECT {name} FROM source").to_arrow_reader(_AT_ONCE)  # noqa: S608
            numbers = [to_bits(pa.chunked_array([piece[0]]), name) for piece in lists]
            marks = marks.append_column(column, pa.array(np.concatenate([np.zeros(0, dtype=np.int64), *numbers])))
    connection.register("marks", marks)
    chosen = ", ".join(columns.values())
    connection.execute(f"CREATE TABLE plane AS SELECT {chosen}, marks.* FROM source POSITIONAL JOIN marks")  # noqa: S608
    connection.unregister("marks")
    return backend.table("plane")


def _narrow(connection: Any, name: str, kind: str) -> str:
    """The narrowest type that holds the column `name`; made, where it is one of codes."""
    if name in _IDENTIFIERS:
        most = connection.execute(f"SELECT max(abs({name})) FROM source").fetchall()[0][0]  # noqa: S608
        return "INTEGER" if (most or 0) < _FOUR_BYTES else kind
    if kind not in ("VARCHAR", "VARCHAR[]"):
        return kind
    code = f"unnest({name})" if kind == "VARCHAR[]" else name
    found = f"SELECT DISTINCT code FROM (SELECT {code} AS code FROM source) WHERE code IS NOT NULL ORDER BY code"  # noqa: S608
    connection.execute(f"CREATE TYPE codes_of_{name} AS ENUM ({found})")
    return f"codes_of_{name}{kind.removeprefix('VARCHAR')}"
