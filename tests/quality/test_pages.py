"""The pages on delays, on what stands out and on duplicates: what they count, and where their figures lead."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.cases.models import AllegedPerpetrator, Incident, Information, RuledOut, Source, Victim
from amparo.institutions.models import this_hour
from amparo.linkage.models import Candidate
from amparo.quality.conditions import CHECKS, MANY_VICTIMS
from amparo.quality.duplicate_tables import identical_table
from amparo.quality.duplicates import find_identical
from amparo.quality.intervals import measure_acceptance, measure_recording, measure_verification
from amparo.quality.unusual import find_unusual
from amparo.quality.unusual_tables import unusual_tables
from amparo.vault.models import LogEntry
from tests.channel.triage.conftest import Desk
from tests.factories import make_incident, make_report
from tests.quality.conftest import make_quick_desk
from tests.quality.test_completeness import listed

pytestmark = pytest.mark.django_db


def record_on(incident: Incident, day: date, **columns: object) -> Incident:
    at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    Incident.objects.filter(pk=incident.pk).update(created_at=at, **columns)
    return incident


def test_it_works(desk: Desk) -> None:
    for days in (1, 2, 3, 4, 5):
        incident = make_incident(desk.founded, date="2020-03-01", status="verified")
        record_on(incident, date(2020, 3, 1) + timedelta(days=days), verified_on=date(2020, 3, 20))
    record_on(make_incident(desk.founded, date="2020-03"), date(2020, 3, 9))
    record_on(make_incident(desk.founded, date="2020-03-10", status="refuted"), date(2020, 3, 9))

    (recorded,), (verified,) = measure_recording(desk.user), measure_verification(desk.user)

    assert (recorded.delays.lower, recorded.delays.median, recorded.delays.upper) == (2, 3, 4)
    assert (recorded.delays.done, recorded.errors, recorded.inexact) == (5, 1, 1)
    assert (verified.delays.done, verified.delays.median, verified.delays.waiting) == (5, 16, 1)
    # It waits since 2020: longer than three quarters of the others took.
    assert verified.delays.late == 1


def test_delays_are_split_by_month_recorded(desk: Desk) -> None:
    record_on(make_incident(desk.founded, date="2020-03-01"), date(2020, 3, 31))
    record_on(make_incident(desk.founded, date="2020-03-01"), date(2020, 4, 1))

    assert [each.key for each in measure_recording(desk.user, "month")] == ["2020-04", "2020-03"]
    page = desk.client.get(reverse("quality-delays"), {"by": "month"})
    assert page.status_code == 200


def test_errors_of_dates_lead_to_their_cases(desk: Desk) -> None:
    record_on(make_incident(desk.founded, date="2020-03-10"), date(2020, 3, 9))
    record_on(make_incident(desk.founded, date="2021"), date(2020, 3, 9))
    record_on(make_incident(desk.founded, date="2020-03-01"), date(2020, 3, 9), verified_on=date(2020, 3, 2))

    (recorded,), (verified,) = measure_recording(desk.user), measure_verification(desk.user)

    assert (recorded.errors, verified.errors) == (2, 1)
    assert listed(desk, f"{reverse('case-list')}?check=dated-after-recording") == 2
    assert listed(desk, f"{reverse('case-list')}?check=verified-before-recording&recorded=2020-03") == 1
    assert listed(desk, f"{reverse('case-list')}?check=verified-before-recording&recorded=2020-04") == 0


def test_reports_from_coming_to_case(desk: Desk) -> None:
    came = this_hour() - timedelta(days=4)
    for _ in range(5):
        make_report(desk.founded, received_at=came, incident=make_incident(desk.founded), status="accepted")
    make_report(desk.founded, received_at=came)
    make_report(desk.founded, received_at=came, closed_at=this_hour(), status="rejected")
    make_report(make_quick_desk().founded, received_at=came)

    (found,) = measure_acceptance(desk.user)

    assert (found.delays.done, found.delays.median, found.delays.waiting) == (5, 4, 1)


def make_wrong_cases(desk: Desk) -> None:
    """A case that each check finds, and one that none does."""
    founded, today = desk.founded, date(2020, 6, 1)
    plain = record_on(make_incident(founded, date="2020-05-17"), today)
    source = Source.objects.create(code="invented-paper", kind="press", published_name="Invented Paper")
    Information.objects.create(incident=plain, source=source)
    record_on(make_incident(founded, date="2020-07-17"), today)
    record_on(make_incident(founded, date="1900-05-17"), today)
    record_on(make_incident(founded, date="2020-05-17"), today, verified_on=date(2020, 5, 30))
    record_on(make_incident(founded, date="2020-05-17", status="verified"), today, verified_on=date(2020, 6, 2))
    record_on(make_incident(founded, date="2020-05-17", kind="institution", sex="male"), today)
    both = record_on(make_incident(founded, date="2020-05-17"), today)
    RuledOut.objects.create(victim=both.victims.get(), kind="killing")
    state = record_on(make_incident(founded, date="2020-05-17"), today)
    AllegedPerpetrator.objects.create(incident=state, kind="military", state_link="none")
    record_on(make_incident(founded, date="2020-05-17", age_band="0-17", target="nhri-commissioner"), today)
    record_on(make_incident(founded, date="2020-05-17", country="unknown", area="CO-CAU"), today)
    many = record_on(make_incident(founded, date="2020-05-17"), today)
    Victim.objects.bulk_create(Victim(incident=many) for _ in range(MANY_VICTIMS - 1))
    record_on(make_incident(founded, date="2020-01-01"), today)
    record_on(make_incident(founded, date="2020-05-01"), today)


def test_each_check_finds_its_case_and_no_other(desk: Desk) -> None:
    make_wrong_cases(desk)

    found = find_unusual(desk.user)

    assert dict(found.checks) == {code: 1 for code in CHECKS if not code.startswith("first-of")}
    assert (found.january.heaped, found.month.heaped) == (1, 1)
    for table in unusual_tables(found):
        for row in table.rows:
            for cell in row.cells:
                assert not cell.address or listed(desk, cell.address) == cell.value


def test_a_day_of_import_and_a_day_of_many_records_stand_out(desk: Desk) -> None:
    for place in range(12):
        record_on(make_incident(desk.founded, date=f"2020-02-{place + 1:02}"), date(2020, 3, place + 1))
    for _ in range(15):
        record_on(make_incident(desk.founded, date="2020-02-20", acts=()), date(2020, 3, 20))

    found = find_unusual(desk.user)

    assert [(each.key, each.count) for each in found.recorded] == [(date(2020, 3, 20), 15)]
    assert [(each.key, each.count) for each in found.happened] == [(date(2020, 2, 20), 15)]
    assert listed(desk, f"{reverse('case-list')}?recorded=2020-03-20") == 15
    assert listed(desk, f"{reverse('case-list')}?happened=2020-02-20") == 15
    assert "March 20, 2020" in desk.client.get(reverse("quality-unusual")).content.decode()


def test_one_source_that_nearly_all_comes_from_is_named(desk: Desk) -> None:
    source = Source.objects.create(code="invented-paper", kind="press", published_name="Invented Paper")
    for place in range(20):
        incident = make_incident(desk.founded, date="2020-02-03")
        if place:
            Information.objects.create(incident=incident, source=source)

    found = find_unusual(desk.user)

    assert found.source is not None
    assert (found.source.key, found.source.count) == ("invented-paper", 19)
    assert "Invented Paper" in desk.client.get(reverse("quality-unusual")).content.decode()


def test_cases_with_the_same_facts_are_found_together(desk: Desk) -> None:
    same = {"date": "2020-02-03", "area": "CO-CAU", "sex": "female", "age_band": "25-34", "acts": ("threat", "raid")}
    for _ in range(3):
        make_incident(desk.founded, **same)
    make_incident(desk.founded, **(same | {"sex": "male"}))
    make_incident(desk.founded, **(same | {"date": "2020-02"}))
    make_incident(desk.founded, **(same | {"date": "2020-02"}))
    make_incident(make_quick_desk().founded, **same)

    rows = list(find_identical(desk.user))

    assert [(row["act"], row["cases"]) for row in rows] == [("raid", 3), ("threat", 3)]
    for row in identical_table(rows).rows:
        assert listed(desk, row.cells[0].address) == 3


def test_pairs_that_wait_are_counted_and_lead_to_linkage(desk: Desk) -> None:
    one, other = make_incident(desk.founded), make_incident(desk.founded)
    Candidate.objects.create(
        institution=desk.founded.institution,
        one=one.victims.get(),
        other=other.victims.get(),
        band="probably",
        band_order=1,
        score=900,
        reasons=[],
    )

    page = desk.client.get(reverse("quality-duplicates")).content.decode()

    assert f'href="{reverse("same-persons")}"' in page
    analyst = make_quick_desk(desk.founded, role="analyst")
    assert reverse("same-persons") not in analyst.client.get(reverse("quality-duplicates")).content.decode()


def test_every_table_is_a_file_that_is_logged(desk: Desk) -> None:
    make_incident(desk.founded)
    tables = ["completeness", "recording", "verification", "acceptance", "candidates", "identical"]
    tables += [table.code for table in unusual_tables(find_unusual(desk.user))]

    for table in tables:
        response = desk.client.get(reverse("quality-csv", args=[table]))
        lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
        assert lines[0][0].startswith("Internal: not released figures")

    entries = LogEntry.objects.filter(action="quality-exported").order_by("number")
    assert [each.facts for each in entries] == [{"table": table} for table in tables]


def test_a_table_that_is_none_is_not_found(desk: Desk) -> None:
    assert desk.client.get(reverse("quality-csv", args=["everything"])).status_code == 404


def test_who_may_not_export_gets_no_file(desk: Desk) -> None:
    make_incident(desk.founded)
    editor = make_quick_desk(desk.founded, role="editor")

    assert editor.client.get(reverse("quality-csv", args=["completeness"])).status_code == 403
    assert "quality/tables" not in editor.client.get(reverse("quality-completeness")).content.decode()


def test_a_name_of_a_source_that_a_spreadsheet_would_compute_is_guarded(desk: Desk) -> None:
    source = Source.objects.create(code="invented-paper", kind="press", published_name="=1+1")
    Information.objects.create(incident=make_incident(desk.founded), source=source)

    response = desk.client.get(reverse("quality-csv", args=["completeness"]), {"by": "source"})

    assert "\n'=1+1," in response.content.decode().replace("\r", "")


@pytest.mark.parametrize("name", ["quality", "quality-delays", "quality-unusual", "quality-duplicates"])
def test_the_number_of_queries_does_not_grow_with_the_cases(desk: Desk, name: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert desk.client.get(reverse(name)).status_code == 200
        return len(found)

    make_wrong_cases(desk)
    few = queries()
    for place in range(12):
        record_on(make_incident(desk.founded, date=f"2020-02-{place + 1:02}"), date(2020, 3, place + 1))

    assert queries() <= few


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_who_reads_no_coded_facts_sees_nothing(desk: Desk, role: str) -> None:
    other = make_quick_desk(desk.founded, role=role)

    for name in ("quality", "quality-completeness", "quality-agreement"):
        assert other.client.get(reverse(name)).status_code == 403


def test_the_overview_leads_to_the_cases_of_what_it_says(desk: Desk) -> None:
    make_wrong_cases(desk)

    parts = {part.code: part for part in desk.client.get(reverse("quality")).context["parts"]}

    assert list(parts) == ["completeness", "delays", "unusual", "duplicates", "agreement"]
    addresses = [each.address for code in ("completeness", "unusual") for each in parts[code].found if each.address]
    assert len(addresses) > 10
    assert all(listed(desk, address) for address in addresses)
    assert all(part.found for part in parts.values())
