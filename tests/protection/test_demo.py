"""The invented records of the demonstration can be read where they are shown."""

import pytest
from django.urls import reverse

from amparo.protection.demo import seed_demo_protection
from amparo.protection.models import ProtectionRequest
from tests.channel.triage.conftest import Desk

pytestmark = pytest.mark.django_db


def test_it_works(desk: Desk) -> None:
    seed_demo_protection(desk.user, desk.founded.unlocked)

    planned = ProtectionRequest.objects.get(status="in-force")
    page = desk.client.get(reverse("protection-request", args=[planned.pk])).content.decode()
    country = desk.client.get(reverse("national-country", args=["XDM"])).content.decode()
    assert "Invented Person Twelve" in page
    assert "Body or mechanism: it has no money, or not enough." in country
    assert "23 took part" in country
