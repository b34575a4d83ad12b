"""Disclosure control: which cells of a family of linked tables are not shown, so that none can be told. Pure.

A cell is an assignment of codes to dimensions: {} is everything, {sex: female, country: COL} the women in Colombia. It
has one status wherever it appears, in every table and for every measure. Cells are tied by *lines*: a cell is the sum
of its children along one more dimension, or along a hierarchy (a group of acts is the sum of its acts).

1. Primary: a count of 1 to threshold - 1, in any measure, is not shown.
2. On every line, parent included, at least two cells are not shown or none is: a single one could be subtracted.
3. In every two-way slice no hidden cell is a bridge of the graph whose edges are the hidden cells, rows and columns
   being its nodes: exactly the bridges are determined by the margins (Gusfield, "A graph theoretic approach to
   statistical data security", SIAM J. Comput. 17, 1988).
Steps 2 and 3 are repeated until nothing changes. A dimension with several values to a record is treated as if its cells
added up: that hides more than needed, never less. Zero is shown: that nothing was reported is no secret of anybody's.

Background: Hundepool et al., "Statistical Disclosure Control", Wiley 2012, chapter 4.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import rustworkx
from numpy.typing import NDArray

Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lines:
    """Sums of one kind: `children[i]` is part of `parents[i]`. Indices of cells."""

    children: Indices
    parents: Indices


@dataclass(frozen=True, slots=True)
class Slices:
    """Two-way tables of one kind: hidden cells as edges between `rows` and `columns` (node numbers, unique per slice).

    Margins are in it as cells: a row's total lies between the row and the slice's column of totals.
    """

    cells: Indices
    rows: Indices
    columns: Indices


def find_small(counts: Sequence[Indices], threshold: int) -> Flags:
    """The cells with a count from 1 to `threshold` - 1 in any measure."""
    small = np.zeros(len(counts[0]), dtype=np.bool_)
    for measure in counts:
        small |= (measure > 0) & (measure < threshold)
    return small


def protect(small: Flags, sizes: Indices, weights: Indices, lines: Sequence[Lines], slices: Sequence[Slices]) -> Flags:
    """The cells not to show: `small` ones, and those without which these could be told.

    Where a choice is left, the cell goes whose loss costs least: `weights` say what a cell is worth to readers, and a
    cell drags along those that are equal to it because nothing else is on their line. Then the smallest by `sizes`.
    """
    hidden = small.copy()
    costs = find_costs(sizes, weights, lines)
    members = [_Members.of(each, costs) for each in lines]
    while True:
        before = int(hidden.sum())
        while True:
            in_round = int(hidden.sum())
            for each in members:
                each.hide_partners(hidden)
            if int(hidden.sum()) == in_round:
                break
        for table in slices:
            _hide_around_bridges(table, hidden, costs)
        if int(hidden.sum()) == before:
            return hidden


def find_costs(sizes: Indices, weights: Indices, lines: Sequence[Lines]) -> NDArray[np.float64]:
    """What hiding each cell costs, with all that has to be hidden along with it: a parent and its only child."""
    graph = rustworkx.PyGraph(multigraph=True)
    graph.add_nodes_from(range(len(sizes)))
    for each in lines:
        parents, first, number = np.unique(each.parents, return_index=True, return_counts=True)
        alone = number == 1
        graph.add_edges_from_no_data(
            list(zip(parents[alone].tolist(), each.children[first[alone]].tolist(), strict=True))
        )
    costs = weights.astype(np.float64)
    for together in rustworkx.connected_components(graph):
        if len(together) > 1:
            cells = list(together)
            costs[cells] = costs[cells].sum()
    dearer: NDArray[np.float64] = costs + sizes / (sizes.max(initial=0) + 1)
    return dearer


@dataclass(frozen=True, slots=True)
class _Members:
    """All cells of each line, parent and children alike, the cheapest to hide first."""

    cells: Indices
    line: Indices
    number: int

    @classmethod
    def of(cls, lines: Lines, costs: NDArray[np.float64]) -> "_Members":
        parents, line = np.unique(lines.parents, return_inverse=True)
        cells = np.concatenate([lines.children, parents])
        line = np.concatenate([line, np.arange(len(parents))])
        order = np.lexsort((cells, costs[cells], line))
        return cls(cells[order], line[order].astype(np.int64), len(parents))

    def hide_partners(self, hidden: Flags) -> None:
        """Where exactly one cell of a line is hidden, hide the cheapest other one."""
        is_hidden = hidden[self.cells]
        told = np.bincount(self.line, weights=is_hidden, minlength=self.number) == 1
        if not told.any():
            return
        candidates = np.flatnonzero(~is_hidden & told[self.line])
        _, first = np.unique(self.line[candidates], return_index=True)
        hidden[self.cells[candidates[first]]] = True


def _hide_around_bridges(table: Slices, hidden: Flags, costs: NDArray[np.float64]) -> None:
    while True:
        edges = np.flatnonzero(hidden[table.cells])
        found = find_bridges(table.rows[edges], table.columns[edges])
        if not len(found):
            return
        # Close the first bridge with the cheapest shown cell that leads across it; the others may close with it.
        before = int(hidden.sum())
        for edge in edges[found]:
            if _hide_across(table, hidden, costs, int(edge)):
                break
        if int(hidden.sum()) == before:
            return


def find_bridges(rows: Indices, columns: Indices) -> Indices:
    """The positions of the edges (rows[i], columns[i]) that are bridges; a row and a column never share a number."""
    nodes, positions = np.unique(np.concatenate([rows, columns]), return_inverse=True)
    ends = positions.reshape(2, -1)
    graph = rustworkx.PyGraph(multigraph=True)
    graph.add_nodes_from(range(len(nodes)))
    graph.add_edges_from_no_data(list(zip(ends[0].tolist(), ends[1].tolist(), strict=True)))
    bridges = {(min(a, b), max(a, b)) for a, b in rustworkx.bridges(graph)}
    pairs = zip(ends[0].tolist(), ends[1].tolist(), strict=True)
    return np.array([i for i, (a, b) in enumerate(pairs) if (min(a, b), max(a, b)) in bridges], dtype=np.int64)


def _hide_across(table: Slices, hidden: Flags, costs: NDArray[np.float64], bridge: int) -> bool:
    nodes, positions = np.unique(np.concatenate([table.rows, table.columns]), return_inverse=True)
    ends = positions.reshape(2, -1)
    others = np.flatnonzero(hidden[table.cells])
    others = others[others != bridge]
    graph = rustworkx.PyGraph(multigraph=True)
    graph.add_nodes_from(range(len(nodes)))
    graph.add_edges_from_no_data(list(zip(ends[0][others].tolist(), ends[1][others].tolist(), strict=True)))
    near = np.zeros(len(nodes), dtype=np.bool_)
    far = near.copy()
    near[list(rustworkx.node_connected_component(graph, int(ends[0][bridge])))] = True
    far[list(rustworkx.node_connected_component(graph, int(ends[1][bridge])))] = True
    leads_across = (near[ends[0]] & far[ends[1]]) | (far[ends[0]] & near[ends[1]])
    candidates = np.flatnonzero(~hidden[table.cells] & leads_across)
    if not len(candidates):
        return False
    hidden[table.cells[candidates[np.argmin(costs[table.cells[candidates]])]]] = True
    return True
