"""The list as a file."""

import csv
import io
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from amparo.cases.models import Information, Source
from amparo.finding import exporting
from amparo.institutions.services import Founded
from amparo.vault.models import LogEntry
from tests.factories import make_incident, make_institution, make_member

pytestmark = pytest.mark.django_db
NAME, STORY = "Invented Person One", "An invented story."


def take(desk: Client, kind: str = "csv", language: str = "en", **fields: object) -> bytes:
    answer = desk.post(f"/{language}/desk/cases/export/", {"format": kind, "which": "all", **fields})
    assert answer.status_code == HTTPStatus.OK
    return answer.getvalue()


def rows(taken: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(taken.decode("utf-8-sig"))))


def test_it_works(desk: Client, founded: Founded) -> None:
    incident = make_incident(founded, name=NAME, narrative=STORY, country="COL", acts=("killing",))

    taken = take(desk)

    assert taken.startswith(b"\xef\xbb\xbf")
    heading, line = rows(taken)
    assert heading[:3] == ["Case", "Date", "Country"]
    assert line[:3] == [str(incident.pk), "2020-05-17", "Colombia"]
    assert NAME.encode() not in taken
    assert STORY.encode() not in taken
    assert LogEntry.objects.get(action="cases-exported").facts == {"cases": 1, "format": "csv"}


def test_a_sheet_has_the_same(desk: Client, founded: Founded) -> None:
    incident = make_incident(founded, name=NAME, country="COL")

    sheet = load_workbook(io.BytesIO(take(desk, "xlsx"))).active

    assert [cell.value for cell in sheet[2]][:3] == [incident.pk, "2020-05-17", "Colombia"]
    assert not sheet.sheet_view.rightToLeft


def test_in_arabic_the_sheet_runs_from_right_to_left(desk: Client, founded: Founded) -> None:
    make_incident(founded, country="COL")

    sheet = load_workbook(io.BytesIO(take(desk, "xlsx", "ar"))).active

    assert sheet.sheet_view.rightToLeft
    assert "كولومبيا" in [cell.value for cell in sheet[2]]
    assert "كولومبيا" in rows(take(desk, "csv", "ar"))[1]


def test_it_has_what_the_search_finds_in_its_order(desk: Client, founded: Founded) -> None:
    old, new = make_incident(founded, date="2001"), make_incident(founded, date="2020")
    make_incident(founded, country="GTM")
    make_incident(make_institution())

    taken = rows(take(desk, country="COL", order="oldest"))

    assert [line[0] for line in taken[1:]] == [str(old.pk), str(new.pk)]


def test_only_marked_cases_of_the_own_institution(desk: Client, founded: Founded) -> None:
    marked, _other = make_incident(founded), make_incident(founded)
    theirs = make_incident(make_institution())

    taken = rows(take(desk, which="marked", case=[str(marked.pk), str(theirs.pk)]))

    assert [line[0] for line in taken[1:]] == [str(marked.pk)]


def test_it_has_the_columns_of_choice(desk: Client, founded: Founded) -> None:
    make_incident(founded, sex="female")
    desk.post(reverse("case-columns"), {"column": ["sex", "recorded"]})

    assert rows(take(desk))[0] == ["Case", "Sex", "Recorded on"]


@pytest.mark.parametrize("name", ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_a_formula(desk: Client, founded: Founded, name: str) -> None:
    source = Source.objects.create(code="one", kind="ngo", published_name=name)
    Information.objects.create(incident=make_incident(founded), source=source)
    desk.post(reverse("case-columns"), {"column": ["sources"]})

    assert rows(take(desk))[1][1] == f"'{name}"
    cell = load_workbook(io.BytesIO(take(desk, "xlsx"))).active["B2"]
    assert (cell.data_type, str(cell.value).strip()) == ("s", name.strip())


def test_it_is_read_in_pieces(desk: Client, founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "_AT_ONCE", 2)
    numbers = [make_incident(founded).pk for _ in range(5)]

    answer = desk.post(reverse("case-export"), {"format": "csv", "which": "all", "order": "first"})
    pieces = list(answer)  # type: ignore[call-overload]

    assert len(pieces) == 4
    assert [int(line[0]) for line in rows(b"".join(pieces))[1:]] == numbers


def test_many_take_as_many_queries_as_two(desk: Client, founded: Founded) -> None:
    counts = []
    for number in (2, 20):
        for _ in range(number):
            make_incident(founded)
        with CaptureQueriesContext(connection) as asked:
            take(desk)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_nothing_chosen_is_told(desk: Client, founded: Founded) -> None:
    make_incident(founded)

    answer = desk.post(reverse("case-export"), {"format": "csv", "which": "marked"}, follow=True)

    assert "There is nothing to export" in answer.content.decode()
    assert not LogEntry.objects.filter(action="cases-exported").exists()


def test_an_editor_takes_nothing_away(client: Client, founded: Founded) -> None:
    client.force_login(make_member(founded, role="editor"))

    assert client.post(reverse("case-export"), {"format": "csv", "which": "all"}).status_code == 403
