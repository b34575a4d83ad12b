"""Writing a condition at the desk: the form, what is wrong with it, corrections, undo, the list."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from amparo.cases.dates import EventDate
from amparo.civic_space.models import Condition, ConditionVersion
from amparo.vault.models import LogEntry
from tests.channel.triage.conftest import Desk
from tests.civic_space.conftest import TITLE, make_desk, publish, write
from tests.factories import make_institution

pytestmark = pytest.mark.django_db


def typed(**other: object) -> dict[str, object]:
    return {
        "token": str(uuid.uuid4()),
        "version": "",
        "kind": "law-association",
        "effect": "restrictive",
        "setting": "offline",
        "area": "XDM-N",
        "date": "2024-03",
        "ended": "",
        "title_en": TITLE,
        "title_ar": "قانون متخيَّل",
        "text_en": "Invented: organisations must register anew.",
        "themes": ["association", "funding"],
        "stage_0": "tabled",
        "stage_date_0": "2024-03",
        "stage_1": "adopted",
        "stage_date_1": "2024-05-30",
        "source_title_0": "Invented Gazette",
        "source_address_0": "https://gazette.invalid.example/12",
    } | other


def errors_of(content: bytes) -> list[str]:
    return [each.text_content() for each in html.fromstring(content).xpath("//ul[contains(@class, 'errorlist')]/li")]


def test_it_works(desk: Desk) -> None:
    assert "Begin with the law" in desk.client.get(reverse("conditions")).content.decode()

    answer = desk.client.post(reverse("condition-new"), typed())

    made = Condition.objects.get()
    assert answer["Location"] == reverse("condition", args=[made.pk])
    assert made.latest is not None
    assert (made.latest.country, made.latest.area, made.latest.stage) == ("XDM", "XDM-N", "adopted")
    assert [str(each.date) for each in made.latest.stages.all()] == ["2024-03", "2024-05-30"]
    assert made.public is None
    page = desk.client.get(answer["Location"]).content.decode()
    assert TITLE in page
    assert "Draft" in page
    assert LogEntry.objects.latest("number").action == "condition-written"


def test_sent_twice_it_is_one(desk: Desk) -> None:
    sent = typed()

    desk.client.post(reverse("condition-new"), sent)
    desk.client.post(reverse("condition-new"), sent)

    assert ConditionVersion.objects.count() == 1


WRONG = (
    ({"title_en": "", "title_ar": ""}, "Write a title in one language at least."),
    ({"text_en": "Ask Invented Person at person@invalid.example"}, "There is a telephone number or an e-mail"),
    ({"text_en": "Call +57 310 555 0101 at night"}, "There is a telephone number or an e-mail"),
    ({"date": "yesterday"}, "Write a date as 2016, 2016-10 or 2016-10-22."),
    ({"date": "2024-02-30"}, "Write a date as 2016, 2016-10 or 2016-10-22."),
    ({"date": "2090"}, "This date is too far ahead."),
    ({"date": "1850"}, "Years before 1900 are not kept here."),
    ({"ended": "2023"}, "It cannot end before it begins."),
    ({"area": "CO-CAU"}, "Select a valid choice."),
    ({"kind": "mistake"}, "Select a valid choice."),
    ({"source_address_0": "javascript:alert(1)"}, "Copy the whole address"),
    ({"source_address_0": "https://user:secret@invalid.example/"}, "Copy the whole address"),
    ({"source_address_0": ""}, "Copy the whole address"),
    ({"stage_0": ""}, "Choose the stage that this is the date of."),
    ({"title_en": "x" * 201}, "at most 200"),
    ({"title_en": "nul\0byte"}, "Null characters are not allowed."),
)


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(desk: Desk) -> None:
    missed = []
    for wrong, said in WRONG:
        answer = desk.client.post(reverse("condition-new"), typed(**wrong))
        page = answer.content
        if answer.status_code != 422 or not any(said in error for error in errors_of(page)):
            missed.append((wrong, answer.status_code))
        assert "Invented Gazette" in page.decode(), wrong

    assert missed == []
    assert Condition.objects.count() == 0


def test_an_nhri_writes_of_its_own_country_whatever_is_sent(desk: Desk) -> None:
    desk.client.post(reverse("condition-new"), typed(country="COL"))

    assert ConditionVersion.objects.get().country == "XDM"


def test_a_network_chooses_the_country(network: Desk) -> None:
    refused = network.client.post(reverse("condition-new"), typed(country="unknown", area="unknown"))
    network.client.post(reverse("condition-new"), typed(country="COL", area="CO-CAU"))

    assert refused.status_code == 422
    assert ConditionVersion.objects.get().area == "CO-CAU"


def test_a_correction_is_a_new_version_and_the_old_one_stays(desk: Desk) -> None:
    made = write(desk.user)
    address = reverse("condition-change", args=[made.pk])

    form = html.fromstring(desk.client.get(address).content).xpath("//form[@method='post'][.//textarea]")[0]
    sent = dict(form.form_values()) | {"title_en": "Invented Act, mended", "themes": ["expression"]}
    assert desk.client.post(address, sent).status_code == 302

    made.refresh_from_db()
    assert made.latest is not None
    assert made.latest.number == 2
    assert [each.titles["en"] for each in made.versions.order_by("number")] == [TITLE, "Invented Act, mended"]
    assert [each.stage for each in made.latest.stages.all()] == ["tabled", "in-force"]
    assert desk.client.post(address, sent | {"version": "2"}).status_code == 302
    assert made.versions.count() == 2


def test_two_who_change_the_same_are_told(desk: Desk, colleague: Desk) -> None:
    made = write(desk.user)
    address = reverse("condition-change", args=[made.pk])
    desk.client.post(address, typed(version="1", title_en="Invented first"))

    answer = colleague.client.post(address, typed(version="1", title_en="Invented second"))

    assert answer.status_code == 422
    assert "Somebody else changed this" in answer.content.decode()
    assert "Invented first" in answer.content.decode()
    assert 'value="Invented second"' in answer.content.decode()


def test_the_last_change_is_taken_back_and_stays_in_the_history(desk: Desk) -> None:
    made = write(desk.user)
    desk.client.post(reverse("condition-change", args=[made.pk]), typed(version="1", title_en="Invented slip"))

    desk.client.post(reverse("condition-undo", args=[made.pk]), {"version": "2"})
    again = desk.client.post(reverse("condition-undo", args=[made.pk]), {"version": "2"}, follow=True)

    made.refresh_from_db()
    assert made.latest is not None
    assert made.latest.number == 1
    assert "Somebody else changed this" in again.content.decode()
    assert "Invented slip" in again.content.decode()
    desk.client.post(reverse("condition-change", args=[made.pk]), typed(version="1", title_en="Invented third"))
    assert made.versions.count() == 3


@pytest.mark.parametrize("version", ["", "x", "9" * 30, "-1"])
def test_an_undo_that_says_no_version_does_nothing(version: str, desk: Desk) -> None:
    made = write(desk.user)

    assert desk.client.post(reverse("condition-undo", args=[made.pk]), {"version": version}).status_code == 302
    assert made.versions.count() == 1


def test_drafts_of_another_institution_are_not_there(desk: Desk) -> None:
    made = write(desk.user)
    stranger = make_desk(make_institution(), role="editor")

    for name in ("condition", "condition-change", "condition-withdraw", "condition-remove"):
        assert stranger.client.get(reverse(name, args=[made.pk])).status_code == 404, name
    for name in ("condition-undo", "condition-send", "condition-approve", "condition-give-back", "condition-put-back"):
        assert stranger.client.post(reverse(name, args=[made.pk]), {"version": "1"}).status_code == 404, name
    assert TITLE not in stranger.client.get(reverse("conditions")).content.decode()


def test_what_others_published_can_be_read_and_not_changed(desk: Desk, colleague: Desk) -> None:
    made = publish(desk.user, colleague.user)
    stranger = make_desk(make_institution(), role="editor")

    page = stranger.client.get(reverse("condition", args=[made.pk])).content.decode()

    assert TITLE in page
    assert "Take back" not in page
    assert stranger.client.get(reverse("condition-change", args=[made.pk])).status_code == 404


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_who_reads_no_cases_reads_no_drafts(role: str, desk: Desk) -> None:
    other = make_desk(desk.founded, role=role)

    assert other.client.get(reverse("conditions")).status_code == 403
    assert other.client.get(reverse("condition-new")).status_code == 403


FILTERS = (
    ("kind=law", {"law", "late"}),
    ("kind=progress-release", {"free"}),
    ("effect=enabling", {"free"}),
    ("setting=online", {"late", "free"}),
    ("first=2024&last=2024", {"law"}),
    ("first=2025", {"late", "free"}),
    ("country=XDM", {"law", "late", "free"}),
    ("state=in-review", set()),
    ("kind=mistake&first=x&page=zzz", {"law", "late", "free"}),
)


def test_the_list_shows_what_is_asked_for(desk: Desk) -> None:
    write(desk.user, titles={"en": "Invented law"})
    write(desk.user, titles={"en": "Invented late"}, date=EventDate.read("2025-06"), setting="both")
    kind = {"kind": "progress-release", "effect": "enabling", "setting": "online"}
    write(desk.user, titles={"en": "Invented free"}, date=EventDate.read("2026"), stages=(), **kind)

    shown = {}
    for asked, _found in FILTERS:
        page = html.fromstring(desk.client.get(f"{reverse('conditions')}?{asked}").content)
        rows = page.xpath("//tbody/tr/th")
        shown[asked] = {row.text_content().strip().removeprefix("Invented ") for row in rows}

    assert shown == dict(FILTERS)


def test_a_long_list_costs_as_many_queries_as_a_short_one(desk: Desk) -> None:
    address = reverse("conditions")
    asked = []
    for number in (2, 30):
        for _ in range(number):
            write(desk.user)
        with CaptureQueriesContext(connection) as queries:
            page = desk.client.get(address)
        asked.append(len(queries))

    assert asked[0] == asked[1]
    assert "Page 1 of 2" in page.content.decode()


def test_a_long_history_costs_as_many_queries_as_a_short_one(desk: Desk) -> None:
    made = write(desk.user)
    asked = []
    for number in (1, 6):
        with CaptureQueriesContext(connection) as queries:
            desk.client.get(reverse("condition", args=[made.pk]))
        asked.append(len(queries))
        for version in range(number, number + 5):
            sent = typed(version=str(version), title_en=f"Invented {version}")
            assert desk.client.post(reverse("condition-change", args=[made.pk]), sent).status_code == 302

    assert asked[0] == asked[1]
