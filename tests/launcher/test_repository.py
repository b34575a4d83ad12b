"""What lies in the repository: no addresses of registries, no machine's paths, every package with its hash."""

import re
from pathlib import Path

import pytest

from amparo.launch.tracked_files import problems_in
from tests.conftest import APT_LINE

ROOT = Path(__file__).resolve().parents[2]
HASH = f"    --hash=sha256:{'0' * 64}"


def test_it_works() -> None:
    assert list(problems_in("requirements/base.txt", f"invented==1.0 \\\n{HASH}\n".encode())) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("requirements/base.txt", "invented==1.0\n"),
        ("requirements/base.txt", f"invented>=1.0 \\\n{HASH}\n"),
        ("requirements/base.txt", f"--index-{'url'} https://packages.example/simple\n"),
        ("docs/page.md", f"see https://{'pypi'}.org/simple"),
        ("package-lock.json", f'"resolved": "https://registry.{"npmjs"}.org/x"'),
        ("tests/test_x.py", f'open("/{"home"}/somebody/list.csv")'),
        ("uv.lock", ""),
        ("var/amparo.sqlite3", ""),
    ],
)
def test_what_does_not_belong_is_found(name: str, content: str) -> None:
    assert list(problems_in(name, content.encode()))


def test_the_readme_and_ci_install_the_same() -> None:
    packages = APT_LINE.partition("-y ")[2]

    assert APT_LINE in (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"for package in {packages};" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_readme_links_to_what_is_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:]+)\)", text)

    assert len(links) > 8
    assert [link for link in links if not (ROOT / link).exists()] == []
