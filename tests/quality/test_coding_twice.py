"""Coding twice: samples that anybody can draw again, a blind form, both codings kept, decisions, and who sees whom."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.cases.models import Incident
from amparo.quality.demo import seed_demo_quality
from amparo.quality.first_codings import first_victims, read_first_codings
from amparo.quality.models import CodingRound, Resolution, SampledCase
from amparo.quality.recoding import NothingToDraw, draw_sample, own_cases
from amparo.vault import log
from amparo.vault.models import LogEntry
from tests.channel.triage.conftest import Desk, close_keys
from tests.factories import make_incident, make_report
from tests.quality.coding import FIELDS, NAME, STORY, add_act, code, draw, make_case
from tests.quality.conftest import make_quick_desk

pytestmark = pytest.mark.django_db


def test_it_works(desk: Desk, reader: Desk) -> None:
    drawn = draw(desk, 2)
    page = reader.client.get(reverse("quality-round-next", args=[drawn.pk]), follow=True)
    assert STORY in page.content.decode()
    assert NAME in page.content.decode()
    first, second = drawn.sampled.values_list("pk", flat=True)

    assert code(reader, first)["Location"] == reverse("quality-round-next", args=[drawn.pk])
    code(reader, second, age="35-49", act=["threat", "raid"])

    kept = SampledCase.objects.get(pk=second)
    assert kept.first == {
        "setting": "online",
        "act": "threat",
        "sex": "female",
        "age": "25-34",
        "perpetrator": "police",
    }
    assert kept.second == kept.first | {"age": "35-49", "act": "raid + threat"}
    assert kept.coded_by == reader.user
    shown = desk.client.get(reverse("quality-round", args=[drawn.pk]))
    assert shown.context["compared"].coded == 2
    assert [each.field for each, *_ in shown.context["differences"]] == ["act", "age"]
    assert "Too few cases to be read" in shown.content.decode()
    entry = LogEntry.objects.filter(action="case-coded-again").first()
    assert entry is not None
    assert entry.facts == {"round": drawn.pk}


def test_nothing_of_the_first_coding_is_on_the_blind_page(desk: Desk, reader: Desk) -> None:
    drawn = draw(desk, 1)
    sampled = drawn.sampled.get()

    page = reader.client.get(reverse("quality-code-again", args=[sampled.pk])).content.decode()

    assert "checked" not in page
    assert page.count("selected") == page.count('value="" selected')
    assert f"/desk/cases/{sampled.incident_id}/" not in page


def test_the_same_seed_draws_the_same_cases(desk: Desk) -> None:
    for _ in range(12):
        make_case(desk)

    def numbers(seed: int, token: str) -> list[int]:
        drawn = draw_sample(desk.user, 5, FIELDS, seed, token)
        return list(drawn.sampled.values_list("incident_id", flat=True))

    assert numbers(7, "a" * 32) == numbers(7, "b" * 32)
    assert numbers(7, "c" * 32) != numbers(8, "d" * 32)


def test_only_cases_with_a_story_are_drawn_and_no_drafts_or_copies(desk: Desk) -> None:
    make_incident(desk.founded)
    make_case(desk, stage="draft")
    kept, copied = make_case(desk), make_case(desk)
    Incident.objects.filter(pk=copied.pk).update(same_as=kept)
    make_case(make_quick_desk())

    drawn = draw_sample(desk.user, 40, FIELDS, 1, "a" * 32)

    assert list(drawn.sampled.values_list("incident_id", flat=True)) == [kept.pk]


def test_where_there_is_no_story_the_form_says_so(desk: Desk) -> None:
    make_incident(desk.founded)
    with pytest.raises(NothingToDraw):
        draw_sample(desk.user, 5, FIELDS, 1, "a" * 32)

    page = desk.client.post(reverse("quality-agreement"), {"size": 5, "fields_again": ["sex"], "seed": 1})

    assert page.status_code == 422
    assert "no case with a sealed story" in page.content.decode()


def test_the_form_draws_once_however_often_it_is_sent(desk: Desk) -> None:
    make_case(desk)
    sent = {"size": 5, "fields_again": ["sex", "act"], "seed": 1, "token": "e" * 32}

    for _ in range(2):
        answer = desk.client.post(reverse("quality-agreement"), sent)

    drawn = CodingRound.objects.get()
    assert answer["Location"] == reverse("quality-round", args=[drawn.pk])
    assert drawn.fields == ["act", "sex"]


def test_a_form_that_is_not_understood_keeps_what_was_typed(desk: Desk) -> None:
    page = desk.client.post(reverse("quality-agreement"), {"size": "many", "seed": 12345})

    assert page.status_code == 422
    assert 'value="many"' in page.content.decode()
    assert 'value="12345"' in page.content.decode()
    assert "Choose at least one field" in page.content.decode()


def test_what_is_coded_is_never_coded_over(desk: Desk, colleague: Desk) -> None:
    sampled = draw(desk, 1).sampled.get()
    third = make_quick_desk(desk.founded, role="case-worker")

    code(colleague, sampled.pk)
    for each in (colleague, third):
        code(each, sampled.pk, sex="male")

    assert SampledCase.objects.get().second["sex"] == "female"
    assert LogEntry.objects.filter(action="case-coded-again").count() == 1


def test_every_field_has_to_be_answered_and_what_was_chosen_stays(desk: Desk, colleague: Desk) -> None:
    sampled = draw(desk, 1).sampled.get()

    page = code(colleague, sampled.pk, sex="", act=["threat", "unknown"])

    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"sex", "act"}
    assert 'value="25-34" selected' in page.content.decode()
    assert SampledCase.objects.get().second is None


def test_who_worked_on_a_case_cannot_code_it_blind(desk: Desk, colleague: Desk) -> None:
    drawn = draw(desk, 2)
    changed, accepted = drawn.sampled.all()
    report = make_report(desk.founded, incident=accepted.incident, status="accepted")
    code_of = desk.founded.institution.code
    log.record("record-changed", actor=colleague.user.pk, institution=code_of, record=f"incident:{changed.incident_id}")
    log.record("report-accepted", actor=colleague.user.pk, institution=code_of, record=f"report:{report.pk}")

    assert own_cases(colleague.user, [changed.incident_id, accepted.incident_id]) == {
        changed.incident_id,
        accepted.incident_id,
    }
    assert own_cases(desk.user, [changed.incident_id]) == set()
    answer = code(colleague, changed.pk)
    assert answer["Location"] == reverse("quality-round", args=[drawn.pk])
    assert SampledCase.objects.filter(coded_at=None).count() == 2
    page = colleague.client.get(reverse("quality-round", args=[drawn.pk]))
    assert "2 cases that are left are ones that you worked on yourself" in page.content.decode()


def test_the_story_is_closed_without_keys_and_codes_sent_meanwhile_are_kept(desk: Desk, reader: Desk) -> None:
    sampled = draw(desk, 1).sampled.get()
    close_keys(reader)

    page = reader.client.get(reverse("quality-code-again", args=[sampled.pk])).content.decode()
    assert "Your keys are closed" in page
    assert STORY not in page
    assert STORY not in code(reader, sampled.pk, sex="").content.decode()
    code(reader, sampled.pk)

    assert SampledCase.objects.get().second is not None


def test_reading_a_story_is_logged(desk: Desk, reader: Desk) -> None:
    sampled = draw(desk, 1).sampled.get()

    reader.client.get(reverse("quality-code-again", args=[sampled.pk]))

    entry = LogEntry.objects.get(action="section-opened", actor=reader.user.pk)
    assert (entry.record, entry.facts) == (f"incident:{sampled.incident_id}", {"sections": 2})


def test_a_difference_is_decided_and_decided_again_with_both_codings_kept(desk: Desk, colleague: Desk) -> None:
    sampled = draw(desk, 1).sampled.get()
    code(colleague, sampled.pk, sex="male")
    address = reverse("quality-resolve", args=[sampled.pk, "sex"])

    for decision in ("second", "neither"):
        desk.client.post(address, {"decision": decision})

    resolution = Resolution.objects.get()
    assert (resolution.decision, resolution.decided_by) == ("neither", desk.user)
    kept = SampledCase.objects.get()
    assert (kept.first["sex"], kept.second["sex"]) == ("female", "male")
    assert kept.victim is not None
    assert kept.victim.sex == "female"
    facts = LogEntry.objects.filter(action="coding-resolved").order_by("number").values_list("facts", flat=True)
    assert list(facts) == [{"field": "sex", "decision": "second"}, {"field": "sex", "decision": "neither"}]


def test_what_does_not_differ_is_not_decided(desk: Desk, colleague: Desk) -> None:
    sampled = draw(desk, 1).sampled.get()
    code(colleague, sampled.pk)

    for field, decision in (("sex", "second"), ("country", "second"), ("nothing", "first")):
        desk.client.post(reverse("quality-resolve", args=[sampled.pk, field]), {"decision": decision})

    assert not Resolution.objects.exists()


def test_who_coded_is_shown_to_who_leads_only(desk: Desk, colleague: Desk) -> None:
    drawn = draw(desk, 1)
    code(colleague, drawn.sampled.get().pk, sex="male")
    third = make_quick_desk(desk.founded, role="case-worker")

    def names_her(reader: Desk) -> bool:
        return colleague.user.username in reader.client.get(reverse("quality-round", args=[drawn.pk])).content.decode()

    assert names_her(desk)
    assert not names_her(third)
    assert third.client.get(reverse("quality-round-csv", args=[drawn.pk, "coders"])).status_code == 404


def test_an_analyst_reads_the_agreement_and_no_single_case(desk: Desk, colleague: Desk) -> None:
    drawn = draw(desk, 1)
    sampled = drawn.sampled.get()
    code(colleague, sampled.pk, sex="male")
    analyst = make_quick_desk(desk.founded, role="analyst")

    page = analyst.client.get(reverse("quality-round", args=[drawn.pk])).content.decode()

    assert "Agreement by field" in page
    assert "Where the two codings differ" not in page
    assert analyst.client.get(reverse("quality-round-csv", args=[drawn.pk, "differences"])).status_code == 404
    assert analyst.client.get(reverse("quality-code-again", args=[sampled.pk])).status_code == 403
    assert analyst.client.post(reverse("quality-agreement"), {"size": 3}).status_code == 403


def test_another_institution_finds_nothing_of_it(desk: Desk) -> None:
    drawn = draw(desk, 1)
    sampled, stranger = drawn.sampled.get(), make_quick_desk()

    for name, arguments in (
        ("quality-round", [drawn.pk]),
        ("quality-round-next", [drawn.pk]),
        ("quality-round-drop", [drawn.pk]),
        ("quality-round-csv", [drawn.pk, "agreement"]),
        ("quality-code-again", [sampled.pk]),
    ):
        assert stranger.client.get(reverse(name, args=arguments)).status_code == 404
    assert code(stranger, sampled.pk).status_code == 404
    assert stranger.client.post(reverse("quality-resolve", args=[sampled.pk, "sex"])).status_code == 404


def test_a_sample_is_given_up_only_before_anything_was_coded(desk: Desk, colleague: Desk) -> None:
    kept, given_up = draw(desk, 1), draw(desk, 1, token="b" * 32)
    code(colleague, kept.sampled.get().pk)

    for drawn in (kept, given_up):
        assert desk.client.get(reverse("quality-round-drop", args=[drawn.pk])).status_code == 200
        desk.client.post(reverse("quality-round-drop", args=[drawn.pk]))

    assert list(CodingRound.objects.all()) == [kept]


def test_tables_of_a_sample_are_files(desk: Desk, colleague: Desk) -> None:
    drawn = draw(desk, 2)
    for sampled in drawn.sampled.all():
        code(colleague, sampled.pk, sex="male")

    for table, rows in (("agreement", len(FIELDS)), ("differences", 2), ("coders", 1)):
        response = desk.client.get(reverse("quality-round-csv", args=[drawn.pk, table]))
        lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
        heading = next(place for place, line in enumerate(lines) if len(line) > 1)
        assert len(lines) - heading - 1 == rows
    assert LogEntry.objects.filter(action="quality-exported").count() == 3


def test_the_first_coding_joins_several_codes_of_the_first_victim(desk: Desk) -> None:
    incident = make_case(desk, acts=("raid", "threat"), profile="land")
    add_act(incident, "unknown")
    bare = make_incident(desk.founded, acts=())
    bare.victims.all().delete()

    fields = ("act", "profile", "perpetrator", "sex", "country")
    victims = first_victims([incident.pk, bare.pk])
    found = read_first_codings([incident, bare], victims, fields)

    assert found[incident.pk] == {
        "act": "raid + threat",
        "profile": "land",
        "perpetrator": "police",
        "sex": "female",
        "country": "COL",
    }
    assert found[bare.pk] == dict.fromkeys(fields, "unknown") | {"country": "COL"}


def test_the_number_of_queries_does_not_grow_with_the_sample(desk: Desk, colleague: Desk) -> None:
    few, many = draw(desk, 2), draw(desk, 8, token="b" * 32)
    for drawn in (few, many):
        for sampled in drawn.sampled.all():
            code(colleague, sampled.pk, sex="male")

    def queries(name: str, drawn: CodingRound) -> int:
        with CaptureQueriesContext(connection) as found:
            assert desk.client.get(reverse(name, args=[drawn.pk])).status_code == 200
        return len(found)

    desk.client.get(reverse("quality-round", args=[few.pk]))
    assert queries("quality-round", many) == queries("quality-round", few)


def test_the_demo_codes_most_of_a_sample_again_once(desk: Desk, colleague: Desk) -> None:
    assert seed_demo_quality(desk.user, colleague.user) is None
    for _ in range(10):
        make_case(desk)

    for _ in range(2):
        drawn = seed_demo_quality(desk.user, colleague.user)

    assert drawn == CodingRound.objects.get()
    assert drawn.sampled.exclude(coded_at=None).count() == 8
    assert Resolution.objects.count() == 3
