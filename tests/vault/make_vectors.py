"""Writes tests/vault/vectors/*.json from `reference`: fixed keys and nonces, so that every run writes the same bytes.

    python -m tests.vault.make_vectors

A file belongs to one version of one format. What a released version could write must stay readable: files are added,
never changed.
"""

import hashlib
import json
from base64 import b64encode
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.vault import reference
from tests.vault.reference import HOLDER, VECTORS

CHEAP, USUAL = (64, 1, 1), (65536, 3, 4)
WORD_LISTS = Path(__file__).resolve().parents[2] / "src" / "amparo" / "vault" / "words"
WORDS = {name: (WORD_LISTS / f"{name}.txt").read_text(encoding="utf-8").split() for name in ("en", "fr", "es", "ar")}
STORY = "Invented: she was followed home. قيلت باختراع. L’été, à l’orée. Año. "


def fixed(purpose: str, length: int = 32) -> bytes:
    return hashlib.shake_256(b"amparo test vector: " + purpose.encode()).digest(length)


def identifier(purpose: str) -> UUID:
    return UUID(bytes=fixed(purpose, 16), version=4)


def make_sections() -> list[dict[str, Any]]:
    cases = []
    for name, kind, fields in (
        ("empty", "identity", {}),
        ("name", "identity", {"name": "Invented Person", "age": 41, "known": True, "other": None}),
        ("arabic", "contacts", {"الاسم": "شخص مخترع"}),
        ("long", "narrative", {"text": STORY * 150}),
    ):
        key, section, nonce = fixed(f"{name} key"), identifier(name), fixed(f"{name} nonce", 12)
        plain = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        cases.append(
            {
                "fields": fields,
                "section": str(section),
                "kind": kind,
                "data_key": key.hex(),
                "ciphertext": reference.section(plain, key, section, kind, nonce).hex(),
            }
        )
    return cases


def make_wrapped_keys() -> list[dict[str, Any]]:
    key, section = fixed("wrapped key"), identifier("wrapped")
    return [
        {
            "public_key": HOLDER.public.hex(),
            "private_key": HOLDER.private.hex(),
            "section": str(section),
            "data_key": key.hex(),
            "wrapped_key": reference.wrapped_key(key, section).hex(),
        }
    ]


def make_locked_by_password() -> list[dict[str, Any]]:
    return [
        {
            "private_key": HOLDER.private.hex(),
            "password": password,
            "cost": {"memory": cost[0], "passes": cost[1], "lanes": cost[2]},
            "locked": reference.locked_by_password(
                HOLDER.private, password, cost, fixed(f"{password} salt", 16), fixed(f"{password} nonce", 12)
            ).hex(),
        }
        for password, cost in (("an invented pass phrase", CHEAP), ("été عبارة سر", CHEAP), ("usual", USUAL))
    ]


def make_locked_by_secret() -> list[dict[str, Any]]:
    secret, context = fixed("session secret"), b"amparo/session/1/17"
    locked = reference.locked_by_secret(HOLDER.private, secret, context, fixed("session nonce", 12))
    return [
        {
            "private_key": HOLDER.private.hex(),
            "secret": secret.hex(),
            "context": context.hex(),
            "locked": locked.hex(),
        }
    ]


