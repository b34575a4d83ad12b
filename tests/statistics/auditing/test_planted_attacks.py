"""Attacks that succeed where only small counts are hidden, and recover nothing from a release as we publish it."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from amparo.statistics.auditing.audit import audit_dataset
from amparo.statistics.auditing.published_view import see_family
from amparo.statistics.family import Family, Protected
from amparo.statistics.published import TableSet
from tests.statistics.auditing.exact_ranges import find_ranges
from tests.statistics.auditing.families import THRESHOLD, count_of, count_records, only_primary, protect

AFRICA = {"regional_group": "africa", "network": "nanhri"}
WEST = {"regional_group": "western-europe-others", "network": "ennhri"}
ASIA = {"regional_group": "asia-pacific", "network": "apf"}
BY_COUNTRY: list[TableSet] = [
    (),
    ("country",),
    ("regional_group",),
    ("sex",),
    ("country", "sex"),
    ("regional_group", "sex"),
]


@dataclass(frozen=True)
class Plant:
    """Records, the tables that are published, and the cell that an attacker is after."""

    name: str
    records: list[tuple[int, Mapping[str, object]]]
    sets: list[TableSet]
    target: Mapping[str, str]

    def count(self) -> Family:
        return count_records(self.records, self.sets)


PLANTS = [
    Plant(
        "subtraction across a margin",
        [
            (30, {"sex": "male"}),
            (20, {"sex": "female"}),
            (9, {"sex": "male", "status": "reported"}),
            (1, {"sex": "female", "status": "reported"}),
        ],
        [(), ("status",), ("sex",), ("status", "sex")],
        {"status": "reported", "sex": "female"},
    ),
    Plant(
        "a hierarchy with one child",
        [
            (20, {"sex": "male"}),
            (9, {"sex": "female"}),
            (2, {"country": "KEN", "sex": "female"} | AFRICA),
            (8, {"country": "KEN", "sex": "male"} | AFRICA),
            (12, {"country": "PHL", "sex": "male"} | ASIA),
            (7, {"country": "PHL", "sex": "female"} | ASIA),
        ],
        BY_COUNTRY,
        {"regional_group": "africa", "sex": "female"},
    ),
    Plant(
        "a country with one case",
        [
            (20, {"sex": "male"}),
            (9, {"sex": "female"}),
            (1, {"country": "ISL", "sex": "female"} | WEST),
            (8, {"country": "FRA", "sex": "male"} | WEST),
            (5, {"country": "FRA", "sex": "female"} | WEST),
            (12, {"country": "PHL", "sex": "male"} | ASIA),
            (7, {"country": "PHL", "sex": "female"} | ASIA),
        ],
        BY_COUNTRY,
        {"country": "ISL"},
    ),
]


def told(family: Family, protected: Protected) -> dict[tuple[TableSet, tuple[str, ...]], float]:
    """What a solver knows for certain of what is not shown."""
    ranges = find_ranges(see_family(family, protected, THRESHOLD))
    return {(each.dimensions, each.codes): each.low for each in ranges if each.is_told}


def cell(said: Mapping[str, str], family: Family) -> tuple[TableSet, tuple[str, ...]]:
    dimensions = next(each for each in family.tables if set(each) == set(said))
    return dimensions, tuple(said[each] for each in dimensions)


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_switched_off_the_attack_succeeds(plant: Plant) -> None:
    family = plant.count()

    found = told(family, only_primary(family))

    assert found[cell(plant.target, family)] == pytest.approx(count_of(family, **plant.target))


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_protected_the_attack_recovers_nothing(plant: Plant) -> None:
    family = plant.count()

    protected = protect(family)

    assert () in protected.tables
    assert told(family, protected) == {}
    assert audit_dataset(see_family(family, protected, THRESHOLD)).holds


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_the_audit_finds_what_the_attack_finds(plant: Plant) -> None:
    family = plant.count()

    audit = audit_dataset(see_family(family, only_primary(family), THRESHOLD))

    assert not audit.holds
    assert cell(plant.target, family) in {(each.dimensions, each.codes) for each in audit.narrow if each.is_told}


def test_a_count_that_an_earlier_release_showed_is_a_bound() -> None:
    sets: list[TableSet] = [(), ("sex",)]
    family = count_records([(9, {"sex": "male"}), (5, {"sex": "female"}), (4, {"sex": "other"})], sets)
    shown = see_family(family, Protected(family.find_small(3), tuple(family.tables)), 3)
    hidden = family.find_small(3)
    hidden[family.tables["sex",].start : family.tables["sex",].start + 2] = True
    later = see_family(family, Protected(hidden, tuple(family.tables)), 3)

    alone, both = list(find_ranges(later)), list(find_ranges(later, earlier=[shown]))

    assert not any(each.is_told for each in alone)
    assert {each.low for each in both} == {5, 9}
    assert all(each.is_told for each in both)


def test_where_counts_fell_an_earlier_release_is_no_bound() -> None:
    sets: list[TableSet] = [(), ("sex",)]
    before = count_records([(9, {"sex": "male"}), (5, {"sex": "female"}), (6, {"sex": "other"})], sets)
    after = count_records([(9, {"sex": "male"}), (5, {"sex": "female"}), (4, {"sex": "other"})], sets)
    shown = see_family(before, only_primary(before), 3)
    hidden = after.find_small(3)
    hidden[after.tables["sex",].start : after.tables["sex",].start + 2] = True

    ranges = list(find_ranges(see_family(after, Protected(hidden, tuple(after.tables)), 3), earlier=[shown]))

    assert ranges
    assert not any(each.is_told for each in ranges)
