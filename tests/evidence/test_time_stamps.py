"""Time stamps: a real conversation with an authority, and each answer that is refused."""

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from amparo.evidence.models import CustodyEntry, TimeStamp
from amparo.evidence.stamping import (
    NotStamped,
    _read_request,
    build_request,
    check_answer,
    make_statement,
    read_certificates,
)
from amparo.evidence.time_stamps import WAITS, fetch_time_stamp, open_stamps
from amparo.files.services import read_facts
from tests.channel.triage.conftest import Desk
from tests.evidence.authority import Authority, make_authority, serving
from tests.evidence.making import added, address, flip_a_bit, place

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with serving(make_authority(tmp_path_factory.mktemp("authority"))) as found:
        yield found


@pytest.fixture
def authority(_authority: Authority, settings: LazySettings) -> Authority:
    _authority.says = None
    _authority.asked.clear()
    settings.TSA_URL, settings.TSA_CA = _authority.url, _authority.ca
    return _authority


def fetch(stamp: TimeStamp) -> TimeStamp:
    fetch_time_stamp.func(stamp.pk)
    stamp.refresh_from_db()
    return stamp


def test_it_works(desk: Desk, authority: Authority, tmp_path: Path) -> None:
    evidence = added(desk)
    stamp = fetch(evidence.time_stamps.get())

    assert (stamp.state, stamp.problem, stamp.signer_checked) == ("held", "", True)
    assert stamp.stamped_at.minute == 0
    assert CustodyEntry.objects.filter(evidence=evidence, action="time-stamped", actor=None).exists()
    assert "Signed on" in desk.client.get(address("case-evidence-piece", evidence)).content.decode()
    (opened,) = open_stamps(list(evidence.time_stamps.select_related("section", "answer")), desk.founded.unlocked)
    (tmp_path / "statement.txt").write_bytes(opened.statement)
    (tmp_path / "answer.tsr").write_bytes(opened.answer)
    said = subprocess.run(
        ["openssl", "ts", "-verify", "-data", "statement.txt", "-in", "answer.tsr", "-CAfile", authority.ca],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert read_facts(evidence.file, desk.founded.unlocked).sha256 in opened.statement.decode()


def test_the_authority_learns_nothing_that_can_be_guessed_at(desk: Desk, authority: Authority) -> None:
    evidence = added(desk)
    fetch(evidence.time_stamps.get())

    (query,) = authority.asked
    facts = read_facts(evidence.file, desk.founded.unlocked)
    assert bytes.fromhex(facts.sha256) not in query
    assert bytes(evidence.file.sealed_sha256) not in query
    assert make_statement("ab" * 32, b"1" * 32) != make_statement("ab" * 32, b"1" * 32)


def test_neither_queue_nor_columns_hold_what_is_stamped(desk: Desk, authority: Authority) -> None:
    evidence = added(desk)
    sha256 = read_facts(evidence.file, desk.founded.unlocked).sha256

    queued = DBTaskResult.objects.get()
    assert queued.args_kwargs == {"args": [evidence.time_stamps.get().pk], "kwargs": {}}
    assert (queued.enqueued_at.minute, queued.enqueued_at.second) == (0, 0)
    assert sha256 not in str([*TimeStamp.objects.values(), *DBTaskResult.objects.values()])


def test_without_an_authority_nothing_is_asked(desk: Desk) -> None:
    assert not added(desk).time_stamps.exists()


@pytest.mark.parametrize("case", ["nonce", "hash", "refused", "noise", "empty"])
def test_a_wrong_answer_is_refused_and_said_and_asked_for_again(desk: Desk, authority: Authority, case: str) -> None:
    says, expected = {
        "nonce": (lambda query: authority.sign(_with_other_nonce(query)), "wrong-nonce"),
        "hash": (lambda query: authority.sign(build_request(b"something else")), "wrong-nonce"),
        "refused": (lambda _: authority.sign(b"no query"), "refused"),
        "noise": (lambda _: b"noise" * 9, "unreadable"),
        "empty": (lambda _: b"", "unreadable"),
    }[case]
    authority.says = says

    evidence = added(desk)
    stamp = fetch(evidence.time_stamps.get())

    assert (stamp.state, stamp.problem, stamp.tries) == ("waiting", expected, 1)
    assert stamp.answer is None
    later = (timezone.now(), timezone.now() + timedelta(minutes=WAITS[0]))
    assert DBTaskResult.objects.filter(run_after__range=later).count() == 1
    page = desk.client.get(address("case-evidence-piece", evidence)).content.decode()
    assert "tried again until it comes" in page


def test_an_answer_about_another_hash_is_refused(authority: Authority) -> None:
    request = build_request(make_statement("ab" * 32, b"1" * 32))
    answer = authority.sign(_about_another(request))

    with pytest.raises(NotStamped, match="wrong-hash"):
        check_answer(request, answer, read_certificates(authority.ca.read_bytes()), timezone.now())


def test_another_authority_and_one_that_ran_out_are_not_trusted(
    desk: Desk, authority: Authority, tmp_path: Path, settings: LazySettings
) -> None:
    stranger = make_authority(tmp_path / "stranger")
    late = make_authority(tmp_path / "late", expired=True)
    authority.says = stranger.sign
    evidence = added(desk)

    assert fetch(evidence.time_stamps.get()).problem == "untrusted"
    authority.says = late.sign
    settings.TSA_CA = late.ca
    assert fetch(evidence.time_stamps.get()).problem == "untrusted"


def test_a_changed_signature_is_refused(authority: Authority) -> None:
    request = build_request(make_statement("ab" * 32, b"1" * 32))
    answer = bytearray(authority.sign(request))
    answer[-5] ^= 1

    with pytest.raises(NotStamped, match="untrusted|unreadable"):
        check_answer(request, bytes(answer), read_certificates(authority.ca.read_bytes()), timezone.now())


def test_a_clock_that_is_far_off_is_refused(authority: Authority) -> None:
    request = build_request(make_statement("ab" * 32, b"1" * 32))
    answer = authority.sign(request)

    with pytest.raises(NotStamped, match="wrong-time"):
        check_answer(request, answer, [], timezone.now() + timedelta(days=2))


def test_no_answer_is_tried_again_for_two_days_and_then_given_up(desk: Desk, settings: LazySettings) -> None:
    settings.TSA_URL = "http://127.0.0.1:9/"
    evidence = added(desk)
    stamp = evidence.time_stamps.get()

    for _ in range(len(WAITS) + 1):
        stamp = fetch(stamp)

    assert (stamp.state, stamp.problem) == ("given-up", "no-answer")
    assert "Given up." in desk.client.get(address("case-evidence-piece", evidence)).content.decode()


def test_it_can_be_asked_for_again(desk: Desk, authority: Authority, settings: LazySettings) -> None:
    settings.TSA_URL = None
    evidence = added(desk)
    settings.TSA_URL = authority.url

    desk.client.post(address("case-evidence-stamp", evidence))
    twice = desk.client.post(address("case-evidence-stamp", evidence), follow=True)

    assert "asked for already" in twice.content.decode()
    assert fetch(evidence.time_stamps.get()).state == "held"


def test_a_damaged_file_is_not_stamped(desk: Desk, authority: Authority, settings: LazySettings) -> None:
    settings.TSA_URL = None
    evidence = added(desk)
    flip_a_bit(place(evidence))
    settings.TSA_URL = authority.url

    told = desk.client.post(address("case-evidence-stamp", evidence), follow=True).content.decode()

    assert "or the file is damaged" in told
    assert not evidence.time_stamps.exists()


def test_without_a_ca_file_it_is_kept_and_said_that_nobody_checked(
    desk: Desk, authority: Authority, settings: LazySettings
) -> None:
    settings.TSA_CA = None
    evidence = added(desk)

    stamp = fetch(evidence.time_stamps.get())

    assert (stamp.state, stamp.signer_checked) == ("held", False)
    page = desk.client.get(address("case-evidence-piece", evidence)).content.decode()
    assert "Who signed was not checked" in page


def test_a_stamp_that_came_is_not_asked_for_twice(desk: Desk, authority: Authority) -> None:
    stamp = fetch(added(desk).time_stamps.get())

    fetch(stamp)

    assert len(authority.asked) == 1


def _with_other_nonce(query: bytes) -> bytes:
    nonce = _read_request(query).nonce
    raw = nonce.to_bytes((nonce.bit_length() + 8) // 8, "big")
    assert query.count(raw) == 1
    return query.replace(raw, raw[:-1] + bytes([raw[-1] ^ 1]))


def _about_another(query: bytes) -> bytes:
    imprint = _read_request(query).message_imprint.message
    return query.replace(imprint, bytes(reversed(imprint)))
