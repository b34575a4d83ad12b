"""What the browser sealed opens in Python and the reverse, from shipped vectors; one flipped bit is refused by both."""

import io
import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page

from amparo.vault import seal
from amparo.vault.files import open_stream
from amparo.vault.keys import UnknownFormat, WrongSecret
from amparo.vault.padding import padded_length
from tests.channel.browser.make_vectors import VECTORS as SEALED_IN_BROWSER
from tests.channel.browser.make_vectors import seal_files, seal_sections
from tests.vault.reference import HOLDER, PUBLISHED
from tests.vault.reference import VECTORS as VAULT_VECTORS

SHIPPED: dict[str, Any] = json.loads(SEALED_IN_BROWSER.read_text(encoding="utf-8"))
DECRYPT_FIELDS = """async ([ciphertext, key, section, kind]) => {
  const { decryptFields, fromHex } = amparoSeal;
  return decryptFields(fromHex(ciphertext), fromHex(key), section, kind).catch(() => null);
}"""
UNWRAP_KEY = """async ([wrapped, section, seed]) => {
  const { unwrapDataKey, fromHex, toHex } = amparoSeal;
  return unwrapDataKey(fromHex(wrapped), section, fromHex(seed)).then(toHex).catch(() => null);
}"""
OPEN_FILE = """async ([sealed, key, file, length]) => {
  const { openFile, fromBase64, fromHex, toBase64 } = amparoSeal;
  return openFile(fromBase64(sealed), fromHex(key), file, length).then(toBase64).catch(() => null);
}"""


def vault_vectors(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((VAULT_VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def plain_bytes(length: int) -> bytes:
    return (bytes(range(251)) * (length // 251 + 1))[:length]


def flipped(sealed: bytes) -> Iterator[bytes]:
    """`sealed` with one bit changed: each bit of its first 32 bytes, and one in every place of some more."""
    places = [*range(min(32, len(sealed))), *range(32, len(sealed), max(len(sealed) // 40, 1)), len(sealed) - 1]
    for place in places:
        changed = bytearray(sealed)
        changed[place] ^= 1 << (place % 8)
        yield bytes(changed)


def open_in_python(case: dict[str, Any], ciphertext: bytes, wrapped_key: bytes) -> dict[str, object]:
    sealed = seal.Sealed(ciphertext, wrapped_key)
    return seal.open_section(sealed, UUID(case["section"]), case["kind"], HOLDER.private)


def open_file_in_python(case: dict[str, Any], sealed: bytes) -> bytes:
    key, file = bytes.fromhex(case["data_key"]), UUID(case["file"])
    return b"".join(open_stream(io.BytesIO(sealed), key, file, case["length"]))


def check_sections(sections: list[dict[str, Any]]) -> None:
    assert sections
    for case in sections:
        ciphertext, wrapped = bytes.fromhex(case["ciphertext"]), bytes.fromhex(case["wrapped_key"])
        seal.check_formats(ciphertext, wrapped)
        assert open_in_python(case, ciphertext, wrapped) == case["fields"]
        assert seal.unwrap_data_key(wrapped, UUID(case["section"]), HOLDER.private).hex() == case["data_key"]


def check_files(files: list[dict[str, Any]]) -> None:
    assert files
    for case in files:
        assert open_file_in_python(case, b64decode(case["sealed_base64"])) == plain_bytes(case["length"])


def test_what_a_browser_sealed_once_opens_in_python() -> None:
    check_sections(SHIPPED["sections"])
    check_files(SHIPPED["files"])


@pytest.mark.browser
def test_what_this_bundle_seals_now_opens_in_python(bundle_page: Page) -> None:
    check_sections(seal_sections(bundle_page))
    check_files(seal_files(bundle_page))


def test_a_flipped_bit_of_what_a_browser_sealed_is_refused_in_python() -> None:
    for case in SHIPPED["sections"]:
        ciphertext, wrapped = bytes.fromhex(case["ciphertext"]), bytes.fromhex(case["wrapped_key"])
        for changed in flipped(ciphertext):
            with pytest.raises((WrongSecret, UnknownFormat)):
                open_in_python(case, changed, wrapped)
        for changed in flipped(wrapped):
            with pytest.raises((WrongSecret, UnknownFormat)):
                open_in_python(case, ciphertext, changed)
    for case in SHIPPED["files"]:
        for changed in flipped(b64decode(case["sealed_base64"])):
            with pytest.raises((WrongSecret, UnknownFormat)):
                open_file_in_python(case, changed)


@pytest.mark.browser
def test_what_python_sealed_opens_in_a_browser(bundle_page: Page) -> None:
    for case in vault_vectors("section-1"):
        asked = [case["ciphertext"], case["data_key"], case["section"], case["kind"]]
        assert bundle_page.evaluate(DECRYPT_FIELDS, asked) == case["fields"]
    for case in vault_vectors("wrapped-key-1"):
        asked = [case["wrapped_key"], case["section"], PUBLISHED["skRm"]]
        assert bundle_page.evaluate(UNWRAP_KEY, asked) == case["data_key"]
    for case in vault_vectors("file-1"):
        asked = [case["sealed_base64"], case["data_key"], case["file"], case["length"]]
        assert b64decode(bundle_page.evaluate(OPEN_FILE, asked)) == plain_bytes(case["length"])


@pytest.mark.browser
def test_a_flipped_bit_of_what_python_sealed_is_refused_in_a_browser(bundle_page: Page) -> None:
    for case in vault_vectors("section-1"):
        for changed in flipped(bytes.fromhex(case["ciphertext"])):
            asked = [changed.hex(), case["data_key"], case["section"], case["kind"]]
            assert bundle_page.evaluate(DECRYPT_FIELDS, asked) is None
    for case in vault_vectors("wrapped-key-1"):
        for changed in flipped(bytes.fromhex(case["wrapped_key"])):
            assert bundle_page.evaluate(UNWRAP_KEY, [changed.hex(), case["section"], PUBLISHED["skRm"]]) is None


@pytest.mark.browser
def test_a_file_that_was_cut_or_is_another_one_is_refused_in_a_browser(bundle_page: Page) -> None:
    for case in vault_vectors("file-1"):
        sealed = b64decode(case["sealed_base64"])
        others = [sealed[:-1], sealed + b"\0", sealed[: 19 + 65552], *list(flipped(sealed))[::8]]
        for changed in others:
            if changed != sealed:
                asked = [b64encode(changed).decode(), case["data_key"], case["file"], case["length"]]
                assert bundle_page.evaluate(OPEN_FILE, asked) is None
        other = str(UUID(int=7, version=4))
        assert bundle_page.evaluate(OPEN_FILE, [case["sealed_base64"], case["data_key"], other, case["length"]]) is None


@pytest.mark.browser
def test_padding_is_the_same_for_every_length(bundle_page: Page) -> None:
    for length in [*range(0, 3000, 7), 2**16 - 1, 2**16, 2**16 + 1, 10**6 + 3]:
        sealed = bundle_page.evaluate(
            """async (length) => (await amparoSeal.encryptFields({ what: "x".repeat(length) },
                amparoSeal.randomBytes(32), amparoSeal.makeIdentifier(), "report")).length""",
            length,
        )
        assert sealed == 3 + 12 + padded_length(length + len('{"what":""}')) + 16
