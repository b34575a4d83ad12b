"""Who holds two releases and subtracts them learns of nobody; with the protection switched off she does."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest

from amparo.statistics.auditing.mending import mend
from amparo.statistics.differencing import EarlierRelease, EarlierTable, TooLittleChanged, find_foreknown
from amparo.statistics.family import MEASURES, Family, Protected, count_family
from amparo.statistics.suppression import Guard, Lines
from tests.statistics.planes import make_plane
from tests.statistics.subtracting import Cell, as_published, find_ranges_of_both, subtract

pytestmark = pytest.mark.usefixtures("fewer_tables")

THRESHOLD = 3
ALL = make_plane(96, 4)
BEFORE = ALL.slice(0, 90)
_WAS_FEMALE = BEFORE["sex"].to_pylist().index("female")


@dataclass(frozen=True)
class Counted:
    """A release as its publisher has it."""

    family: Family
    protected: Protected

    @property
    def published(self) -> EarlierRelease:
        return as_published(self.family, self.protected)


@pytest.fixture(scope="module")
def before(fewer_tables: None) -> Counted:
    family = count_family(BEFORE)
    return Counted(family, family.hide(THRESHOLD))


def recode(plane: pa.Table, row: int, **codes: str) -> pa.Table:
    """`plane` with other codes for the record in `row`."""
    for column, code in codes.items():
        values = plane[column].to_pylist()
        values[row] = code
        plane = plane.set_column(plane.schema.get_field_index(column), column, pa.array(values, pa.string()))
    return plane


def publish(plane: pa.Table, *earlier: EarlierRelease, protection: bool = True) -> Counted:
    family = count_family(plane)
    foreknown = find_foreknown(family, earlier, THRESHOLD) if protection else None
    return Counted(family, family.hide(THRESHOLD, foreknown))


def recover(before: EarlierRelease, after: EarlierRelease) -> dict[Cell, int]:
    """The small changes that subtracting gives, in any measure."""
    found = {}
    for measure in MEASURES:
        for cell, change in subtract(before, after, measure).items():
            if 0 < abs(change) < THRESHOLD:
                found[cell] = change
    return found


@pytest.mark.parametrize(
    "after",
    [
        ALL.slice(0, 91),
        ALL.slice(0, 92),
        ALL.slice(1, 89),
        ALL.slice(1, 90),
        recode(BEFORE, _WAS_FEMALE, sex="male"),
    ],
    ids=["one more", "two more", "one fewer", "one come and one gone", "one moved between codes"],
)
def test_one_record_alone_is_not_published(after: pa.Table, before: Counted) -> None:
    with pytest.raises(TooLittleChanged) as refused:
        find_foreknown(count_family(after), [before.published], THRESHOLD)

    assert refused.value.release == before.published.release


@pytest.mark.parametrize("after", [ALL.slice(0, 91), recode(BEFORE, _WAS_FEMALE, sex="male")], ids=["more", "moved"])
def test_one_record_is_recovered_if_it_is_published(after: pa.Table, before: Counted) -> None:
    found = recover(before.published, publish(after, protection=False).published)

    assert len([cell for cell in found if len(cell[0]) == 1]) > 1
    assert len(found) > 10


@pytest.mark.parametrize(
    "after",
    [ALL, ALL.slice(6), recode(ALL, _WAS_FEMALE, sex="male", country="KEN")],
    ids=["six more", "as many come as gone", "one of them moved"],
)
def test_subtracting_recovers_nothing(after: pa.Table, before: Counted) -> None:
    protected = publish(after, before.published)
    unprotected = publish(after, before.published, protection=False)

    assert recover(before.published, unprotected.published)
    assert recover(before.published, protected.published) == {}
    assert subtract(before.published, protected.published)


def test_a_solver_recovers_nothing_by_the_sums_of_both(before: Counted) -> None:
    first, _audit = mend(before.family, before.protected, THRESHOLD)
    family = count_family(ALL)
    foreknown = find_foreknown(family, [as_published(before.family, first)], THRESHOLD)
    second, _audit = mend(family, family.hide(THRESHOLD, foreknown), THRESHOLD, foreknown)

    ranges = list(find_ranges_of_both((before.family, first), (family, second), most=12, only_grew=False))

    assert {kind for kind, *_ in ranges} == {"before", "after", "change"}
    assert [each for each in ranges if each[3] - each[2] < 0.99] == []


def test_the_same_records_are_published_alike(before: Counted) -> None:
    # Two patterns of what is hidden in the same records would tell together what each hides.
    again = publish(BEFORE, before.published)

    assert set(again.protected.tables) >= set(before.protected.tables)
    for dimensions in before.protected.tables:
        table = again.family.tables[dimensions]
        here = slice(table.start, table.start + len(table))
        assert (again.protected.hidden[here] == before.protected.hidden[here]).all(), dimensions


def test_every_earlier_release_counts(before: Counted) -> None:
    second = publish(ALL.slice(0, 93), before.published)

    third = publish(ALL, before.published, second.published)

    assert recover(before.published, third.published) == recover(second.published, third.published) == {}
    family = count_family(ALL)
    both = find_foreknown(family, [before.published, second.published], THRESHOLD)
    only_last = find_foreknown(family, [second.published], THRESHOLD)
    assert both is not None
    assert only_last is not None
    assert (both.to_hide & ~only_last.to_hide).any()


def test_what_was_hidden_is_shown_once_it_has_grown(before: Counted) -> None:
    # The first has "unfair-trial" below the threshold; then many come.
    rows = [row | {"act": "unfair-trial", "act_group": "judicial-harassment"} for row in ALL.to_pylist()]
    for number, row in enumerate(rows, start=1000):
        row |= {"incident_id": number, "victim_id": number, "act_id": number}
    many = pa.concat_tables([BEFORE, BEFORE.from_pylist(rows, schema=BEFORE.schema)])

    after = publish(many, before.published)

    table = after.family.tables["act",]
    place = after.family.codes["act"].index("unfair-trial")
    assert not after.protected.hidden[table.start + int(np.flatnonzero(table.codes[:, 0] == place)[0])]


def test_what_was_told_hides_nothing() -> None:
    # 1 + 5 + 9 = 15: beside the 1 the cheaper 5 would be hidden, but everybody knows it from an earlier release.
    counts = np.array([1, 5, 9, 15])
    told = np.array([False, True, False, False])
    line = Lines(np.array([0, 1, 2]), np.array([3, 3, 3]))
    small = counts == 1

    def hide(guard: Guard) -> list[bool]:
        hidden = guard.protect(small, [guard.order(line)], [])
        assert hidden is not None
        return hidden.tolist()

    assert hide(Guard(counts, counts.astype(float))) == [True, True, False, False]
    assert hide(Guard(counts, counts.astype(float), told)) == [True, False, True, False]


def test_a_line_of_which_all_but_one_is_told_is_withheld() -> None:
    counts = np.array([1, 5, 6])
    guard = Guard(counts, counts.astype(float), np.array([False, True, True]))

    assert guard.protect(counts == 1, [guard.order(Lines(np.array([0, 1]), np.array([2, 2])))], []) is None


def test_other_codes_and_tables_than_now_are_no_obstacle(before: Counted) -> None:
    ten = {measure: np.array([10, -1]) for measure in MEASURES}
    strange = EarlierRelease(
        "2020-1",
        {
            ("setting",): EarlierTable({"setting": ["online", "offline"]}, ten),
            ("sex",): EarlierTable({"sex": ["gone", "male"]}, ten),
            ("act", "year"): EarlierTable({"act": ["killing", "threat"], "year": ["1950", "2019"]}, ten),
        },
    )

    after = publish(BEFORE, strange)

    assert recover(strange, after.published) == {}


def test_without_an_earlier_release_nothing_changes(before: Counted) -> None:
    assert find_foreknown(before.family, [], THRESHOLD) is None
