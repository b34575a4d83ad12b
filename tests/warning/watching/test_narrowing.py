"""What sums tell of their members, and of the members of other sums."""

from amparo.warning.watching.narrowing import ENDLESS, Sum, narrow


def test_it_works() -> None:
    found = narrow({"year": (42, 42), "may": (10, 19), "june": (27, 30)}, [Sum("year", ("may", "june", "rest"))])

    assert found == {"year": (42, 42), "may": (10, 15), "june": (27, 30), "rest": (0, 5)}


def test_one_sum_narrows_another() -> None:
    """May can only be 20; and so what is left of it beside its parts is three."""
    known = {"year": (102, 102), "others": (82, 82), "may": (20, 39), "north": (9, 9), "south": (8, 8)}

    found = narrow(known, [Sum("year", ("others", "may")), Sum("may", ("north", "south", "rest"))])

    assert found["rest"] == (3, 3)


def test_of_what_no_sum_bounds_nothing_is_known() -> None:
    found = narrow({"north": (5, 9)}, [Sum("all", ("north", "south"))])

    assert found["all"] == (5, ENDLESS)
    assert found["south"][0] == 0
    assert found["south"][1] > ENDLESS // 2


def test_a_sum_that_cannot_be_is_left_out() -> None:
    """Kinds that overlap add up to more than the whole; the rest holds all the same."""
    known = {"all": (20, 20), "one": (12, 12), "other": (15, 15)}

    found = narrow(known, [Sum("all", ("one", "other", "rest")), Sum("all", ("one", "not one"))])

    assert found["not one"] == (8, 8)
    assert "rest" not in found
