"""Searches a whole store for secrets that went into it: `find_leaks(folder, secrets)`.

What is searched: every byte of every file (the database with its write-ahead log, snapshots, static files, logs), what
gzip, Brotli, ZIP and Parquet files hold, and every value of SQLite databases by itself, because a long text lies
scattered over pages. As UTF-8, UTF-16 in both orders, Base64 and hexadecimal; with JSON, HTML and URL escapes undone.

When a secret counts as found: its words stand there one after the other as whole words, whatever their case and accents
and whatever stands between them. So "Ana  MARÍA" is found in "ana-maria", and "Ana" is not found in "banana".
"""

import base64
import gzip
import html
import re
import sqlite3
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote_plus

import brotli
import pyarrow.parquet as pq
from django.db import connection

# Shorter runs of letters stand in random bytes by the thousand.
_LEAST = 5
_UTF_8 = re.compile(
    rb"(?:[\t\r\n\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}){%d,}" % _LEAST
)
# Latin, Greek, Cyrillic, Arabic: what a unit of UTF-16 looks like in their texts.
_UTF_16_LE = re.compile(rb"(?:[\t\r\n\x20-\x7e\xa0-\xff]\x00|[\x00-\xff][\x01-\x06\x20]){%d,}" % _LEAST, re.DOTALL)
_UTF_16_BE = re.compile(rb"(?:\x00[\t\r\n\x20-\x7e\xa0-\xff]|[\x01-\x06\x20][\x00-\xff]){%d,}" % _LEAST, re.DOTALL)
_BASE_64 = re.compile(rb"[A-Za-z0-9+/_-]{8,}")
_HEXADECIMAL = re.compile(rb"(?:[0-9A-Fa-f]{2}){6,}")
_JSON_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_WORD = re.compile(r"[^\W_]+")
# Accents, and the vowel signs of Arabic.
_COMBINING = re.compile("[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670]+")
# Written with and without a difference.
_ARABIC_LETTERS = (("ى", "ي"), ("ی", "ي"), ("ة", "ه"), ("ک", "ك"), ("ٱ", "ا"), ("ـ", ""))
_SQLITE = b"SQLite format 3\0"
_NO_TEXT = b"\x00\xff\xff\x00\xff"
_BETWEEN = "qxqxbetweenqxqx"

Wanted = Mapping[str, list[tuple[tuple[str, ...], str]]]


@dataclass(frozen=True)
class Leak:
    """A secret that was found, and where."""

    secret: str
    place: str


def find_leaks(folder: Path, secrets: Iterable[str]) -> list[Leak]:
    """Where any of `secrets` stands in the files below `folder`."""
    wanted = _by_first_word(secrets)
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            place = str(path.relative_to(folder))
            names = {*_secrets_in_text(place, wanted), *_secrets_in(_parts_of(path), wanted)}
            found += [Leak(secret, place) for secret in sorted(names)]
    return found


def find_leaks_in_database(secrets: Iterable[str]) -> list[Leak]:
    """Where any of `secrets` stands in the tables of the database of this process, whatever its kind."""
    wanted = _by_first_word(secrets)
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            rows = _NO_TEXT.join(map(_as_bytes, cursor))
            found += [Leak(secret, table) for secret in sorted(set(_secrets_in([rows], wanted)))]
    return found


def _parts_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file, and what it holds in another form."""
    content = path.read_bytes()
    yield content
    if content.startswith(_SQLITE):
        yield from _rows_of(path)
    elif content.startswith(b"\x1f\x8b"):
        yield gzip.decompress(content)
    elif path.suffix == ".br":
        yield brotli.decompress(content)
    elif content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            yield from (archive.read(part) for part in archive.namelist())
    elif content.startswith(b"PAR1"):
        for batch in pq.ParquetFile(path).iter_batches():
            yield str(batch.to_pydict()).encode()


def _rows_of(path: Path) -> Iterator[bytes]:
    with sqlite3.connect(path) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            yield _NO_TEXT.join(map(_as_bytes, database.execute(f'SELECT * FROM "{table}"')))  # noqa: S608


def _as_bytes(row: Iterable[object]) -> bytes:
    values = (bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for value in row)
    # Two values of a row are not one text.
    return _NO_TEXT.join(values)


def _by_first_word(secrets: Iterable[str]) -> Wanted:
    wanted: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for secret in dict.fromkeys(secrets):
        words = tuple(_words(secret))
        if words:
            wanted.setdefault(words[0], []).append((words, secret))
    return wanted


def _secrets_in(parts: Iterable[bytes], wanted: Wanted) -> Iterator[str]:
    texts: dict[str, None] = {}
    for part in parts:
        texts |= dict.fromkeys(_texts_in(part))
        texts |= dict.fromkeys(_texts_in(_NO_TEXT.join(_decoded(part))))
    # Together, with a word between them that nobody is called.
    yield from _secrets_in_text(f" {_BETWEEN} ".join(texts), wanted)


def _decoded(content: bytes) -> Iterator[bytes]:
    """What Base64 and hexadecimal in `content` stand for, each once."""
    for run in set(_BASE_64.findall(content)):
        letters = run.translate(bytes.maketrans(b"-_", b"+/"))
        # The text may begin at any of the four letters of a group.
        for start in range(4):
            whole = letters[start:-1] if len(letters[start:]) % 4 == 1 else letters[start:]
            yield base64.b64decode(whole + b"=" * (-len(whole) % 4))
    for run in set(_HEXADECIMAL.findall(content)):
        yield bytes.fromhex(run.decode())


def _texts_in(content: bytes) -> Iterator[str]:
    for pattern, encoding in ((_UTF_8, "utf-8"), (_UTF_16_LE, "utf-16-le"), (_UTF_16_BE, "utf-16-be")):
        for run in pattern.findall(content):
            yield run.decode(encoding, errors="replace")


def _secrets_in_text(text: str, wanted: Wanted) -> Iterator[str]:
    forms = {text}
    if "\\u" in text:
        forms.add(_JSON_ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text))
    if "&" in text:
        forms.add(html.unescape(text))
    if "%" in text or "+" in text:
        forms.add(unquote_plus(text))
    for form in forms:
        words = _words(form)
        for place, word in enumerate(words):
            for secret_words, secret in wanted.get(word, ()):
                if tuple(words[place : place + len(secret_words)]) == secret_words:
                    yield secret


def _words(text: str) -> list[str]:
    plain = _COMBINING.sub("", unicodedata.normalize("NFKD", text.casefold()))
    for letter, same in _ARABIC_LETTERS:
        plain = plain.replace(letter, same)
    return _WORD.findall(plain)
