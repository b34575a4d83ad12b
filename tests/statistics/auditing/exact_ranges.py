"""Both ends of the range of every number that is not shown: more than an audit needs to know."""

from collections.abc import Iterator, Sequence

import numpy as np

from amparo.statistics.auditing.audit import CellRange, find_scopes, never_falls, with_earlier
from amparo.statistics.auditing.published_view import SeenDataset
from amparo.statistics.auditing.ranges import narrow_bounds, solve
from amparo.statistics.auditing.ties import System, find_measured
from amparo.statistics.published import TableSet


def find_ranges(
    seen: SeenDataset, scope: Sequence[TableSet] | None = None, earlier: Sequence[SeenDataset] = ()
) -> Iterator[CellRange]:
    """The exact range of every number of `scope` (all tables of up to two dimensions) that is not shown."""
    system = System(seen, find_scopes(seen)[0] if scope is None else scope, find_measured(seen))
    unknowns = with_earlier(system, system.gather(), [each for each in earlier if never_falls(each, seen)])
    bounds = narrow_bounds(unknowns)
    rows = (unknowns.equal, unknowns.equal_to), (unknowns.at_most, unknowns.limit)
    for number, place in enumerate(unknowns.places.tolist()):
        goal = np.zeros(len(unknowns))
        goal[number] = 1
        low, high = (float(solve(sign * goal, *rows, bounds)[number]) for sign in (1, -1))
        yield CellRange(seen.dataset, *system.describe(place), low, high)
