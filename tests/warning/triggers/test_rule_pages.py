"""The pages of rules: tried out before they are switched on; who may; bad numbers. And the first page of all."""

import pytest
from django.test import Client
from django.urls import reverse

from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.warning.models import Rule
from amparo.warning.running.nightly import run_all
from amparo.warning.triggers.kinds import RULES
from tests.factories import make_incident, make_member, sign_in
from tests.warning.alerting import make_alert, make_signal

pytestmark = pytest.mark.django_db


def test_it_works(client: Client, founded: Founded, user: User) -> None:
    incident = make_incident(founded, date="2020-03-01", acts=("smear-campaign", "arbitrary-detention"))
    address = reverse("rule", args=["smear-then-arrest"])
    assert client.post(address, {"version": 0, "days": 10}).status_code == 302
    page = client.get(address).content.decode()
    assert "An arrest or a charge 0 days after a smear campaign" in page
    assert reverse("case", args=[incident.pk]) in page
    client.post(reverse("rule-switch", args=["smear-then-arrest"]), {"on": "yes", "version": 1})
    assert Rule.objects.get().is_on
    client.post(reverse("rule-switch", args=["smear-then-arrest"]), {"on": "no", "version": 2})
    assert not Rule.objects.get().is_on


@pytest.mark.parametrize("kind", RULES)
def test_each_rule_has_its_page_and_can_be_tried(client: Client, user: User, kind: str) -> None:
    form = client.get(reverse("rule", args=[kind])).context["form"]
    said = {field.name: field.value() for field in form}
    assert client.post(reverse("rule", args=[kind]), said).status_code == 302
    assert "would have stayed silent" in client.get(reverse("rule", args=[kind])).content.decode()


def test_it_is_not_switched_on_untried(client: Client, user: User) -> None:
    client.post(reverse("rule-switch", args=["silence"]), {"on": "yes", "version": 0})
    assert not Rule.objects.filter(is_on=True).exists()


def test_bad_numbers_are_told_at_their_field(client: Client, user: User) -> None:
    answer = client.post(reverse("rule", args=["silence"]), {"version": 0, "days": 3, "usual": "many"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"days", "usual"}


def test_a_case_worker_reads_rules_and_does_not_change_them(client: Client, founded: Founded) -> None:
    sign_in(client, make_member(founded, role="case-worker"))
    assert client.get(reverse("rules")).status_code == 200
    assert client.post(reverse("rule", args=["silence"]), {"version": 0, "days": 30, "usual": 6}).status_code == 403
    assert client.post(reverse("rule-switch", args=["silence"]), {"on": "yes", "version": 1}).status_code == 403


def test_there_is_no_page_of_another_rule(client: Client, user: User) -> None:
    assert client.get(reverse("rule", args=["no-such-rule"])).status_code == 404
    assert client.post(reverse("rule-switch", args=["silence"]), {"on": "yes", "version": "x"}).status_code == 404


def test_the_first_page_says_what_waits(client: Client, user: User, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    assert "It has not run yet" in client.get(reverse("warning")).content.decode()
    make_signal(user)
    make_alert(user)
    run_all(make_alert(user).opened_at.date())
    with django_assert_max_num_queries(20):
        page = client.get(reverse("warning")).content.decode()
    assert "1 new signal" in page
    assert page.count("has to answer by") == 2
    assert "Last night’s search" in page
