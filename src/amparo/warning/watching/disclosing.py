"""Which findings may be seen outside the institution, and with which numbers. Pure.

An alarm for a district in which one defender lives names her. So outside, a finding keeps its counts only where
incidents and victims both reach the threshold, and where nothing smaller than the threshold is told by subtracting it
from what else is shown: the wider series of the same month, its other parts, the year's total, the same month as it was
shown before. Where that fails the finding is told of the whole country, and where that fails too, of the country
without a number.

Only what is shown counts here: series without a finding are shown to nobody. An overlap of two parts (those of one kind
who are also of another) is bounded from above by what is shown, and never told from below by more than what both
counts force, which is not small where neither is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from amparo.vocabularies.catalogue import get_vocabulary
from amparo.warning.months import Month
from amparo.warning.watching.counting import Cell
from amparo.warning.watching.findings import Basis, Finding
from amparo.warning.watching.strata import COUNTRY, Stratum

# A finding has two incidents or more: told without a number under a threshold of 3, it would have two.
_SMALLEST_WITHOUT_NUMBER = 4
_YEARS = (1000, 100, 10, 1)
# Incidents, victims.
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PublicFinding:
    """What may be told outside. Without `observed` no number is; `kinds` are groups of acts with their counts.

    `usually` is the expected count as a whole number, and at least 1; `rarer_than` says that chance alone brings so
    many less than once in 1, 10, 100 or 1000 years. Told exactly, either would tell of single incidents long past.
    """

    stratum: Stratum
    month: Month
    observed: int | None
    usually: int | None
    rarer_than: int | None
    kinds: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class KnownOutside:
    """What others know already: totals of years as released, and months as they were shown before."""

    years: Mapping[tuple[Stratum, int], Pair] = field(default_factory=dict)
    months: Mapping[tuple[Stratum, Month], Pair] = field(default_factory=dict)


def disclose(
    findings: Sequence[Finding],
    count: Callable[[Stratum, Month], Cell],
    threshold: int,
    known: KnownOutside | None = None,
) -> list[PublicFinding]:
    """The findings as they may be told outside; several that can only be told of the country are told once.

    `count` gives what a series counts in a month. Findings by the day of recording are not told: they speak of how an
    institution works, and of nobody's danger.
    """
    if threshold < 2:
        raise ValueError("With a threshold below 2 everything would be told.")
    shown = _Shown(threshold, known or KnownOutside())
    told: dict[tuple[Stratum, Month], PublicFinding] = {}
    mine = [each for each in findings if each.basis is Basis.HAPPENED]
    # The widest first: what is told of a part must fit what is told of the whole.
    for finding in sorted(mine, key=lambda each: (len(each.stratum.by), each.adjusted)):
        for stratum in filter(None, (finding.stratum, finding.stratum.wider)):
            if (stratum, finding.month) in told:
                break
            counted = shown.show(stratum, finding.month, _pair(count(stratum, finding.month)))
            if counted is not None:
                told[stratum, finding.month] = _tell(finding, stratum, counted, count, shown)
                break
        else:
            if threshold < _SMALLEST_WITHOUT_NUMBER:
                continue
            country = Stratum(COUNTRY, (finding.stratum.country,))
            told[country, finding.month] = PublicFinding(country, finding.month, None, None, None)
    return list(told.values())


def _tell(
    finding: Finding, stratum: Stratum, counted: Pair, count: Callable[[Stratum, Month], Cell], shown: "_Shown"
) -> PublicFinding:
    own = stratum == finding.stratum
    return PublicFinding(
        stratum=stratum,
        month=finding.month,
        observed=counted[0],
        usually=max(round(finding.expected), 1) if own else None,
        rarer_than=_rarer_than(finding.tail) if own else None,
        kinds=_kinds(finding, stratum, count, shown) if own else (),
    )


def _rarer_than(tail: float) -> int | None:
    """Years; None for what comes more than once a year."""
    return next((years for years in _YEARS if tail * 12 * years < 1), None)


def _kinds(
    finding: Finding, stratum: Stratum, count: Callable[[Stratum, Month], Cell], shown: "_Shown"
) -> tuple[tuple[str, int], ...]:
    """The groups of acts of a country, as far as they may be told; of parts of it none are."""
    if stratum.by != COUNTRY:
        return ()
    kinds, told = get_vocabulary("acts"), []
    for group in dict.fromkeys(kinds.top(act) for act, _ in finding.acts):
        part = Stratum(("country", "act_group"), (stratum.country, group))
        counted = shown.show(part, finding.month, _pair(count(part, finding.month)))
        if counted is not None:
            told.append((group, counted[0]))
    return tuple(sorted(told, key=lambda each: (-each[1], each[0])))


def _pair(cell: Cell) -> Pair:
    return cell.incidents, cell.victims


class _Shown:
    """The cells that are shown, so that a further one is shown only if nothing small is told by it."""

    def __init__(self, threshold: int, known: KnownOutside) -> None:
        self.threshold = threshold
        self.known = known
        self.cells: dict[tuple[Stratum, Month], Pair] = {}

    def show(self, stratum: Stratum, month: Month, counted: Pair) -> Pair | None:
        """The count to show, which is the one shown before where it has changed by little; None where none may be."""
        if (stratum, month) in self.cells:
            return self.cells[stratum, month]
        before = self.known.months.get((stratum, month))
        if before is not None and not self._apart(before, counted):
            counted = before
        if min(counted) < self.threshold or not self._fits(stratum, month, counted):
            return None
        self.cells[stratum, month] = counted
        return counted

    def _fits(self, stratum: Stratum, month: Month, counted: Pair) -> bool:
        cells = {**self.cells, (stratum, month): counted}
        of_month = {each: pair for (each, when), pair in cells.items() if when == month}
        return self._fits_month(of_month) and self._fits_year(stratum, month.year, cells)

    def _fits_month(self, of_month: Mapping[Stratum, Pair]) -> bool:
        """Whether each whole and the parts of it that are shown leave nothing or enough, whichever are subtracted."""
        for whole, pair in of_month.items():
            kinds: dict[tuple[str, ...], list[Pair]] = {}
            for part, its in of_month.items():
                if part != whole and whole.holds(part):
                    kinds.setdefault(part.by, []).append(its)
            for parts in kinds.values():
                if not all(self._leaves_enough(pair[each], [part[each] for part in parts]) for each in range(2)):
                    return False
        return True

    def _leaves_enough(self, whole: int, parts: Sequence[int]) -> bool:
        """Whether no sum of parts is nearly the whole. One incident can be of several parts, so that all together may
        be far above where some are just below.
        """
        sums = {0}
        for part in parts:
            sums |= {each + part for each in sums if each < whole}
        return not any(0 < abs(whole - each) < self.threshold for each in sums)

    def _fits_year(self, stratum: Stratum, year: int, cells: Mapping[tuple[Stratum, Month], Pair]) -> bool:
        """Whether the year's total and the months of it that are shown leave nothing or enough."""
        total = self.known.years.get((stratum, year))
        if total is None:
            return True
        earlier = {key: pair for key, pair in self.known.months.items() if key not in cells}
        months = [pair for (each, when), pair in {**earlier, **cells}.items() if each == stratum and when.year == year]
        return self._apart(total, _sum(months))

    def _apart(self, one: Pair, other: Pair) -> bool:
        """Whether the difference of two cells tells nothing small: in both counts 0, or at least the threshold."""
        return all(
            difference == 0 or abs(difference) >= self.threshold
            for difference in (one[0] - other[0], one[1] - other[1])
        )


def _sum(pairs: Sequence[Pair]) -> Pair:
    return sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
