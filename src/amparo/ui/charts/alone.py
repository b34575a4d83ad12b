"""A chart as a file of its own: title, key, words and source in it, and its style. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from xml.sax.saxutils import escape, quoteattr

from amparo.ui.charts.look import LETTER, LINE, WIDTH, Drawing, Look, Sign

# The light colours of amparo.css; a test holds the two together.
COLOURS = {
    "ground": "#ffffff",
    "ink": "#14242b",
    "quiet": "#47575e",
    "line": "#c3ced2",
    "series-1": "#0b6e79",
    "series-2": "#b45309",
    "series-3": "#6d3fc0",
    "series-4": "#2f7d32",
    "series-5": "#a61e4d",
    "series-6": "#57534e",
    "class-1": "#c9e3e0",
    "class-2": "#8fc7c3",
    "class-3": "#4d9fa0",
    "class-4": "#1f7480",
    "class-5": "#0a4450",
    "no-data": "#e3e3e3",
}
# Narrow letters: the lines are broken for them.
FAMILIES = '"Libertinus Serif", Amiri, "Times New Roman", serif'
MARGIN = 16
# Letters in a line of text as wide as a chart: of the title, and of all else below it.
_TITLE, _SMALL = 44, 68


@dataclass(frozen=True, slots=True)
class Around:
    """What a chart must not be without: what it says, and where it is from. `language` as in BCP 47."""

    words: Sequence[str]
    source: Sequence[str]
    language: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG document, and its size in pixels."""

    svg: str
    width: int
    height: int


def stand_alone(drawing: Drawing, around: Around, look: Look) -> Picture:
    """`drawing`, made with `look.alone`, as an SVG document of its own. Its words are in it as text."""
    parts: list[str] = []
    height = 0.0
    for line in _lines(drawing.title, _TITLE):
        parts.append(look.text(line, look.x(0), height + 17, "start", "title"))
        height += 24
    height += 6
    signs, height = _write_signs(drawing.signs, height, look)
    parts += [signs, f'<g transform="translate(0 {height:.1f})">{drawing.parts}</g>']
    height += drawing.height + 12
    for said, kind in ((around.words, "words"), (around.source, "source")):
        for line in (line for each in said for line in _lines(each, _SMALL)):
            parts.append(look.text(line, look.x(0), height + 13, "start", kind))
            height += LINE
        height += 6
    wide, high = WIDTH + 2 * MARGIN, ceil(height) + 2 * MARGIN
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-MARGIN} {-MARGIN} {wide} {high}" '
        f'width="{2 * wide}" height="{2 * high}" role="img" direction="ltr" lang={quoteattr(around.language)} '
        f'aria-labelledby="title description"><title id="title">{escape(drawing.title)}</title>'
        f'<desc id="description">{escape(" ".join((*around.words, *around.source)))}</desc>'
        f'<style>{_style()}</style><rect class="ground" x="{-MARGIN}" y="{-MARGIN}" width="{wide}" height="{high}"/>'
        f"{''.join(parts)}</svg>"
    )
    return Picture(svg, 2 * wide, 2 * high)


def _write_signs(signs: Sequence[Sign], above: float, look: Look) -> tuple[str, float]:
    """The key, as many signs to a line as there is room for; and where it ends."""
    if not signs:
        return "", above
    parts = []
    along = 0.0
    for sign in signs:
        lines = _lines(sign.words, _SMALL - 8)
        width = 28 + LETTER * 0.86 * max(map(len, lines)) + 14
        if along and along + width > WIDTH:
            along, above = 0.0, above + LINE
        parts.append(f'<g transform="translate({look.x(along + 10) - 10:.1f} {above + 2:.1f})">{sign.drawn}</g>')
        for number, line in enumerate(lines):
            above += LINE if number else 0
            parts.append(look.text(line, look.x(along + 26), above + 14, "start", "label"))
        along += width
    return "".join(parts), above + LINE + 10


def _lines(text: str, letters: int) -> list[str]:
    lines, line = [], ""
    # At plain spaces only: a number stays in one piece.
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > letters:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]


def _style() -> str:
    ink, quiet, rule, ground = (COLOURS[name] for name in ("ink", "quiet", "line", "ground"))
    rules = [
        f"text{{font-family:{FAMILIES};font-size:14px;fill:{ink}}}",
        ".title{font-size:18px;font-weight:700}",
        f".tick,.source{{fill:{quiet}}}",
        ".words,.source{font-size:13px}",
        f".ground{{fill:{ground}}}",
        f".axis{{stroke:{quiet}}}.grid{{stroke:{rule}}}",
        ".line{fill:none;stroke-width:2.5}",
        f".land{{fill:{COLOURS['no-data']}}}.dot{{fill:{COLOURS['class-2']};fill-opacity:.8;"
        f"stroke:{COLOURS['series-1']}}}",
        f".nothing{{fill:{ground};stroke:{rule}}}",
        f".in-4,.in-5{{fill:{ground}}}",
    ]
    for number in range(1, 7):
        colour = COLOURS[f"series-{number}"]
        rules.append(f".s{number} .line{{stroke:{colour}}}.s{number} .marker,.bar.s{number}{{fill:{colour}}}")
        rules.append(f".s{number}.hollow .marker{{fill:{ground};stroke:{colour}}}")
    rules += [f".c{number}{{fill:{COLOURS[f'class-{number}']}}}" for number in range(1, 6)]
    rules += [
        f".hollow .marker{{fill:{ground};stroke:{quiet};stroke-dasharray:2 1.5}}",
        f".not-shown{{fill:{ground};stroke:{quiet};stroke-dasharray:3 3}}",
    ]
    return "".join(rules)
