"""Making a case of a report: facts are suggested, texts and files go over, nothing is typed again."""

import os

import pytest
from django.urls import reverse

from amparo.cases.models import Dataset, Evidence, Incident
from amparo.channel.models import Report, ReportFile
from amparo.channel.triage.accepting import read_when
from amparo.files.models import SealedFile
from amparo.vault import services as vault
from amparo.vault.models import LogEntry
from tests.channel.triage.conftest import Desk, close_keys
from tests.factories import make_report

pytestmark = pytest.mark.django_db

ANSWERS = {
    "what": "An invented threat by telephone.",
    "when": "2026-10",
    "place": "In front of the invented market.",
    "by_whom": "An invented man in uniform.",
    "victim_name": "Inventada Ejemplo",
    "victim_contact": "inventada@example.invalid",
    "name": "Reporter Invented",
    "contact": "reporter@example.invalid",
    "acts": ["death-threat"],
    "profiles": ["land"],
    "target": "journalist",
    "sex": "female",
    "perpetrator": "police",
    "country": "XDM",
}


def suggested(desk: Desk, report: Report) -> dict[str, object]:
    response = desk.client.get(reverse("inbox-accept", args=[report.pk]))
    assert response.status_code == 200
    form = response.context["form"]
    return {name: form[name].value() for name in form.fields}


def accept(desk: Desk, report: Report, **changed: object) -> Incident:
    said = suggested(desk, report) | changed
    response = desk.client.post(reverse("inbox-accept", args=[report.pk]), said)
    assert response.status_code == 302, response.content.decode()
    return Incident.objects.latest("pk")


def test_it_works(desk: Desk) -> None:
    report = make_report(desk.founded, ANSWERS)

    incident = accept(desk, report, area="unknown")

    report.refresh_from_db()
    victim = incident.victims.get()
    assert (report.status, report.incident) == ("accepted", incident)
    assert (str(incident.date), incident.country, incident.status) == ("2026-10", "XDM", "reported")
    assert (victim.target, victim.sex) == ("journalist", "female")
    assert [each.kind for each in incident.acts.all()] == ["death-threat"]
    assert [each.kind for each in incident.alleged_perpetrators.all()] == ["police"]
    assert [each.profile for each in victim.profiles.all()] == ["land"]
    assert LogEntry.objects.filter(action="report-accepted").count() == 1


def test_the_texts_go_over_sealed(desk: Desk) -> None:
    incident = accept(desk, make_report(desk.founded, ANSWERS))

    victim = incident.victims.get()
    opened = vault.open_sections([incident.section, victim.section], desk.founded.unlocked)
    narrative, identity = opened[incident.section_id], opened[victim.section_id]
    assert narrative["text"] == ANSWERS["what"]
    assert narrative["place"] == ANSWERS["place"]
    assert narrative["by_whom"] == ANSWERS["by_whom"]
    assert identity == {"name": ANSWERS["victim_name"], "contact": ANSWERS["victim_contact"]}
    assert "Reporter Invented" not in repr(opened)
    assert "reporter@example.invalid" not in repr(opened)


def test_the_case_shows_it_and_leads_back_to_the_report(desk: Desk) -> None:
    report = make_report(desk.founded, ANSWERS)
    incident = accept(desk, report)

    content = desk.client.get(reverse("case", args=[incident.pk])).content.decode()

    assert ANSWERS["what"] in content
    assert reverse("inbox-report", args=[report.pk]) in content


def test_files_become_evidence(desk: Desk) -> None:
    report = make_report(desk.founded, ANSWERS)
    section = vault.keep_section({"name": "invented.jpg"}, "file", [desk.founded.institution.key_pair])
    file = SealedFile.objects.create(section=section, sealed_sha256=os.urandom(32), sealed_length=1)
    ReportFile.objects.create(report=report, file=file)

    incident = accept(desk, report)

    assert Evidence.objects.get().file == file
    assert Evidence.objects.get().incident == incident


