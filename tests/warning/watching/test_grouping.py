"""One massacre is one thing, though it shows in the country and in its parts."""

from dataclasses import replace

from amparo.warning.months import Month
from amparo.warning.watching.findings import Basis, Finding
from amparo.warning.watching.grouping import add_to, each_kept, group_findings, keep_together
from amparo.warning.watching.strata import Stratum

MAY, JUNE = Month(2020, 5), Month(2020, 6)


def find(*codes: str, month: Month = JUNE, tail: float = 1e-6, part: str = "act_group") -> Finding:
    by = ("country", part)[: len(codes)]
    return Finding(Stratum(by, codes), month, Basis.HAPPENED, 9, 9, 9, 9, 0.3, 2, tail, tail, "bayes-pooled", ())


def test_it_works() -> None:
    found = [find("COL"), find("PHL"), find("COL", "killing"), find("COL", month=MAY)]
    groups = group_findings(found)
    assert [(each.country, each.month, len(each.findings)) for each in groups] == [
        ("COL", JUNE, 2),
        ("PHL", JUNE, 1),
        ("COL", MAY, 1),
    ]


def test_the_stronger_comes_first() -> None:
    weak, strong = find("COL", "threat", tail=1e-4), find("COL", tail=1e-9)
    (group,) = group_findings([weak, strong])
    assert group.findings == (strong, weak)


def test_of_two_alike_the_larger_comes_first_and_of_equal_ones_the_narrower() -> None:
    country, area = find("COL", tail=3e-6), find("COL", "CO-ANT", tail=4e-6, part="area")
    for order in ([country, area], [area, country]):
        (group,) = group_findings(order)
        assert group.findings == (area, country)
        (group,) = group_findings([replace(each, observed=8) if each is area else each for each in order])
        assert group.findings[0] == country


def test_what_cannot_be_by_chance_has_a_place_too() -> None:
    never = replace(find("COL"), tail=0.0)
    (group,) = group_findings([find("COL", "threat"), never])
    assert group.findings[0] == never


def test_facts_are_kept_together_and_read_apart() -> None:
    first, second, third = {"a": 1}, {"a": 2}, {"a": 3}
    kept = add_to(keep_together([first, second]), [third])
    assert [each["a"] for each in each_kept(kept)] == [1, 2, 3]
    assert list(each_kept(first)) == [first]
