"""Sending a report without a script."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from amparo.channel.answers import LONGEST_TEXT
from amparo.channel.models import Report
from amparo.vault import services as vault
from amparo.vault.models import LogEntry
from tests.channel.reporting import START, STORY, WRITE, begin, hidden_fields, read_receipt, send, text_of
from tests.factories import make_channel, make_institution

pytestmark = pytest.mark.django_db


def test_it_works(client: Client) -> None:
    founded = make_institution()
    channel = make_channel(founded)

    page = send(
        client,
        channel,
        victim_name="Invented Person One",
        acts=["threat", "raid"],
        country="COL",
        urgency="danger-now",
        naming="anonymous",
        consents=["network", "public"],
    )

    assert len(read_receipt(page)) == 16
    report = Report.objects.get()
    assert (report.about, report.language, report.urgency, report.naming) == (
        "defender",
        "en",
        "danger-now",
        "anonymous",
    )
    assert (report.status, report.sealed_by, report.institution) == ("new", "server", founded.institution)
    assert (report.received_at.minute, report.received_at.second) == (0, 0)
    assert {each.recipient for each in report.consents.all()} == {"network", "public"}
    assert vault.open_sections([report.section], founded.unlocked)[report.section_id] == {
        "what": STORY,
        "victim_name": "Invented Person One",
        "acts": ["threat", "raid"],
        "country": "COL",
    }
    assert LogEntry.objects.filter(action="report-received", record=f"report:{report.pk}").exists()
