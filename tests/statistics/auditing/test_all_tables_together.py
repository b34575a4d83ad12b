"""What no table tells by itself, several may tell together: found by a solver that shares no code with the audit."""

import pytest

from amparo.statistics.auditing.mending import mend
from amparo.statistics.family import count_family
from tests.statistics.planes import make_plane
from tests.statistics.subtracting import find_ranges_of_both

# So few records that each table of three dimensions leans on many others.
RECORDS = 78


@pytest.mark.usefixtures("fewer_tables")
def test_a_solver_over_all_tables_at_once_tells_nothing() -> None:
    family = count_family(make_plane(90, 1).slice(0, RECORDS))
    protected, audit = mend(family, family.hide(3), 3)
    assert audit.holds
    both = (family, protected), (family, protected)
    ranges = [each for each in find_ranges_of_both(*both, most=400, only_grew=False) if each[0] == "before"]
    assert len(ranges) > 100
    assert [(cell, low, high) for _kind, cell, low, high in ranges if high - low < 0.99] == []


@pytest.mark.usefixtures("fewer_tables")
def test_switched_off_the_same_solver_tells_small_counts() -> None:
    family = count_family(make_plane(90, 1).slice(0, RECORDS))
    protected = family.hide(3)
    both = (family, protected), (family, protected)
    ranges = [each for each in find_ranges_of_both(*both, most=400, only_grew=False) if each[0] == "before"]
    assert any(high - low < 0.99 for _kind, _cell, low, high in ranges)
