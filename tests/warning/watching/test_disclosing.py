"""What is told outside of a finding names nobody, not even together with what else is told."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from amparo.warning.months import Month
from amparo.warning.watching.counting import Cell
from amparo.warning.watching.disclosing import PublicFinding, disclose_again
from amparo.warning.watching.findings import Basis, Finding
from amparo.warning.watching.known_outside import ALL, KnownOutside, Pair, Released, Told
from amparo.warning.watching.strata import COUNTRY, Stratum
from tests.warning.watching.told import disclose

MAY, DECEMBER = Month(2020, 5), Month(2020, 12)
COLOMBIA = Stratum(COUNTRY, ("COL",))
THRESHOLD = 3


def area(code: str) -> Stratum:
    return Stratum(("country", "area"), ("COL", f"COL-{code}"))


def group(code: str) -> Stratum:
    return Stratum(("country", "act_group"), ("COL", code))


def profile(code: str) -> Stratum:
    return Stratum(("country", "profile"), ("COL", code))


def found(
    stratum: Stratum, observed: int, *, basis: Basis = Basis.HAPPENED, acts: tuple[tuple[str, int], ...] = ()
) -> Finding:
    return Finding(
        stratum,
        MAY,
        basis,
        observed,
        observed,
        observed,
        observed,
        0.3,
        2.0,
        1e-4,
        0.01 / observed,
        "bayes-pooled",
        acts,
    )


def tell(
    findings: list[Finding],
    counts: Mapping[Stratum, int | tuple[int, int]],
    known: KnownOutside | None = None,
    threshold: int = THRESHOLD,
) -> dict[Stratum, PublicFinding]:
    def count(stratum: Stratum, month: Month) -> Cell:
        its = counts.get(stratum, 0)
        incidents, victims = its if isinstance(its, tuple) else (its, its)
        return Cell(incidents, victims, ())

    return {each.stratum: each for each in disclose(findings, count, threshold, known)}


def numbers(told: Mapping[Stratum, PublicFinding]) -> dict[Stratum, int | tuple[int, int] | None]:
    return {stratum: each.between or each.observed for stratum, each in told.items()}


def released(
    months: Mapping[tuple[Stratum, Month], Pair | None] | None = None,
    years: Mapping[tuple[Stratum, int], Pair | None] | None = None,
    until: Month = DECEMBER,
) -> KnownOutside:
    """What one release tells, by months of countries where `months` are given, and by years."""
    kinds = frozenset({each.by for each, _month in months or ()})
    return KnownOutside((Released(until, years or {}, months or {}, kinds),))


def test_it_works() -> None:
    told = tell([found(area("ANT"), 9)], {area("ANT"): 9, COLOMBIA: 20})

    assert numbers(told) == {area("ANT"): 9}
    assert told[area("ANT")].usually == 1
    assert told[area("ANT")].rarer_than == 100


@pytest.mark.parametrize(("tail", "years"), [(0.2, None), (1 / 24, 1), (1 / 600, 10), (1 / 3600, 100), (0.0, 1000)])
def test_how_unusual_it_is_is_told_roughly(tail: float, years: int | None) -> None:
    """Told exactly, it would give away how few there were before."""
    finding = replace(found(COLOMBIA, 9), tail=tail)

    assert tell([finding], {COLOMBIA: 9})[COLOMBIA].rarer_than == years


def test_a_small_part_is_told_of_the_country() -> None:
    told = tell([found(area("ANT"), 2)], {area("ANT"): 2, COLOMBIA: 14})

    assert numbers(told) == {COLOMBIA: 14}
    assert told[COLOMBIA].rarer_than is None


def test_a_small_country_is_told_without_a_number() -> None:
    assert numbers(tell([found(COLOMBIA, 2)], {COLOMBIA: 2}, threshold=5)) == {COLOMBIA: None}


def test_under_a_low_threshold_a_finding_without_a_number_would_tell_it() -> None:
    assert tell([found(COLOMBIA, 2)], {COLOMBIA: 2}, threshold=3) == {}


def test_many_incidents_against_one_person_are_small() -> None:
    counts = {area("ANT"): (9, 1), COLOMBIA: (20, 15)}

    assert numbers(tell([found(area("ANT"), 9)], counts)) == {COLOMBIA: 20}


def test_a_part_that_could_leave_little_of_the_whole_is_told_as_a_range() -> None:
    """Of 10: from 6 to 11 whatever it is, so that the choice does not tell how much is left."""
    for number in (8, 7, 6):
        counts = {COLOMBIA: 10, area("ANT"): number, area("CAU"): 10 - number}

        told = tell([found(COLOMBIA, 10), found(area("ANT"), number)], counts)

        assert numbers(told) == {COLOMBIA: 10, area("ANT"): (6, 11)}
        assert told[area("ANT")].rarer_than is None


def test_a_range_that_would_tell_too_much_is_not_told_either() -> None:
    counts = {COLOMBIA: 8, area("ANT"): 8}

    assert numbers(tell([found(COLOMBIA, 8), found(area("ANT"), 8)], counts)) == {COLOMBIA: 8}


def test_parts_that_together_could_leave_little_are_not_all_told() -> None:
    counts = {COLOMBIA: 20, area("ANT"): 9, area("CAU"): 9, area("VAC"): 2}

    told = tell([found(COLOMBIA, 20), found(area("ANT"), 9), found(area("CAU"), 9)], counts)

    assert numbers(told) == {COLOMBIA: 20, area("ANT"): 9, area("CAU"): (6, 11)}


def test_a_whole_that_comes_after_its_parts_must_fit_them_too() -> None:
    """The small part would be told of the country; but the large one is told already, and the two differ by 2."""
    counts = {COLOMBIA: 10, area("ANT"): 8, area("CAU"): 2}

    told = tell([found(area("ANT"), 8), found(area("CAU"), 2)], counts, threshold=4)

    assert numbers(told) == {area("ANT"): 8, COLOMBIA: (8, 15)}


def test_overlaps_that_would_be_told_are_not() -> None:
    counts = {COLOMBIA: 20, profile("land"): 12, profile("journalist"): 9}

    told = tell([found(COLOMBIA, 20), found(profile("land"), 12), found(profile("journalist"), 9)], counts)

    assert len(told) == 2


def test_kinds_of_act_are_told_by_groups_that_may_be() -> None:
    acts = (("threat", 6), ("death-threat", 3), ("killing", 5), ("hacking", 1))
    counts = {COLOMBIA: 20, group("intimidation"): 9, group("attack-on-life"): 5, group("digital-attack"): 1}

    told = tell([found(COLOMBIA, 20, acts=acts)], counts)

    assert told[COLOMBIA].kinds == (("intimidation", 9), ("attack-on-life", 5))


def test_a_kind_that_leaves_little_is_not_told() -> None:
    counts = {COLOMBIA: 10, group("intimidation"): 8, group("digital-attack"): 2}

    told = tell([found(COLOMBIA, 10, acts=(("threat", 8), ("hacking", 2)))], counts)

    assert told[COLOMBIA].kinds == ()


def test_a_month_that_grew_by_little_is_told_as_before() -> None:
    known = KnownOutside(told={(COLOMBIA, MAY): Told(10, 10)})

    assert numbers(tell([found(COLOMBIA, 11)], {COLOMBIA: 11}, known)) == {COLOMBIA: 10}
    assert numbers(tell([found(COLOMBIA, 14)], {COLOMBIA: 14}, known)) == {COLOMBIA: 14}


def test_what_is_released_is_told_as_released() -> None:
    known = released({(COLOMBIA, MAY): (10, 10)})

    assert numbers(tell([found(COLOMBIA, 11)], {COLOMBIA: 11}, known)) == {COLOMBIA: 10}
    assert numbers(tell([found(COLOMBIA, 20)], {COLOMBIA: 20}, known)) == {COLOMBIA: 20}


def test_a_month_that_a_release_does_not_show_is_told_without_a_number() -> None:
    """It may be hidden to protect something smaller: women, a kind of act, another month."""
    for months in ({(COLOMBIA, MAY): None}, {(ALL, MAY): None}):
        known = released(months)

        assert numbers(tell([found(COLOMBIA, 9)], {COLOMBIA: 9}, known, threshold=5)) == {COLOMBIA: None}
        assert numbers(tell([found(area("ANT"), 9)], {area("ANT"): 9}, known, threshold=5)) == {COLOMBIA: None}


def test_a_year_that_a_release_does_not_show_hides_its_months() -> None:
    known = released(years={(COLOMBIA, 2020): None})

    assert numbers(tell([found(COLOMBIA, 9)], {COLOMBIA: 9}, known, threshold=5)) == {COLOMBIA: None}


def test_a_month_after_a_release_is_not_in_its_totals() -> None:
    known = released({(COLOMBIA, Month(2020, 2)): (9, 9)}, {(COLOMBIA, 2020): (10, 10)}, until=Month(2020, 4))

    assert numbers(tell([found(COLOMBIA, 9)], {COLOMBIA: 9}, known, threshold=5)) == {COLOMBIA: 9}


def test_a_part_of_a_released_month_leaves_enough_of_it() -> None:
    known = released({(COLOMBIA, MAY): (10, 10)})
    counts = {area("ANT"): 9, COLOMBIA: 10}

    assert numbers(tell([found(area("ANT"), 9)], counts, known, threshold=5)) == {area("ANT"): (5, 9)}


def test_a_month_that_could_leave_little_of_a_released_year_is_told_as_a_range() -> None:
    known = released(years={(COLOMBIA, 2020): (12, 12)})

    for number in (8, 9, 12):
        told = tell([found(COLOMBIA, number)], {COLOMBIA: number}, known, threshold=4)
        assert numbers(told) == {COLOMBIA: (8, 15)}


def test_months_told_before_count_against_the_year() -> None:
    february = (COLOMBIA, Month(2020, 2))
    known = replace(released(years={(COLOMBIA, 2020): (20, 20)}), told={february: Told(9, 9)})

    assert numbers(tell([found(COLOMBIA, 9)], {COLOMBIA: 9}, known, threshold=5)) == {COLOMBIA: (5, 9)}


def test_areas_told_in_other_months_count_against_the_year_of_the_country() -> None:
    before = {(area("CAU"), Month(2020, 2)): Told(9, 9)}
    known = replace(released(years={(COLOMBIA, 2020): (20, 20)}), told=before)
    counts = {area("ANT"): 9, COLOMBIA: 9}

    assert numbers(tell([found(area("ANT"), 9)], counts, known, threshold=5)) == {area("ANT"): (5, 9)}


def test_where_a_release_cannot_be_read_no_number_is_told() -> None:
    known = KnownOutside(is_unreadable=True)

    assert numbers(tell([found(COLOMBIA, 9)], {COLOMBIA: 9}, known, threshold=5)) == {COLOMBIA: None}


def test_what_was_told_is_looked_at_again_after_a_release() -> None:
    acts = (("threat", 6), ("killing", 5))
    counts = {COLOMBIA: 20, group("intimidation"): 6, group("attack-on-life"): 5}
    told = tell([found(COLOMBIA, 20, acts=acts)], counts, threshold=5)[COLOMBIA]
    assert told.kinds == (("intimidation", 6), ("attack-on-life", 5))

    assert disclose_again(told, KnownOutside(), 5) == told
    assert disclose_again(told, released({(COLOMBIA, MAY): (20, 18)}), 5) == told
    assert disclose_again(told, released({(COLOMBIA, MAY): None}), 5) == told.without_number()
    grown = disclose_again(told, released({(COLOMBIA, MAY): (26, 24)}), 5)
    assert (grown.observed, grown.rarer_than, grown.kinds) == (26, None, ())
    of_groups = released({(COLOMBIA, MAY): (20, 18), (Stratum(("act_group",), ("intimidation",)), MAY): None})
    assert disclose_again(told, of_groups, 5).kinds == (("attack-on-life", 5),)
    of_the_year = released(years={(COLOMBIA, 2020): (22, 22)})
    assert disclose_again(told, of_the_year, 5) == told.without_number()


def test_how_an_institution_enters_its_cases_is_not_told() -> None:
    assert tell([found(COLOMBIA, 40, basis=Basis.RECORDED)], {COLOMBIA: 40}) == {}


@pytest.mark.parametrize("seed", range(12))
def test_nothing_small_is_told_by_any_subtraction(seed: int) -> None:
    """All parts of a country are findings at once: whoever subtracts any from the whole learns nothing small."""
    random = np.random.default_rng(seed)
    by_area, by_group = (
        random.multinomial(random.integers(5, 40), random.dirichlet(np.full(4, 0.6))) for _ in range(2)
    )
    counts = {COLOMBIA: int(by_area.sum())}
    counts |= {area(str(number)): int(count) for number, count in enumerate(by_area)}
    codes = ("intimidation", "attack-on-life", "surveillance", "digital-attack")
    counts |= {group(code): min(int(count), counts[COLOMBIA]) for code, count in zip(codes, by_group, strict=True)}
    findings = [found(stratum, count) for stratum, count in counts.items() if count]
    random.shuffle(findings)  # type: ignore[arg-type]

    told = {stratum: each.observed for stratum, each in tell(findings, counts).items() if each.observed is not None}

    assert all(counts[stratum] == number >= THRESHOLD for stratum, number in told.items())
    if COLOMBIA in told:
        for kind in ("area", "act_group"):
            parts = [number for stratum, number in told.items() if stratum.by[-1] == kind]
            for size in range(1, len(parts) + 1):
                for some in combinations(parts, size):
                    assert not 0 < told[COLOMBIA] - sum(some) < THRESHOLD


def test_a_threshold_that_hides_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="below 2"):
        disclose([], lambda stratum, month: Cell(0, 0, ()), 1)
