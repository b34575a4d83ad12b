"""A country's timeline as SVG: conditions in lanes by their effect, ratings as steps, counts as bars. Pure.

One axis of time for all of it, so that what came before what can be seen; that one brought the other about cannot.
Marks carry the numbers of the list beside them. Lanes have names: colour is never the only sign. A count that is not
shown is a dashed mark, never a zero.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from textwrap import wrap
from xml.sax.saxutils import escape

_WIDTH, _LEFT, _RIGHT = 440.0, 18.0, 22.0
# The widest that a letter gets, in the units of _WIDTH: the style sheet writes larger on narrow screens.
_LETTER = 8.2
_ROW, _MARK = 20.0, 10.0
_STRIP = 44.0
_GAP = 12.0


@dataclass(frozen=True, slots=True)
class Mark:
    """Something of the list, by its number: one day, some time, or from a day on."""

    number: int
    start: date
    end: date
    goes_on: bool
    told: str


@dataclass(frozen=True, slots=True)
class Lane:
    """Marks of one kind; `series` (1–6) is its colour in the style sheet."""

    name: str
    series: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class RatingStep:
    """That a scale stood at `position` (1 is the worst) from `start` on."""

    start: date
    position: int
    label: str


@dataclass(frozen=True, slots=True)
class RatingLine:
    """The steps of one scale; `labels` are those of all its values, the worst first."""

    name: str
    labels: tuple[str, ...]
    steps: tuple[RatingStep, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A count from a day to a day; None where it is not shown."""

    start: date
    end: date
    value: int | None
    told: str


@dataclass(frozen=True, slots=True)
class Strip:
    """Counts over time, by themselves: their height is measured by the highest of this strip alone."""

    name: str
    series: int
    bars: tuple[Bar, ...]


class _Axis:
    """Where a day stands, in the reading direction of the page."""

    def __init__(self, first: date, last: date, *, rtl: bool) -> None:
        self.first, self.last, self.rtl = first, last, rtl
        self._days = max((last - first).days, 1)

    def along(self, day: date) -> float:
        """How far from the beginning."""
        inside = min(max(day, self.first), self.last)
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (inside - self.first).days / self._days

    def turn(self, along: float) -> float:
        return _WIDTH - along if self.rtl else along

    def rect(self, start: float, end: float, top: float, height: float, kind: str, told: str) -> str:
        left = min(self.turn(start), self.turn(end))
        return (
            f'<rect class="{kind}" x="{left:.1f}" y="{top:.1f}" width="{max(end - start, 1.0):.1f}" '
            f'height="{height:.1f}"><title>{escape(told)}</title></rect>'
        )

    def text(self, text: str, along: float, y: float, anchor: str, kind: str) -> str:
        # "start" and "end" follow the direction of the text, which the page sets.
        x = self.turn(along)
        return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def draw_timeline(
    lanes: Sequence[Lane],
    ratings: Sequence[RatingLine],
    strips: Sequence[Strip],
    *,
    title: str,
    description: str,
    identifier: str,
    form: Callable[[int], str] = str,
    rtl: bool = False,
) -> str:
    """The timeline over whole years; "" where there is nothing with a date."""
    span = _span(lanes, ratings, strips)
    if span is None:
        return ""
    axis = _Axis(*span, rtl=rtl)
    parts: list[str] = []
    top = 4.0
    for lane in lanes:
        if lane.marks:
            top = _draw_lane(lane, axis, top, parts, form)
    for line in ratings:
        top = _draw_ratings(line, axis, top, parts)
    for strip in strips:
        top = _draw_strip(strip, axis, top, parts)
    grid = _draw_years(axis, top, span)
    return (
        f'<svg viewBox="0 0 {_WIDTH:.0f} {ceil(top + 26)}" role="img" '
        f'aria-labelledby="{identifier}-title {identifier}-description">'
        f'<title id="{identifier}-title">{escape(title)}</title>'
        f'<desc id="{identifier}-description">{escape(description)}</desc>{grid}{"".join(parts)}</svg>'
    )


def _span(lanes: Iterable[Lane], ratings: Iterable[RatingLine], strips: Iterable[Strip]) -> tuple[date, date] | None:
    days = [day for lane in lanes for mark in lane.marks for day in (mark.start, mark.end)]
    days += [step.start for line in ratings for step in line.steps]
    days += [day for strip in strips for bar in strip.bars for day in (bar.start, bar.end)]
    if not days:
        return None
    return date(min(days).year, 1, 1), date(max(days).year, 12, 31)


