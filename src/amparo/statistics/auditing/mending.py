"""Hiding further cells where an attack tells too much, until none is told: for whoever publishes. Pure.

Who publishes knows the counts, and they are one solution of the attacker's system. A number is safe once a second
solution lies far enough from it. Where there is none, the solver looks for the cheapest change of the counts that moves
the number and keeps every tie, and the cells that change are hidden too: then both are solutions. (Such a change is
what secondary suppression by linear programming looks for: Kelly, Golden, Assad, "Cell suppression: disclosure
protection for sensitive tabular data", Networks 22, 1992; Fischetti, Salazar-González, "Solving the cell suppression
problem on tabular data with linear constraints", Management Science 47, 2001.) What is hidden stays hidden and every
solution stays one, so this comes to an end. Where a change would cost too much, the table is withheld.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from amparo.statistics.auditing.audit import Audit, conclude, find_scopes, width_for
from amparo.statistics.auditing.published_view import Counts, Numbers, see_family
from amparo.statistics.auditing.ranges import EXACT, FEW, LARGE, RangeFinder, solve
from amparo.statistics.auditing.ties import System, Unknowns, find_measured
from amparo.statistics.family import NEVER_LOST, Family, Foreknown, Protected
from amparo.statistics.published import TableSet
from amparo.statistics.suppression import Flags

# What it costs to hide a cell, for each that it counts, and what a cell is worth that would be told, by the number of
# dimensions: for more than that its table is withheld.
_COST = (np.inf, 30.0, 1.0, 0.1)
_COST_OF_NEVER_LOST = 300.0
_WORTH = (500_000.0, 500_000.0, 500.0, 30.0)
_MOST_TRIES = 2
MONTH, _MOST_SMALL_MONTHS = "calendar_month", 0.1
# The share of what it counts that a table must show, by the number of its dimensions.
_LEAST_SHOWN = (0.0, 0.0, 0.1, 0.33)
# What is read most: withheld last.
_READ_MOST = frozenset(
    {("country", "year"), ("year", "act_group"), ("year", "sex"), ("country", "act_group"), ("country", "sex")}
)
_DOWN = 0.7
_FEW_MOVED, _FEW = 0.2, 8
_SWEEPS = 3


class CannotProtect(Exception):
    """A table that must be published and cannot be without telling a small count: `dimensions`."""

    def __init__(self, dimensions: TableSet) -> None:
        self.dimensions = dimensions
        super().__init__(",".join(dimensions))


def mend(
    family: Family,
    protected: Protected,
    threshold: int,
    foreknown: Foreknown | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Protected, Audit]:
    """`protected` with all that has to be hidden besides, and the audit that it passes. Raises `CannotProtect`.

    What earlier releases have told (`foreknown`) is known to who attacks, and nothing hides behind it, nor behind what
    they told in tables that are not published again.
    """
    mender = _Mender(family, _without_thin_tables(family, protected, threshold), threshold, foreknown)
    while withheld := mender.mend(progress):
        mender.withhold(withheld)
    return Protected(mender.hidden, mender.tables), mender.conclude()


def _without_thin_tables(family: Family, protected: Protected, threshold: int) -> Protected:
    """Without tables that would show little of what they count, and whose margins would cost other tables much: fine
    ones, and those by month where many a month has a small count of its own.
    """
    left_out = {dimensions for dimensions in protected.tables if _shows_little(family, protected, dimensions)}
    months = family.tables.get((MONTH,))
    if months is not None and len(months):
        small = family.find_small(threshold)[months.start : months.start + len(months)]
        if small.mean() > _MOST_SMALL_MONTHS:
            left_out |= {dimensions for dimensions in protected.tables if MONTH in dimensions}
    kept = tuple(dimensions for dimensions in protected.tables if dimensions not in left_out)
    return Protected(protected.hidden, kept)


def _shows_little(family: Family, protected: Protected, dimensions: TableSet) -> bool:
    least = 0.0 if dimensions in _READ_MOST else _LEAST_SHOWN[len(dimensions)]
    table = family.tables[dimensions]
    sizes = table.counts["victims"]
    shown = sizes[~protected.hidden[table.start : table.start + len(table)]].sum()
    return bool(shown < least * sizes.sum())


class _Mender:
    """All scopes of one dataset, what of its cells is hidden, and which tables are published."""

    def __init__(self, family: Family, protected: Protected, threshold: int, foreknown: Foreknown | None) -> None:
        self.family = family
        self.hidden = protected.hidden.copy()
        self.tables = protected.tables
        self.threshold = threshold
        self.foreknown = foreknown
        self._scopes: dict[tuple[TableSet, ...], _Scope] = {}
        self._before: dict[tuple[TableSet, ...], _Scope] = {}
        self._look()

    def _look(self) -> None:
        """What is published, with every count shown: who publishes knows them.

        What an earlier release told of a table that is not published any more still ties what is.
        """
        self.remembered = self._find_remembered()
        tables = (*self.tables, *self.remembered)
        self.truth = see_family(self.family, Protected(np.zeros_like(self.hidden), tables), self.threshold)
        self.measured = find_measured(self.truth)
        # Part by part first, which is quick; what holds in the end is that all tables together tell nothing.
        self.parts = [tuple(scope) for scope in find_scopes(self.truth)]
        self.whole = tuple(self.truth.tables)

    def _find_remembered(self) -> list[TableSet]:
        """The tables that are not published, and of which an earlier release has told something that still holds."""
        found = []
        for dimensions in self.foreknown.tables if self.foreknown else ():
            table = self.family.tables[dimensions]
            cells = slice(table.start, table.start + len(table))
            if dimensions not in self.tables and self.foreknown and self.foreknown.told[cells].any():
                self.hidden[cells] = True
                found.append(dimensions)
        return sorted(found)

    def withhold(self, tables: set[TableSet]) -> None:
        """Publish none of `tables`. What was found in scopes without them holds as it did."""
        before = self.measured
        self.tables = tuple(dimensions for dimensions in self.tables if dimensions not in tables)
        self._look()
        kept = self._scopes if self.measured == before else {}
        there = {*self.parts, self.whole}
        self._before = {scope: found for scope, found in kept.items() if scope not in there}
        self._scopes = {scope: found for scope, found in kept.items() if scope in there}

    def mend(self, progress: Callable[[int, int], None] | None) -> set[TableSet]:
        """Mend scope by scope until none is left to mend; or the tables that must be withheld before that."""
        while waiting := [scope for scope in self.parts if scope not in self._scopes or self._scopes[scope].has_news()]:
            for done, scope in enumerate(waiting, start=1):
                if withheld := self._take(scope).mend():
                    return withheld
                if progress:
                    progress(done, len(waiting) + 1)
        # What all tables together don't tell, no part of them does: parts are not looked at again.
        return self._take(self.whole).mend()

    def _take(self, scope: tuple[TableSet, ...]) -> "_Scope":
        if scope not in self._scopes:
            self._scopes[scope] = self._open(scope)
        return self._scopes[scope]

    def _open(self, scope: tuple[TableSet, ...]) -> "_Scope":
        """A new scope; with what was seen in one of which it is the rest, after a table was withheld."""
        opened = _Scope(System(self.truth, scope, self.measured), self)
        for tables, before in self._before.items():
            if set(scope) < set(tables):
                opened.take_over(before)
        return opened

    def conclude(self) -> Audit:
        """The audit of everything as it is now."""
        return self._scopes[self.whole].conclude()


class _Scope:
    """One system of tables: the counts, what of them is hidden, and the values seen in solutions."""

    def __init__(self, system: System, mender: _Mender) -> None:
        self.system, self.mender = system, mender
        self.cells = self._find_cells()
        self.counts = np.nan_to_num(system.counts)
        self.told, self.least = self._find_told(), self._find_least()
        self.costs = self._find_costs()
        self.is_total = np.concatenate([np.full(len(t), len(d) < 2) for d, t in system.tables.items()])
        self.low, self.high = self.counts.copy(), self.counts.copy()
        self.width = width_for(system.seen.threshold)
        self.last_hidden = -1
        self.chance = np.random.default_rng(20181012)
        self.solved = 0

    def _find_cells(self) -> Numbers:
        """The number in the family of each cell; -1 of one that is not there."""
        found = []
        for dimensions, table in self.system.tables.items():
            counted = self.mender.family.tables[dimensions]
            places = np.minimum(np.searchsorted(counted.keys, table.keys), max(len(counted) - 1, 0))
            there = counted.keys[places] == table.keys if len(counted) else np.zeros(len(table), np.bool_)
            found.append(np.where(there, places + counted.start, -1))
        return np.concatenate(found)

    def _find_costs(self) -> Counts:
        costs = []
        for dimensions, table in self.system.tables.items():
            cost = _COST[len(dimensions)]
            if len(dimensions) == 1:
                cost = (
                    _COST_OF_NEVER_LOST
                    if NEVER_LOST.issuperset(dimensions)
                    else cost / (3 if "country" in dimensions else 1)
                )
            costs.append(np.full(len(table), cost))
        sizes = self.counts[: self.system.size]
        # Hiding what is known already protects nothing.
        worth = np.where(self.told, np.inf, np.concatenate(costs) * np.maximum(sizes, 1))
        return np.tile(worth, len(self.system.measured))

    def take_over(self, before: "_Scope") -> None:
        """Note what was seen in a system with more tables: its solutions solve this one too."""
        mine, its = self.system, before.system
        if any(len(mine.tables[dimensions]) != len(its.tables[dimensions]) for dimensions in mine.tables):
            return
        places = [its.starts[each] + np.arange(len(table)) for each, table in mine.tables.items()]
        cells = np.concatenate(places)
        numbers = np.concatenate([cells + its.size * measure for measure in range(len(mine.measured))])
        self.low = np.minimum(self.low, before.low[numbers])
        self.high = np.maximum(self.high, before.high[numbers])
        self.solved += before.solved

    def _find_told(self) -> Flags:
        """The cells whose counts an earlier release has told."""
        foreknown = self.mender.foreknown
        if foreknown is None:
            return np.zeros(self.system.size, dtype=np.bool_)
        return (self.cells >= 0) & foreknown.told[self.cells]

    def _find_least(self) -> Counts:
        foreknown = self.mender.foreknown
        # Whoever knows how the list was made knows of each cell whether it counts anything.
        there = np.tile(~self.system.finest, len(self.system.measured)) & (self.counts > 0)
        sure: Counts = np.maximum(self.system.least, there.astype(np.float64))
        if foreknown is None:
            return sure
        # Only where an earlier release says more than that somebody is there.
        nearer = (self.cells >= 0) & (foreknown.least[self.cells] < self.mender.family.least[self.cells])
        lower = np.where(nearer, foreknown.least[self.cells] - 1, 0)
        measures = len(self.system.measured)
        floor: Counts = np.where(np.tile(nearer, measures), self.counts - np.tile(lower, measures), 0)
        return np.maximum(sure, floor)

    def is_hidden(self) -> Flags:
        """Of each cell, whether it is unknown; what is not there in a finest table looks hidden."""
        return np.where(self.cells >= 0, self.mender.hidden[self.cells] & ~self.told, True)

    def has_news(self) -> bool:
        """Whether cells were hidden since this scope was mended."""
        return int(self.is_hidden().sum()) != self.last_hidden

    def mend(self) -> set[TableSet]:
        """Hide until nothing is told; or the tables to withhold."""
        at_once = len(self.counts)
        tried: Counter[int] = Counter()
        while True:
            unknowns, finder = self._attack()
            open_ = unknowns.places[self._is_published(unknowns) & ~finder.is_wide()]
            waiting = [int(place) for place in open_ if tried[int(place)] < _MOST_TRIES]
            if not len(open_):
                self.last_hidden = int(self.is_hidden().sum())
                return set()
            if not waiting or (at_once < len(waiting) > _FEW and at_once < _FEW * 8):
                return self._withhold(open_)
            # Totals by one dimension first, and nothing finer is paid for with one of them.
            totals = [place for place in waiting if self.is_total[place % self.system.size]]
            chosen = np.array((totals or waiting)[:at_once], dtype=np.int64)
            moved = self._hide_for(chosen, self._choose_ways(chosen, tried))
            # Many at once may stand in each other's way; one by one none does, up or down.
            if len(chosen) == 1:
                tried.update(chosen[~moved].tolist())
            elif moved.mean() < _FEW_MOVED:
                at_once = 1 if len(waiting) <= _FEW else max(1, len(chosen) // 4)

    def _choose_ways(self, chosen: Numbers, tried: Counter[int]) -> Flags:
        """Which of them shall go down; one alone goes down first, then up."""
        if len(chosen) == 1:
            return np.array([tried[int(chosen[0])] % 2 == 0])
        return np.asarray(self.chance.random(len(chosen)) < _DOWN)

    def _hide_for(self, chosen: Numbers, goes_down: Flags) -> Flags:
        """Hide what has to change for the numbers `chosen` to move; which of them did."""
        change = self._find_change(chosen, goes_down)
        solution = self.counts + change
        self.low, self.high = np.minimum(self.low, solution), np.maximum(self.high, solution)
        moved = np.abs(change) > EXACT
        changed = moved.reshape(len(self.system.measured), -1).any(axis=0) & (self.cells >= 0)
        self.mender.hidden[self.cells[changed]] = True
        return moved[chosen]

    def _attack(self) -> tuple[Unknowns, RangeFinder]:
        unknowns = self.system.gather(self.is_hidden())
        places = unknowns.places
        unknowns = replace(unknowns, least=self.least[places])
        finder = RangeFinder(unknowns, self.width, low=self.low[places], high=self.high[places])
        # In a large system it is cheaper to look once more than to look for what to hide.
        finder.sweep(self._is_published(unknowns), _SWEEPS, few=0 if len(unknowns) >= LARGE else FEW)
        self.low[places], self.high[places] = finder.low, finder.high
        self.solved += finder.solved
        return unknowns, finder

    def _withhold(self, open_: Numbers) -> set[TableSet]:
        """Of the tables with cells that cannot be saved, the finest with most of them."""
        number = Counter(self.system.table_of(int(place) % self.system.size) for place in open_)
        most = max(len(dimensions) for dimensions in number)
        finest = {dimensions: cells for dimensions, cells in number.items() if len(dimensions) == most}
        # What an earlier release told cannot be taken back: rather than telling the rest, a breakdown goes then.
        kept = not most or not self.mender.remembered
        if most < 2 and kept and any(NEVER_LOST.issuperset(dimensions) for dimensions in finest):
            raise CannotProtect(min(finest))
        # Months are many, and each is small: they go first.
        months = {dimensions: cells for dimensions, cells in finest.items() if MONTH in dimensions}
        others = {dimensions: cells for dimensions, cells in finest.items() if dimensions not in _READ_MOST}
        finest = months or others or finest
        tables = {dimensions for dimensions, cells in finest.items() if 2 * cells >= max(finest.values())}
        if most == 1:
            # Without its own table a dimension has no margin: none with it is published.
            alone = {dimension for dimensions in tables for dimension in dimensions}
            tables |= {dimensions for dimensions in self.mender.tables if alone & set(dimensions)}
        return tables

    def _find_change(self, open_: Numbers, goes_down: Flags) -> Counts:
        """The cheapest change of the counts that moves as many as can be of `open_` as far as wanted: those that may
        go down and can, the others up.
        """
        system, n = self.system, len(self.counts)
        hidden = np.tile(self.is_hidden(), len(system.measured))
        least = self.least - self.counts
        wanted = self.width.of(self.counts[open_])
        down = goes_down & (-least[open_] >= wanted - EXACT)
        # Columns: what is hidden, free of cost; what is shown, up and down.
        may_change = np.isfinite(self.costs)
        if not self.is_total[open_ % system.size].any():
            may_change &= ~np.tile(self.is_total, len(system.measured))
        shown = np.flatnonzero(~hidden & may_change)
        free = np.flatnonzero(hidden)
        columns = np.concatenate([free, shown, shown])
        signs = np.concatenate([np.ones(len(free) + len(shown)), -np.ones(len(shown))])
        goal = np.concatenate([np.zeros(len(free)), self.costs[shown], self.costs[shown]])
        lower, upper = np.zeros(len(columns)), np.full(len(columns), np.inf)
        lower[: len(free)] = least[free]
        upper[len(free) + len(shown) :] = -least[shown]
        # Of `open_` some are worth more than others, so that where one must give way to another either moves.
        worth = np.array(
            [_WORTH[len(system.table_of(int(place) % system.size))] for place in open_]
        ) * self.chance.uniform(0.3, 1.0, len(open_))
        own = np.searchsorted(free, open_)
        goal[own] = np.where(down, worth, -worth)
        lower[own], upper[own] = np.maximum(lower[own], -wanted), wanted
        equal = _pick(system.equal, columns, signs)
        at_most = _pick(system.at_most, columns, signs)
        found = solve(
            goal,
            (equal, np.zeros(equal.shape[0])),
            (at_most, -(system.at_most @ self.counts)),
            (lower, upper),
        )
        self.solved += 1
        change = np.zeros(n)
        np.add.at(change, columns, signs * found)
        return change

    def conclude(self) -> Audit:
        """The audit of this scope as it is now."""
        unknowns = self.system.gather(self.is_hidden())
        finder = RangeFinder(unknowns, self.width, low=self.low[unknowns.places], high=self.high[unknowns.places])
        finder.solved = self.solved
        return conclude(self.system, unknowns, finder, self._is_published(unknowns))

    def _is_published(self, unknowns: Unknowns) -> Flags:
        """Which of the numbers stand in a table that is published; the others are only remembered."""
        published = [np.full(len(t), d in self.mender.tables) for d, t in self.system.tables.items()]
        return np.concatenate(published)[unknowns.places % self.system.size]


def _pick(rows: csr_array, columns: Numbers, signs: Counts) -> csr_array:
    picked = csr_array(rows[:, columns]).multiply(signs[np.newaxis, :])
    return csr_array(picked)
