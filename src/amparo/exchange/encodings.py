"""Which encoding and which delimiter a text file is written in, found out from its bytes. Pure.

A wrong guess does not fail: it turns the letters of names into others, and nobody sees it once they are sealed. So
bytes that are no UTF-8 are read in each encoding that offices write the four languages in, and the reading wins whose
letters stand where such letters stand. charset-normalizer is asked only where none of them does.
"""

import codecs
import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import charset_normalizer

from amparo.exchange.problems import FileRefused

_CHUNK = 262_144
# Enough to tell an encoding by, and little enough to weigh in each of them.
_ENOUGH_TO_WEIGH = 65_536
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Windows, Mac OS and DOS in the Americas and Western Europe, then in the Arab countries. The first of equals wins.
_OFFICE_ENCODINGS = ("cp1252", "mac_roman", "cp850", "cp1256", "iso8859_6")
_LATIN = frozenset("áàâãäåæçéèêëíìîïñóòôõöøœúùûüÿ")
_APOSTROPHES = frozenset("’‘´`")
_MARKS = frozenset("“”„«»–—…¿¡ºª°€•·\u00a0") | _APOSTROPHES
# Arabic letters with their vowel signs, digits, comma, semicolon and question mark.
_ARABIC = frozenset(chr(code) for code in (0x60C, 0x61B, 0x61F, *range(0x621, 0x63B), *range(0x640, 0x653)))
_BLANKS = frozenset("\t\n\r\f\v")
_EAST_ASIAN = frozenset(map(chr, range(0x2E80, 0xD7FF)))
_LEAST_LIKELY = 0.7
_DELIMITERS = ",;\t|"
_RECORDS_WEIGHED = 50


def find_encoding(path: Path) -> str:
    """The encoding of a text file, as a name of Python's codecs. Raises `FileRefused` where there is none."""
    with path.open("rb") as file:
        start = file.read(_CHUNK)
    for mark, encoding in _BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return encoding
    if b"\0" in start:
        return _utf_16_without_mark(start)
    beyond_ascii = _lines_beyond_ascii(path)
    if beyond_ascii is None:
        return "utf-8"
    best = max(_OFFICE_ENCODINGS, key=lambda encoding: likelihood(beyond_ascii, encoding))
    if likelihood(beyond_ascii, best) >= _LEAST_LIKELY:
        return best
    in_utf_8 = [_is_utf_8(line) for line in beyond_ascii.splitlines()]
    if in_utf_8[0]:
        # It begins as UTF-8: whoever reads it so is told where it breaks.
        return "utf-8"
    if sum(in_utf_8) * 10 >= len(in_utf_8):
        # No text of another encoding looks like that by chance: lines of two files were put together.
        raise FileRefused("encoding-not-found")
    guess = charset_normalizer.from_bytes(beyond_ascii).best()
    if guess is None:
        raise FileRefused("encoding-not-found")
    return guess.encoding


def likelihood(text: bytes, encoding: str) -> float:
    """How likely `text` is in `encoding`: the share, at most 1, of its letters beyond ASCII that are at home."""
    try:
        letters = f" {text.decode(encoding)} "
    except UnicodeDecodeError:
        return -1.0
    weights = [
        _weight(letters[place - 1], letter, letters[place + 1])
        for place, letter in enumerate(letters)
        if not letter.isascii()
    ]
    return sum(weights) / len(weights) if weights else 0.0


def find_delimiter(text: str) -> str:
    """The delimiter that cuts the first records of `text` into the same, largest number of cells."""

    def score(delimiter: str) -> tuple[int, int]:
        widths = Counter(_widths(text, delimiter))
        width, times = max(widths.items(), key=lambda item: (item[1], item[0])) if widths else (1, 0)
        return (times, width) if width > 1 else (0, 0)

    return max(_DELIMITERS, key=score)


def _weight(before: str, letter: str, after: str) -> float:
    between_letters = before.isalpha() and after.isalpha()
    if letter in _ARABIC:
        # Scripts do not change within a word.
        return 1.0 if not any(other.isalpha() and other.isascii() for other in (before, after)) else -1.0
    if letter.lower() in _LATIN:
        # "ação" has two in a row; three are another alphabet, read wrongly.
        crowded = between_letters and not before.isascii() and not after.isascii()
        out_of_place = crowded or (letter.isupper() and before.islower()) or {before, after} & _ARABIC
        return -1.0 if out_of_place else 1.0
    if letter in _MARKS:
        # "l’école" has a mark between letters; no word has a dash or a bracket there.
        return 0.8 if letter in _APOSTROPHES or not between_letters else -1.0
    return 0.0 if letter.isalpha() else -1.0


def _lines_beyond_ascii(path: Path) -> bytes | None:
    """Some of what is not ASCII in the file, with what stands around it; None where the whole file is UTF-8."""
    decoder, is_utf_8, found = codecs.getincrementaldecoder("utf-8")(), True, bytearray()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if is_utf_8:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    is_utf_8 = False
            if not chunk.isascii() and len(found) < _ENOUGH_TO_WEIGH:
                found += b"\n".join(line[:_ENOUGH_TO_WEIGH] for line in chunk.splitlines() if not line.isascii())
            if not is_utf_8 and len(found) >= _ENOUGH_TO_WEIGH:
                break
    if is_utf_8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            is_utf_8 = False
    return None if is_utf_8 else bytes(found[:_ENOUGH_TO_WEIGH])


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _utf_16_without_mark(start: bytes) -> str:
    # Digits, delimiters and ends of lines have their NUL on one side only, whatever the script around them.
    high_first, low_first = start[0::2].count(0), start[1::2].count(0)
    likely = "utf-16-be" if high_first > low_first else "utf-16-le"
    even = start[: len(start) // 2 * 2]
    if min(high_first, low_first) * 20 > max(high_first, low_first):
        raise FileRefused("not-text")
    try:
        text = codecs.getincrementaldecoder(likely)().decode(even)
    except UnicodeDecodeError:
        raise FileRefused("not-text") from None
    # A table has ends of lines. Where one NUL strayed into a text, all else of it turns into East Asian letters.
    strange = any(unicodedata.category(each) in {"Cc", "Cn"} or each in _EAST_ASIAN for each in set(text) - _BLANKS)
    if strange or not {"\n", "\r"} & set(text):
        raise FileRefused("not-text")
    return likely


def _widths(text: str, delimiter: str) -> Iterable[int]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    widths = []
    try:
        # One more than is weighed: the last record of a sample may be cut short.
        for record in islice(reader, _RECORDS_WEIGHED + 1):
            if record:
                widths.append(len(record))
    except csv.Error:
        return ()
    return widths[:-1] if len(widths) > 2 else widths
