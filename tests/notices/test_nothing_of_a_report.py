"""A report, a message and a withdrawn consent come in for real: neither mail nor queue nor log has a word of them."""

import base64
import os

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from amparo.channel.models import Channel, Mailbox
from amparo.channel.services import NewReport, change_consents, receive_report, send_message
from amparo.config.background import run_queue
from amparo.notices.models import NoticeRecipient
from tests.factories import make_institution, make_member
from tests.notices.conftest import Postbox
from tests.notices.test_tell import make_everything_due, wish

pytestmark = pytest.mark.django_db

SECRETS = (
    "Inventada Secreta Uno",
    "inventada.secreta@example.invalid",
    "Calle Inventada Secreta 5",
    "an invented secret message",
)


def written(secret: str) -> list[bytes]:
    plain = secret.encode()
    return [plain, secret.encode("utf-16-le"), base64.b64encode(plain)[:-4], plain.hex().encode()]


def test_it_works(postbox: Postbox, caplog: pytest.LogCaptureFixture) -> None:
    founded = make_institution()
    wish(make_member(founded), how_often="at-once")
    channel = Channel.objects.create(institution=founded.institution)
    name, contact, place, words = SECRETS
    said: dict[str, str | list[str]] = {"what": f"{name} was threatened.", "victim_contact": contact, "place": place}

    new = NewReport("defender", "en", consents=frozenset({"network"}), answers=said)
    report = receive_report(channel, new, submission=os.urandom(32), receipt="1234123412341234")
    queued = [repr(row) for row in DBTaskResult.objects.values_list()]
    run_queue()
    send_message(Mailbox.objects.get(report=report), words)
    change_consents(report, [])
    queued += [repr(row) for row in DBTaskResult.objects.values_list()]
    make_everything_due()
    run_queue()

    sent = b"".join(envelope.content for envelope in postbox.envelopes) + repr(postbox.letters).encode()
    sent += b"".join(letter.get_content().encode() for letter in postbox.letters)
    assert len(postbox.envelopes) == 2
    assert len(queued) == 2
    for secret in (*SECRETS, str(report.pk), "1234123412341234", "consent", "threat"):
        for form in written(secret):
            assert form not in sent
            assert form not in "".join(queued).encode()
        assert secret not in caplog.text


def test_what_the_recipients_table_has_opens_without_the_key_file_to_nobody(postbox: Postbox) -> None:
    wish(make_member(make_institution()))

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sealed FROM {NoticeRecipient._meta.db_table}")  # noqa: S608
        sealed = bytes(cursor.fetchone()[0])

    assert b"institution.invalid" not in sealed
    assert len(sealed) >= 256
