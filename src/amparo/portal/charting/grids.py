"""A two-way table laid out for a chart: names below each other, heads side by side."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from amparo.portal.presentation import column_order, label_of, row_order
from amparo.statistics.releases import PublishedTable
from amparo.ui.charts.look import Series


@dataclass(frozen=True, slots=True)
class Grid:
    """The dimension that runs `down` with its codes, that which runs `across`, and the count of a code of each."""

    down: str
    names: list[str]
    across: str
    heads: list[str]
    value: Callable[[str, str], int | None]

    def series(self, most: int, heads: list[str]) -> list[Series]:
        """The first `most` names with their counts under `heads`."""
        return [
            Series(label_of(self.down, name), tuple(self.value(name, head) for head in heads))
            for name in self.names[:most]
        ]

    def labels(self, heads: list[str]) -> list[str]:
        """What `heads` are called."""
        return [label_of(self.across, head) for head in heads]


def lay_out(table: PublishedTable, across: Collection[str]) -> Grid | None:
    """`table` with a dimension of `across` side by side, where it has one; None where it has no two dimensions."""
    rows, columns = table.query.rows, table.query.columns
    if rows is None or columns is None:
        return None
    if rows in across and columns not in across:
        return Grid(columns, column_order(table), rows, row_order(table), lambda name, head: table.value(head, name))
    return Grid(rows, row_order(table), columns, column_order(table), table.value)
