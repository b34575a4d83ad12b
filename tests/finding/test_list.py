"""The page of the list of cases."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.cases.models import AllegedPerpetrator, DefenderProfile, Information, Source
from amparo.finding.columns import all_columns
from amparo.finding.listing import PER_PAGE
from amparo.institutions.models import User
from amparo.institutions.services import Founded
from tests.factories import make_incident, make_institution, make_member

pytestmark = pytest.mark.django_db


def show(desk: Client, query: str = "") -> str:
    answer = desk.get(f"{reverse('case-list')}?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_works(desk: Client, founded: Founded) -> None:
    incident = make_incident(founded, country="COL", acts=("killing",))

    page = show(desk)

    assert f'href="{reverse("case", args=[incident.pk])}"' in page
    assert "Colombia" in page
    assert "1 case" in page


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_in_each_language(desk: Client, founded: Founded, language: str) -> None:
    make_incident(founded)

    page = desk.get(f"/{language}/desk/?words=2020&country=COL").content.decode()

    assert f'lang="{language}"' in page


def test_another_institutions_cases_are_not_there(desk: Client) -> None:
    theirs = make_incident(make_institution())

    assert reverse("case", args=[theirs.pk]) not in show(desk)


def test_drafts_and_copies_are_marked(desk: Client, founded: Founded) -> None:
    kept = make_incident(founded)
    draft = make_incident(founded, stage="draft")
    draft.same_as = kept
    draft.save()

    page = show(desk, "copies=yes")

    assert ">draft</span>" in page
    assert f"copy of {kept.pk}" in page


def test_conditions_are_shown_and_can_be_taken_away(desk: Client, founded: Founded) -> None:
    make_incident(founded, country="COL")

    page = show(desk, "country=COL&words=2020")

    assert 'class="chips"' in page
    assert f'href="{reverse("case-list")}?country=COL"' in page
    assert f'href="{reverse("case-list")}?words=2020"' in page


def test_the_form_leads_to_an_address(desk: Client, founded: Founded) -> None:
    make_incident(founded)

    sent = {"country": ["COL", ""], "act": "killing", "words": "2020", "from": "2019", "to": "", "order": "oldest"}
    answer = desk.post(reverse("case-find"), sent)

    assert answer.status_code == 302
    assert answer["Location"].endswith("?act=killing&country=COL&words=2020&from=2019&order=oldest")


def test_words_that_stand_nowhere_get_into_no_address(desk: Client, founded: Founded) -> None:
    make_incident(founded)

    answer = desk.post(reverse("case-find"), {"words": "Inventedsurname", "country": "COL"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Inventedsurname"' in page
    assert "field for names" in page
    assert "words=Inventedsurname" not in page
    assert 'name="words" value="Inventedsurname"' in page
    assert page.count("Inventedsurname".lower()) <= 1


def test_a_bad_date_is_said_at_its_field_and_stays(desk: Client, founded: Founded) -> None:
    make_incident(founded)

    answer = desk.post(reverse("case-find"), {"from": "17 May", "words": "2020"})

    assert answer.status_code == 422
    assert 'value="17 May"' in answer.content.decode()
    assert "Write a date as" in answer.content.decode()
    assert show(desk, "from=2020-13-45").count("Write a date as") == 1


@pytest.mark.parametrize(
    "query",
    [
        "words=" + "x" * 5000,
        "words=%22+NEAR(+*+-+%22",
        "words=%E2%80%AEkilling",
        "words=%00",
        "country=ATLANTIS&act=%27+OR+1%3D1",
        "page=abc",
        "page=999999999999999999999",
        "found=../../etc",
        "law=1%20OR%201",
        "from=%00&to=%E2%80%AE",
    ],
)
def test_hostile_addresses_are_answered(desk: Client, founded: Founded, query: str) -> None:
    make_incident(founded)

    show(desk, query)


def test_unknown_conditions_are_told(desk: Client, founded: Founded) -> None:
    make_incident(founded)

    page = show(desk, "country=ATLANTIS")

    assert "1 condition in this address is not known here" in page
    assert "ATLANTIS" not in page.replace("country=ATLANTIS", "")


def test_an_institution_without_cases_is_told_what_to_do(desk: Client) -> None:
    page = show(desk)

    assert "./amparo import" in page
    assert reverse("inbox") in page


def test_who_finds_nothing_is_told_what_to_take_away(desk: Client, founded: Founded) -> None:
    make_incident(founded, country="COL")

    page = show(desk, "country=GTM&act=threat")

    assert "No case has all of this" in page
    assert f'href="{reverse("case-list")}?act=threat"' in page


def fill(founded: Founded, number: int) -> None:
    source = Source.objects.get_or_create(code="one", kind="ngo", published_name="One")[0]
    for _ in range(number):
        incident = make_incident(founded, acts=("killing", "threat"))
        DefenderProfile.objects.create(victim=incident.victims.get(), profile="environment")
        AllegedPerpetrator.objects.create(incident=incident, kind="police")
        Information.objects.create(incident=incident, source=source)


def test_it_takes_as_many_queries_for_many_as_for_two(desk: Client, founded: Founded) -> None:
    everything = {"column": [column.code for column in all_columns()]}
    desk.post(reverse("case-columns"), everything)
    counts = []
    for number in (2, PER_PAGE):
        fill(founded, number)
        with CaptureQueriesContext(connection) as asked:
            show(desk, "country=COL&words=killing&act=killing&sex=unknown&from=2019")
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 25


def test_it_is_paginated_in_the_database(desk: Client, founded: Founded) -> None:
    fill(founded, PER_PAGE + 3)

    with CaptureQueriesContext(connection) as asked:
        first = show(desk)
        listing = [query["sql"] for query in asked if 'FROM "cases_incident"' in query["sql"]]
    second = show(desk, "page=2")

    assert first.count('name="case"') == PER_PAGE
    assert second.count('name="case"') == 3
    assert any(f"LIMIT {PER_PAGE}" in sql for sql in listing)


def test_columns_of_choice_are_kept_for_the_person(desk: Client, founded: Founded, client: Client) -> None:
    make_incident(founded, setting="online")

    answer = desk.post(reverse("case-columns"), {"column": ["setting", "nonsense"], "country": "COL"})
    page = show(desk)

    assert answer["Location"].endswith("?country=COL")
    assert "<td>Online</td>" in page.replace("\n", "")
    assert '<th scope="col">Acts</th>' not in page
    desk.post(reverse("case-columns"), {})
    assert '<th scope="col">Acts</th>' in show(desk)


def test_an_analyst_sees_codes_and_no_field_for_names(client: Client, founded: Founded) -> None:
    make_incident(founded)
    client.force_login(make_member(founded, role="analyst"))

    page = show(client)

    assert 'name="name"' not in page
    assert "case-export" not in page
    assert reverse("case-export") in page
    assert 'name="kind"' not in page


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_who_may_not_read_cases_is_refused(client: Client, founded: Founded, role: str) -> None:
    client.force_login(make_member(founded, role=role))

    for name in ("case-list", "case-searches", "case-names"):
        assert client.get(reverse(name)).status_code == 403
    for name in ("case-find", "case-columns", "case-bulk", "case-bulk-do", "case-bulk-undo", "case-export"):
        assert client.post(reverse(name)).status_code == 403


def test_a_person_without_an_institution_is_refused(client: Client) -> None:
    client.force_login(User.objects.create(username="nobody"))

    assert client.get(reverse("case-list")).status_code == 403
