"""The pages of a case on consents: at a glance, noting a yes, taking it back, all that was ever agreed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.cases.models import Victim
from amparo.cases.sharing import consent_views
from amparo.vault import services as vault
from amparo.vault.consent import today
from amparo.vault.models import Consent, LogEntry
from tests.cases.sharing.conftest import NAME, STORY, Case
from tests.channel.triage.conftest import close_keys, make_desk
from tests.factories import SUPPORT, give_consent, make_incident, make_institution

pytestmark = pytest.mark.django_db


def said(case: Case, **other: object) -> dict[str, object]:
    return {
        "parts": [str(each) for each in case.parts().values()],
        "recipients": ["network", "special-procedures"],
        "purposes": [SUPPORT],
        "how": "in-person",
        "language": "es",
        "given_on": str(today()),
        "expires_on": "",
    } | other


def test_it_works(case: Case) -> None:
    answer = case.client.post(case.address("consent-record"), said(case))
    page = case.client.get(case.address("case-consent")).content.decode()

    assert answer.status_code == 302
    assert Consent.objects.count() == 4
    assert {(each.how, each.language, each.given_on) for each in Consent.objects.all()} == {
        ("in-person", "es", today())
    }
    assert "Victim 1: who it is" in page
    assert "until withdrawn" in page
    assert NAME not in page
    assert STORY not in page
    entries = LogEntry.objects.filter(action="consent-given", record=f"incident:{case.incident.pk}")
    assert [each.facts["recipient"] for each in entries] == ["network", "special-procedures"]


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_in_each_language(case: Case, language: str) -> None:
    case.agree()

    for page in ("", "record/", "withdraw/", "withdraw/?recipient=network", "history/"):
        answer = case.client.get(f"/{language}/desk/cases/{case.incident.pk}/consent/{page}")
        assert answer.status_code == 200, page
        assert f'lang="{language}"' in answer.content.decode()


def test_sent_twice_is_once(case: Case) -> None:
    for _ in range(2):
        case.client.post(case.address("consent-record"), said(case))

    assert Consent.objects.count() == 4
    assert LogEntry.objects.filter(action="consent-given").count() == 2


def test_everything_is_all_but_the_originals_of_files(case: Case) -> None:
    case.client.post(case.address("consent-record"), said(case, parts=[], everything="on", recipients=["network"]))

    assert {each.section_id for each in Consent.objects.all()} == set(case.parts().values())


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("parts", [], "at least one part"),
        ("parts", ["00000000-0000-0000-0000-000000000000"], "not in it"),
        ("recipients", [], "at least one who may know"),
        ("recipients", ["everybody"], "not in it"),
        ("purposes", [], "at least one purpose"),
        ("purposes", ["unknown"], "not in it"),
        ("how", "", "required"),
        ("given_on", "yesterday", "2026-11-25"),
        ("given_on", str(today() + timedelta(days=1)), "still to come"),
        ("expires_on", str(today() - timedelta(days=1)), "cannot end before"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    case: Case, field: str, value: object, told: str
) -> None:
    answer = case.client.post(case.address("consent-record"), said(case, **{field: value}))

    content = answer.content.decode()
    assert answer.status_code == 422
    assert told in content
    assert answer.context["form"].errors.keys() == {field}
    assert f'<option value="{said(case)["language"]}" selected>' in content
    assert not Consent.objects.exists()


def test_a_part_of_another_case_is_no_choice(case: Case) -> None:
    other = make_incident(make_institution(), narrative="Another invented story.")

    answer = case.client.post(case.address("consent-record"), said(case, parts=[str(other.section_id)]))

    assert answer.status_code == 422
    assert not Consent.objects.exists()


def test_withdrawing_asks_first_and_names_who_loses(case: Case) -> None:
    case.agree()
    case.share()

    asked = case.client.get(case.address("consent-withdraw"), {"recipient": "network"}).content.decode()

    assert case.there.founded.institution.names["en"] in asked
    assert case.opens_there() == 2
    assert not Consent.objects.filter(withdrawn_on__isnull=False).exists()


def test_withdrawing_closes_it_there_and_seals_it_anew(case: Case) -> None:
    case.agree()
    case.share()
    old = {each.pk: vault.data_key_of(each, case.founded.unlocked) for each in case.sections()}
    sent = {"parts": list(map(str, old)), "purposes": [SUPPORT]}

    answer = case.client.post(case.address("consent-withdraw") + "?recipient=network", sent)

    assert answer.status_code == 302
    assert case.opens_there() == 0
    for section in case.sections():
        assert vault.data_key_of(section, case.founded.unlocked) != old[section.pk]
    entry = LogEntry.objects.get(action="consent-withdrawn")
    assert entry.facts == {"recipient": "network", "purpose": SUPPORT, "sections": 2}
    page = case.client.get(case.address("case-consent")).content.decode()
    assert "withdrawn" in page


def test_with_closed_keys_it_is_closed_all_the_same(case: Case) -> None:
    case.agree()
    case.share()
    close_keys(case.desk)
    sent = {"parts": list(map(str, case.parts().values())), "purposes": [SUPPORT]}

    case.client.post(case.address("consent-withdraw") + "?recipient=network", sent)

    assert case.opens_there() == 0
    assert all(each.new_key_due for each in case.sections())


def test_only_what_is_chosen_is_withdrawn(case: Case) -> None:
    case.agree()
    case.share()
    sent = {"parts": [str(case.incident.section_id)], "purposes": [SUPPORT]}

    case.client.post(case.address("consent-withdraw") + "?recipient=network", sent)

    assert case.opens_there() == 1


def test_withdrawing_nothing_is_an_error_at_its_field(case: Case) -> None:
    case.agree()

    answer = case.client.post(case.address("consent-withdraw") + "?recipient=network", {"parts": [], "purposes": []})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"parts", "purposes"}


def test_without_a_standing_consent_there_is_nothing_to_withdraw(case: Case) -> None:
    page = case.client.get(case.address("consent-withdraw"), {"recipient": "network"})

    assert "nothing to withdraw" in page.content.decode()


def test_the_history_keeps_what_was_withdrawn_and_replaced(case: Case) -> None:
    case.agree()
    case.agree(expires_on=today())
    vault.withdraw_consent(case.sections(), "network")

    page = case.client.get(case.address("consent-history")).content.decode()

    assert "replaced by a newer one" in page
    assert "withdrawn" in page
    assert page.count("<tr>") == 5


def test_a_case_without_anything_sealed_says_what_to_do(case: Case) -> None:
    bare = make_incident(case.founded)

    page = case.client.get(reverse("case-consent", args=[bare.pk])).content.decode()

    assert "Document what happened" in page


def test_another_institutions_case_does_not_exist(case: Case) -> None:
    stranger = make_desk()

    for name in ("case-consent", "consent-record", "consent-withdraw", "consent-history"):
        assert stranger.client.get(case.address(name)).status_code == 404
        assert case.there.client.get(case.address(name)).status_code == 404


def test_the_page_costs_as_many_queries_for_two_parts_as_for_many(case: Case) -> None:
    case.agree()
    case.share()
    with CaptureQueriesContext(
        connection,
    ) as few:
        case.client.get(case.address("case-consent"))
    for number in range(60):
        section = vault.keep_section({"name": f"Invented {number}"}, "identity", [case.founded.institution.key_pair])
        Victim.objects.create(incident=case.incident, section=section)
        give_consent(section)
    case.share()

    with CaptureQueriesContext(connection) as many:
        page = case.client.get(case.address("case-consent"))

    assert len(many) == len(few)
    assert page.content.decode().count("<tr>") == consent_views.PARTS_PER_PAGE + 1
