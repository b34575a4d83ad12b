"""The ties that an attack uses hold of every count, and give the ranges that a plain solver gives."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from amparo.statistics.auditing.audit import audit_dataset, find_scopes
from amparo.statistics.auditing.mending import mend
from amparo.statistics.auditing.published_view import see_family
from amparo.statistics.auditing.ties import System, find_measured
from amparo.statistics.family import Family, Protected, count_family
from amparo.statistics.published import TableSet
from tests.statistics import attack
from tests.statistics.auditing.exact_ranges import find_ranges
from tests.statistics.auditing.families import only_primary
from tests.statistics.planes import make_plane

WIDE: list[TableSet] = [
    (), ("status",), ("country",), ("regional_group",), ("act",), ("act_group",), ("sex",), ("profile",),
    ("status", "country"), ("country", "act"), ("country", "sex"), ("regional_group", "act"), ("act", "sex"),
    ("act_group", "sex"), ("sex", "profile"), ("country", "profile"),
]  # fmt: skip
FINE: list[TableSet] = [
    *WIDE,
    ("status", "act"),
    ("status", "sex"),
    ("status", "act", "sex"),
    ("country", "act", "sex"),
]


def several_acts(records: int, seed: int) -> pa.Table:
    """Victims with several acts, incidents with several victims, and some incidents without any."""
    plane = make_plane(records, seed)
    victims = [number // 3 for number in range(records)]
    first = {victim: number for number, victim in reversed(list(enumerate(victims)))}
    said = plane.to_pylist()
    rows = []
    for number, row in enumerate(said):
        # All acts of a victim share what is said of the victim, all victims of an incident what is said of it.
        of_victim, of_incident = said[first[victims[number]]], said[first[victims[number] // 2 * 2]]
        row |= {each: of_victim[each] for each in ("target", "sex", "age_band", "profile")}
        row |= {
            each: of_incident[each]
            for each in ("status", "country", "area", "regional_group", "network", "year", "sector", "perpetrator")
        }
        row |= {"victim_id": victims[number], "incident_id": victims[number] // 2}
        rows.append(row)
    for number in range(4):
        nobody = {"victim_id": None, "act_id": None, "act": "unknown", "act_group": "unknown", "sex": "unknown"}
        rows.append(said[number] | nobody | {"incident_id": records + number, "profile": ["unknown"]})
    return pa.Table.from_pylist(rows, schema=plane.schema)


def all_shown(family: Family) -> Protected:
    return Protected(np.zeros(family.size, dtype=np.bool_), tuple(family.tables))


@pytest.mark.parametrize("seed", range(4))
def test_every_tie_holds_of_the_true_counts(seed: int) -> None:
    family = count_family(several_acts(90, seed), FINE)
    seen = see_family(family, all_shown(family), 3)

    for scope in find_scopes(seen):
        system = System(seen, scope, find_measured(seen))
        counts = np.nan_to_num(system.counts)

        assert system.equal.nnz
        assert np.abs(system.equal @ counts).max() == 0
        assert (system.at_most @ counts).max(initial=0) <= 0
        assert (counts >= system.least).all()


def test_measures_that_differ_are_attacked_together() -> None:
    several, one = count_family(several_acts(90, 0), WIDE), count_family(make_plane(90, 0), WIDE)

    names = [each.names for each in find_measured(see_family(several, all_shown(several), 3))]
    of_one = find_measured(see_family(count_known(), all_shown(count_known()), 3))

    assert names == [("incidents",), ("victims",), ("acts",)]
    assert [each.names for each in of_one] == [("incidents", "victims", "acts")]
    # As many victims as incidents, but of some nobody knows whether there was one: the two may differ in a cell.
    assert len(find_measured(see_family(one, all_shown(one), 3))) > 1


def count_known(records: int = 60, seed: int = 2) -> Family:
    """Records of which each has a victim and an act that are known; nothing of several values."""
    plane = make_plane(records, seed)
    known = plane.filter(pc.not_equal(plane["act"], "unknown"))
    return count_family(known, [*(each for each in WIDE if "profile" not in each), ("target",)])


def test_the_ranges_are_those_of_a_plain_solver() -> None:
    family = count_known()
    protected = only_primary(family)
    plain = sorted(attack.find_ranges(family, protected, most=1000))

    ours = []
    for each in find_ranges(see_family(family, protected, 3)):
        if "acts" in each.measures and (count := _count(family, each.dimensions, each.codes)) < 3:
            ours.append((each.low, each.high))
            assert each.low - 1e-6 <= count <= each.high + 1e-6

    assert np.allclose(sorted(ours), plain)


def _count(family: Family, dimensions: TableSet, codes: tuple[str, ...]) -> int:
    table = family.tables[dimensions]
    wanted = [family.codes[each].index(code) for each, code in zip(dimensions, codes, strict=True)]
    return int(table.counts["acts"][np.flatnonzero((table.codes == wanted).all(axis=1))[0]])


@pytest.mark.parametrize("seed", range(3))
def test_what_is_mended_stands_from_outside(seed: int) -> None:
    family = count_family(several_acts(150, seed), FINE)
    hidden = family.hide(3)

    protected, audit = mend(family, hidden, 3)
    attacked = audit_dataset(see_family(family, protected, 3))

    assert audit.holds
    assert attacked.holds
    assert attacked.attacked > 0
    assert attacked.narrowest is None or attacked.narrowest >= 1 - 1e-6
    assert (protected.hidden >= hidden.hidden).all()


def test_a_higher_threshold_asks_for_wider_ranges() -> None:
    family = count_family(make_plane(300, 1), WIDE)

    protected, audit = mend(family, family.hide(10), 10)

    assert audit.holds
    for each in find_ranges(see_family(family, protected, 10)):
        assert each.low < 1e-6 or each.width >= max(1, 0.2 * min(each.low, 19)) - 1e-6, each


def test_two_ones_under_a_total_are_told_and_mended() -> None:
    # What the lines of each table allow may be told by several tables together: here by groups that overlap.
    family = count_family(make_plane(80, 1), WIDE)

    before = audit_dataset(see_family(family, only_primary(family), 3))
    protected, after = mend(family, only_primary(family), 3)

    assert before.told > 0
    assert after.told == 0
    assert () in protected.tables
