"""The search that shows that no name is in a store: it must find each of them, however it got there."""

import base64
import gzip
import json
import sqlite3
from pathlib import Path
from urllib.parse import quote_plus

import brotli
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.leaks import find_leaks

SECRETS = ["Ánima Inventada Quiñones", "Zoé-Noor Le Faux", "شخص مخترع", "Inventiva", "Someone Else"]


def found_in(folder: Path) -> set[str]:
    return {leak.secret for leak in find_leaks(folder, SECRETS)}


@pytest.mark.parametrize("secret", SECRETS[:4])
@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda text: text.encode(), id="utf-8"),
        pytest.param(lambda text: text.encode("utf-16-le"), id="utf-16-le"),
        pytest.param(lambda text: text.encode("utf-16-be"), id="utf-16-be"),
        pytest.param(lambda text: b"\x01" + text.encode("utf-16-le"), id="utf-16 at an odd byte"),
        pytest.param(lambda text: text.upper().encode(), id="capitals"),
        pytest.param(lambda text: text.replace(" ", "\n\t").encode(), id="over two lines"),
        pytest.param(lambda text: text.replace(" ", "_").encode(), id="underscores"),
        pytest.param(lambda text: base64.b64encode(text.encode()), id="base64"),
        pytest.param(lambda text: base64.b64encode(b"x" + text.encode()), id="base64 shifted by one"),
        pytest.param(lambda text: base64.b64encode(b"xy" + text.encode("utf-16-le")), id="base64 of utf-16, shifted"),
        pytest.param(lambda text: base64.urlsafe_b64encode(b"??>" + text.encode()), id="base64 for addresses"),
        pytest.param(lambda text: text.encode().hex().encode(), id="hexadecimal"),
        pytest.param(lambda text: json.dumps({"name": text}).encode(), id="json escapes"),
        pytest.param(lambda text: quote_plus(text).encode(), id="address"),
        pytest.param(lambda text: text.encode("ascii", "xmlcharrefreplace"), id="html escapes"),
        pytest.param(lambda text: gzip.compress(text.encode()), id="gzip"),
    ],
)
def test_a_planted_secret_is_found(tmp_path: Path, write, secret: str) -> None:
    noise = bytes(range(256)) * 40
    planted = write(f" {secret} ")
    content = planted if planted.startswith(b"\x1f\x8b") else noise + planted + noise
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "some.log").write_bytes(content)

    assert found_in(tmp_path) == {secret}


def test_without_accents_it_is_found(tmp_path: Path) -> None:
    (tmp_path / "some.log").write_text("anima inventada quinones, ZOE NOOR LE FAUX")

    assert found_in(tmp_path) == {SECRETS[0], SECRETS[1]}


def test_in_the_name_of_a_file_it_is_found(tmp_path: Path) -> None:
    (tmp_path / "anima-inventada-quinones.pdf").write_bytes(b"")

    assert found_in(tmp_path) == {SECRETS[0]}


def test_in_brotli_and_parquet_it_is_found(tmp_path: Path) -> None:
    (tmp_path / "page.html.br").write_bytes(brotli.compress(SECRETS[0].encode()))
    pq.write_table(pa.table({"note": [SECRETS[1]] * 3}), tmp_path / "cells.parquet", compression="zstd")

    assert found_in(tmp_path) == set(SECRETS[:2])


def test_in_a_database_it_is_found_over_pages_and_in_the_log(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.sqlite3") as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE notes (text TEXT, bytes BLOB)")
        # Somewhere in 40,000 letters a page ends within a name.
        database.execute("INSERT INTO notes VALUES (?, ?)", [f"{SECRETS[0]} " * 2000, SECRETS[1].encode("utf-16")])
        database.commit()
        assert (tmp_path / "a.sqlite3-wal").stat().st_size > 0

        assert found_in(tmp_path) == set(SECRETS[:2])
        assert {leak.place for leak in find_leaks(tmp_path, SECRETS)} >= {"a.sqlite3", "a.sqlite3-wal"}


def test_parts_of_words_and_torn_names_are_not_found(tmp_path: Path) -> None:
    (tmp_path / "some.log").write_text("Inventivamente. Someone thought of something else. Ánima Quiñones Inventada.")

    assert found_in(tmp_path) == set()


def test_random_bytes_hold_no_name(tmp_path: Path) -> None:
    (tmp_path / "sealed").write_bytes(bytes(hash((7, place)) % 251 for place in range(300_000)))

    assert found_in(tmp_path) == set()
