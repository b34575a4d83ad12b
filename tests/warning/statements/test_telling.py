"""Who is told that there is something to read, and that nothing of it is in the letter."""

import pytest

from amparo.config.background import run_queue
from amparo.notices.models import NoticeRecipient
from amparo.notices.services import Wishes, keep_wishes
from amparo.warning.statements.drafting import change_text, leave
from amparo.warning.statements.issuing import issue
from amparo.warning.statements.signing import sign
from amparo.warning.statements.texts import Words
from tests.notices.conftest import Postbox, postbox
from tests.searching import find_plain
from tests.warning.statements.conftest import BODY, TITLE, Drafted

__all__ = ["postbox"]


@pytest.fixture
def heard(drafted: Drafted, postbox: Postbox) -> Postbox:
    for kind in ("nhri", "network"):
        wishes = Wishes(f"{kind}@institution.invalid", "", "en", ("response-due",), "at-once")
        keep_wishes(drafted.user(kind), wishes)
    told(postbox)
    return postbox


def told(box: Postbox) -> list[str]:
    """Who got a letter since the last time this was asked."""
    NoticeRecipient.objects.update(sent_at=None)
    run_queue()
    assert not find_plain(b"".join(each.content for each in box.envelopes), [TITLE, *BODY.split("\n\n"), "tatement"])
    found = sorted(each.rcpt_tos[0].partition("@")[0] for each in box.envelopes)
    box.envelopes.clear()
    return found


def test_it_works(drafted: Drafted, heard: Postbox) -> None:
    statement = drafted.begin("nhri", "network")
    assert told(heard) == ["network"]
    sign(drafted.user("network"), statement.pk, version=1)
    assert told(heard) == ["nhri"]
    change_text(
        drafted.user("nhri"),
        statement.pk,
        "en",
        Words(TITLE, "Other invented words"),
        version=1,
        unlocked=drafted.chain["nhri"].unlocked,
    )
    assert told(heard) == ["network"]
    for kind in ("nhri", "network"):
        sign(drafted.user(kind), statement.pk, version=2)
    assert told(heard) == ["nhri"]
    issue(drafted.user("nhri"), statement.pk, version=2, unlocked=drafted.chain["nhri"].unlocked)
    assert told(heard) == ["network"]


def test_who_drafted_hears_of_a_no(drafted: Drafted, heard: Postbox) -> None:
    statement = drafted.begin("nhri", "network")
    told(heard)
    leave(drafted.user("network"), statement.pk)
    assert told(heard) == ["nhri"]
