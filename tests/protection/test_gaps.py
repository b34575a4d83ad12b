"""What a country's system lacks, as far as the register knows."""

from amparo.protection.gaps import EXPECTED, Gap, Lack, Part, find_gaps


def part(kind: str, state: str = "in-force", **other: object) -> Part:
    given: dict[str, object] = {"has_evidence": True, "with_defenders": "yes", "consultations": 1}
    return Part(kind, state, **(given | other))  # type: ignore[arg-type]


WHOLE = [part(kind, "funded" if kind == "budget" else "in-force") for kind in EXPECTED]


def test_it_works() -> None:
    assert find_gaps(WHOLE) == ()


def test_of_an_empty_register_nothing_is_known_and_nothing_is_said_not_to_exist() -> None:
    found = find_gaps([])

    assert [gap.kind for gap in found if gap.lack is Lack.NOT_KNOWN] == list(EXPECTED)
    assert Gap(Lack.NOT_CONSULTED) in found
    assert all(gap.lack in (Lack.NOT_KNOWN, Lack.NOT_CONSULTED) for gap in found)


def test_a_law_that_was_only_proposed_is_not_in_force() -> None:
    assert Gap(Lack.NOT_WORKING, "law") in find_gaps([*WHOLE[1:], part("law", "proposed")])


def test_a_second_law_in_force_closes_the_gap_of_a_repealed_one() -> None:
    assert find_gaps([*WHOLE, part("law", "repealed")]) == ()


def test_a_mechanism_without_money_is_named_as_that() -> None:
    others = [each for each in WHOLE if each.kind != "mechanism"]

    assert find_gaps([*others, part("mechanism", "not-funded")]) == (Gap(Lack.NOT_FUNDED, "mechanism"),)


def test_an_adopted_budget_without_money_is_a_gap() -> None:
    others = [each for each in WHOLE if each.kind != "budget"]

    assert find_gaps([*others, part("budget", "adopted")]) == (Gap(Lack.NOT_WORKING, "budget"),)


def test_evidence_defenders_and_consultations_are_asked_for() -> None:
    bare = [
        part(each.kind, each.state, has_evidence=False, with_defenders="unknown", consultations=0) for each in WHOLE
    ]

    lacks = {gap.lack for gap in find_gaps(bare)}

    assert lacks == {Lack.NO_EVIDENCE, Lack.NOT_DESIGNED_WITH_DEFENDERS, Lack.NOT_CONSULTED}