def test_sent_twice_is_one_case(desk: Desk) -> None:
    report = make_report(desk.founded, ANSWERS)
    said = suggested(desk, report)

    desk.client.post(reverse("inbox-accept", args=[report.pk]), said)
    response = desk.client.post(reverse("inbox-accept", args=[report.pk]), said)

    assert Incident.objects.count() == 1
    assert response.url == reverse("case", args=[Incident.objects.get().pk])


def test_what_nobody_said_stays_unknown(desk: Desk) -> None:
    report = make_report(desk.founded, {"what": "Something invented."})

    facts = suggested(desk, report)

    assert facts["date"] == ""
    assert facts["country"] == "XDM"
    assert facts["acts"] == []
    assert {facts[name] for name in ("area", "target", "sex", "age_band", "setting")} == {"unknown"}


def test_forms_against_an_nhri_suggest_acts(desk: Desk) -> None:
    answers = {"what": "x", "nhri_forms": ["budget-cut", "nhri-threat"], "target": "nhri-institution"}

    facts = suggested(desk, make_report(desk.founded, answers, about="nhri"))

    assert facts["acts"] == ["funding-restriction", "threat"]
    assert facts["kind"] == "institution"


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("2026-10-22", "2026-10-22"),
        (" 2026 ", "2026"),
        ("٢٠٢٦-١٠", "2026-10"),
        ("2026-10/2026-11", "2026-10/2026-11"),
        ("last Tuesday", None),
        ("22 October 2026, at night", None),
        ("2026-13", None),
        ("", None),
    ],
)
def test_a_date_is_suggested_where_it_is_one(said: str, read: str | None) -> None:
    found = read_when(said)

    assert (str(found) if found else None) == read


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("date", "yesterday"), ("country", "XXX"), ("acts", []), ("acts", ["no-such"]), ("sex", ""), ("status", "x")],
)
def test_what_is_wrong_is_said_and_no_case_is_made(desk: Desk, name: str, wrong: object) -> None:
    report = make_report(desk.founded, ANSWERS)
    said = suggested(desk, report) | {name: wrong}

    response = desk.client.post(reverse("inbox-accept", args=[report.pk]), said)

    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert Incident.objects.count() == 0


def test_another_country_shows_its_areas_before_anything_is_saved(desk: Desk) -> None:
    report = make_report(desk.founded, ANSWERS)
    said = suggested(desk, report) | {"country": "COL", "show-areas": "1"}

    content = desk.client.post(reverse("inbox-accept", args=[report.pk]), said).content.decode()

    assert 'value="CO-ANT"' in content
    assert "errorlist" not in content
    assert Incident.objects.count() == 0


def test_a_case_goes_into_the_institutions_own_dataset(desk: Desk) -> None:
    first = accept(desk, make_report(desk.founded, ANSWERS))
    second = accept(desk, make_report(desk.founded, ANSWERS))

    dataset = Dataset.objects.get(code=f"own-{desk.founded.institution.code}")
    assert {first.dataset, second.dataset} == {dataset}
    assert set(dataset.titles) == set(dataset.coverage) == {"en", "fr", "es", "ar"}
    assert dataset.invented


def test_with_closed_keys_nothing_can_be_carried_over(desk: Desk) -> None:
    report = make_report(desk.founded, ANSWERS)
    close_keys(desk)

    response = desk.client.get(reverse("inbox-accept", args=[report.pk]), follow=True)

    assert "closed to your session" in response.content.decode()
    assert ANSWERS["what"] not in response.content.decode()


def test_a_closed_report_is_reopened_first(desk: Desk) -> None:
    report = make_report(desk.founded, ANSWERS)
    said = suggested(desk, report)
    desk.client.post(reverse("inbox-reject", args=[report.pk]), {"outcome": "outside-mandate"})

    desk.client.post(reverse("inbox-accept", args=[report.pk]), said)

    assert Incident.objects.count() == 0
