"""Who was harmed in which case, and who is said to have done it, as SVG in three columns. Pure.

Three columns rather than a cloud: what is joined to what is read along lines, in an order that a keyboard and a screen
reader follow as well, and the same cases always give the same picture.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

_WIDTH, _ROW, _BOX = 960.0, 34.0, 26.0
_COLUMN, _GAP = 260.0, 90.0
_MOST_LETTERS = 34


@dataclass(frozen=True, slots=True)
class Node:
    """One box: its column (0 harmed, 1 cases, 2 alleged perpetrators), its text, and where its link leads."""

    key: str
    column: int
    text: str
    address: str


def network_chart(
    nodes: Sequence[Node],
    links: Sequence[tuple[str, str]],
    *,
    headings: tuple[str, str, str],
    title: str,
    description: str,
    identifier: str = "network",
    rtl: bool = False,
) -> str:
    """The picture of `nodes` joined by `links` (pairs of keys); "" for none. Links to unknown keys raise KeyError."""
    if not nodes:
        return ""
    columns = _ordered(nodes, links)

    def left_of(column: int) -> float:
        along = column * (_COLUMN + _GAP)
        return _WIDTH - along - _COLUMN if rtl else along

    places: dict[str, tuple[float, float]] = {}
    for number, column in enumerate(columns):
        for row, node in enumerate(column):
            places[node.key] = (left_of(number), _ROW * (row + 1))
    height = _ROW * (max(len(column) for column in columns) + 1) + 4
    lines = "".join(_line(places[one], places[other]) for one, other in dict.fromkeys(links))
    boxes = "".join(_box(node, places[node.key]) for column in columns for node in column)
    heads = "".join(
        f'<text class="head" x="{left_of(number) + _COLUMN / 2:.0f}" y="20" text-anchor="middle">'
        f"{escape(heading)}</text>"
        for number, heading in enumerate(headings)
    )
    return (
        f'<svg class="chart network" viewBox="0 0 {_WIDTH:.0f} {height:.0f}" role="group" '
        f'aria-labelledby="{identifier}-title {identifier}-description">'
        f'<title id="{identifier}-title">{escape(title)}</title>'
        f'<desc id="{identifier}-description">{escape(description)}</desc>{heads}{lines}{boxes}</svg>'
    )


def _ordered(nodes: Sequence[Node], links: Sequence[tuple[str, str]]) -> tuple[list[Node], list[Node], list[Node]]:
    """The columns: cases as they come, the others near the cases that they are joined to (barycentre heuristic of
    K. Sugiyama, S. Tagawa, M. Toda, 1981), so that few lines cross.
    """
    cases = [node for node in nodes if node.column == 1]
    row = {node.key: number for number, node in enumerate(cases)}
    joined: defaultdict[str, list[int]] = defaultdict(list)
    for one, other in links:
        for key, case in ((one, other), (other, one)):
            if case in row:
                joined[key].append(row[case])

    def near(node: Node, rows: Mapping[str, list[int]] = joined) -> float:
        found = rows.get(node.key)
        return sum(found) / len(found) if found else float(len(cases))

    harmed = sorted((node for node in nodes if node.column == 0), key=near)
    acted = sorted((node for node in nodes if node.column == 2), key=near)
    return harmed, cases, acted


def _box(node: Node, place: tuple[float, float]) -> str:
    x, y = place
    text = node.text if len(node.text) <= _MOST_LETTERS else node.text[: _MOST_LETTERS - 1] + "…"
    return (
        f"<a href={quoteattr(node.address)}><title>{escape(node.text)}</title>"
        f'<rect class="node n{node.column}" x="{x:.0f}" y="{y:.0f}" rx="4" width="{_COLUMN:.0f}" height="{_BOX:.0f}"/>'
        f'<text x="{x + _COLUMN / 2:.0f}" y="{y + _BOX / 2 + 5:.0f}" text-anchor="middle" unicode-bidi="isolate">'
        f"{escape(text)}</text></a>"
    )


def _line(one: tuple[float, float], other: tuple[float, float]) -> str:
    left, right = sorted((one, other))
    start, end = left[0] + _COLUMN, right[0]
    y1, y2, bend = left[1] + _BOX / 2, right[1] + _BOX / 2, (end - start) / 2
    return (
        f'<path class="tie" d="M{start:.0f} {y1:.0f}C{start + bend:.0f} {y1:.0f} {end - bend:.0f} {y2:.0f} '
        f'{end:.0f} {y2:.0f}"/>'
    )
