"""The receipt: sixteen digits, shown once, that open the mailbox and nothing else does."""

import re

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from amparo.channel.models import Mailbox, OpenMailbox
from amparo.vault.keys import Argon2Cost
from tests.channel.reporting import MAILBOX, open_mailbox, parsed, send, send_and_copy, text_of
from tests.factories import make_channel

pytestmark = pytest.mark.django_db


def test_it_works(client: Client) -> None:
    receipt = send_and_copy(client, make_channel())

    page = open_mailbox(Client(), receipt)

    assert page.redirect_chain == [(MAILBOX, 302)]
    assert "Your mailbox" in text_of(page)


def test_it_is_shown_in_groups_of_four_left_to_right_in_arabic_too(client: Client) -> None:
    code = make_channel().institution.code
    page = client.post("/ar/report/write/", {"action": "begin", "about": "defender", "institution": code})
    hidden = {
        each.get("name"): each.get("value")
        for each in parsed(page).xpath("//form[@id='report']//input[@type='hidden']")
    }

    sent = client.post("/ar/report/write/", {**hidden, "action": "send", "what": "قصة مخترعة"})

    shown = parsed(sent).xpath("//*[contains(@class, 'receipt') and @dir='ltr']/strong")[0].text
    assert re.fullmatch(r"[0-9]{4}( [0-9]{4}){3}", shown)


@pytest.mark.parametrize("between", [" ", "-", "", "\u00a0", " \u2013 ", "\n"])
def test_it_is_read_however_its_groups_are_typed(client: Client, between: str) -> None:
    receipt = send_and_copy(client, make_channel())

    typed = between.join(receipt[start : start + 4] for start in range(0, 16, 4))

    assert "Your mailbox" in text_of(open_mailbox(Client(), typed))


def test_digits_of_other_scripts_are_digits(client: Client) -> None:
    receipt = send_and_copy(client, make_channel())

    typed = receipt.translate({ord("0") + n: chr(0x660 + n) for n in range(10)})

    assert "Your mailbox" in text_of(open_mailbox(Client(), typed))


@pytest.mark.parametrize("typed", ["", "1234", "0" * 16, "1" * 17, "x" * 16, "<script>", "1" * 5000, "\x00" * 16])
def test_every_wrong_one_is_answered_alike(client: Client, typed: str) -> None:
    make_channel()

    page = open_mailbox(client, typed)

    assert page.status_code == 422
    assert "No mailbox opens with this. A receipt has 16 digits: please check each of them." in text_of(page)
    assert not OpenMailbox.objects.exists()


def test_what_was_typed_comes_back_to_be_put_right(client: Client) -> None:
    page = open_mailbox(client, "1234 5678 9012 345")

    assert parsed(page).xpath("//input[@id='receipt']/@value") == ["1234 5678 9012 345"]


def test_one_that_is_wrong_by_a_digit_opens_nothing(client: Client) -> None:
    receipt = send_and_copy(client, make_channel())

    page = open_mailbox(Client(), receipt[:-1] + str((int(receipt[-1]) + 1) % 10))

    assert page.status_code == 422


def test_old_receipts_stay_good_when_their_cost_is_raised(client: Client, settings: Settings) -> None:
    channel = make_channel()
    old = send_and_copy(client, channel)
    settings.RECEIPT_COSTS = {1: settings.RECEIPT_COSTS[1], 2: Argon2Cost(memory=32768, passes=2, lanes=2)}
    new = send_and_copy(Client(), channel)

    assert sorted(Mailbox.objects.values_list("cost", flat=True)) == [1, 2]
    for receipt in (old, new):
        assert "Your mailbox" in text_of(open_mailbox(Client(), receipt))


def test_with_another_salt_of_the_site_it_opens_nothing(client: Client, settings: Settings, tmp_path: object) -> None:
    receipt = send_and_copy(client, make_channel())
    settings.KEY_DIR = tmp_path

    assert open_mailbox(Client(), receipt).status_code == 422


def test_a_page_with_a_receipt_is_printed_with_nothing_else_on_it(client: Client) -> None:
    page = send(client, make_channel())

    assert "nothing but the digits is on the paper" in text_of(page)
    assert "Nobody can give you this receipt again" in text_of(page)
