"""What was told in alerts hides nothing in a release that comes later; unknown to it, it would."""

import numpy as np
import pyarrow as pa
import pytest

from amparo.statistics.family import Family, Protected, count_family
from amparo.statistics.told_elsewhere import ToldCounts, add_told
from tests.statistics.planes import make_plane

THRESHOLD = 3
SETS = ((), ("year",), ("calendar_month",), ("country",), ("country", "calendar_month"))
AUGUST = "2020-08"
TOLD: ToldCounts = {(("calendar_month", "country"), (AUGUST, "COL")): (13, 13)}


def make_family() -> Family:
    """Colombia in 2020: two in February, twenty in March, thirteen in August."""
    months = [2] * 2 + [3] * 20 + [8] * 13
    plane = make_plane(len(months), 1)
    said = {
        "country": pa.array(["COL"] * len(months)),
        "year": pa.array([2020] * len(months), pa.int16()),
        "month": pa.array(months, pa.int8()),
    }
    for name, column in said.items():
        place = plane.schema.get_field_index(name)
        plane = plane.set_column(place, name, column.cast(plane.schema.field(name).type))
    return count_family(plane, SETS)


def is_hidden(family: Family, protected: Protected, dimensions: tuple[str, ...], *codes: str) -> bool:
    table = family.tables[dimensions]
    wanted = [family.codes[name].index(code) for name, code in zip(table.dimensions, codes, strict=True)]
    place = int(np.flatnonzero((table.codes == wanted).all(axis=1))[0])
    return bool(protected.hidden[table.start + place])


def test_it_works() -> None:
    """Of 35 a year, with 20 in March and 13 in August, two are left for February."""
    family = make_family()

    unaware, aware = family.hide(THRESHOLD), family.hide(THRESHOLD, add_told(family, None, TOLD, THRESHOLD))

    def hidden_months(protected: Protected) -> list[str]:
        months = ("2020-02", "2020-03", AUGUST)
        return [each for each in months if is_hidden(family, protected, ("calendar_month",), each)]

    assert hidden_months(unaware) == ["2020-02", AUGUST]
    assert hidden_months(aware) == ["2020-02", "2020-03"]
    assert not is_hidden(family, aware, ("year",), "2020")


def test_what_was_told_of_the_only_country_was_told_of_all() -> None:
    family = make_family()
    foreknown = add_told(family, None, TOLD, THRESHOLD)

    assert foreknown is not None
    told = np.flatnonzero(foreknown.told)
    assert len(told) == 2
    assert set(family.counts("incidents")[told]) == {13}


@pytest.mark.parametrize(
    ("counts", "is_told", "is_to_hide"),
    [
        ((13, 13), True, False),
        ((10, 19), True, False),
        ((12, 12), False, True),
        ((14, 19), False, True),
        ((10, 10), False, False),
        ((3, 5), False, False),
    ],
)
def test_a_count_that_has_changed_by_little_is_not_shown_anew(
    counts: tuple[int, int], *, is_told: bool, is_to_hide: bool
) -> None:
    foreknown = add_told(make_family(), None, {(("calendar_month",), (AUGUST,)): counts}, THRESHOLD)

    assert foreknown is not None
    assert (foreknown.told.any(), foreknown.to_hide.any()) == (is_told, is_to_hide)


def test_what_is_in_no_table_changes_nothing() -> None:
    family = make_family()
    for key in (
        (("calendar_month", "country"), (AUGUST, "PER")),
        (("calendar_month", "country"), ("2020-12", "COL")),
        (("country", "area"), ("COL", "CO-ANT")),
    ):
        assert add_told(family, None, {key: (9, 9)}, THRESHOLD) is None
