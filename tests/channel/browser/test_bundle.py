"""The bundle in the repository is what its fingerprint says, what pages load, and what its source builds."""

import hashlib
import json
import re
import shutil
import subprocess
from base64 import b64encode
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client
from playwright.sync_api import Page

from amparo.channel.templatetags.sealing import BUNDLE, RECORDED
from tests.channel.reporting import START, WRITE, parsed
from tests.factories import make_channel
from tests.vault.reference import HOLDER

SOURCE = BUNDLE.parents[2] / "browser"
MOST_BYTES_ON_THE_LINE = 45_000


def fingerprint(content: bytes) -> str:
    return "sha384-" + b64encode(hashlib.sha384(content).digest()).decode()


def test_the_recorded_fingerprint_is_that_of_the_bundle() -> None:
    assert RECORDED.read_text() == fingerprint(BUNDLE.read_bytes()) + "\n"


@pytest.mark.django_db
def test_pages_load_exactly_that_bundle_and_show_its_fingerprint(client: Client) -> None:
    recorded = RECORDED.read_text().strip()
    institution = make_channel().institution.code
    form = client.post(WRITE, {"action": "begin", "about": "defender", "institution": institution})

    for page in (client.get(START), form):
        (script,) = parsed(page).xpath("//script")
        assert script.get("integrity") == recorded
        assert script.get("src") == staticfiles_storage.url("channel/seal.js")
    assert recorded in [each.text_content() for each in parsed(form).xpath("//code")]


def test_the_file_that_is_served_is_the_bundle_byte_by_byte() -> None:
    served = Path(staticfiles_storage.path(staticfiles_storage.stored_name("channel/seal.js")))

    assert served.read_bytes() == BUNDLE.read_bytes()


def test_the_bundle_is_light_and_does_nothing_that_the_pages_forbid() -> None:
    bundle = BUNDLE.read_text(encoding="utf-8")

    assert len(brotli.compress(bundle.encode())) < MOST_BYTES_ON_THE_LINE
    forbidden = r"\beval\(|\bFunction\(|\bimport\s*\(|sourceMappingURL|https?://|innerHTML|document\.write"
    assert not re.search(forbidden, bundle)
    assert "localStorage" not in bundle
    assert "indexedDB" not in bundle


def test_every_package_is_pinned_by_its_hash_and_names_no_address() -> None:
    packages = json.loads((SOURCE / "package-lock.json").read_text())["packages"]
    wanted = json.loads((SOURCE / "package.json").read_text())

    for name, package in packages.items():
        if name:
            assert package["integrity"].startswith("sha512-"), name
            assert "resolved" not in package, name
    for versions in (wanted["dependencies"], wanted["devDependencies"]):
        assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values())


def test_every_package_in_the_bundle_has_its_licence_named() -> None:
    packages = json.loads((SOURCE / "package-lock.json").read_text())["packages"]
    listed = (SOURCE / "LICENCES.md").read_text()

    for name, package in packages.items():
        if name and not package.get("dev"):
            short = name.removeprefix("node_modules/")
            assert f"| `{short}` | {package['version']} | {package['license']} |" in listed
            assert short in BUNDLE.read_text(encoding="utf-8")[:2500]


@pytest.mark.rebuild
def test_its_source_builds_the_same_bytes_in_two_clean_folders(tmp_path: Path) -> None:
    """Needs Node 20 or later, npm, and a place that packages come from: `pytest -m rebuild tests/channel/browser`."""
    built = []
    for number in ("one", "two"):
        folder = tmp_path / number
        shutil.copytree(SOURCE, folder / "browser", ignore=shutil.ignore_patterns("node_modules"))
        for command in (["npm", "ci"], ["node", "build.js", str(folder / "built")]):
            subprocess.run(command, cwd=folder / "browser", check=True, capture_output=True)
        built.append({each.name: each.read_bytes() for each in (folder / "built").iterdir()})

    assert built[0] == built[1]
    assert built[0] == {each.name: each.read_bytes() for each in (BUNDLE, RECORDED)}


@pytest.mark.browser
def test_sealing_is_quick_enough_for_an_old_telephone(bundle_page: Page) -> None:
    """Ten times slower than here, a text still seals within seconds, and the page never stands still for long."""
    took = bundle_page.evaluate(
        """async () => {
          const key = amparoSeal.fromHex(PUBLIC_KEY);
          const start = performance.now();
          await amparoSeal.sealSection({ what: "x".repeat(10000) }, "report", [key]);
          const text = performance.now() - start;
          let longest = 0, last = performance.now();
          const ticking = setInterval(() => {
            longest = Math.max(longest, performance.now() - last);
            last = performance.now();
          }, 5);
          const file = new Blob([new Uint8Array(20 * 1024 ** 2)]);
          const before = performance.now();
          await amparoSeal.sealFile(file, amparoSeal.randomBytes(32), amparoSeal.makeIdentifier());
          clearInterval(ticking);
          return { text, file: performance.now() - before, longest };
        }""".replace("PUBLIC_KEY", json.dumps(HOLDER.public.hex()))
    )

    assert took["text"] < 500, took
    assert took["file"] < 20_000, took
    assert took["longest"] < 500, took
