"""Writes vectors/sealed-in-browser-1.json: what the shipped bundle sealed in a real Chromium, with what opens it.

    PYTHONPATH=src python -m tests.channel.browser.make_vectors

A file belongs to one version of the formats. What a released bundle could send must stay readable: files are added,
never changed; a new one is made only for a new version.
"""

import json
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.channel.browser.bundle import open_bundle
from tests.vault.reference import HOLDER

VECTORS = Path(__file__).with_name("vectors") / "sealed-in-browser-1.json"
STORY = "Invented: she was followed home. قيلت باختراع. L’été, à l’orée. 🙈 "
SECTIONS = (
    ("report", {"what": STORY}),
    ("report", {"what": STORY * 120, "acts": ["killing", "threat"], "name": "Invented Person"}),
    ("message", {"text": "شخص مخترع"}),
    ("file", {"name": "invented.jpg", "kind": "", "length": 300, "sha256": "00" * 32}),
)
LENGTHS = (0, 300, 65536, 70000)

SEAL_SECTION = """async ([fields, kind, publicKey]) => {
  const dataKey = amparoSeal.randomBytes(32);
  const { section, ciphertext, wrappedKeys } =
    await amparoSeal.sealSection(fields, kind, [amparoSeal.fromHex(publicKey)], { dataKey });
  const hex = amparoSeal.toHex;
  return { section, data_key: hex(dataKey), ciphertext: hex(ciphertext), wrapped_key: hex(wrappedKeys[0]) };
}"""
SEAL_FILE = """async (length) => {
  const plain = Uint8Array.from({ length }, (_, place) => place % 251);
  const dataKey = amparoSeal.randomBytes(32);
  const file = amparoSeal.makeIdentifier();
  const { sealed, ...facts } = await amparoSeal.sealFile(new Blob([plain]), dataKey, file);
  const bytes = new Uint8Array(await sealed.arrayBuffer());
  return { file, data_key: amparoSeal.toHex(dataKey), sealed_base64: amparoSeal.toBase64(bytes), ...facts };
}"""


def seal_sections(page: Page) -> list[dict[str, Any]]:
    """The sections of this file, sealed anew in the page."""
    return [
        {"kind": kind, "fields": fields, **page.evaluate(SEAL_SECTION, [fields, kind, HOLDER.public.hex()])}
        for kind, fields in SECTIONS
    ]


def seal_files(page: Page) -> list[dict[str, Any]]:
    """The files of this file, sealed anew in the page: the bytes 0, 1, … 250, 0, 1, … up to their lengths."""
    return [page.evaluate(SEAL_FILE, length) for length in LENGTHS]


def write_vectors(chromium: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = open_bundle(browser)
        made = {
            "private_key": HOLDER.private.hex(),
            "sections": seal_sections(page),
            "files": seal_files(page),
        }
        browser.close()
    VECTORS.parent.mkdir(exist_ok=True)
    VECTORS.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_vectors(shutil.which("chromium") or "")
