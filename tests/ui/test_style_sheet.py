"""One sheet for both directions of writing, for light and dark, and light enough for a slow line."""

import re
from itertools import product
from pathlib import Path

import brotli
import pytest

import amparo.ui

SHEET = Path(amparo.ui.__file__).parent / "static" / "ui" / "amparo.css"
# What names a side of the screen instead of a side of the text.
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)(?:-\w+)*"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
    r"|left|right|top|bottom|width|height|(?:min|max)-(?:width|height)|overflow-[xy])\s*:"
    r"|(?:text-align|float|clear|caption-side)\s*:\s*(?:left|right|top|bottom)"
)
TEXTS = ("ink", "quiet", "link")
GROUNDS = ("ground", "raised")


def sheet() -> str:
    return re.sub(r"/\*.*?\*/", "", SHEET.read_text(encoding="utf-8"), flags=re.DOTALL)


def tokens(scheme: str) -> dict[str, str]:
    """The custom properties that a page has in light or dark."""
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#\w{6});", part)) for part in sheet().split("(prefers-color-scheme: dark)")
    )
    return light | dark if scheme == "dark" else light


def brightness(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, WCAG 2.2."""
    dark, light = sorted((brightness(one), brightness(other)))
    return (light + 0.05) / (dark + 0.05)


def test_it_names_sides_of_the_text_and_not_of_the_screen() -> None:
    # A line that scrolls sideways does so in both directions of writing, and browsers know overflow-inline late.
    found = [match.group() for match in PHYSICAL.finditer(sheet()) if match.group() != "overflow-x:"]

    assert found == []


@pytest.mark.parametrize(
    "rule", ["a { margin-left: 1rem }", "a{left:0}", "p { text-align: right }", "i { max-width: 3em }"]
)
def test_that_check_can_fail(rule: str) -> None:
    assert PHYSICAL.search(rule)


@pytest.mark.parametrize(("scheme", "text", "ground"), list(product(["light", "dark"], TEXTS, GROUNDS)))
def test_words_can_be_read(scheme: str, text: str, ground: str) -> None:
    colours = tokens(scheme)

    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize(("scheme", "ground"), list(product(["light", "dark"], ["notice", "invented"])))
def test_notices_can_be_read(scheme: str, ground: str) -> None:
    colours = tokens(scheme)

    assert contrast(colours["ink"], colours[ground]) >= 4.5
    assert contrast(colours["link"], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_button_can_be_read(scheme: str) -> None:
    colours = tokens(scheme)

    assert contrast(colours["ground"], colours["link"]) >= 4.5


@pytest.mark.parametrize(("scheme", "number"), list(product(["light", "dark"], range(1, 7))))
def test_lines_and_bars_stand_out(scheme: str, number: int) -> None:
    colours = tokens(scheme)

    assert contrast(colours[f"series-{number}"], colours["ground"]) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_where_the_keyboard_is_can_be_seen(scheme: str) -> None:
    colours = tokens(scheme)

    assert all(contrast(colours["focus"], colours[ground]) >= 3 for ground in GROUNDS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_classes_of_the_map_are_steps_in_one_direction(scheme: str) -> None:
    colours = tokens(scheme)

    steps = [brightness(colours[f"class-{number}"]) for number in range(1, 6)]

    assert steps in (sorted(steps), sorted(steps, reverse=True))
    assert all(contrast(colours[f"class-{n}"], colours[f"class-{n + 1}"]) >= 1.25 for n in range(1, 5))


@pytest.mark.parametrize("hidden", ["none", "0"])
def test_the_ring_of_the_focus_is_never_taken_away_from_links_and_fields(hidden: str) -> None:
    bare = [rule.strip() for rule in re.findall(rf"([^{{}}]+){{[^{{}}]*outline:\s*{hidden}\b", sheet())]

    # The content itself takes the focus after the skip link; a shape on the map is outlined along its border.
    assert set(bare) <= {"main:focus", ".map a:focus-visible > *, .map a:hover > *"}


def test_it_follows_the_readers_settings() -> None:
    text = sheet()

    for query in ("prefers-color-scheme: dark", "prefers-reduced-motion: reduce", "@media print"):
        assert query in text


def test_it_brings_no_font_and_nothing_from_elsewhere() -> None:
    assert "@font-face" not in sheet()
    assert "@import" not in sheet()
    assert set(re.findall(r"url\(([^)]*)\)", sheet())) <= {"#hatch", "#dots"}


def test_it_is_light() -> None:
    assert len(brotli.compress(SHEET.read_bytes())) < 12_000
