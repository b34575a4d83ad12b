"""Lines over time, and the same in small beside one another. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from amparo.ui.charts.look import (
    LETTER,
    LINE,
    MOST_SERIES,
    WIDTH,
    Drawing,
    Look,
    Series,
    broken,
    highest_in,
    hollow,
    label_step,
    marker,
    nice_top,
    series_signs,
)

MOST_PANELS = 12
_GAP = 16.0


@dataclass(frozen=True, slots=True)
class Axes:
    """Where a plot stands, from the side where reading begins: its corner, its size, and the count at its top."""

    left: float
    above: float
    width: float
    height: float
    top: int
    steps: int

    def x(self, position: int, look: Look) -> float:
        return look.x(self.left + self.width * position / max(self.steps - 1, 1))

    def y(self, value: int) -> float:
        return self.above + self.height * (1 - value / self.top)

    @property
    def floor(self) -> float:
        return self.above + self.height

    def rule(self, value: int, look: Look) -> str:
        """A line across the plot at `value`."""
        start, end = sorted((look.x(self.left), look.x(self.left + self.width)))
        return f'<path class="{"grid" if value else "axis"}" d="M{start:.1f} {self.y(value):.1f}H{end:.1f}"/>'


def plot_lines(labels: Sequence[str], series: Sequence[Series], *, title: str, description: str, look: Look) -> Drawing:
    """Counts over time: `labels` in order along the axis, up to six `series`.

    A count that is not shown breaks its line, and stands hollow below the axis.
    """
    series = series[:MOST_SERIES]
    top = nice_top(highest_in(series))
    left = 16.0 + LETTER * len(look.form(top))
    axes = Axes(left, 12.0, WIDTH - left - 20.0, 220.0, top, len(labels))
    parts: list[str] = []
    for tick in range(5):
        value = top * tick // 4
        parts.append(axes.rule(value, look))
        parts.append(look.text(look.form(value), look.x(left - 10), axes.y(value) + 4, "end", "tick"))
    every = label_step(labels, axes.width)
    parts += [
        look.text(label, axes.x(position, look), axes.floor + 20, "middle", "tick")
        for position, label in enumerate(labels)
        if position % every == 0
    ]
    height = axes.floor + 32
    for number, each in enumerate(series, start=1):
        parts.append(_line(each, number, axes, labels, look))
        if look.not_shown and each.hidden:
            parts.append(_hidden(each, number, height, axes, labels, look))
            height += 14
    return Drawing(title, description, "".join(parts), height, series_signs(series, look))


def plot_multiples(
    labels: Sequence[str], series: Sequence[Series], *, title: str, description: str, look: Look
) -> Drawing:
    """Counts over time in a small plot for each of up to twelve `series`, all on one scale."""
    series = series[:MOST_PANELS]
    top = nice_top(highest_in(series))
    width = (WIDTH - _GAP) / 2
    margin = 8.0 + LETTER * len(look.form(top))
    parts: list[str] = []
    above = 0.0
    for start in range(0, len(series), 2):
        row = [(each, broken(each.name, width)) for each in series[start : start + 2]]
        below_title = above + LINE * max(len(lines) for _each, lines in row) + 14
        for place, (each, lines) in enumerate(row):
            left = place * (width + _GAP)
            parts += [
                look.text(line, look.x(left + 2), above + 14 + LINE * number, "start", "label")
                for number, line in enumerate(lines)
            ]
            axes = Axes(left + margin, below_title, width - margin - 12, 80.0, top, len(labels))
            parts.append(_panel(each, axes, labels, look))
        above = below_title + 80.0 + 46.0
    signs = tuple(sign for sign in series_signs(series, look) if sign.words == look.not_shown)
    return Drawing(title, description, "".join(parts), above, signs)


def _panel(each: Series, axes: Axes, labels: Sequence[str], look: Look) -> str:
    parts = [axes.rule(0, look), axes.rule(axes.top, look)]
    for value in (0, axes.top):
        parts.append(look.text(look.form(value), look.x(axes.left - 6), axes.y(value) + 4, "end", "tick"))
    for position, anchor in {0: "start", len(labels) - 1: "end"}.items():
        if 0 <= position < len(labels):
            parts.append(look.text(labels[position], axes.x(position, look), axes.floor + 32, anchor, "tick"))
    parts.append(_line(each, 1, axes, labels, look, size=2.5))
    if look.not_shown and each.hidden:
        parts.append(_hidden(each, 1, axes.floor + 10, axes, labels, look))
    return "".join(parts)


def _line(each: Series, number: int, axes: Axes, labels: Sequence[str], look: Look, size: float = 4) -> str:
    path, pen = "", "M"
    markers = []
    for position, value in enumerate(each.values):
        if value is None:
            pen = "M"
            continue
        x, y = axes.x(position, look), axes.y(value)
        path += f"{pen}{x:.1f} {y:.1f}"
        pen = "L"
        told = escape(f"{each.name}, {labels[position]}: {look.form(value)}")
        markers.append(f"<g>{marker(number, x, y, size)}<title>{told}</title></g>")
    return f'<g class="s{number}"><path class="line" d="{path}"/>{"".join(markers)}</g>'


def _hidden(each: Series, number: int, y: float, axes: Axes, labels: Sequence[str], look: Look) -> str:
    return "".join(
        hollow(number, axes.x(position, look), y, f"{each.name}, {labels[position]}: {look.not_shown}")
        for position in each.hidden
    )
