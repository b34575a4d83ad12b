"""Whether a package of a case is whole: every file as its manifest says, none missing, none added. Pure.

Reads the ZIP itself, piece by piece; needs neither Amparo's store nor a key. What it finds by the manifest,
`sha256sum -c manifest-sha256.txt` finds as well in the unpacked folder, save files that were added.
"""

import csv
import hashlib
import json
import re
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from cryptography.x509 import Certificate

from amparo.evidence.custody_chain import BEGIN, CustodyFacts, check_custody
from amparo.evidence.stamping import NotStamped, check_statement

_MANIFESTS = ("manifest-sha256.txt", "tagmanifest-sha256.txt")
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")
_PIECE = 65536
_MOST_LISTED_BYTES = 64 * 1024**2


class NotAPackage(Exception):
    """The file is no package of Amparo's, or a damaged one. `code`: "not-a-zip" or "not-a-bag"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a file of the package: "changed", "missing", "added", "twice", "unsafe-name", "damaged",
    "custody-broken", "stamp-wrong"."""  # fmt: skip

    wrong: str
    name: str


@dataclass(frozen=True, slots=True)
class CheckedPackage:
    """What a check found: how many files there are, how many time stamps hold, and what is wrong."""

    files: int
    stamps: int
    signers_checked: bool
    problems: Sequence[Problem]

    @property
    def whole(self) -> bool:
        return not self.problems


def check_package(path: Path, trusted: Sequence[Certificate] = ()) -> CheckedPackage:
    """Check the package at `path`; time stamps against `trusted` certificates too. Raises `NotAPackage`, OSError."""
    try:
        with zipfile.ZipFile(path) as package:
            return _check(package, trusted)
    except (zipfile.BadZipFile, NotImplementedError):
        raise NotAPackage("not-a-zip") from None


def _check(package: zipfile.ZipFile, trusted: Sequence[Certificate]) -> CheckedPackage:
    names = Counter(each.filename for each in package.infolist() if not each.is_dir())
    if any(name not in names for name in (*_MANIFESTS, "bagit.txt")):
        raise NotAPackage("not-a-bag")
    problems = [Problem("twice", name) for name, times in names.items() if times > 1]
    problems += [Problem("unsafe-name", name) for name in names if _is_unsafe(name)]
    noted: dict[str, str] = {}
    for manifest in _MANIFESTS:
        for line in _text(package, manifest).splitlines():
            said = _LINE.fullmatch(line)
            if said is None:
                problems.append(Problem("damaged", manifest))
                continue
            noted[said[2]] = said[1]
    problems += [Problem("missing", name) for name in sorted(noted.keys() - names.keys())]
    problems += [Problem("added", name) for name in sorted(names.keys() - noted.keys() - {_MANIFESTS[1]})]
    for name in sorted(noted.keys() & names.keys()):
        found = _sha256(package, name)
        if found != noted[name]:
            problems.append(Problem("changed" if found else "damaged", name))
    problems += _check_custody(package, names)
    stamps, wrong = _check_stamps(package, names, noted, trusted)
    return CheckedPackage(len(names), stamps, bool(trusted), problems + wrong)


def _check_custody(package: zipfile.ZipFile, names: Mapping[str, int]) -> list[Problem]:
    name = "data/custody.csv"
    if name not in names:
        return []
    chains: dict[str, list[CustodyFacts]] = {}
    try:
        for row in csv.DictReader(StringIO(_text(package, name).removeprefix("\ufeff"))):
            chains.setdefault(row["piece"], []).append(_entry(row))
    except (KeyError, ValueError, TypeError):
        return [Problem("damaged", name)]
    return [
        Problem("custody-broken", f"{name}: {piece}.{wrong.number}")
        for piece, chain in chains.items()
        for wrong in check_custody(chain)
    ]


def _entry(row: Mapping[str, str]) -> CustodyFacts:
    def digest(column: str) -> bytes | None:
        return bytes.fromhex(row[column]) if row[column] else None

    return CustodyFacts(
        int(row["piece"]),
        int(row["number"]),
        datetime.strptime(row["hour"], "%Y-%m-%dT%H").replace(tzinfo=UTC),
        int(row["person"]) if row["person"] else None,
        row["action"],
        digest("sealed_sha256_before"),
        digest("sealed_sha256_after"),
        json.loads(row["facts"]),
        digest("details_sha256"),
        digest("previous") or BEGIN,
        digest("code") or b"",
    )


def _check_stamps(
    package: zipfile.ZipFile, names: Mapping[str, int], noted: Mapping[str, str], trusted: Sequence[Certificate]
) -> tuple[int, list[Problem]]:
    good, wrong, digests = 0, list[Problem](), set(noted.values())
    originals = _originals(package, names)
    for name in sorted(each for each in names if re.fullmatch(r"data/stamps/\d+-\d+\.tsr", each)):
        statement = name.removesuffix(".tsr") + ".txt"
        try:
            said = _bytes(package, statement)
            check_statement(said, _bytes(package, name), trusted)
            about = next(line.split()[1] for line in said.decode("ascii").splitlines() if line.startswith("sha256 "))
            if about not in digests | originals:
                raise NotStamped("wrong-hash")
            good += 1
        except (NotStamped, KeyError, StopIteration, IndexError, UnicodeDecodeError, zipfile.BadZipFile):
            wrong.append(Problem("stamp-wrong", name))
    return good, wrong


def _originals(package: zipfile.ZipFile, names: Mapping[str, int]) -> set[str]:
    """The hashes of originals of which only the clean copy is in the package."""
    if "data/evidence.json" not in names:
        return set()
    try:
        listed = json.loads(_text(package, "data/evidence.json"))
        return {str(each.get("sha256_of_original", "")) for each in listed["evidence"]}
    except (ValueError, KeyError, TypeError, AttributeError):
        return set()


def _sha256(package: zipfile.ZipFile, name: str) -> str:
    """The hash of a file; "" where it cannot be read to its end."""
    digest = hashlib.sha256()
    try:
        with package.open(name) as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError):
        return ""
    return digest.hexdigest()


def _bytes(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as file:
        return file.read(_MOST_LISTED_BYTES)


def _text(package: zipfile.ZipFile, name: str) -> str:
    try:
        return _bytes(package, name).decode("utf-8", "replace")
    except (zipfile.BadZipFile, EOFError, RuntimeError):
        return "damaged"


def _is_unsafe(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name
