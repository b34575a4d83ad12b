"""Being told that a report should have been answered by now: once for each."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from amparo.channel.triage.overdue import tell_overdue
from amparo.notices.kinds import ANSWER_OVERDUE
from amparo.notices.models import NoticeRecipient
from amparo.notices.outgoing import read_mail_server
from amparo.notices.services import Wishes, keep_wishes
from tests.channel.triage.conftest import Desk
from tests.factories import make_report

pytestmark = pytest.mark.django_db


def test_it_works(desk: Desk, settings: Settings) -> None:
    settings.MAIL_SERVER = read_mail_server("smtp://localhost", "amparo@amparo.invalid")
    keep_wishes(desk.user, Wishes("invented@institution.invalid", "", "en", [ANSWER_OVERDUE], "hour"))
    make_report(desk.founded, received_at=timezone.now() - timedelta(days=30))
    make_report(desk.founded)

    assert tell_overdue() == 1
    assert NoticeRecipient.objects.get().is_waiting


def test_each_report_is_told_of_once(desk: Desk) -> None:
    long_ago = timezone.now() - timedelta(days=30)
    make_report(desk.founded, received_at=long_ago)

    assert [tell_overdue(), tell_overdue()] == [1, 0]
    make_report(desk.founded, received_at=long_ago)
    assert tell_overdue() == 1


def test_what_was_answered_is_not_overdue(desk: Desk) -> None:
    long_ago = timezone.now() - timedelta(days=30)
    make_report(desk.founded, received_at=long_ago, status="acknowledged", acknowledged_at=long_ago)

    assert tell_overdue() == 0