def make_files() -> list[dict[str, Any]]:
    """The plaintext is the bytes 0, 1, … 250, 0, 1, … up to its length: 251 has no common factor with a chunk."""
    cases = []
    for length in (0, 300, 65536, 70000):
        key, file = fixed(f"file key {length}"), identifier(f"file {length}")
        plain = (bytes(range(251)) * (length // 251 + 1))[:length]
        sealed = reference.file(plain, key, file, fixed(f"file salt {length}", 16))
        cases.append(
            {"length": length, "file": str(file), "data_key": key.hex(), "sealed_base64": b64encode(sealed).decode()}
        )
    return cases


def make_receipts() -> list[dict[str, Any]]:
    cases = []
    for typed, digits in (("0000 0000 0000 0000", "0" * 16), ("٠١٢٣ ٤٥٦٧ ٨٩٠١ ٢٣٤٥", "0123456789012345")):
        salt = fixed("site salt")
        lookup, secret = reference.receipt_keys(digits, salt, CHEAP)
        cost = {"memory": CHEAP[0], "passes": CHEAP[1], "lanes": CHEAP[2]}
        case = {"typed": typed, "site_salt": salt.hex(), "cost": cost, "lookup": lookup.hex(), "secret": secret.hex()}
        cases.append(case)
    return cases


def make_shares() -> list[dict[str, Any]]:
    cases = []
    for needed, count in ((2, 2), (3, 5), (8, 8)):
        set_identifier, secret = fixed(f"share set {needed}", 2), fixed(f"share secret {needed}", 16)
        coefficients = [secret, *(fixed(f"share coefficient {needed} {each}", 16) for each in range(1, needed))]
        shares = []
        for number in range(1, count + 1):
            piece = reference.share_of(coefficients, number)
            body = bytes([(needed - 1) << 3 | (number - 1)]) + set_identifier + piece
            code = body + reference.check_bytes(body)
            words = {language: " ".join(WORDS[language][byte] for byte in code) for language in WORDS}
            shares.append({"number": number, "piece": piece.hex(), "words": words})
        cases.append(
            {
                "needed": needed,
                "set_identifier": set_identifier.hex(),
                "secret": secret.hex(),
                "key": reference.recovery_key(secret, set_identifier).hex(),
                "shares": shares,
            }
        )
    return cases


def make_log_entries() -> list[dict[str, Any]]:
    cases, previous, key = [], bytes(32), fixed("log key")
    for number, (actor, institution, action, record, facts) in enumerate(
        (
            (None, "own", "report-received", f"report:{identifier('log')}", {}),
            (7, "own", "file-opened", f"file:{identifier('log file')}", {"sha256": fixed("sha").hex(), "size": 300}),
            (2**40, "", "signed-in", "", {"b": -1, "a": "COL"}),
        ),
        1,
    ):
        columns = {"number": number, "seconds": 1_794_000_000 + 3600 * number, "actor": actor}
        columns |= {"institution": institution, "action": action, "record": record, "facts": facts}
        code = reference.log_entry_code(columns, previous, key)
        cases.append(columns | {"previous": previous.hex(), "key": key.hex(), "code": code.hex()})
        previous = code
    return cases


def make_log_heads() -> list[dict[str, Any]]:
    key = fixed("log key")
    return [
        {"number": number, "code": code.hex(), "key": key.hex(), "kept": reference.log_head(number, code, key).hex()}
        for number, code in ((0, bytes(32)), (2**40, fixed("log code")))
    ]


def make_name_tokens() -> list[dict[str, Any]]:
    key = reference.name_key(HOLDER.private)
    return [
        {
            "private_key": HOLDER.private.hex(),
            "name": name,
            "tokens": sorted(reference.name_token(token, key).hex() for token in tokens),
        }
        for name, tokens in (
            ("Invented Person", ("invented", "person")),
            ("Núñez-Inventado, José", ("jose", "nunez", "inventado")),
            ("أحمد مُختَرَع", ("احمد", "مخترع")),
        )
    ]


# The name of a file is the format's, then its version.
FILES = {
    "section-1": make_sections,
    "wrapped-key-1": make_wrapped_keys,
    "locked-by-password-1": make_locked_by_password,
    "locked-by-secret-1": make_locked_by_secret,
    "file-1": make_files,
    "receipt-1": make_receipts,
    "recovery-share-1": make_shares,
    "log-entry-1": make_log_entries,
    "log-head-1": make_log_heads,
    "name-token-1": make_name_tokens,
}


def write_vectors(folder: Path = VECTORS) -> None:
    for name, make in FILES.items():
        text = json.dumps(make(), ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_vectors()
