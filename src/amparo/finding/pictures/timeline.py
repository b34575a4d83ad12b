"""Cases along time as SVG: a dot for a day, a bar for what is known by month, year or range. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape, quoteattr

_WIDTH, _LEFT, _RIGHT = 960.0, 12.0, 12.0
_LANE, _ABOVE, _AXIS = 22.0, 8.0, 28.0
_RADIUS = 6.0
_GAP = 6.0
_TICKS = 8
_MONTHS_OF_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)


@dataclass(frozen=True, slots=True)
class Entry:
    """A case on the timeline: from its earliest to its latest day, what it says, and where its link leads."""

    earliest: date
    latest: date
    told: str
    address: str


def timeline(
    entries: Sequence[Entry],
    *,
    title: str,
    description: str,
    form: Callable[[date], str],
    identifier: str = "timeline",
    rtl: bool = False,
) -> str:
    """The timeline of `entries`, in lanes so that none lies on another; "" for none. `form` writes a month."""
    if not entries:
        return ""
    ordered = sorted(entries, key=lambda each: (each.earliest, each.latest))
    first, last = ordered[0].earliest.toordinal(), max(each.latest for each in ordered).toordinal()
    days = max(last - first, 1)

    def x(day: date) -> float:
        along = _LEFT + _RADIUS + (day.toordinal() - first) / days * (_WIDTH - _LEFT - _RIGHT - 2 * _RADIUS)
        return _WIDTH - along if rtl else along

    lanes: list[float] = []
    drawn: list[str] = []
    for entry in ordered:
        start, end = sorted((x(entry.earliest), x(entry.latest)))
        begins, ends = (_WIDTH - end, _WIDTH - start) if rtl else (start, end)
        lane = next((number for number, taken in enumerate(lanes) if taken + _GAP <= begins - _RADIUS), len(lanes))
        lanes[lane : lane + 1] = [ends + _RADIUS]
        y = _ABOVE + lane * _LANE + _LANE / 2
        drawn.append(
            f"<a href={quoteattr(entry.address)}><title>{escape(entry.told)}</title>"
            f'<rect class="span" x="{start - _RADIUS:.1f}" y="{y - _RADIUS:.1f}" rx="{_RADIUS}" '
            f'width="{end - start + 2 * _RADIUS:.1f}" height="{2 * _RADIUS:.1f}"/></a>'
        )
    height = _ABOVE + len(lanes) * _LANE
    axis = "".join(
        f'<path class="grid" d="M{x(day):.1f} 0V{height:.1f}"/>'
        f'<text class="tick" x="{x(day):.1f}" y="{height + 20:.1f}" text-anchor="middle">{escape(form(day))}</text>'
        for day in _ticks(date.fromordinal(first), date.fromordinal(first + days))
    )
    return (
        f'<svg class="chart timeline" viewBox="0 0 {_WIDTH:.0f} {height + _AXIS:.0f}" role="group" '
        f'aria-labelledby="{identifier}-title {identifier}-description">'
        f'<title id="{identifier}-title">{escape(title)}</title>'
        f'<desc id="{identifier}-description">{escape(description)}</desc>{axis}{"".join(drawn)}</svg>'
    )


def _ticks(first: date, last: date) -> list[date]:
    """The first days of months, as many as have room, within the two."""
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((each for each in _MONTHS_OF_STEPS if months / each <= _TICKS), _MONTHS_OF_STEPS[-1])
    start = first.year * 12 + first.month - 1
    found = []
    for month in range(start - start % step, start + months + step + 1, step):
        if not date.min.year <= month // 12 <= date.max.year:
            continue
        day = date(month // 12, month % 12 + 1, 1)
        if first <= day <= last:
            found.append(day)
    return found
