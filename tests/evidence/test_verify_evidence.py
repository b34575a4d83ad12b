"""Verifying a piece of evidence, and its chain of custody."""

import csv
import hashlib
from io import StringIO

import pytest

from amparo.evidence.models import CustodyEntry
from tests.channel.triage.conftest import Desk, close_keys
from tests.evidence.making import added, address, evidence_from_report, flip_a_bit, place

pytestmark = pytest.mark.django_db


def verify(desk: Desk, evidence: object) -> str:
    return desk.client.post(address("case-evidence-verify", evidence), follow=True).content.decode()


def test_it_works(desk: Desk) -> None:
    evidence = added(desk)

    assert "Whole: bit for bit the file that came." in verify(desk, evidence)
    entry = evidence.custody.get(action="verified")
    assert (entry.number, entry.facts["result"]) == (3, "whole")
    assert bytes(entry.sealed_before) == bytes(entry.sealed_after)


@pytest.mark.parametrize("at", [5, 2000, -1])
def test_one_bit_changed_on_the_disk_is_found_and_stays_said(desk: Desk, at: int) -> None:
    evidence = added(desk)
    flip_a_bit(place(evidence), at)

    told = verify(desk, evidence)

    assert "Changed: what lies on the disk is not what was sealed." in told
    assert "Changed:" in desk.client.get(address("case-evidence-piece", evidence)).content.decode()


def test_a_file_that_is_gone_is_said_to_be(desk: Desk) -> None:
    evidence = added(desk)
    place(evidence).unlink()

    assert "Missing: the file is not on the disk any more." in verify(desk, evidence)


def test_a_file_of_a_report_begins_its_chain_when_it_is_first_touched(desk: Desk) -> None:
    evidence = evidence_from_report(desk.founded)

    verify(desk, evidence)

    assert list(evidence.custody.values_list("action", flat=True)) == ["taken-over", "verified"]


def test_with_closed_keys_nothing_is_verified(desk: Desk) -> None:
    evidence = added(desk)
    close_keys(desk)

    assert "your keys are closed" in verify(desk, evidence)
    assert not evidence.custody.filter(action="verified").exists()


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda chain: chain.filter(number=2).update(actor=99), "Entry 2 was changed"),
        (lambda chain: chain.filter(number=2).delete(), "Entry 2 is missing"),
        (lambda chain: chain.filter(number=3).delete(), "Entry 3 is missing"),
    ],
)
def test_a_chain_that_was_changed_is_found(desk: Desk, harm: object, told: str) -> None:
    evidence = added(desk)
    verify(desk, evidence)

    harm(CustodyEntry.objects.filter(evidence=evidence))

    assert told in desk.client.get(address("case-evidence-piece", evidence)).content.decode()


def test_anybody_can_compute_the_codes_of_the_table(desk: Desk) -> None:
    evidence = added(desk)
    verify(desk, evidence)

    table = desk.client.get(address("case-evidence-custody", evidence)).content.decode("utf-8-sig")

    for row in csv.DictReader(StringIO(table)):
        lines = ["amparo/custody/1", *(each or "-" for name, each in row.items() if name != "code")]
        assert hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest() == row["code"]


def test_a_step_that_happened_elsewhere_is_written_down_once(desk: Desk) -> None:
    evidence = added(desk)
    said = {"step": "transferred", "with_whom": "An invented laboratory", "note": "Invented.", "token": "ab" * 32}

    desk.client.post(address("case-evidence-piece", evidence), said)
    page = desk.client.post(address("case-evidence-piece", evidence), said, follow=True).content.decode()

    assert "An invented laboratory" in page
    assert evidence.custody.filter(action="transferred").count() == 1
    assert "laboratory" not in str(list(CustodyEntry.objects.values()))


def test_opening_copy_and_original_are_steps_with_hashes_before_and_after(desk: Desk) -> None:
    evidence = added(desk)

    desk.client.get(address("case-evidence-copy", evidence))
    desk.client.post(address("case-evidence-original", evidence))

    steps = list(evidence.custody.values_list("action", flat=True))
    assert steps == ["received", "hashed", "copied", "viewed-copy", "viewed-original"]
    page = desk.client.get(address("case-evidence-piece", evidence)).content.decode()
    assert "SHA-256 before" in page
