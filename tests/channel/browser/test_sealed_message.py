"""Messages from the mailbox, sealed in the browser to all who can read them."""

import hashlib
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from amparo.channel.models import Channel, Message, OpenMailbox, Report
from amparo.channel.services import readers_of
from amparo.files.services import open_file
from amparo.vault import seal
from amparo.vault import services as vault
from amparo.vault.files import seal_stream
from amparo.vault.keys import make_secret
from amparo.vault.models import KeyPair
from tests.channel.browser.test_sealed_in_browser import PHOTO, answer_of, as_text
from tests.channel.reporting import MAILBOX, hidden_fields, open_mailbox, send_and_copy, text_of
from tests.factories import make_channel, make_institution

pytestmark = pytest.mark.django_db

SEALED = "/en/report/mailbox/sealed/"
WORDS = "Invented words of hers."


def sealed_to_all(
    name: str, fields: dict[str, object], kind: str, readers: list[KeyPair], **known: Any
) -> dict[str, str]:
    section, data_key = known.get("section") or uuid4(), known.get("data_key") or make_secret()
    keys = [as_text(seal.wrap_data_key(data_key, section, bytes(each.public_key))) for each in readers]
    return {
        f"{name}_id": str(section),
        f"{name}_sealed": as_text(seal.encrypt_fields(fields, data_key, section, kind)),
        f"{name}_keys": ".".join(keys),
    }


def message_to(readers: list[KeyPair], page: Any, text: str = WORDS) -> dict[str, Any]:
    """A message as the bundle sends it, on the page of an open mailbox."""
    return {
        "token": hidden_fields(page)["token"],
        "sealed_to": " ".join(as_text(bytes(each.public_key)) for each in readers),
        **sealed_to_all("message", {"text": text}, "message", readers),
    }


def report_and_open(client: Client, channel: Channel) -> tuple[Any, list[KeyPair]]:
    page = open_mailbox(client, send_and_copy(client, channel))
    return page, readers_of(Report.objects.get().mailbox)


def test_it_works(client: Client) -> None:
    founded = make_institution()
    page, readers = report_and_open(client, make_channel(founded))

    response = client.post(SEALED, message_to(readers, page))

    assert answer_of(response) == {"next": MAILBOX}
    assert WORDS in text_of(client.get(MAILBOX))
    message = Message.objects.get()
    assert vault.open_sections([message.section], founded.unlocked) == {message.section_id: {"text": WORDS}}


def test_a_file_goes_with_it_to_both(client: Client) -> None:
    founded = make_institution()
    page, readers = report_and_open(client, make_channel(founded))
    file, data_key = uuid4(), make_secret()
    facts = {"name": "invented.jpg", "kind": "", "length": len(PHOTO), "sha256": hashlib.sha256(PHOTO).hexdigest()}
    sealed = SimpleUploadedFile("sealed", b"".join(seal_stream([PHOTO], data_key, file)))

    client.post(
        SEALED,
        {
            **message_to(readers, page),
            **sealed_to_all("file", facts, "file", readers, section=file, data_key=data_key),
            "sealed_files": sealed,
        },
    )

    kept = Message.objects.get().files.get().file
    assert b"".join(open_file(kept, founded.unlocked)) == PHOTO
    assert "invented.jpg" in text_of(client.get(MAILBOX))


def test_sent_twice_it_is_one_message(client: Client) -> None:
    page, readers = report_and_open(client, make_channel())
    sent = message_to(readers, page)

    answers = [client.post(SEALED, sent), client.post(SEALED, sent)]

    assert [answer_of(each) for each in answers] == [{"next": MAILBOX}] * 2
    assert Message.objects.count() == 1


def test_one_that_was_not_taken_can_be_sent_again_with_the_same_token(client: Client) -> None:
    page, readers = report_and_open(client, make_channel())
    sent = message_to(readers, page)
    copied = {**sent, "message_id": str(Report.objects.get().section_id)}

    refused = client.post(SEALED, copied)
    taken = client.post(SEALED, sent)

    assert answer_of(refused)["problem"] == "not-as-sealed"
    assert answer_of(taken) == {"next": MAILBOX}


@pytest.mark.parametrize("missing", [0, 1])
def test_one_that_is_not_sealed_to_all_is_not_kept(client: Client, missing: int) -> None:
    page, readers = report_and_open(client, make_channel())

    response = client.post(SEALED, message_to([readers[1 - missing]], page))

    assert answer_of(response)["problem"] == "key-changed"
    assert answer_of(response)["public_key"].split() == [as_text(bytes(each.public_key)) for each in readers]
    assert not Message.objects.exists()


def test_one_key_for_two_holders_is_refused(client: Client) -> None:
    page, readers = report_and_open(client, make_channel())
    sent = message_to(readers, page)

    response = client.post(SEALED, {**sent, "message_keys": sent["message_keys"].split(".")[0]})

    assert answer_of(response)["problem"] == "not-as-sealed"
    assert not Message.objects.exists()


def test_a_mailbox_that_closed_meanwhile_takes_nothing_and_says_so(client: Client) -> None:
    page, readers = report_and_open(client, make_channel())
    OpenMailbox.objects.all().delete()

    response = client.post(SEALED, message_to(readers, page))

    assert answer_of(response)["problem"] == "mailbox-closed"
    assert not Message.objects.exists()
