"""Pairs of records that may be one and the same person: splink (Fellegi and Sunter's model) in DuckDB's memory. Pure.

Records come in as plain rows and go out as identifiers, probabilities and reason codes. Nothing is written to a disk:
the database is in memory, its temporary folder is off and what does not fit is refused. splink writes SQL to its log
and into its errors, and DuckDB may quote a value in one: both end here.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import duckdb
import pyarrow as pa
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.internals.exceptions import SplinkException

from amparo.linkage.comparisons import MACROS, Comparison

MEMORY = "1GB"
THREADS = 2
SEED = 20210101
# A key that more records share than the first of these that keeps within `MOST_PAIRS` is left out: what is common to
# so many tells nothing.
MOST_OF_A_KEY = (60, 30, 15, 8)
MOST_PAIRS = 3_000_000
# Below, parameters come from what was learnt elsewhere: EM would make up matches where there are none.
FEWEST_TO_TRAIN = 5_000
SAMPLED_PAIRS = 400_000

Row = Mapping[str, Any]


class LinkageError(Exception):
    """Pairs could not be looked for. The message says why, and quotes nothing of the records."""


class TooMany(LinkageError):
    """There are more records or pairs than fit in memory at once."""


@dataclass(frozen=True, slots=True)
class Model:
    """What is compared. `train_on`: each names columns; pairs that agree in them teach what to expect of the others.

    `columns` are those of a row with their types, besides `id` and `keys` (lists of texts: two records are compared
    where they share one).
    """

    comparisons: tuple[Comparison, ...]
    columns: tuple[tuple[str, pa.DataType], ...]
    train_on: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one: the lower identifier first; the reason codes, one for each field that told."""

    one: int
    other: int
    probability: float
    reasons: tuple[str, ...]


PART = pa.struct(
    [
        ("word", pa.string()),
        ("numbered", pa.bool_()),
        ("kept", pa.list_(pa.string())),
        ("sought", pa.list_(pa.string())),
    ]
)


def find_pairs(
    records: Sequence[Row],
    model: Model,
    *,
    others: Sequence[Row] | None = None,
    expected: float,
    at_least: float = 0.05,
    train: bool | None = None,
) -> list[Pair]:
    """Pairs among `records`, or between them and `others`, with a probability of `at_least`; likeliest first.

    `expected` is about how many pairs there are in truth. `train`: whether splink learns from these records; by default
    where there are `FEWEST_TO_TRAIN`. Raises `TooMany` and `LinkageError`.
    """
    if len(records) + len(others or ()) < 2 or (others is not None and not (records and others)):
        return []
    total = len(records) * (len(records) - 1) / 2 if others is None else len(records) * len(others)
    prior = min(max(expected / total, 1e-9), 0.5)
    try:
        return _find(_without_common_keys(records, others), model, prior, at_least, train)
    except (duckdb.OutOfMemoryException, MemoryError):
        raise TooMany("These are too many to compare at once.") from None
    except (SplinkException, duckdb.Error) as refused:
        if "Out of Memory" in str(refused):
            raise TooMany("These are too many to compare at once.") from None
        raise LinkageError("The records could not be compared.") from None


def _without_common_keys(records: Sequence[Row], others: Sequence[Row] | None) -> list[list[dict[str, Any]]]:
    sides = [records] if others is None else [records, others]
    counts = Counter(key for side in sides for row in side for key in row["keys"])
    most = next((most for most in MOST_OF_A_KEY if _pairs_of(counts, most) <= MOST_PAIRS), None)
    if most is None:
        raise TooMany("These are too many to compare at once.")
    return [
        [dict(row) | {"keys": [key for key in row["keys"] if counts[key] <= most]} for row in side] for side in sides
    ]


def _pairs_of(counts: Mapping[str, int], most: int) -> int:
    return sum(number * (number - 1) // 2 for number in counts.values() if number <= most)


def _find(
    sides: list[list[dict[str, Any]]], model: Model, prior: float, at_least: float, train: bool | None
) -> list[Pair]:
    logging.getLogger("splink").setLevel(logging.CRITICAL + 1)
    connection = duckdb.connect(":memory:")
    try:
        connection.execute("SET temp_directory = ''")
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute(f"SET threads = {THREADS}")
        for macro in MACROS:
            connection.execute(macro)
        api = DuckDBAPI(connection=connection)
        tables = [
            api.register(_table(side, model), dataset_display_name=name)
            for name, side in zip("ab", sides, strict=False)
        ]
        settings = _settings(model, prior, "dedupe_only" if len(sides) == 1 else "link_only")
        wanted = sum(map(len, sides)) >= FEWEST_TO_TRAIN if train is None else train
        linker = _trained(tables, settings, model) if wanted else Linker(tables, settings, None)
        found = linker.inference.predict(threshold_match_probability=at_least, warning_mode="never")
        return _pairs(found.as_record_list(), model)
    finally:
        connection.close()


def _table(rows: Iterable[Row], model: Model) -> pa.Table:
    columns = (("id", pa.int64()), *model.columns, ("keys", pa.list_(pa.string())))
    kept = list(rows)
    return pa.table({name: pa.array([row.get(name) for row in kept], kind) for name, kind in columns})


def _settings(model: Model, prior: float, link: Literal["dedupe_only", "link_only"]) -> SettingsCreator:
    return SettingsCreator(
        link_type=link,
        unique_id_column_name="id",
        comparisons=[comparison.settings() for comparison in model.comparisons],
        blocking_rules_to_generate_predictions=[block_on("keys", arrays_to_explode=["keys"])],
        probability_two_random_records_match=prior,
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=False,
    )


def _trained(tables: Any, settings: SettingsCreator, model: Model) -> Linker:
    """A linker that has learnt from the records; untaught where they don't teach enough, as no pair is in a level."""
    linker = Linker(tables, settings, None)
    try:
        linker.training.estimate_u_using_random_sampling(max_pairs=SAMPLED_PAIRS, seed=SEED)
        for columns in model.train_on:
            linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns))
    except (SplinkException, ValueError):
        return Linker(tables, settings, None)
    return linker


def _pairs(rows: Iterable[Row], model: Model) -> list[Pair]:
    found = []
    for row in rows:
        one, other = sorted((int(row["id_l"]), int(row["id_r"])))
        codes = (each.code_of(int(row[f"gamma_{each.name}"])) for each in model.comparisons)
        found.append(Pair(one, other, float(row["match_probability"]), tuple(filter(None, codes))))
    return sorted(found, key=lambda pair: (-pair.probability, pair.one, pair.other))
