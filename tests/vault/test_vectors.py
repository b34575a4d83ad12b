"""Every shipped vector opens: what an old version sealed, what another program sealed, what is published."""

import io
import json
from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from amparo.vault import chain, keys, seal
from amparo.vault.blind_index import blind_tokens, name_key
from amparo.vault.files import open_stream
from amparo.vault.receipts import open_receipt
from amparo.vault.shares import Share, join_shares, read_share, share_words
from tests.vault import reference
from tests.vault.make_vectors import FILES, write_vectors
from tests.vault.reference import HOLDER, PUBLISHED, VECTORS


def open_section(case: dict[str, Any]) -> None:
    section, key = UUID(case["section"]), bytes.fromhex(case["data_key"])
    assert seal.decrypt_fields(bytes.fromhex(case["ciphertext"]), key, section, case["kind"]) == case["fields"]


def open_wrapped_key(case: dict[str, Any]) -> None:
    wrapped, private = bytes.fromhex(case["wrapped_key"]), bytes.fromhex(case["private_key"])
    assert keys.public_half(private).hex() == case["public_key"]
    assert seal.unwrap_data_key(wrapped, UUID(case["section"]), private).hex() == case["data_key"]


def open_locked_by_password(case: dict[str, Any]) -> None:
    locked = bytes.fromhex(case["locked"])
    assert keys.locked_at(locked) == keys.Argon2Cost(**case["cost"])
    assert keys.unlock_with_password(locked, case["password"]).hex() == case["private_key"]


def open_locked_by_secret(case: dict[str, Any]) -> None:
    secret, context = bytes.fromhex(case["secret"]), bytes.fromhex(case["context"])
    assert keys.unlock_with_secret(bytes.fromhex(case["locked"]), secret, context).hex() == case["private_key"]


def open_file(case: dict[str, Any]) -> None:
    source = io.BytesIO(b64decode(case["sealed_base64"]))
    opened = b"".join(open_stream(source, bytes.fromhex(case["data_key"]), UUID(case["file"]), case["length"]))
    assert opened == (bytes(range(251)) * (case["length"] // 251 + 1))[: case["length"]]


def find_receipt(case: dict[str, Any]) -> None:
    found = open_receipt(case["typed"], bytes.fromhex(case["site_salt"]), keys.Argon2Cost(**case["cost"]))
    assert (found.lookup.hex(), found.secret.hex()) == (case["lookup"], case["secret"])


def read_words(case: dict[str, Any]) -> None:
    identifier = bytes.fromhex(case["set_identifier"])
    read = []
    for share in case["shares"]:
        expected = Share(share["number"], case["needed"], identifier, bytes.fromhex(share["piece"]))
        for language, words in share["words"].items():
            assert read_share(words) == expected
            assert " ".join(share_words(expected, language)) == words
        read.append(expected)
    secret = join_shares(read[-case["needed"] :])
    assert (secret.secret.hex(), secret.key().hex()) == (case["secret"], case["key"])


def check_log_entry(case: dict[str, Any]) -> None:
    at = datetime.fromtimestamp(case["seconds"], UTC)
    columns = {name: case[name] for name in ("number", "actor", "institution", "action", "record", "facts")}
    entry = chain.Entry(at=at, previous=bytes.fromhex(case["previous"]), **columns)
    assert chain.entry_code(entry, bytes.fromhex(case["key"])).hex() == case["code"]


def read_log_head(case: dict[str, Any]) -> None:
    head, key = chain.Head(case["number"], bytes.fromhex(case["code"])), bytes.fromhex(case["key"])
    assert chain.read_head(bytes.fromhex(case["kept"]), key) == head
    assert chain.seal_head(head, key).hex() == case["kept"]


def find_name(case: dict[str, Any]) -> None:
    found = blind_tokens(case["name"], name_key(bytes.fromhex(case["private_key"])))
    assert sorted(token.hex() for token in found) == case["tokens"]


OPENERS = {
    "section-1": open_section,
    "wrapped-key-1": open_wrapped_key,
    "locked-by-password-1": open_locked_by_password,
    "locked-by-secret-1": open_locked_by_secret,
    "file-1": open_file,
    "receipt-1": find_receipt,
    "recovery-share-1": read_words,
    "log-entry-1": check_log_entry,
    "log-head-1": read_log_head,
    "name-token-1": find_name,
}
SHIPPED = sorted(path.stem for path in VECTORS.glob("*.json"))


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_vector_opens(name: str) -> None:
    cases = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))

    assert cases
    for case in cases:
        OPENERS[name](case)


def test_every_format_has_a_shipped_vector() -> None:
    assert set(SHIPPED) == set(OPENERS) == set(FILES)


def test_the_vectors_are_those_that_their_script_writes(tmp_path: Path) -> None:
    write_vectors(tmp_path)

    for name in SHIPPED:
        assert (tmp_path / f"{name}.json").read_text() == (VECTORS / f"{name}.json").read_text(), name


def test_the_private_key_is_the_one_that_x_wing_expands_from_its_seed() -> None:
    assert keys.public_half(HOLDER.private) == HOLDER.public == bytes.fromhex(PUBLISHED["pkRm"])


def test_the_reference_is_the_hpke_of_the_published_vector() -> None:
    """The key schedule by which all our wrapped-key vectors were made gives what is published, to the last byte."""
    published = {name: bytes.fromhex(PUBLISHED[name]) for name in ("shared_secret", "info", "key", "base_nonce")}
    first = {name: bytes.fromhex(value) for name, value in PUBLISHED["encryptions"][0].items()}

    key, nonce = reference.hpke_key_and_nonce(published["shared_secret"], published["info"])

    assert (key, nonce) == (published["key"], published["base_nonce"])
    assert reference.encrypt(key, nonce, first["pt"], first["aad"]) == first["ct"]


def test_what_is_sealed_by_the_published_encapsulation_opens_here() -> None:
    """So the library decapsulates the published `enc` to the published secret: it is X-Wing, and not like it."""
    section = UUID(int=7)

    assert seal.unwrap_data_key(reference.wrapped_key(bytes(range(32)), section), section, HOLDER.private) == bytes(
        range(32)
    )


def test_what_is_sealed_here_opens_elsewhere() -> None:
    key, section = keys.make_secret(), UUID(int=9)
    context = b"amparo/section/1/" + section.bytes + b"/narrative"

    ciphertext = seal.encrypt_fields({"b": "é", "a": [1]}, key, section, "narrative")

    assert ciphertext[:3] == b"AS\x01"
    opened = reference.decrypt(key, ciphertext[3:15], ciphertext[15:], context)
    assert opened == '{"a":[1],"b":"é"}'.encode().ljust(256, b"\0")


def test_a_key_locked_here_opens_elsewhere() -> None:
    private, cost = HOLDER.private, keys.Argon2Cost(memory=64, passes=2, lanes=1)

    locked = keys.lock_with_password(private, "an invented pass phrase", cost)

    assert locked[:10] == bytes.fromhex("01 00000040 00000002 01")
    key = reference.stretch(b"an invented pass phrase", (64, 2, 1), locked[10:26])
    assert reference.decrypt(key, locked[26:38], locked[38:], locked[:26]) == private
    secret = keys.make_secret()
    locked = keys.lock_with_secret(private, secret, b"context")
    assert reference.decrypt(secret, locked[1:13], locked[13:], b"\x02context") == private
