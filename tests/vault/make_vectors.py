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


# The name of a file is the format's, then its version.
FILES = {
    "section-1": make_sections,
    "wrapped-key-1": make_wrapped_keys,
    "locked-by-password-1": make_locked_by_password,
    "locked-by-secret-1": make_locked_by_secret,
    "file-1": make_files,
    "receipt-1": make_receipts,
}


def write_vectors(folder: Path = VECTORS) -> None:
    for name, make in FILES.items():
        text = json.dumps(make(), ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_vectors()
