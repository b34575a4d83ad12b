"""A sample that was coded twice, compared: agreement of each field, and where the two codings differ."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from amparo.quality.agreement import Agreement, compare_codings
from amparo.quality.fields import ORDER
from amparo.quality.models import CodingRound, Resolution, SampledCase


@dataclass(frozen=True, slots=True)
class Compared:
    """A round: how many of its cases were coded again, and the agreement of each field on these."""

    drawn: CodingRound
    cases: int
    coded: int
    fields: dict[str, Agreement]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of a case on which the two codings differ."""

    sampled: SampledCase
    field: str
    first: str
    second: str
    resolution: Resolution | None


@dataclass(frozen=True, slots=True)
class Coder:
    """How often one person's second codings agree with the first ones, over all fields."""

    name: str
    cases: int
    fields: int
    agreed: int

    @property
    def share(self) -> float | None:
        return self.agreed / self.fields if self.fields else None


def compare_round(drawn: CodingRound) -> Compared:
    """The agreement in a round. One query."""
    codings: list[tuple[dict[str, str], dict[str, str] | None]] = list(drawn.sampled.values_list("first", "second"))
    both = [(first, second) for first, second in codings if second is not None]
    fields = {
        code: compare_codings([(first[code], second[code]) for first, second in both], ORDER.get(code, ()))
        for code in drawn.fields
    }
    return Compared(drawn, len(codings), len(both), fields)


def list_differences(drawn: CodingRound) -> list[Difference]:
    """Every field of every case on which the two codings differ, in the order of the cases. Two queries."""
    sampled = list(drawn.sampled.exclude(coded_at=None).select_related("coded_by"))
    decided = {(each.sampled_id, each.field): each for each in Resolution.objects.filter(sampled__round=drawn)}
    return [
        Difference(each, code, each.first[code], second[code], decided.get((each.pk, code)))
        for each in sampled
        if (second := each.second) is not None
        for code in drawn.fields
        if each.first[code] != second[code]
    ]


def compare_coders(drawn: CodingRound) -> list[Coder]:
    """How each person's second codings agree: only for who leads, to see whom to train together. One query."""
    cases: Counter[str] = Counter()
    fields: defaultdict[str, list[bool]] = defaultdict(list)
    coded = drawn.sampled.exclude(coded_at=None).select_related("coded_by")
    for each in coded:
        called, second = each.coded_by.username if each.coded_by else "–", each.second or {}
        cases[called] += 1
        fields[called] += [each.first[code] == second[code] for code in drawn.fields]
    return [Coder(name, cases[name], len(fields[name]), sum(fields[name])) for name in sorted(cases)]


def count_progress(rounds: Iterable[CodingRound]) -> dict[int, tuple[int, int]]:
    """Of each round how many cases it has, and how many were coded again. One query."""
    cases: Counter[int] = Counter()
    coded: Counter[int] = Counter()
    sampled = SampledCase.objects.filter(round__in=list(rounds)).values_list("round_id", "coded_at")
    for number, at in sampled:
        cases[number] += 1
        coded[number] += at is not None
    return {number: (cases[number], coded[number]) for number in cases}
