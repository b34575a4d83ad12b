"""Telling people that there is something new: a real mail server gets it, and it says nothing."""

import socket
from datetime import UTC, datetime, timedelta

import pyrage
import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from amparo.config.background import run_queue
from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.notices.delivery import WAITS, next_time
from amparo.notices.kinds import KINDS, NEW_MESSAGE, NEW_REPORT
from amparo.notices.models import NoticeRecipient
from amparo.notices.services import Wishes, count_deliveries, keep_wishes, tell
from tests.factories import make_institution, make_member
from tests.notices.conftest import Postbox, server_at

pytestmark = pytest.mark.django_db

ADDRESS = "invented.focal.point@institution.invalid"


def wish(user: User, **other: object) -> NoticeRecipient:
    wanted = {"address": ADDRESS, "age_key": "", "language": "en", "kinds": KINDS, "how_often": "at-once"}
    return keep_wishes(user, Wishes(**(wanted | other)))  # type: ignore[arg-type]


def make_everything_due() -> None:
    DBTaskResult.objects.update(run_after=timezone.now() - timedelta(minutes=1))


@pytest.fixture
def founded() -> Founded:
    return make_institution()


def test_it_works(founded: Founded, postbox: Postbox) -> None:
    wish(make_member(founded))

    tell(founded.institution, NEW_REPORT)
    assert postbox.envelopes == []
    run_queue()

    (letter,) = postbox.letters
    assert letter["To"] == ADDRESS
    assert letter["Subject"] == "Something new at Amparo"
    assert "Sign in" in letter.get_content()
    assert DBTaskResult.objects.count() == 0


@pytest.mark.parametrize(("language", "said"), [("fr", "Amparo"), ("es", "Amparo"), ("ar", "Amparo")])
def test_in_the_readers_language(founded: Founded, postbox: Postbox, language: str, said: str) -> None:
    wish(make_member(founded), language=language)

    tell(founded.institution, NEW_REPORT)
    run_queue()

    (letter,) = postbox.letters
    assert letter["Content-Language"] == language
    assert said in letter["Subject"]


def test_every_kind_of_news_makes_the_same_letter(founded: Founded, postbox: Postbox) -> None:
    recipient = wish(make_member(founded))
    for kind in KINDS:
        NoticeRecipient.objects.filter(pk=recipient.pk).update(sent_at=None)
        tell(founded.institution, kind)
        run_queue()

    texts = {(letter["Subject"], letter.get_content()) for letter in postbox.letters}

    assert len(postbox.letters) == len(KINDS)
    assert len(texts) == 1


def test_a_letter_names_neither_institution_nor_person_nor_machine(founded: Founded, postbox: Postbox) -> None:
    user = make_member(founded, "invented-focal-point-name")
    wish(user)

    tell(founded.institution, NEW_REPORT)
    run_queue()

    (envelope,) = postbox.envelopes
    content = envelope.content.decode()
    assert founded.institution.code not in content
    assert user.username not in content
    assert NEW_REPORT not in content
    assert "http" not in content
    assert socket.gethostname() not in content


def test_the_address_lies_in_the_database_in_no_column(founded: Founded, postbox: Postbox) -> None:
    wish(make_member(founded))
    tell(founded.institution, NEW_REPORT)

    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            for row in cursor.fetchall():
                assert ADDRESS not in repr(row), table
                assert ADDRESS.encode().hex() not in repr(row), table


def test_what_the_queue_keeps_has_no_minutes(founded: Founded, postbox: Postbox) -> None:
    wish(make_member(founded), how_often="hour")

    tell(founded.institution, NEW_REPORT)

    queued = DBTaskResult.objects.get()
    assert queued.args_kwargs == {"args": [NoticeRecipient.objects.get().pk], "kwargs": {}}
    for moment in (queued.enqueued_at, queued.run_after):
        assert (moment.minute, moment.second, moment.microsecond) == (0, 0, 0)


def test_what_is_undone_is_told_to_nobody(founded: Founded, postbox: Postbox) -> None:
    wish(make_member(founded))

    with transaction.atomic():
        tell(founded.institution, NEW_REPORT)
        transaction.set_rollback(True)
    run_queue()

    assert postbox.envelopes == []
    assert not NoticeRecipient.objects.get().is_waiting


def test_only_who_wants_to_hear_of_it_and_may_read_it(founded: Founded, postbox: Postbox) -> None:
    wish(make_member(founded), kinds=[NEW_MESSAGE], address="of.messages@institution.invalid")
    wish(make_member(make_institution()), address="of.others@institution.invalid")
    left = make_member(founded)
    wish(left, address="who.left@institution.invalid")
    User.objects.filter(pk=left.pk).update(is_active=False)
    wish(make_member(founded, role="analyst"), address="of.analyst@institution.invalid")
    wish(make_member(founded))

    tell(founded.institution, NEW_REPORT)
    run_queue()

    assert [letter["To"] for letter in postbox.letters] == [ADDRESS]


