"""The program in docs/methods.md, as a stranger runs it: on what she downloads, with DuckDB and nothing of ours."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from amparo.portal.recompute.reading import read_figures
from amparo.statistics.models import Release

PAGE = Path(__file__).parents[2] / "docs" / "methods.md"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    section = PAGE.read_text(encoding="utf-8").partition("## Recomputing")[2]
    (found,) = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    path = tmp_path / "recompute.py"
    path.write_text(found, encoding="utf-8")
    return path


@pytest.fixture
def downloaded(release: Release, client: Client, tmp_path: Path) -> Path:
    """A folder with what the release's page offers, by the names that it offers them under."""
    folder = tmp_path / "downloaded"
    folder.mkdir()
    for name in ("manifest.json", "cells.parquet"):
        answer = client.get(f"/en/releases/{release.identifier}/{name}")
        saved = re.search(r'filename="([^"]+)"', answer["Content-Disposition"])
        assert saved
        (folder / saved[1]).write_bytes(b"".join(answer))
    return folder


def run(program: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    # Isolated: neither the checkout nor an environment variable leads to our code.
    given = [sys.executable, "-I", str(program), *map(str, arguments)]
    return subprocess.run(given, capture_output=True, text=True, timeout=120, check=False)


def download_figures(client: Client, page: str, folder: Path) -> list[Path]:
    saved = []
    for figure in read_figures(page, client.get(page).content.decode()):
        for address in figure.links.data:
            if ".csv" in address:
                path = folder / f"{hashlib.sha256(address.encode()).hexdigest()[:8]}.csv"
                path.write_bytes(client.get(address).content)
                saved.append(path)
    return saved


def test_it_works(program: Path, downloaded: Path, release: Release, client: Client, tmp_path: Path) -> None:
    figures = [
        path
        for page in ("/en/", "/en/countries/COL/", "/en/reports/women/", "/en/compare/?dataset=cpj&countries=BRA,MEX")
        for path in download_figures(client, page, tmp_path)
    ]

    answer = run(program, downloaded, "--sha256", release.manifest_sha256, *figures)

    assert (answer.returncode, answer.stderr) == (0, "")
    assert "everything agrees" in answer.stdout
    assert len(figures) > 40


def test_without_figures_it_prints_those_of_the_first_page(program: Path, downloaded: Path, release: Release) -> None:
    answer = run(program, downloaded)

    assert answer.returncode == 0
    assert "year 2010: " in answer.stdout
    assert "country COL: " in answer.stdout


def test_it_finds_a_figure_that_was_changed(
    program: Path, downloaded: Path, client: Client, release: Release, tmp_path: Path
) -> None:
    address = f"/en/releases/{release.identifier}/table.csv?dataset=cpj&rows=sex"
    told = client.get(address).content.decode()
    figure = tmp_path / "figure.csv"
    figure.write_text(re.sub(r"male,Male,(\d+)", "male,Male,7", told), encoding="utf-8")

    answer = run(program, downloaded, figure)

    assert answer.returncode == 1
    assert "shown 7, recomputed" in answer.stdout


def test_it_finds_files_that_were_changed(program: Path, downloaded: Path, release: Release) -> None:
    (manifest,) = downloaded.glob("*manifest.json")
    manifest.write_bytes(manifest.read_bytes() + b"\n")

    answer = run(program, downloaded, "--sha256", release.manifest_sha256)

    assert answer.returncode == 1
    assert "manifest.json is not as it was published" in answer.stdout
