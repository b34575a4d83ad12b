"""What was recorded in the last year, and the ranges of the months ahead, as a drawing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from amparo.ui.charts.lines import Axes
from amparo.ui.charts.look import LETTER, WIDTH, Drawing, Look, Sign, label_step, marker, nice_top
from amparo.warning.forecast_page.outlook import Ahead

_HEIGHT, _ABOVE = 180.0, 12.0
_HALF_BOX, _HALF_CAP = 6.0, 4.0
_RECORDED, _AHEAD = 1, 2


@dataclass(frozen=True, slots=True)
class Words:
    """What the signs mean, in the reader's language."""

    recorded: str
    median: str
    narrow: str
    wide: str


def draw_outlook(
    labels: Sequence[str],
    recent: Sequence[int | None],
    months: Sequence[Ahead],
    words: Words,
    *,
    title: str,
    description: str,
    look: Look,
) -> Drawing:
    """`labels` are those of the months of `recent`, and of as many ahead as `months` reach: a box is the narrow range,
    its ends the wide one.
    """
    top = nice_top(max([*(count or 0 for count in recent), *(each.high_90 for each in months)], default=0))
    left = 16.0 + LETTER * len(look.form(top))
    axes = Axes(left, _ABOVE, WIDTH - left - 20.0, _HEIGHT, top, len(labels))
    parts = [*_rules(axes, look), *_names(labels, axes, look), _draw_recorded(labels, recent, axes, words, look)]
    for each in months:
        position = len(recent) + each.ahead - 1
        parts.append(_draw_range(each, axes.x(position, look), axes, f"{labels[position]}, {words.median}", look))
    return Drawing(title, description, "".join(parts), axes.floor + 32, _signs(words))


def _rules(axes: Axes, look: Look) -> list[str]:
    values = [axes.top * tick // 4 for tick in range(5)]
    return [axes.rule(value, look) for value in values] + [
        look.text(look.form(value), look.x(axes.left - 10), axes.y(value) + 4, "end", "tick") for value in values
    ]


def _names(labels: Sequence[str], axes: Axes, look: Look) -> list[str]:
    every = label_step(labels, axes.width)
    return [
        # The first would not fit around its place.
        look.text(label, axes.x(position, look), axes.floor + 20, "middle" if position else "start", "tick")
        for position, label in enumerate(labels)
        if position % every == 0
    ]


def _draw_recorded(labels: Sequence[str], recent: Sequence[int | None], axes: Axes, words: Words, look: Look) -> str:
    path, pen, markers = "", "M", []
    for position, count in enumerate(recent):
        if count is None:
            pen = "M"
            continue
        x, y = axes.x(position, look), axes.y(count)
        path, pen = f"{path}{pen}{x:.1f} {y:.1f}", "L"
        told = escape(f"{labels[position]}, {words.recorded}: {look.form(count)}")
        markers.append(f"<g>{marker(_RECORDED, x, y)}<title>{told}</title></g>")
    return f'<g class="s{_RECORDED}"><path class="line" d="{path}"/>{"".join(markers)}</g>'


def _draw_range(each: Ahead, x: float, axes: Axes, named: str, look: Look) -> str:
    low, under, middle, over, high = (
        axes.y(count) for count in (each.low_90, each.low_50, each.median, each.high_50, each.high_90)
    )
    told = escape(f"{named}: {look.form(each.median)}")
    return f'<g class="s{_AHEAD}">{_box(x, low, under, over, high)}{marker(_AHEAD, x, middle)}<title>{told}</title></g>'


def _box(x: float, low: float, under: float, over: float, high: float) -> str:
    ends = "".join(
        f"M{x:.1f} {start:.1f}V{end:.1f}M{x - _HALF_CAP:.1f} {end:.1f}h{2 * _HALF_CAP}"
        for start, end in ((under, low), (over, high))
    )
    return (
        f'<path class="line" d="{ends}"/><rect class="line" x="{x - _HALF_BOX:.1f}" y="{over:.1f}" '
        f'width="{2 * _HALF_BOX}" height="{under - over:.1f}"/>'
    )


def _signs(words: Words) -> tuple[Sign, ...]:
    return (
        Sign(f'<g class="s{_RECORDED}">{marker(_RECORDED, 10, 7, size=5)}</g>', words.recorded),
        Sign(f'<g class="s{_AHEAD}">{marker(_AHEAD, 10, 7, size=5)}</g>', words.median),
        Sign(f'<g class="s{_AHEAD}"><rect class="line" x="4" y="2" width="12" height="10"/></g>', words.narrow),
        Sign(f'<g class="s{_AHEAD}"><path class="line" d="M10 1V13M6 1h8M6 13h8"/></g>', words.wide),
    )
