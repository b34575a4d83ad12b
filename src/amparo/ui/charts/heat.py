"""A heat map: the darker, the more. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from amparo.ui.charts.look import LETTER, LINE, WIDTH, Drawing, Look, Series, Sign, broken, label_step
from amparo.ui.world_map import class_breaks, shade_of

MOST_ROWS, MOST_COLUMNS = 20, 36
_CELL = 24.0
# Columns of names too long for their head are lettered, and the key says which is which.
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell's place from the side where reading begins, and its width."""

    left: float
    above: float
    width: float


def plot_heat(
    columns: Sequence[str], rows: Sequence[Series], *, title: str, description: str, look: Look, over_time: bool
) -> Drawing:
    """A row of cells for each of `rows`, a cell for each of `columns`; the count stands in it where it fits.

    `over_time`: the columns follow each other, so that heads may be left out where there is no room.
    """
    width = WIDTH / max(len(columns), 1)
    breaks = class_breaks([value for row in rows for value in row.values if value])
    heads, signs = _heads(columns, width, look, over_time)
    parts = [heads]
    height = LINE + 4.0
    for row in rows:
        # As with bars, the name stands above: long words fit on a narrow screen.
        for line in broken(row.name, WIDTH):
            parts.append(look.text(line, look.x(2), height + 13, "start", "label"))
            height += LINE
        for position, value in enumerate(row.values):
            told = f"{row.name}, {columns[position]}: {look.tell(value)}"
            parts.append(_draw_cell(value, _Cell(position * width, height, width), breaks, told, look))
        height += _CELL + 8
    classes = _class_signs(breaks, look, any(None in row.values for row in rows))
    return Drawing(title, description, "".join(parts), height, (*classes, *signs))


def _heads(columns: Sequence[str], width: float, look: Look, over_time: bool) -> tuple[str, list[Sign]]:
    every = label_step(columns, WIDTH) if over_time else 1
    fits = over_time or all(len(each) * LETTER <= width - 4 for each in columns)
    said = columns if fits else [_LETTERS[n % len(_LETTERS)] * (1 + n // len(_LETTERS)) for n in range(len(columns))]
    drawn = ""
    for n in range(0, len(said), every):
        # The first of several heads left out begins where its cell does: in the middle it would stick out.
        place, anchor = (n * width + 2, "start") if every > 1 else ((n + 0.5) * width, "middle")
        if n and every > 1 and place + LETTER * len(said[n]) > WIDTH:
            continue
        drawn += look.text(said[n], look.x(place), 14, anchor, "tick")
    if fits:
        return drawn, []
    signs = [
        Sign(f'<text class="label" x="10" y="13" text-anchor="middle">{letter}</text>', column)
        for letter, column in zip(said, columns, strict=True)
    ]
    return drawn, signs


def _draw_cell(value: int | None, cell: _Cell, breaks: tuple[int, ...], told: str, look: Look) -> str:
    start = look.x(cell.left + cell.width) if look.rtl else cell.left
    gap = min(1.0, cell.width / 8)
    shade = shade_of(value, breaks) if value else 0
    kind = "not-shown" if value is None else "nothing" if not value else f"c{shade}"
    drawn = (
        f'<rect class="cell {kind}" x="{start + gap:.1f}" y="{cell.above:.1f}" width="{cell.width - 2 * gap:.1f}" '
        f'height="{_CELL:.1f}"><title>{escape(told)}</title></rect>'
    )
    if value is None:
        return drawn + _cross(start + gap, cell.above, cell.width - 2 * gap)
    if LETTER * len(look.form(value)) > cell.width - 2 * gap:
        return drawn
    return drawn + look.text(look.form(value), start + cell.width / 2, cell.above + 17, "middle", f"in-{shade}")


def _cross(x: float, y: float, width: float, height: float = _CELL) -> str:
    return f'<path class="not-shown" d="M{x:.1f} {y + height:.1f}l{width:.1f} {-height:.1f}"/>'


def _class_signs(breaks: tuple[int, ...], look: Look, hidden: bool) -> list[Sign]:
    limits = (1, *breaks)
    signs = []
    for number, low in enumerate(limits, start=1):
        words = f"{look.form(low)}–{look.form(limits[number] - 1)}" if number < len(limits) else f"{look.form(low)}+"
        signs.append(Sign(f'<rect class="cell c{number}" width="20" height="14"/>', words))
    signs.append(Sign('<rect class="cell nothing" x=".5" y=".5" width="19" height="13"/>', look.form(0)))
    if hidden:
        box = '<rect class="cell not-shown" x=".5" y=".5" width="19" height="13"/>'
        signs.append(Sign(box + _cross(0.5, 0.5, 19, 13), look.not_shown))
    return signs
