"""Disclosure control: which cells of a family of linked tables are not shown, so that none can be told. Pure.

A cell is an assignment of codes to dimensions: {} is everything, {sex: female, country: COL} the women in Colombia. It
has one status wherever it appears, in every table and for every measure. Cells are tied by *lines*: a cell is the sum
of its children along one more dimension, or along a hierarchy (a group of acts is the sum of its acts).

Zeros are shown in tables of up to two dimensions: that nothing was reported is no secret of anybody's. So whoever
attacks knows that a cell that is not shown there counts at least one, and a hidden 1 can only be more, never less. In
the finest tables that is too much to know: there a zero and a hidden cell look the same (`family`, `releases`).

1. Primary: a count of 1 to threshold - 1, in any measure, is not shown; in the finest tables up to twice that.
2. On every line, parent included, two cells or more are not shown or none is: a single one could be subtracted. Hidden
   children under a shown parent add up to more than their number: else each is 1.
3. Every two-way slice is a graph, its rows and columns the nodes, its hidden cells the edges; a hidden 1 is an edge of
   one direction (it can grow), any other an edge of both. A cell is told by the margins if and only if it is a
   one-way edge between two strongly connected components, or a bridge within one (Gusfield, "A graph theoretic
   approach to statistical data security", SIAM J. Comput. 17, 1988; Boesch and Tindell, "Robbins's theorem for mixed
   multigraphs", Amer. Math. Monthly 87, 1980). Cells are added until there is none.
Steps 2 and 3 are repeated until nothing changes. A dimension with several values to a record is treated as if its cells
added up: that hides more than needed, never less.

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
    """Two-way tables of one kind: cells between `rows` and `columns` (node numbers, unique per slice).

    Margins are cells too: a row's total lies between the row and the slice's column of totals, and `is_margin`; the
    total of all, between the two, is not.
    """

    cells: Indices
    rows: Indices
    columns: Indices
    is_margin: Flags


def find_small(counts: Sequence[Indices], threshold: int) -> Flags:
    """The cells with a count from 1 to `threshold` - 1 in any measure."""
    small = np.zeros(len(counts[0]), dtype=np.bool_)
    for measure in counts:
        small |= (measure > 0) & (measure < threshold)
    return small


def protect(
    small: Flags, least: Indices, sizes: Indices, weights: Indices, lines: Sequence[Lines], slices: Sequence[Slices]
) -> Flags | None:
    """The cells not to show: `small` ones, and those without which these could be told; None where that cannot be had.

    `least` is each cell's smallest count in any measure. Where a choice is left, the cell goes whose loss costs least:
    see `find_costs`.
    """
    guard = Guard(least, find_costs(sizes, weights, lines))
    return guard.protect(small, [guard.order(each) for each in lines], slices)


class Guard:
    """Hides cells until none can be told. Remembers which slices were found safe, for a further round on more cells.

    What is `told` elsewhere (`differencing`) hides nothing: such a cell counts as shown, also where it is not.
    """

    def __init__(self, least: Indices, costs: NDArray[np.float64], told: Flags | None = None) -> None:
        self.least = least
        self.costs = costs
        self.told = np.zeros_like(least, dtype=np.bool_) if told is None else told
        # How many cells of a slice were hidden when it was found safe; safe it stays until more are.
        self._safe_at: dict[int, int] = {}

    def copy(self) -> "Guard":
        """The same, to be thrown away if a trial fails."""
        other = Guard(self.least, self.costs, self.told)
        other._safe_at = self._safe_at.copy()
        return other

    def order(self, lines: Lines) -> "Members":
        """`lines` made ready for `protect`."""
        return Members.of(lines, self.costs)

    def protect(self, start: Flags, lines: Sequence["Members"], slices: Sequence[Slices]) -> Flags | None:
        """`start` and what has to be hidden besides; None where something can be told whatever is hidden."""
        hidden = start & ~self.told
        while True:
            before = int(hidden.sum())
            while True:
                in_round = int(hidden.sum())
                for each in lines:
                    each.hide_partners(hidden, self.least, self.told)
                if int(hidden.sum()) == in_round:
                    break
            if not all(self._is_safe(table, hidden) for table in slices):
                return None
            if int(hidden.sum()) == before:
                break
        safe = not any(each.find_told(hidden, self.least)[0].any() for each in lines)
        return hidden | start if safe else None

    def _is_safe(self, table: Slices, hidden: Flags) -> bool:
        while True:
            edges = np.flatnonzero(hidden[table.cells])
            if self._safe_at.get(id(table)) == len(edges):
                return True
            graph = _MixedGraph(table, edges, self.least)
            told = graph.find_told()
            if not told:
                self._safe_at[id(table)] = len(edges)
                return True
            shown = np.flatnonzero(~(hidden | self.told)[table.cells])
            # Mend one and look again: the others may be mended with it.
            if not any(self._hide_beside(table, hidden, graph, edge, shown) for edge in told):
                return False

    def _hide_beside(self, table: Slices, hidden: Flags, graph: "_MixedGraph", edge: int, shown: Indices) -> bool:
        candidates = shown[graph.would_free(edge, table.rows[shown], table.columns[shown], table.cells[shown])]
        if not len(candidates):
            return False
        hidden[table.cells[candidates[np.argmin(self.costs[table.cells[candidates]])]]] = True
        return True


def find_costs(sizes: Indices, weights: Indices, lines: Sequence[Lines]) -> NDArray[np.float64]:
    """What hiding each cell costs: its worth to readers (`weights`), with all that has to be hidden along with it
    because nothing else is on their line (a parent and its only child); among equals, its size.
    """
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
class Members:
    """All cells of each line, parent and children alike, the cheapest to hide first."""

    cells: Indices
    line: Indices
    is_child: Flags
    number: int

    @classmethod
    def of(cls, lines: Lines, costs: NDArray[np.float64]) -> "Members":
        parents, line = np.unique(lines.parents, return_inverse=True)
        cells = np.concatenate([lines.children, parents])
        line = np.concatenate([line, np.arange(len(parents))])
        is_child = np.arange(len(cells)) < len(lines.children)
        order = np.lexsort((cells, costs[cells], line))
        return cls(cells[order], line[order].astype(np.int64), is_child[order], len(parents))

    def hide_partners(self, hidden: Flags, least: Indices, known: Flags) -> None:
        """Hide the cheapest further cell of each line on which what is hidden could be told from the line alone."""
        told, all_ones = self.find_told(hidden, least)
        if not told.any():
            return
        # A further 1 beside ones would be told with them.
        helps = told[self.line] & (~all_ones[self.line] | (least[self.cells] > 1))
        candidates = np.flatnonzero(~(hidden | known)[self.cells] & helps)
        _, first = np.unique(self.line[candidates], return_index=True)
        hidden[self.cells[candidates[first]]] = True

    def find_told(self, hidden: Flags, least: Indices) -> tuple[Flags, Flags]:
        """The lines that tell a hidden cell; and those of them on which several are told, being 1 each."""
        is_hidden = hidden[self.cells]
        children = self._sum(is_hidden & self.is_child)
        parent = self._sum(is_hidden & ~self.is_child) > 0
        all_ones = ~parent & (children > 1) & (self._sum(is_hidden & self.is_child, least[self.cells]) == children)
        return (children + parent == 1) | all_ones, all_ones

    def _sum(self, which: Flags, values: Indices | None = None) -> NDArray[np.float64]:
        weights = which if values is None else which * values
        return np.bincount(self.line, weights=weights, minlength=self.number).astype(np.float64)


class _MixedGraph:
    """The hidden cells of a kind of slices as a mixed graph. Nodes are rows and columns, by their numbers."""

    def __init__(self, table: Slices, edges: Indices, least: Indices) -> None:
        self.least = least
        self.rows, self.columns = table.rows[edges], table.columns[edges]
        self.nodes, positions = np.unique(np.concatenate([self.rows, self.columns]), return_inverse=True)
        starts, ends = positions.reshape(2, -1)
        # A margin counts against its row: it grows where cells shrink, so its one direction is the other.
        turned = table.is_margin[edges]
        self.starts, self.ends = np.where(turned, ends, starts), np.where(turned, starts, ends)
        self.one_way = least[table.cells[edges]] == 1
        self.directed = rustworkx.PyDiGraph(multigraph=True)
        self.directed.add_nodes_from(range(len(self.nodes)))
        both = ~self.one_way
        arcs = [*zip(self.starts.tolist(), self.ends.tolist(), strict=True)]
        arcs += [*zip(self.ends[both].tolist(), self.starts[both].tolist(), strict=True)]
        self.directed.add_edges_from_no_data(arcs)

    def find_told(self) -> list[int]:
        """The edges that the margins tell, by position."""
        component = np.zeros(len(self.nodes), dtype=np.int64)
        for number, together in enumerate(rustworkx.strongly_connected_components(self.directed)):
            component[list(together)] = number
        within = component[self.starts] == component[self.ends]
        told = np.flatnonzero(~within)
        kept = np.flatnonzero(within)
        graph = rustworkx.PyGraph(multigraph=True)
        graph.add_nodes_from(range(len(self.nodes)))
        pairs = [*zip(self.starts[kept].tolist(), self.ends[kept].tolist(), strict=True)]
        graph.add_edges_from_no_data(pairs)
        bridges = {(min(edge), max(edge)) for edge in rustworkx.bridges(graph)}
        bridged = [int(kept[i]) for i, pair in enumerate(pairs) if (min(pair), max(pair)) in bridges]
        return [*told.tolist(), *bridged]

    def would_free(self, edge: int, rows: Indices, columns: Indices, cells: Indices) -> Indices:
        """The positions of the shown cells (rows[i], columns[i]) that would put `edge` on a cycle, if hidden."""
        start, end = int(self.starts[edge]), int(self.ends[edge])
        graph = self.directed.copy()
        if graph.has_edge(end, start) and not self.one_way[edge]:
            graph.remove_edge(end, start)
            graph.remove_edge(start, end)
        after, ahead = np.zeros(len(self.nodes), np.bool_), np.zeros(len(self.nodes), np.bool_)
        after[[end, *rustworkx.descendants(graph, end)]] = True
        ahead[[start, *rustworkx.ancestors(graph, start)]] = True
        row_at, column_at = np.searchsorted(self.nodes, rows), np.searchsorted(self.nodes, columns)
        known = (row_at < len(self.nodes)) & (column_at < len(self.nodes))
        row_at, column_at = np.minimum(row_at, len(self.nodes) - 1), np.minimum(column_at, len(self.nodes) - 1)
        known &= (self.nodes[row_at] == rows) & (self.nodes[column_at] == columns)
        joins = (after[row_at] & ahead[column_at]) | (ahead[row_at] & after[column_at])
        return np.flatnonzero(known & joins & (self.least[cells] > 1))
