"""What must not be in the repository: addresses of registries, lock files with addresses, paths of somebody's machine.

And what must be: a version and a hash for every package. Run by `./amparo check`.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
_REGISTRIES = re.compile(
    rb"pypi[.]org|pythonhosted[.]org|registry[.]npmjs[.]org|deb[.]debian[.]org|--(?:extra-)?index[-]url|--find[-]links"
)
_MACHINES = re.compile(rb"(?:^|[\s\"'=(:])/(?:work|home/\w+|root)/", re.MULTILINE)
_NOT_TRACKED = re.compile(r"(?:^|/)(?:uv\.lock|poetry\.lock|\.env|.*\.sqlite3|.*\.key)$")
_PINNED = re.compile(r"^[A-Za-z0-9][\w.\[\]-]*==\S+.*\\$")
_HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}")


def problems_in(name: str, content: bytes) -> Iterator[str]:
    """What is wrong with the tracked file `name`."""
    if _NOT_TRACKED.search(name):
        yield f"{name}: does not belong into the repository"
    for pattern, told in (
        (_REGISTRIES, "names a place that packages come from"),
        (_MACHINES, "names a machine's path"),
    ):
        if found := pattern.search(content):
            line = content[: found.start() + 1].count(b"\n") + 1
            yield f"{name}:{line}: {told}: {found[0].decode(errors='replace').strip()}"
    if re.fullmatch(r"requirements/.*\.txt", name):
        yield from _problems_of_requirements(name, content.decode())


def _problems_of_requirements(name: str, content: str) -> Iterator[str]:
    lines = content.splitlines()
    for number, line in enumerate(lines, 1):
        if not line or line.startswith((" ", "#")):
            continue
        if not _PINNED.match(line) or number == len(lines) or not _HASH.match(lines[number]):
            yield f"{name}:{number}: a package without its version and hash"


def main() -> int:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout  # noqa: S607
    names = [name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]
    found = [problem for name in names for problem in problems_in(name, (ROOT / name).read_bytes())]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
