"""The package of a case: read back, verified without Amparo, and every harm to it found."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pyrage
import pytest
from click.testing import CliRunner
from django.urls import reverse
from pytest_django.fixtures import Settings

from amparo.evidence.commands import verify_package
from amparo.evidence.package_check import check_package
from amparo.evidence.time_stamps import fetch_time_stamp
from amparo.vault import services as vault
from amparo.vault.agreeing import today
from amparo.vault.models import LogEntry
from tests.channel.triage.conftest import Desk, close_keys, make_desk
from tests.evidence.authority import make_authority, serving
from tests.evidence.making import NAME, PHOTO, SHOWS, added, flip_a_bit, place
from tests.factories import make_incident, make_institution

pytestmark = pytest.mark.django_db
PERSON, STORY = "Invented Person Twelve", "An invented story."


def ask(desk: Desk, incident: object, **said: str) -> object:
    return desk.client.post(reverse("case-package", args=[incident.pk]), {"which": "originals"} | said)


def fetch(desk: Desk, incident: object, folder: Path, **said: str) -> Path:
    answer = ask(desk, incident, **said)
    assert answer.status_code == 200, answer.content.decode()
    path = folder / "case.zip"
    path.write_bytes(b"".join(answer.streaming_content))
    return path


def unpack(path: Path) -> Path:
    folder = path.with_suffix("")
    with zipfile.ZipFile(path) as package:
        package.extractall(folder)
    return folder


def sha256sum(folder: Path, manifest: str = "manifest-sha256.txt") -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(["sha256sum", "-c", manifest], cwd=folder, capture_output=True, check=False)


def test_it_works(desk: Desk, tmp_path: Path) -> None:
    evidence = added(desk)

    path = fetch(desk, evidence.incident, tmp_path)

    folder = unpack(path)
    assert (folder / "data/files/0001.jpg").read_bytes() == PHOTO
    case = (folder / "data/case.html").read_text()
    for each in (PERSON, STORY, SHOWS):
        assert each in case
    assert json.loads((folder / "data/case.json").read_text())["case"] == evidence.incident_id
    assert sha256sum(folder).returncode == 0
    assert sha256sum(folder, "tagmanifest-sha256.txt").returncode == 0
    checked = check_package(path)
    assert checked.whole, checked.problems
    assert evidence.custody.filter(action="exported").exists()
    assert LogEntry.objects.get(action="package-exported").facts == {"files": 1, "left-out": 0, "which": "original"}


def test_names_in_it_are_numbers(desk: Desk, tmp_path: Path) -> None:
    path = fetch(desk, added(desk).incident, tmp_path)

    with zipfile.ZipFile(path) as package:
        names = package.namelist()
    assert not any(each in str(names) for each in (NAME, "Invented", "inventada"))


def test_time_stamps_are_verified_by_openssl_alone(desk: Desk, tmp_path: Path, settings: Settings) -> None:
    with serving(make_authority(tmp_path / "authority")) as authority:
        settings.TSA_URL, settings.TSA_CA = authority.url, authority.ca
        evidence = added(desk)
        stamp = evidence.time_stamps.get()
        fetch_time_stamp.func(stamp.pk)
    path = fetch(desk, evidence.incident, tmp_path)

    name = f"data/stamps/0001-{stamp.pk}"
    line = ["openssl", "ts", "-verify", "-data", f"{name}.txt", "-in", f"{name}.tsr"]
    said = subprocess.run(
        [*line, "-CAfile", "data/stamps/authority.pem"], cwd=unpack(path), capture_output=True, check=False
    )
    assert said.returncode == 0, said.stderr
    told = CliRunner().invoke(verify_package, [str(path), "--ca", str(authority.ca), "--json"])
    assert (told.exit_code, json.loads(told.stdout)["stamps"]) == (0, 1)
    other = make_authority(tmp_path / "other")
    assert CliRunner().invoke(verify_package, [str(path), "--ca", str(other.ca)]).exit_code == 1


def rewrite(path: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    with zipfile.ZipFile(path) as package:
        files = {name: package.read(name) for name in package.namelist()}
    change(files)
    with zipfile.ZipFile(path, "w") as package:
        for name, content in files.items():
            package.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("harm", "wrong", "name"),
    [
        (lambda files: files.update({"data/files/0001.jpg": PHOTO[:-1] + b"x"}), "changed", "data/files/0001.jpg"),
        (lambda files: files.pop("data/files/0001.jpg"), "missing", "data/files/0001.jpg"),
        (lambda files: files.update({"data/files/0002.jpg": PHOTO}), "added", "data/files/0002.jpg"),
        (lambda files: files.update({"README.txt": b"Trust me."}), "changed", "README.txt"),
        (lambda files: files.update({"../out.txt": b"x"}), "unsafe-name", "../out.txt"),
        (lambda files: files.update({"manifest-sha256.txt": b"nonsense\n"}), "damaged", "manifest-sha256.txt"),
    ],
)
def test_what_was_changed_missing_or_added_is_named(
    desk: Desk, tmp_path: Path, harm: Callable[[dict[str, bytes]], object], wrong: str, name: str
) -> None:
    path = rewrite(fetch(desk, added(desk).incident, tmp_path), harm)

    told = CliRunner().invoke(verify_package, [str(path), "--json"])

    assert told.exit_code == 1
    assert {"wrong": wrong, "name": name} in json.loads(told.stdout)["problems"]


@pytest.mark.parametrize("kept", [0.5, 0.99])
def test_a_package_that_was_cut_off_is_none(desk: Desk, tmp_path: Path, kept: float) -> None:
    path = fetch(desk, added(desk).incident, tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])

    told = CliRunner().invoke(verify_package, [str(path)])

    assert told.exit_code == 1
    assert "no package of a case, or it was cut off" in told.output


def test_a_damaged_file_is_left_out_and_named(desk: Desk, tmp_path: Path) -> None:
    evidence = added(desk)
    added(desk, evidence.incident, ("two.txt", b"Invented two."))
    flip_a_bit(place(evidence))

    folder = unpack(fetch(desk, evidence.incident, tmp_path))

    listed = json.loads((folder / "data/evidence.json").read_text())
    assert [each["reason"] for each in listed["left_out"]] == ["changed"]
    assert [each["file"] for each in listed["evidence"]] == ["data/files/0002.txt"]


def test_a_file_that_goes_while_it_is_sent_leaves_no_whole_package(desk: Desk, tmp_path: Path) -> None:
    evidence = added(desk)
    answer = ask(desk, evidence.incident)
    place(evidence).unlink()

    written = BytesIO()
    with pytest.raises(FileNotFoundError):
        written.writelines(answer.streaming_content)
    (tmp_path / "cut.zip").write_bytes(written.getvalue())
    assert CliRunner().invoke(verify_package, [str(tmp_path / "cut.zip")]).exit_code == 1


def test_a_recipient_gets_only_what_a_consent_lets_leave(desk: Desk, tmp_path: Path) -> None:
    evidence = added(desk)
    added(desk, evidence.incident, ("two.txt", b"Invented two."))
    sections = [evidence.file.section, evidence.incident.section]
    vault.give_consent(sections, "special-procedures", "documentation", "in-person", "en", today())

    to = {"recipient": "special-procedures", "purpose": "documentation"}
    path = fetch(desk, evidence.incident, tmp_path, which="copies", **to)

    folder = unpack(path)
    assert check_package(path).whole
    everything = b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file())
    assert STORY.encode() in everything
    for kept in (PERSON, SHOWS, "Invented two.", "Invented Camera"):
        assert kept.encode() not in everything
    assert not (folder / "data/log.jsonl").exists()
    assert [each["reason"] for each in json.loads((folder / "data/evidence.json").read_text())["left_out"]] == [
        "no-consent"
    ]


def test_without_any_consent_a_recipient_gets_coded_facts_only(desk: Desk, tmp_path: Path) -> None:
    evidence = added(desk)

    folder = unpack(fetch(desk, evidence.incident, tmp_path, recipient="public", purpose="publication-with-name"))

    everything = b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file())
    for kept in (PERSON, STORY, SHOWS):
        assert kept.encode() not in everything
    assert not (folder / "data/files").exists()


def test_a_recipient_needs_a_purpose(desk: Desk) -> None:
    answer = ask(desk, added(desk).incident, recipient="public")

    assert answer.status_code == 422
    assert "Say for what it is given" in answer.content.decode()


def test_encrypted_to_an_age_key_it_opens_with_that_key_only(desk: Desk, tmp_path: Path) -> None:
    evidence = added(desk)
    key = pyrage.x25519.Identity.generate()

    path = fetch(desk, evidence.incident, tmp_path, age_key=str(key.to_public()))

    assert PHOTO not in path.read_bytes()
    path.write_bytes(pyrage.decrypt(path.read_bytes(), [key]))
    assert check_package(path).whole


def test_a_bad_age_key_is_said_at_its_field(desk: Desk) -> None:
    answer = ask(desk, added(desk).incident, age_key="age1nonsense")

    assert answer.status_code == 422
    assert "An age key begins with age1" in answer.content.decode()


def test_with_closed_keys_and_for_others_there_is_none(desk: Desk) -> None:
    evidence = added(desk)
    stranger = make_desk(make_institution())
    analyst = make_desk(desk.founded, role="analyst")
    close_keys(desk)

    assert ask(desk, evidence.incident).status_code == 422
    assert ask(stranger, evidence.incident).status_code == 404
    assert ask(analyst, evidence.incident).status_code == 403


def test_a_case_without_evidence_makes_a_whole_package(desk: Desk, tmp_path: Path) -> None:
    assert check_package(fetch(desk, make_incident(desk.founded), tmp_path)).whole


def test_the_command_stands_in_the_list_and_needs_no_store(tmp_path: Path) -> None:
    (tmp_path / "none.zip").write_bytes(b"none")

    said = subprocess.run(
        [sys.executable, "-m", "amparo", "verify-package", str(tmp_path / "none.zip")],
        env={"PYTHONPATH": "src", "AMPARO_DATA_DIR": str(tmp_path / "store"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        check=False,
    )

    assert said.returncode == 1
    assert b"no package" in said.stderr
