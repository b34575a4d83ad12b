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
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote_plus

import brotli
import pyarrow.parquet as pq
from django.db import connection

from amparo.vocabularies.folding import fold

_LEAST = 4
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
_SQLITE = b"SQLite format 3\0"


@dataclass(frozen=True)
class Leak:
    """A secret that was found, and where."""

    secret: str
    place: str


def find_leaks(folder: Path, secrets: Iterable[str]) -> list[Leak]:
    """Where any of `secrets` stands in the files below `folder`."""
    wanted = _by_first_word(secrets)
    found: dict[Leak, None] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            place = str(path.relative_to(folder))
            names = _secrets_in_text(place, wanted)
            for secret in (*names, *(each for part in _parts_of(path) for each in _secrets_in(part, wanted))):
                found[Leak(secret, place)] = None
    return list(found)


def find_leaks_in_database(secrets: Iterable[str]) -> list[Leak]:
    """Where any of `secrets` stands in the tables of the database of this process, whatever its kind."""
    wanted = _by_first_word(secrets)
    found: dict[Leak, None] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            for row in cursor.fetchall():
                for secret in _secrets_in(_as_bytes(row), wanted):
                    found[Leak(secret, table)] = None
    return list(found)


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
            for row in database.execute(f'SELECT * FROM "{table}"'):  # noqa: S608
                yield _as_bytes(row)


def _as_bytes(row: Iterable[object]) -> bytes:
    values = (bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for value in row)
    # Two values of a row are not one text.
    return b"\n\x00\x00\n".join(values)


def _by_first_word(secrets: Iterable[str]) -> Mapping[str, list[tuple[tuple[str, ...], str]]]:
    wanted: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for secret in dict.fromkeys(secrets):
        words = tuple(_WORD.findall(fold(secret)))
        if words:
            wanted.setdefault(words[0], []).append((words, secret))
    return wanted


def _secrets_in(content: bytes, wanted: Mapping[str, list[tuple[tuple[str, ...], str]]]) -> Iterator[str]:
    yield from _secrets_in_plain(content, wanted)
    for run in _BASE_64.findall(content):
        # The text may begin at any of the four letters of a group.
        for start in range(4):
            letters = run[start:].translate(bytes.maketrans(b"-_", b"+/"))
            letters = letters[:-1] if len(letters) % 4 == 1 else letters
            yield from _secrets_in_plain(base64.b64decode(letters + b"=" * (-len(letters) % 4)), wanted)
    for run in _HEXADECIMAL.findall(content):
        yield from _secrets_in_plain(bytes.fromhex(run.decode()), wanted)


def _secrets_in_plain(content: bytes, wanted: Mapping[str, list[tuple[tuple[str, ...], str]]]) -> Iterator[str]:
    for pattern, encoding in ((_UTF_8, "utf-8"), (_UTF_16_LE, "utf-16-le"), (_UTF_16_BE, "utf-16-be")):
        for run in pattern.findall(content):
            yield from _secrets_in_text(run.decode(encoding, errors="replace"), wanted)


def _secrets_in_text(text: str, wanted: Mapping[str, list[tuple[tuple[str, ...], str]]]) -> Iterator[str]:
    forms = {text}
    if "\\u" in text:
        forms.add(_JSON_ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text))
    if "&" in text:
        forms.add(html.unescape(text))
    if "%" in text or "+" in text:
        forms.add(unquote_plus(text))
    for form in forms:
        # Without the cache of `fold`: whole files go through here.
        words = _WORD.findall(fold.__wrapped__(form))
        for place, word in enumerate(words):
            for secret_words, secret in wanted.get(word, ()):
                if tuple(words[place : place + len(secret_words)]) == secret_words:
                    yield secret