def _draw_years(axis: _Axis, bottom: float, span: tuple[date, date]) -> str:
    years = range(span[0].year, span[1].year + 1)
    every = max(1, ceil(len(years) * _LETTER * 5.5 / (_WIDTH - _LEFT - _RIGHT)))
    parts = []
    for year in years[::every]:
        x = axis.turn(axis.along(date(year, 1, 1)))
        parts.append(f'<path class="grid" d="M{x:.1f} 0V{bottom:.1f}"/>')
        parts.append(axis.text(str(year), axis.along(date(year, 1, 1)), bottom + 18, "middle", "tick"))
    start, end = sorted((axis.turn(_LEFT), axis.turn(_WIDTH - _RIGHT)))
    return f'{"".join(parts)}<path class="axis" d="M{start:.1f} {bottom:.1f}H{end:.1f}"/>'


def _draw_name(name: str, axis: _Axis, top: float, parts: list[str]) -> float:
    for line in wrap(name, int(_WIDTH / _LETTER)) or [""]:
        parts.append(axis.text(line, 2, top + 13, "start", "label"))
        top += 18
    return top + 2


def _draw_lane(lane: Lane, axis: _Axis, top: float, parts: list[str], form: Callable[[int], str]) -> float:
    top = _draw_name(lane.name, axis, top, parts)
    taken: list[float] = []
    for mark in sorted(lane.marks, key=lambda each: (each.start, each.number)):
        start, end = axis.along(mark.start), max(axis.along(mark.end), axis.along(mark.start) + _MARK)
        number = form(mark.number)
        room = _LETTER * len(number) + 6
        # At the far end the number stands before its mark.
        before = end + room > _WIDTH - 2
        first, last = (start - room, end) if before else (start, end + room)
        row = next((row for row, until in enumerate(taken) if first >= until), len(taken))
        taken[row : row + 1] = [last + 2]
        y = top + row * _ROW
        parts.append(f'<g class="s{lane.series}">{axis.rect(start, end, y + 3, _MARK, "bar", mark.told)}')
        if mark.goes_on:
            tip = 5 if not axis.rtl else -5
            parts.append(f'<path class="marker" d="M{axis.turn(end):.1f} {y:.1f}l{tip} {_MARK / 2 + 3}l{-tip} 8z"/>')
        parts.append("</g>")
        beside = start - 3 if before else end + (8 if mark.goes_on else 3)
        parts.append(axis.text(number, beside, y + 13, "end" if before else "start", "tick"))
    return top + len(taken) * _ROW + _GAP


def _draw_ratings(line: RatingLine, axis: _Axis, top: float, parts: list[str]) -> float:
    top = _draw_name(line.name, axis, top, parts)
    above_worst = max(len(line.labels) - 1, 1)
    height = 10.0 * above_worst

    def y(position: int) -> float:
        return top + 18 + height * (1 - (position - 1) / above_worst)

    # What is up and what is down, where the line leaves room for it.
    if line.steps and axis.along(line.steps[0].start) > _LETTER * max(map(len, line.labels)) + 8:
        for place, label in ((1, line.labels[0]), (len(line.labels), line.labels[-1])):
            parts.append(axis.text(label, 2, y(place) + 4, "start", "tick"))
    path = ""
    for step in line.steps:
        x = axis.turn(axis.along(step.start))
        path += f"{'H' if path else 'M'}{x:.1f}" + (f"V{y(step.position):.1f}" if path else f" {y(step.position):.1f}")
    parts.append(f'<g class="s4"><path class="line" d="{path}"/>')
    taken = 0.0
    for step in line.steps:
        along = axis.along(step.start)
        x = axis.turn(along)
        told = escape(f"{line.name}, {step.start.year}: {step.label}")
        parts.append(
            f'<circle class="marker" cx="{x:.1f}" cy="{y(step.position):.1f}" r="4"><title>{told}</title></circle>'
        )
        half = _LETTER * len(step.label) / 2
        centre = min(max(along, half + 2), _WIDTH - half - 2)
        # A label that would lie on the one before is left to the table.
        if centre - half >= taken:
            parts.append(axis.text(step.label, centre, y(step.position) - 8, "middle", "tick"))
            taken = centre + half
    parts.append("</g>")
    return top + 26 + height + _GAP


def _draw_strip(strip: Strip, axis: _Axis, top: float, parts: list[str]) -> float:
    top = _draw_name(strip.name, axis, top, parts)
    highest = max((bar.value or 0 for bar in strip.bars), default=0) or 1
    foot = top + _STRIP
    for bar in strip.bars:
        if bar.value == 0:
            continue
        start, end = axis.along(bar.start), axis.along(bar.end)
        height = 8.0 if bar.value is None else max(_STRIP * bar.value / highest, 1.0)
        kind = f"{'not-shown' if bar.value is None else 'bar'} s{strip.series}"
        parts.append(axis.rect(start, max(end - 1, start + 1), foot - height, height, kind, bar.told))
    start, end = sorted((axis.turn(_LEFT), axis.turn(_WIDTH - _RIGHT)))
    parts.append(f'<path class="axis" d="M{start:.1f} {foot:.1f}H{end:.1f}"/>')
    return foot + _GAP
