"""The invented alerts of the demonstration: each state once, and nothing twice."""

import pytest
from django.test import Client
from django.urls import reverse

from amparo.warning.demo import seed_demo_warning
from amparo.warning.models import Alert, Call, Drill, FocalPoint, MediaItem, Review, Rule, Signal
from tests.factories import make_institution, make_member, sign_in
from tests.warning.alerting import make_chain

pytestmark = pytest.mark.django_db


def test_it_works(client: Client) -> None:
    chain = make_chain()
    user, second = make_member(chain["nhri"]), make_member(chain["nhri"])
    ganhri = make_member(chain["ganhri"])

    seed_demo_warning(user, second, ganhri)
    seed_demo_warning(user, second, ganhri)

    assert sorted(Alert.objects.values_list("level", "state", "is_drill")) == [
        ("emergency", "open", False),
        ("emergency", "open", True),
        ("warning", "closed", False),
        ("watch", "open", False),
        ("watch", "open", False),
    ]
    emergency = Alert.objects.get(level="emergency", is_drill=False)
    told = Call.objects.filter(alert=emergency).select_related("institution")
    assert [(call.institution.kind, call.passed_on_at is None) for call in told] == [("nhri", False), ("network", True)]
    assert Drill.objects.count() == Review.objects.count() == 1
    assert (Signal.objects.count(), MediaItem.objects.count(), Rule.objects.filter(is_on=True).count()) == (5, 4, 1)
    counterpart = FocalPoint.objects.get(institution__code="demo-un")
    assert [each.channel for each in counterpart.contacts.all()] == ["email"]
    sign_in(client, user)
    for name in ("warning", "duty", "signals", "alerts", "media", "rules", "alert-record"):
        assert client.get(reverse(name)).status_code == 200
    for alert in Alert.objects.all():
        page = client.get(reverse("alert", args=[alert.pk])).content.decode()
        assert "the days contradict each other" not in page


def test_without_network_and_alliance_the_un_counterpart_is_called() -> None:
    founded, elsewhere = make_institution(), make_institution("observatory", "network")
    seed_demo_warning(make_member(founded), make_member(founded), make_member(elsewhere))
    called = set(Call.objects.values_list("institution__code", flat=True))
    assert called == {founded.institution.code, "demo-un"}
