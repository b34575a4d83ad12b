"""The invented reprisals of the demonstration, seeded once however often that is asked for."""

import pytest
from django.urls import reverse

from amparo.reprisals.demo import seed_demo_reprisals
from amparo.reprisals.models import NhriProfile, Reprisal
from tests.channel.triage.conftest import Desk

pytestmark = pytest.mark.django_db


def test_it_works(desk: Desk) -> None:
    for _ in range(2):
        incident = seed_demo_reprisals(desk.user)

    assert Reprisal.objects.get().incident == incident
    profile = NhriProfile.objects.get()
    assert profile.years.count() == 4
    assert "disproportionate cut" in desk.client.get(reverse("nhri", args=[profile.pk])).content.decode()
    assert desk.client.get(reverse("case-reprisal", args=[incident.pk])).status_code == 200
