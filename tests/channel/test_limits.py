"""Floods: held back by allowances that all share, passed by a proof of work, and nothing that was typed is lost."""

from hashlib import sha256

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from amparo.channel.limits import PROOF_BITS, TooMany, admit, is_proof, one_at_a_time, spend
from amparo.channel.models import Allowance, Report
from amparo.channel.tokens import BadToken, drop_old_tokens, make_token, read_token, spend_token
from tests.channel.reporting import (
    MAILBOX,
    STORY,
    WRITE,
    begin,
    hidden_fields,
    old_token,
    open_mailbox,
    parsed,
    read_receipt,
    send,
    send_and_copy,
    text_of,
)
from tests.factories import make_channel

pytestmark = pytest.mark.django_db


def use_up(code: str) -> None:
    # Below zero, so that a slow test does not see it grow again.
    Allowance.objects.update_or_create(code=code, defaults={"left": -1000.0, "counted_at": timezone.now()})


def prove(challenge: str) -> str:
    """A proof of work, found as a browser finds it."""
    start = sha256(challenge.encode())
    for counter in range(1 << 40):
        digest = start.copy()
        digest.update(counter.to_bytes(8, "big"))
        if int.from_bytes(digest.digest(), "big") >> (256 - PROOF_BITS) == 0:
            return str(counter)
    raise AssertionError


def test_a_report_past_the_allowance_waits_and_is_kept(client: Client) -> None:
    channel = make_channel()
    use_up("report")

    page = send(client, channel, by_whom="Invented guards")

    assert page.status_code == 429
    assert "Nothing is lost: please try again in" in text_of(page)
    assert "Invented guards" in page.content.decode()
    assert STORY in client.get(WRITE).content.decode()
    assert not Report.objects.exists()


def test_after_the_wait_it_is_taken(client: Client) -> None:
    channel = make_channel()
    use_up("report")
    waiting = send(client, channel)
    Allowance.objects.filter(code="report").update(left=1)

    read_receipt(client.post(WRITE, {**hidden_fields(waiting), "action": "send", "what": STORY}))


def test_a_proof_of_work_gets_through_once(client: Client) -> None:
    form = {**begin(client, make_channel()), "action": "send", "what": STORY}
    use_up("report")
    form["proof"] = prove(form["challenge"])

    read_receipt(client.post(WRITE, form))

    other = Client()
    again = {**begin(other, make_channel()), "action": "send", "what": STORY}
    again |= {"challenge": form["challenge"], "proof": form["proof"]}
    assert other.post(WRITE, again).status_code == 429


def test_a_wrong_receipt_costs_of_the_allowance_and_a_right_one_past_it_waits(client: Client) -> None:
    receipt = send_and_copy(client, make_channel())
    before = open_mailbox(Client(), "0" * 16)
    use_up("receipt")

    page = client.post(MAILBOX, {"action": "open", "receipt": receipt})

    assert before.status_code == 422
    assert page.status_code == 429
    assert parsed(page).xpath("//input[@id='receipt']/@value") == [receipt]
    form = hidden_fields(page)
    proven = {**form, "action": "open", "receipt": receipt, "proof": prove(form["challenge"])}
    assert client.post(MAILBOX, proven).status_code == 302


def test_drafts_past_the_allowance_are_not_kept_and_stay_in_the_form(client: Client) -> None:
    form = begin(client, make_channel())
    use_up("draft")

    page = client.post(WRITE, {**form, "action": "keep", "what": STORY})

    assert "could not be kept just now" in text_of(page)
    assert STORY in page.content.decode()


def test_messages_have_an_allowance_of_their_own(client: Client) -> None:
    open_mailbox(client, send_and_copy(client, make_channel()))
    use_up("report")
    form = {**hidden_fields(client.get(MAILBOX)), "action": "send", "text": "An invented message."}

    assert client.post(MAILBOX, form).status_code == 302
    use_up("message")
    assert client.post(MAILBOX, form | hidden_fields(client.get(MAILBOX))).status_code == 429


def test_the_allowance_grows_again_and_no_further_than_its_burst(settings: Settings) -> None:
    settings.CHANNEL_RATE = 60
    spend("report")
    Allowance.objects.update(counted_at="2020-01-01T00:00Z", left=0)

    for _ in range(120):
        spend("report")
    with pytest.raises(TooMany) as full:
        spend("report")
    assert full.value.seconds == 1


@pytest.mark.parametrize("proof", ["", "0", "-1", "1.0", "x", "²", "1" * 5000, str(1 << 64)])
def test_what_is_no_proof_is_none(proof: str) -> None:
    assert not is_proof("invented challenge", proof)


def test_a_proof_is_good_for_its_challenge_only() -> None:
    challenge = make_token()
    proof = prove(challenge)

    assert is_proof(challenge, proof)
    assert not is_proof(challenge + "x", proof)


@pytest.mark.parametrize("challenge", ["", "invented", "invented:1:x"])
def test_a_challenge_that_was_not_made_here_admits_nobody(challenge: str) -> None:
    use_up("report")

    with pytest.raises(TooMany):
        admit("report", challenge, prove(challenge) if challenge else "0")


def test_a_token_is_good_for_a_day_and_once() -> None:
    token = make_token()

    assert spend_token(token)
    assert not spend_token(token)
    for bad in (old_token(), "", "x" * 10_000, token[:-1]):
        with pytest.raises(BadToken):
            read_token(bad)
    assert drop_old_tokens() == 0


def test_one_at_a_time_gets_to_what_takes_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amparo.channel.limits._WAIT_SECONDS", 0.01)

    with one_at_a_time(), pytest.raises(TooMany), one_at_a_time():
        pass
    with one_at_a_time():
        pass
