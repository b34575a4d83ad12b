"""Which findings may be seen outside the institution, and with which numbers. Pure.

An alarm for a district in which one defender lives names her. So outside, a finding keeps its counts only where
incidents and victims both reach the threshold, and where nothing smaller than the threshold is told by subtracting it
from what else is known: the wider series of the same month, its other parts, the year's total, what was told or
released before. Otherwise a range of it may be told; where that fails too, it is told of the whole country, and in the
end of the country without a number. Whether a count or its range is told is decided from the range and from what is
known alone, never from where in the range the count lies: so the choice itself tells nothing (Kenthapadi, Mishra and
Nissim, "Simulatable auditing", PODS 2005).

Only what is shown counts here: series without a finding are shown to nobody. An incident may be of several kinds; yet
whoever attacks may suppose that it is of one, where the sums allow it, and so does this.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from amparo.vocabularies.catalogue import get_vocabulary
from amparo.warning.months import Month
from amparo.warning.watching.counting import Cell
from amparo.warning.watching.findings import Basis, Finding
from amparo.warning.watching.known_outside import Key, KnownOutside, Pair, Told, describe_year
from amparo.warning.watching.narrowing import Bounds, Node, narrow
from amparo.warning.watching.strata import COUNTRY, Stratum

# A finding has two incidents or more: told without a number under a threshold of 3, it would have two.
_SMALLEST_WITHOUT_NUMBER = 4
_YEARS = (1000, 100, 10, 1)
_MOST_ALIKE = 200
Count = Callable[[Stratum, Month], Cell]


@dataclass(frozen=True, slots=True)
class PublicFinding:
    """What may be told outside. Without `observed` no number is, or the range `between`; `kinds` are groups of acts
    with their counts.

    `usually` is the expected count as a whole number, and at least 1; `rarer_than` says that chance alone brings so
    many less than once in 1, 10, 100 or 1000 years. Told exactly, either would tell of single incidents long past.
    """

    stratum: Stratum
    month: Month
    observed: int | None
    usually: int | None
    rarer_than: int | None
    kinds: tuple[tuple[str, int], ...] = ()
    between: tuple[int, int] | None = None

    @property
    def cells(self) -> dict[Key, Told]:
        """The counts that it tells."""
        cells: dict[Key, Told] = {}
        if self.observed is not None:
            cells[self.stratum, self.month] = Told(self.observed, self.observed)
        elif self.between is not None:
            cells[self.stratum, self.month] = Told(*self.between)
        for group, number in self.kinds:
            cells[_group_of(self.stratum, group), self.month] = Told(number, number)
        return cells

    def without_number(self) -> "PublicFinding":
        """What is left where no number may be told: that there is something, in the country."""
        return PublicFinding(Stratum(COUNTRY, (self.stratum.country,)), self.month, None, None, None)


def disclose_each(
    findings: Sequence[Finding], count: Count, threshold: int, known: KnownOutside | None = None
) -> dict[Finding, PublicFinding | None]:
    """What may be told outside of each finding; None where nothing may.

    `count` gives what a series counts in a month. Findings by the day of recording are not told: they speak of how an
    institution works, and of nobody's danger.
    """
    if threshold < 2:
        raise ValueError("With a threshold below 2 everything would be told.")
    shown = _Shown(threshold, known or KnownOutside())
    told: dict[Key, PublicFinding] = {}
    mine = [each for each in findings if each.basis is Basis.HAPPENED]
    # The widest first: what is told of a part must fit what is told of the whole.
    mine.sort(key=lambda each: (len(each.stratum.by), each.adjusted))
    return {each: _disclose_one(each, told, shown, count) for each in mine}


def _disclose_one(
    finding: Finding, told: dict[Key, PublicFinding], shown: "_Shown", count: Count
) -> PublicFinding | None:
    for stratum in filter(None, (finding.stratum, finding.stratum.wider)):
        key = (stratum, finding.month)
        if key not in told:
            cell = shown.show(stratum, finding.month, _pair(count(stratum, finding.month)), with_ranges=True)
            if cell is None:
                continue
            told[key] = _tell(finding, stratum, cell, count, shown)
        return told[key]
    if shown.threshold < _SMALLEST_WITHOUT_NUMBER:
        return None
    country = Stratum(COUNTRY, (finding.stratum.country,))
    return told.setdefault(
        (country, finding.month), PublicFinding(country, finding.month, None, None, None).without_number()
    )


def disclose_again(public: PublicFinding, known: KnownOutside, threshold: int) -> PublicFinding:
    """`public`, found earlier, as it may be told now that others know `known`: a release may have come since.

    What the newest release shows of that month is told as it shows it; what it hides is hidden here too.
    """
    shown = _Shown(threshold, known)
    key = (public.stratum, public.month)
    cell = public.cells.get(key)
    if cell is None:
        return public
    released = known.released(*key)
    if isinstance(released, tuple) and released[0] != cell.low:
        # Its kinds of act and how unusual it is were said of another count.
        public = replace(public, observed=released[0], between=None, rarer_than=None, kinds=())
        return public if released[0] >= threshold else public.without_number()
    if not shown.admits(*key, cell):
        return public.without_number()
    shown.cells[key] = cell
    kinds = tuple(each for each in public.kinds if shown.admits(*_kind_cell(public, each)))
    return replace(public, kinds=kinds)


def _kind_cell(public: PublicFinding, kind: tuple[str, int]) -> tuple[Stratum, Month, Told]:
    return _group_of(public.stratum, kind[0]), public.month, Told(kind[1], kind[1])


def _tell(finding: Finding, stratum: Stratum, cell: Told, count: Count, shown: "_Shown") -> PublicFinding:
    own = stratum == finding.stratum
    return PublicFinding(
        stratum=stratum,
        month=finding.month,
        observed=cell.low if cell.is_exact else None,
        usually=max(round(finding.expected), 1) if own else None,
        # Of a range it would tell where in it the count lies.
        rarer_than=_rarer_than(finding.tail) if own and cell.is_exact else None,
        kinds=_kinds(finding, stratum, count, shown) if own and cell.is_exact else (),
        between=None if cell.is_exact else (cell.low, cell.high),
    )


def _rarer_than(tail: float) -> int | None:
    """Years; None for what comes more than once a year."""
    return next((years for years in _YEARS if tail * 12 * years < 1), None)


def _kinds(finding: Finding, stratum: Stratum, count: Count, shown: "_Shown") -> tuple[tuple[str, int], ...]:
    """The groups of acts of a country, as far as they may be told; of parts of it none are."""
    if stratum.by != COUNTRY:
        return ()
    kinds, told = get_vocabulary("acts"), []
    for group in dict.fromkeys(kinds.top(act) for act, _ in finding.acts):
        part = _group_of(stratum, group)
        cell = shown.show(part, finding.month, _pair(count(part, finding.month)), with_ranges=False)
        if cell is not None and cell.is_exact:
            told.append((group, cell.low))
    return tuple(sorted(told, key=lambda each: (-each[1], each[0])))


def _group_of(stratum: Stratum, group: str) -> Stratum:
    return Stratum(("country", "act_group"), (stratum.country, group))


def _pair(cell: Cell) -> Pair:
    return cell.incidents, cell.victims


class _Shown:
    """The cells that are shown, so that a further one is shown only if nothing small is told by it."""

    def __init__(self, threshold: int, known: KnownOutside) -> None:
        self.threshold = threshold
        self.known = known
        self.cells: dict[Key, Told] = dict(known.told)
        self._now: dict[Key, Told] = {}

    def show(self, stratum: Stratum, month: Month, counted: Pair, *, with_ranges: bool) -> Told | None:
        """What to show of a count: itself, what was shown before where it has changed by little, or its range; None
        where nothing may be.
        """
        key = (stratum, month)
        if key not in self._now:
            found = self._choose(key, counted, with_ranges=with_ranges)
            if found is None or not self.admits(stratum, month, found):
                return None
            self.cells[key] = self._now[key] = found
        return self._now[key]

    def _choose(self, key: Key, counted: Pair, *, with_ranges: bool) -> Told | None:
        """How a count may be told at best, before it is looked at beside the others."""
        released, before = self.known.released(*key), self.known.told.get(key)
        if isinstance(released, tuple):
            counted = counted if self._apart(released, counted) else released
            with_ranges = False
        elif before is not None and before.low - self.threshold < counted[0] < before.high + self.threshold:
            return before
        if min(counted) < self.threshold:
            return None
        exact, rung = Told(counted[0], counted[0]), _range_of(counted[0], self.threshold)
        # A range of thousands hides nobody better than one of hundreds.
        all_like_it = range(rung.low, min(rung.high, rung.low + _MOST_ALIKE) + 1)
        if counted == released or self._admits_all(key, [exact, *(Told(each, each) for each in all_like_it)]):
            return exact
        return rung if with_ranges else None

    def _admits_all(self, key: Key, ways: Sequence[Told]) -> bool:
        return all(self.admits(*key, each) for each in ways)

    def admits(self, stratum: Stratum, month: Month, told: Told) -> bool:
        """Whether nothing small is told by showing this, beside what is known and shown already."""
        if self.known.is_unreadable or self.known.hides(stratum, month):
            return False
        released = self.known.released(stratum, month)
        if isinstance(released, tuple) and told.is_exact and released[0] == told.low:
            return True
        new = (stratum, month)
        others = {key: cell for key, cell in self.cells.items() if key != new}
        small = self._small(others | {new: told}, new)
        # What is known to be small already, such as by a release with a lower threshold, is not to be known better.
        return not small or small.items() <= self._small(others, new).items()

    def _small(self, cells: Mapping[Key, Told], new: Key) -> dict[Node, Bounds]:
        """The counts that are known to be smaller than the threshold, and not to be none."""
        known, sums = describe_year(new[1].year, cells, self.known, new)
        return {node: its for node, its in narrow(known, sums).items() if 0 < its[1] < self.threshold}

    def _apart(self, one: Pair, other: Pair) -> bool:
        """Whether the difference of two cells tells nothing small: in both counts 0, or at least the threshold."""
        return all(
            difference == 0 or abs(difference) >= self.threshold
            for difference in (one[0] - other[0], one[1] - other[1])
        )


def _range_of(number: int, threshold: int) -> Told:
    """The range of a fixed ladder in which a count lies: from the threshold to twice it, and so on."""
    low = threshold
    while number >= 2 * low:
        low *= 2
    return Told(low, 2 * low - 1)
