"""The first page of the early warning: the gravest first, and a nightly search that stopped is told."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from amparo.warning.alerts.calling import answer
from amparo.warning.alerts.deciding import set_level
from amparo.warning.models import Alert, Call, Run
from amparo.warning.times import this_quarter
from tests.factories import make_institution, make_member, sign_in
from tests.warning.alerting import make_alert

pytestmark = pytest.mark.django_db


def test_it_works(client: Client) -> None:
    user = make_member(make_institution())
    levels = ("watch", "emergency", "warning", "emergency")
    made = [make_alert(user, level) for level in levels]
    sign_in(client, user)

    shown = client.get(reverse("warning")).context["alerts"]

    assert [alert.pk for alert in shown] == [made[place].pk for place in (3, 1, 2, 0)]


def test_a_call_waits_for_the_level_that_was_set_last(client: Client) -> None:
    user = make_member(make_institution())
    alert = make_alert(user, "watch")
    set_level(user, alert.pk, "emergency", ("in-custody",), version=alert.version)
    sign_in(client, user)
    assert [call.round.level for call in client.get(reverse("warning")).context["calls"]] == ["emergency"]
    answer(user, Call.objects.get(round__level="emergency").pk)
    assert client.get(reverse("warning")).context["calls"] == []
    assert "I take it up" not in client.get(reverse("alert", args=[Alert.objects.get().pk])).content.decode()


@pytest.mark.parametrize(("days", "said"), [(0, False), (1, False), (2, True)])
def test_nights_that_are_missing_are_told(client: Client, days: int, said: bool) -> None:
    user = make_member(make_institution())
    now = this_quarter() - timedelta(days=days)
    Run.objects.create(institution=user.institution, day=now.date(), began_at=now, ended_at=now)
    sign_in(client, user)

    page = client.get(reverse("warning")).content.decode()

    assert ("nights are missing" in page) is said