def test_much_news_makes_one_letter(founded: Founded, postbox: Postbox) -> None:
    wish(make_member(founded), how_often="hour")

    for _ in range(5):
        tell(founded.institution, NEW_REPORT)
    assert run_queue() == 0
    make_everything_due()
    run_queue()

    assert len(postbox.envelopes) == 1


@pytest.mark.parametrize(
    ("how_often", "sent", "now", "then"),
    [
        ("at-once", None, "2026-11-25 10:20", None),
        ("at-once", "2026-11-25 10:00", "2026-11-25 10:20", "2026-11-25 11:00"),
        ("at-once", "2026-11-25 09:00", "2026-11-25 10:20", None),
        ("hour", None, "2026-11-25 23:20", "2026-11-26 00:00"),
        ("day", None, "2026-11-25 05:59", "2026-11-25 06:00"),
        ("day", None, "2026-11-25 06:00", "2026-11-26 06:00"),
    ],
)
def test_when_she_hears_of_it(how_often: str, sent: str | None, now: str, then: str | None) -> None:
    def read(written: str | None) -> datetime | None:
        return datetime.fromisoformat(written).replace(tzinfo=UTC) if written else None

    recipient = NoticeRecipient(how_often=how_often, sent_at=read(sent))
    moment = read(now)
    assert moment is not None

    assert next_time(recipient, moment) == read(then)


def test_with_an_age_key_even_the_words_are_closed(founded: Founded, postbox: Postbox) -> None:
    identity = pyrage.x25519.Identity.generate()
    wish(make_member(founded), age_key=str(identity.to_public()))

    tell(founded.institution, NEW_REPORT)
    run_queue()

    (letter,) = postbox.letters
    sealed = letter.get_content()
    assert sealed.startswith("-----BEGIN AGE ENCRYPTED FILE-----")
    assert "Sign in" not in postbox.envelopes[0].content.decode()
    assert "Something new" not in postbox.envelopes[0].content.decode()
    assert "Sign in" in pyrage.decrypt(sealed.replace("\r\n", "\n").encode(), [identity]).decode()


def test_a_server_that_is_down_loses_nothing(
    founded: Founded, postbox: Postbox, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    there, settings.MAIL_SERVER = settings.MAIL_SERVER, server_at("smtp://127.0.0.1:9")
    recipient = wish(make_member(founded))

    tell(founded.institution, NEW_REPORT)
    run_queue()
    recipient.refresh_from_db()
    assert (recipient.is_waiting, recipient.tries, recipient.last_problem) == (True, 1, "server-not-reached")
    assert DBTaskResult.objects.get().run_after > timezone.now()

    settings.MAIL_SERVER = there
    make_everything_due()
    run_queue()

    recipient.refresh_from_db()
    assert len(postbox.envelopes) == 1
    assert (recipient.is_waiting, recipient.tries, recipient.given_up) == (False, 0, 0)
    assert ADDRESS not in caplog.text


def test_after_two_days_it_is_given_up_and_counted(founded: Founded, postbox: Postbox) -> None:
    postbox.refusal = "451 busy"
    recipient = wish(make_member(founded))

    tell(founded.institution, NEW_REPORT)
    for _ in range(len(WAITS) + 1):
        make_everything_due()
        run_queue()

    counts = count_deliveries(founded.institution)
    assert (counts.waiting, counts.given_up, counts.broken_tasks) == (0, 1, 0)
    assert DBTaskResult.objects.count() == 0
    postbox.refusal = ""
    tell(founded.institution, NEW_REPORT)
    run_queue()
    assert len(postbox.envelopes) == 1
    assert recipient.pk == NoticeRecipient.objects.get().pk


def test_an_address_that_does_not_exist_is_not_tried_again(
    founded: Founded, postbox: Postbox, caplog: pytest.LogCaptureFixture
) -> None:
    postbox.refusal = f"550 no mailbox {ADDRESS}"
    recipient = wish(make_member(founded))

    tell(founded.institution, NEW_REPORT)
    run_queue()

    recipient.refresh_from_db()
    assert (recipient.given_up, recipient.last_problem) == (1, "address-refused")
    assert DBTaskResult.objects.count() == 0
    assert ADDRESS not in caplog.text


def test_without_a_mail_server_nothing_waits(founded: Founded, settings: Settings) -> None:
    settings.MAIL_SERVER = None
    wish(make_member(founded))

    tell(founded.institution, NEW_REPORT)

    assert DBTaskResult.objects.count() == 0
    assert not NoticeRecipient.objects.get().is_waiting


def test_a_kind_that_is_none_is_refused(founded: Founded) -> None:
    with pytest.raises(ValueError, match="no such kind"):
        tell(founded.institution, "a name of somebody")
