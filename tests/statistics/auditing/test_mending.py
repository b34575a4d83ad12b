"""Where a cell cannot be saved its table is withheld, and where that must not be nothing is published."""

import numpy as np
import pytest

from amparo.statistics.auditing.mending import CannotProtect, mend
from amparo.statistics.family import Family, Foreknown, Protected
from amparo.statistics.published import TableSet
from tests.statistics.auditing.families import count_of, count_records, only_primary

SETS: list[TableSet] = [(), ("status",), ("sex",), ("status", "sex")]
RECORDS = [
    (30, {"sex": "male"}),
    (20, {"sex": "female"}),
    (9, {"sex": "male", "status": "reported"}),
    (1, {"sex": "female", "status": "reported"}),
]


def foreknown(family: Family, told: list[TableSet]) -> Foreknown:
    """Earlier releases have told all of these tables."""
    flags = np.zeros(family.size, dtype=np.bool_)
    for dimensions in told:
        table = family.tables[dimensions]
        flags[table.start : table.start + len(table)] = True
    return Foreknown(np.zeros(family.size, dtype=np.bool_), flags, family.least)


def test_it_works() -> None:
    family = count_records(RECORDS, SETS)

    protected, audit = mend(family, only_primary(family), 3)

    assert audit.holds
    assert protected.hidden.sum() == 4
    assert protected.tables == tuple(SETS)
    assert count_of(family, status="reported", sex="female") == 1


def test_nothing_hidden_nothing_mended() -> None:
    family = count_records([(30, {"sex": "male"}), (20, {"sex": "female"})], SETS)

    protected, audit = mend(family, only_primary(family), 3)

    assert (audit.attacked, audit.holds, protected.hidden.sum()) == (0, True, 0)


def test_behind_what_was_told_before_nothing_hides() -> None:
    family = count_records(RECORDS, SETS)
    table = family.tables["status", "sex"]
    before = foreknown(family, [])
    # All of the table but the small count was told: it is known with it, whatever is hidden now.
    small = int(np.flatnonzero(family.find_small(3))[0])
    before.told[table.start : table.start + len(table)] = True
    before.told[small] = False

    protected, audit = mend(family, only_primary(family), 3, before)

    # Its margins are hidden for it, or the table is not published.
    assert audit.holds
    assert ("status", "sex") not in protected.tables or protected.hidden.sum() >= 3


def test_what_cannot_be_saved_is_refused() -> None:
    family = count_records([(30, {"sex": "male"}), (1, {"sex": "female"})], [(), ("sex",)])
    before = foreknown(family, [()])
    before.told[family.tables["sex",].start + list(family.codes["sex"]).index("male")] = True

    with pytest.raises(CannotProtect) as refused:
        mend(family, only_primary(family), 3, before)

    assert refused.value.dimensions == ("sex",)


def test_months_of_which_many_are_small_are_not_published() -> None:
    sets: list[TableSet] = [(), ("year",), ("calendar_month",), ("sex",), ("calendar_month", "sex")]
    thin = count_records([(1 if month < 6 else 9, {"month": month}) for month in range(1, 13)], sets)
    thick = count_records([(9, {"month": month}) for month in range(1, 13)], sets)

    of_thin, _ = mend(thin, Protected(thin.find_small(3), tuple(sets)), 3)
    of_thick, _ = mend(thick, Protected(thick.find_small(3), tuple(sets)), 3)

    assert of_thin.tables == ((), ("year",), ("sex",))
    assert of_thick.tables == tuple(sets)
