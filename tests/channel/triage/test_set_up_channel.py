"""An institution's channel: its settings, its poster, and counts of what came."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from amparo.channel.models import Channel, DestroyedReports
from amparo.channel.triage.channel_pages import fingerprint
from amparo.channel.triage.counts import count_reports
from tests.channel.triage.conftest import Desk, make_desk
from tests.factories import make_institution, make_report

pytestmark = pytest.mark.django_db

SETTINGS = {"is_open": "on", "most_files": "5", "answer_days": "3", "kept_days": "90", "most_megabytes": "20"}


def test_it_works(desk: Desk) -> None:
    assert "receives no reports yet" in desk.client.get(reverse("channel-settings")).content.decode()

    desk.client.post(reverse("channel-settings"), SETTINGS)

    channel = Channel.objects.get(institution=desk.founded.institution)
    assert (channel.is_open, channel.most_files, channel.answer_days, channel.kept_days) == (True, 5, 3, 90)
    assert channel.most_file_bytes == 20 * 1024 * 1024


def test_it_can_be_closed_and_opened(desk: Desk) -> None:
    desk.client.post(reverse("channel-settings"), {name: said for name, said in SETTINGS.items() if name != "is_open"})

    assert not Channel.objects.get().is_open


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("most_files", "-1"),
        ("answer_days", "0"),
        ("kept_days", "x"),
        ("most_megabytes", "0"),
        ("most_megabytes", "99999"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(desk: Desk, name: str, wrong: str) -> None:
    response = desk.client.post(reverse("channel-settings"), SETTINGS | {name: wrong})

    assert "errorlist" in response.content.decode()
    assert not Channel.objects.exists()


def test_the_addresses_and_the_fingerprint_can_be_published(desk: Desk) -> None:
    for name in ("channel-settings", "channel-poster"):
        content = desk.client.get(reverse(name)).content.decode()
        assert "http://testserver/en/report/" in content
        assert fingerprint(desk.founded.institution) in content


def test_the_fingerprint_is_that_of_the_key(desk: Desk) -> None:
    shown = fingerprint(desk.founded.institution).replace(" ", "")

    assert len(shown) == 64
    assert shown != fingerprint(make_institution().institution).replace(" ", "")


@pytest.mark.parametrize("role", ["case-worker", "analyst", "auditor"])
def test_others_do_not_set_it_up(role: str) -> None:
    desk = make_desk(role=role)

    assert desk.client.post(reverse("channel-settings"), SETTINGS).status_code == 403
    assert not Channel.objects.exists()


def test_an_administrator_sets_it_up_and_reads_nothing() -> None:
    desk = make_desk(role="administrator")

    assert desk.client.get(reverse("channel-settings")).status_code == 200
    assert desk.client.get(reverse("inbox")).status_code == 403


def test_reports_are_counted_by_month_with_those_destroyed(desk: Desk) -> None:
    institution, now = desk.founded.institution, timezone.now()
    Channel.objects.create(institution=institution, answer_days=2)
    early = now.replace(year=now.year - 1, month=3, day=5)
    make_report(desk.founded, received_at=early, acknowledged_at=early + timedelta(days=1), status="accepted")
    make_report(desk.founded, received_at=early, acknowledged_at=early + timedelta(days=5), status="acknowledged")
    make_report(desk.founded, received_at=now)
    make_report(make_institution(), received_at=now)
    DestroyedReports.objects.create(
        institution=institution, month=date(early.year, 3, 1), about="defender", status="rejected", number=4
    )

    newest, march = count_reports(institution)

    assert newest.received == 1
    assert (march.received, march.acknowledged, march.in_time) == (6, 2, 1)
    assert (march.accepted, march.rejected, march.destroyed) == (1, 4, 4)


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_in_each_language(desk: Desk, language: str) -> None:
    make_report(desk.founded)

    for place in ("channel/", "channel/poster/", "channel/statistics/"):
        assert desk.client.get(f"/{language}/desk/{place}").status_code == 200
