"""The register as a list, a file and on paper, and the regular report: whose, which, how many."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.reprisals.models import NhriProfile
from amparo.vault.models import LogEntry
from tests.channel.triage.conftest import Desk, make_desk
from tests.factories import make_institution
from tests.reprisals.documenting import SECRET_NAME, make_profile, record

pytestmark = pytest.mark.django_db


def numbers(desk: Desk, **asked: object) -> list[int]:
    response = desk.client.get(reverse("reprisals"), asked)
    assert response.status_code == 200
    return [each.incident_id for each in response.context["page"].object_list]


def test_it_works(desk: Desk, profile: NhriProfile) -> None:
    older, newer = record(desk, profile, date="2025"), record(desk, profile, date="2026-02")

    assert numbers(desk) == [newer.pk, older.pk]


def test_an_empty_register_says_what_to_do(desk: Desk) -> None:
    shown = desk.client.get(reverse("reprisals")).content.decode()

    assert reverse("reprisal-begin") in shown
    assert "No reprisal is documented yet" in shown


def test_filters(desk: Desk, profile: NhriProfile) -> None:
    threat = record(desk, profile, date="2025-12/2026-01")
    smear = record(desk, profile, form="nhri-smear-campaign", date=None)

    assert numbers(desk, form="nhri-smear-campaign") == [smear.pk]
    assert numbers(desk, year="2025") == numbers(desk, year="2026") == numbers(desk, year="٢٠٢٦") == [threat.pk]
    assert numbers(desk, year="2024") == numbers(desk, network="apf") == numbers(desk, target="nhri-staff") == []
    assert set(numbers(desk, target="nhri-member")) == {threat.pk, smear.pk}
    assert set(numbers(desk, country="XDM")) == set(numbers(desk, form="nonsense")) == {threat.pk, smear.pk}


def test_another_institutions_reprisals_are_nowhere(desk: Desk, profile: NhriProfile) -> None:
    other = make_desk()
    record(other, make_profile(other))

    assert numbers(desk) == []
    assert "nhri-threat" not in desk.client.get(reverse("reprisals-print")).content.decode()
    assert len(list(csv.reader(io.StringIO(desk.client.get(reverse("reprisals-csv")).content.decode())))) == 1


def test_a_copy_of_another_incident_is_not_counted_twice(desk: Desk, profile: NhriProfile) -> None:
    kept, copy = record(desk, profile), record(desk, profile)
    copy.same_as = kept
    copy.save()

    assert numbers(desk) == [kept.pk]


def test_as_csv_it_has_codes_and_no_names_and_is_in_the_log(desk: Desk) -> None:
    profile = make_profile(desk, names={"en": "=cmd|invented"})
    incident = record(desk, profile)

    content = desk.client.get(reverse("reprisals-csv")).content.decode()

    assert SECRET_NAME not in content
    row = list(csv.reader(io.StringIO(content.removeprefix("\ufeff"))))[1]
    assert row[0] == str(incident.pk)
    assert row[4] == "'=cmd|invented"
    assert LogEntry.objects.filter(action="reprisals-exported").count() == 1


def test_on_paper_it_names_nobody(desk: Desk, profile: NhriProfile) -> None:
    record(desk, profile)

    assert SECRET_NAME not in desk.client.get(reverse("reprisals-print")).content.decode()


def test_many_take_as_many_queries_as_two_and_are_paginated(desk: Desk, profile: NhriProfile) -> None:
    for _ in range(2):
        record(desk, profile)
    with CaptureQueriesContext(connection) as few:
        numbers(desk)
    for _ in range(28):
        record(desk, profile)

    with CaptureQueriesContext(connection) as many:
        first = numbers(desk)

    assert len(first) == 25
    assert len(numbers(desk, page=2)) == 5
    assert len(many) == len(few)


def test_the_report_counts_what_lies_in_the_period_and_names_the_rest(desk: Desk, profile: NhriProfile) -> None:
    record(desk, profile, date="2026-02")
    record(desk, profile, form="nhri-smear-campaign", date="2026-03-01", sex="male")
    record(desk, profile, date="2026")
    record(desk, profile, date="2024")
    record(desk, profile, date=None)

    response = desk.client.get(reverse("reprisals-report"), {"first": "2026-01-01", "last": "2026-06-30"})

    report = response.context["report"]
    tables = {table.name: dict(table.rows) for table in report.tables}
    assert (report.reprisals, report.may_lie_in_it, report.undated) == (2, 1, 1)
    assert tables["form"] == {"nhri-smear-campaign": 1, "nhri-threat": 1}
    assert tables["sex"] == {"female": 1, "male": 1}
    assert tables["mandate"] == {"yes": 2}
    assert "Internal: not released figures" in response.content.decode()


def test_the_report_as_csv_says_that_it_is_internal(desk: Desk, profile: NhriProfile) -> None:
    record(desk, profile)

    content = desk.client.get(reverse("reprisals-report-csv"), {"first": "2026-01-01", "last": "2026-12-31"})

    assert content.content.decode().startswith("\ufeffInternal: not released figures")
    assert SECRET_NAME not in content.content.decode()
    assert LogEntry.objects.filter(action="reprisals-report-exported").exists()


@pytest.mark.parametrize("asked", [{"first": "2026-02-01", "last": "2026-01-01"}, {"first": "soon", "last": ""}])
def test_a_period_that_is_none_is_told(desk: Desk, asked: dict[str, str]) -> None:
    assert desk.client.get(reverse("reprisals-report"), asked).status_code == 422
    assert desk.client.get(reverse("reprisals-report-csv"), asked).status_code == 422


def test_a_network_documents_for_any_country() -> None:
    network = make_desk(make_institution(kind="network"))
    profile = make_profile(network, country="COL", network="rindhca")

    incident = record(network, profile)

    assert incident.country == "COL"
    assert numbers(network, network="rindhca") == [incident.pk]
