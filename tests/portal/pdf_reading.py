"""The text of a PDF file, read back as a reader's program does: by the character map of each font."""

import io
import re
import unicodedata
from collections.abc import Iterator

import pikepdf


def read_pdf_text(content: bytes) -> str:
    """All text, run by run in the order in which it is drawn, with single spaces.

    A run from right to left is drawn from its end: it is turned round, letter by letter, as readers do.
    """
    with pikepdf.open(io.BytesIO(content)) as document:
        pieces = [piece for page in document.pages for piece in _read_page(page)]
    return " ".join("".join(pieces).split())


def _read_page(page: pikepdf.Page) -> Iterator[str]:
    maps = {name: _read_map(font.ToUnicode.read_bytes().decode()) for name, font in page.Resources.Font.items()}
    current: dict[int, str] = {}
    run: list[str] = []
    for instruction in pikepdf.parse_content_stream(page):
        operator, operands = str(instruction.operator), list(instruction.operands)
        if operator == "Tf":
            current = maps[str(operands[0])]
        elif operator == "Tj":
            run += _decode(bytes(operands[0]), current)
        elif operator == "TJ":
            for part in operands[0]:
                if isinstance(part, pikepdf.String):
                    run += _decode(bytes(part), current)
        elif operator == "ET":
            yield "".join(reversed(run) if any(map(_is_right_to_left, run)) else run) + " "
            run = []


def _decode(codes: bytes, letters: dict[int, str]) -> list[str]:
    return [letters.get(int.from_bytes(codes[at : at + 2]), "") for at in range(0, len(codes), 2)]


def _is_right_to_left(letters: str) -> bool:
    return any(unicodedata.bidirectional(each) in {"R", "AL"} for each in letters)


def _read_map(cmap: str) -> dict[int, str]:
    """The letters of each code of a ToUnicode map (ISO 32000-1, 9.10.3)."""
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, letters in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found[int(code, 16)] = bytes.fromhex(letters).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, letters in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            start = bytes.fromhex(letters).decode("utf-16-be")
            for number, code in enumerate(range(int(first, 16), int(last, 16) + 1)):
                found[code] = start[:-1] + chr(ord(start[-1]) + number)
    return found
