"""Charts as files: SVG that stands alone, and the same as PNG."""

from functools import lru_cache

import fontpkg  # type: ignore[import-untyped]
import typst
from django.utils.translation import get_language

from amparo.portal.charting.drawing import Years, make_drawing, read_look
from amparo.statistics.releases import PublishedTable
from amparo.ui.charts.alone import Around, Picture, stand_alone

# Of a PNG, in pixels.
PNG_WIDTH, HIGHEST = 1200, 6000
_PAGE = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.chart), format: "svg", width: 100pt)
"""


def draw_alone(
    table: PublishedTable,
    kind: str,
    title: str,
    *,
    words: tuple[str, ...],
    source: tuple[str, ...],
    compared: Years | None = None,
) -> Picture | None:
    """The chart of `table` as an SVG document with its title, words and source; None where there is nothing to draw."""
    look = read_look(alone=True)
    drawing = make_drawing(table, kind, title, look, compared)
    return stand_alone(drawing, Around(words, source, get_language() or "en"), look) if drawing else None


def to_png(picture: Picture) -> bytes:
    """A picture as PNG. Nothing is written to a disk, and nothing read but the fonts."""
    pixels = min(PNG_WIDTH, HIGHEST * picture.width / picture.height)
    # The page of 100 points is as wide as the picture.
    compiler = typst.Compiler(_PAGE, font_paths=_fonts(), sys_inputs={"chart": picture.svg})
    png = compiler.compile(format="png", ppi=0.72 * pixels)
    if not isinstance(png, bytes):
        raise TypeError("A chart has one page.")
    return png


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    # Those of the machine are left out: the same figures give the same picture everywhere.
    return typst.Fonts(include_system_fonts=False, font_paths=[str(fontpkg.path("Amiri").parent)])
