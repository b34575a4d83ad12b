"""Sharing a case with another institution: what was agreed to goes, nothing else, and it comes back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from amparo.cases.models import Evidence, Share
from amparo.cases.sharing import services, shared_views
from amparo.cases.sharing.demo import seed_demo_consents
from amparo.channel.consents import give_in_vault
from amparo.channel.models import ConsentGiven
from amparo.channel.services import change_consents
from amparo.config.duties import DUTIES
from amparo.institutions.models import this_hour
from amparo.notices.kinds import CASE_SHARED, CASE_WITHDRAWN
from amparo.notices.models import NoticeRecipient
from amparo.notices.outgoing import read_mail_server
from amparo.notices.services import Wishes, keep_wishes
from amparo.vault.consent import today
from amparo.vault.models import Consent, LogEntry, SectionKey
from tests.cases.sharing.conftest import NAME, STORY, Case, make_case
from tests.channel.triage.conftest import Desk, make_desk
from tests.channel.triage.test_report_files import PHOTO, add_file
from tests.factories import SUPPORT, give_consent, make_incident, make_institution, make_report

pytestmark = pytest.mark.django_db


def send(case: Case, **other: object) -> str:
    sent = {
        "to": case.there.founded.institution.code,
        "purpose": SUPPORT,
        "parts": list(map(str, case.parts().values())),
    } | other
    return case.client.post(case.address("case-sharing"), sent, follow=True).content.decode()


def page_there(case: Case) -> str:
    share = Share.objects.get()
    content: str = case.there.client.get(reverse("shared-case", args=[share.pk])).content.decode()
    return content


def test_it_works(case: Case) -> None:
    case.agree()

    send(case)

    listed = case.there.client.get(reverse("shared-with-us")).content.decode()
    content = page_there(case)
    assert reverse("shared-case", args=[Share.objects.get().pk]) in listed
    assert NAME not in listed
    assert NAME in content
    assert STORY in content
    assert "Colombia" in content
    assert "Killing" in content


def test_what_may_go_is_offered_and_what_is_missing_is_said(case: Case) -> None:
    give_consent(case.incident.section)

    asked = {"to": case.there.founded.institution.code, "purpose": SUPPORT}
    content = case.client.get(case.address("case-sharing"), asked).content.decode()

    assert f'value="{case.incident.section_id}" checked' in content
    assert str(case.parts()["Victim 1: who it is"]) not in content
    assert "1 part stays here" in content


def test_without_a_consent_nothing_goes_even_if_it_is_sent(case: Case) -> None:
    give_consent(case.incident.section)

    content = send(case)

    assert "no consent that holds" in content
    assert not Share.objects.exists()
    assert case.opens_there() == 0
    assert not LogEntry.objects.filter(action="case-shared").exists()


@pytest.mark.parametrize(
    "facts", [{"recipient": "ganhri"}, {"purpose": "statistics"}, {"expires_on": today() - timedelta(days=1)}]
)
def test_another_consent_lets_nothing_go(case: Case, facts: dict[str, object]) -> None:
    case.agree(**facts)

    send(case)

    assert case.opens_there() == 0
    assert not Share.objects.exists()


def test_only_the_chosen_parts_go(case: Case) -> None:
    case.agree()

    send(case, parts=[str(case.incident.section_id)])

    content = page_there(case)
    assert STORY in content
    assert NAME not in content


def test_sent_twice_is_once_and_more_can_follow(case: Case) -> None:
    case.agree()

    send(case, parts=[str(case.incident.section_id)])
    send(case, parts=[str(case.incident.section_id)])
    send(case)

    assert Share.objects.get().sections.count() == 2
    assert [each.facts["sections"] for each in LogEntry.objects.filter(action="case-shared")] == [1, 1]


def test_a_consent_for_the_nhri_is_for_that_of_the_country(case: Case) -> None:
    case.agree(recipient="nhri")
    other = make_institution()

    content = send(case, to=other.institution.code)

    assert "not in it" in content
    with pytest.raises(services.NotShared):
        services.share_case(
            case.user, case.incident.pk, other.institution, SUPPORT, case.parts().values(), case.founded.unlocked
        )


def test_reading_is_in_the_log_of_the_case(case: Case) -> None:
    case.agree()
    share = case.share()

    page_there(case)

    entry = LogEntry.objects.get(action="section-opened", institution=case.there.founded.institution.code)
    assert (entry.actor, entry.record) == (case.there.user.pk, f"incident:{case.incident.pk}")
    assert entry.facts == {"sections": 2, "share": share.pk}


def test_the_log_of_the_other_institution_says_that_it_came_and_went(case: Case) -> None:
    case.agree()
    share = case.share()

    services.stop_sharing(case.user, case.incident.pk, share.pk, case.founded.unlocked)

    there = case.there.founded.institution.code
    said = LogEntry.objects.filter(institution=there, record=f"share:{share.pk}").order_by("number")
    assert list(said.values_list("action", flat=True)) == ["case-received", "case-closed"]


def test_who_wants_to_hear_of_it_is_told_when_it_comes_and_when_it_goes(case: Case, settings: Settings) -> None:
    settings.MAIL_SERVER = read_mail_server("smtp://localhost", "amparo@example.org")
    for kind in (CASE_SHARED, CASE_WITHDRAWN):
        keep_wishes(case.there.user, Wishes("invented@example.org", "", "en", [kind], "at-once"))
        NoticeRecipient.objects.update(is_waiting=False)
        case.agree()

        share = case.share()
        told_then = NoticeRecipient.objects.get().is_waiting
        services.stop_sharing(case.user, case.incident.pk, share.pk, case.founded.unlocked)

        assert (told_then, NoticeRecipient.objects.get().is_waiting) == (kind == CASE_SHARED, True)


def test_taking_it_back_closes_it_though_the_consent_stands(case: Case) -> None:
    case.agree()
    share = case.share()

    asked = case.client.get(case.address("sharing-stop", share.pk)).content.decode()
    assert case.opens_there() == 2
    case.client.post(case.address("sharing-stop", share.pk))
    case.client.post(case.address("sharing-stop", share.pk))

    assert "cannot be called back" in asked
    assert case.opens_there() == 0
    assert case.there.client.get(reverse("shared-case", args=[share.pk])).status_code == 404
    assert "No longer shared" in case.there.client.get(reverse("shared-with-us")).content.decode()
    assert LogEntry.objects.filter(action="case-withdrawn").count() == 1
    case.share()
    assert case.opens_there() == 2


def test_one_of_two_purposes_taken_back_leaves_the_other(case: Case) -> None:
    for purpose in (SUPPORT, "statistics"):
        case.agree(purpose=purpose)
        share = case.share(purpose)

    services.stop_sharing(case.user, case.incident.pk, share.pk, case.founded.unlocked)

    assert case.opens_there() == 2


def test_when_the_consent_is_withdrawn_the_page_is_gone(case: Case) -> None:
    case.agree()
    share = case.share()

    services.withdraw_consent(
        case.user, case.incident.pk, case.parts().values(), "network", [SUPPORT], case.founded.unlocked
    )

    assert case.there.client.get(reverse("shared-case", args=[share.pk])).status_code == 404
    share.refresh_from_db()
    assert share.withdrawn_at == this_hour()
    assert not SectionKey.objects.filter(holder=case.there.founded.institution.key_pair).exists()


def test_when_the_consent_runs_out_the_page_is_gone_at_once_and_the_duty_tidies(case: Case) -> None:
    case.agree()
    share = case.share()
    Consent.objects.update(expires_on=today() - timedelta(days=1))

    assert case.there.client.get(reverse("shared-case", args=[share.pk])).status_code == 404
    assert not case.there.client.get(reverse("shared-with-us")).context["shares"]
    assert services.close_expired in DUTIES
    assert services.close_expired() == 3

    share.refresh_from_db()
    assert share.withdrawn_at is not None
    assert services.close_expired() == 0


def test_a_narrower_consent_closes_what_it_no_longer_allows(case: Case) -> None:
    case.agree()
    share = case.share()

    services.record_consent(
        case.user,
        case.incident.pk,
        services.SaidYes(
            frozenset(case.parts().values()),
            ("network",),
            (SUPPORT,),
            "telephone",
            "en",
            today() - timedelta(days=9),
            today() - timedelta(days=1),
        ),
    )

    share.refresh_from_db()
    assert share.withdrawn_at is not None
    assert case.opens_there() == 0


def test_another_institution_finds_nothing(case: Case) -> None:
    case.agree()
    share = case.share()
    stranger = make_desk(make_institution(kind="ganhri"))

    assert stranger.client.get(reverse("shared-case", args=[share.pk])).status_code == 404
    assert case.client.get(reverse("shared-case", args=[share.pk])).status_code == 404
    assert case.there.client.get(case.address("case-sharing")).status_code == 404
    assert case.there.client.get(reverse("case", args=[case.incident.pk])).status_code == 404


def test_a_share_of_another_case_cannot_be_taken_back_here(case: Case) -> None:
    case.agree()
    share = case.share()
    other = make_incident(case.founded)

    assert case.client.post(reverse("sharing-stop", args=[other.pk, share.pk])).status_code == 404
    assert case.opens_there() == 2


def test_what_the_reporter_agreed_to_goes_with_the_case_and_is_taken_back_from_her_mailbox(case: Case) -> None:
    report = make_report(case.founded, incident=case.incident, status="accepted")
    ConsentGiven.objects.create(report=report, recipient="network")
    give_in_vault(report, case.sections())
    case.share()
    assert case.opens_there() == 2

    change_consents(report, [])

    assert case.opens_there() == 0
    assert Share.objects.get().withdrawn_at is not None


def test_what_the_victim_agreed_to_herself_stands_when_the_reporter_withdraws(case: Case) -> None:
    report = make_report(case.founded, incident=case.incident, status="accepted")
    ConsentGiven.objects.create(report=report, recipient="network")
    case.agree()
    case.share()

    change_consents(report, [])

    assert case.opens_there() == 2


@pytest.fixture
def with_file(case: Case) -> Case:
    report = make_report(case.founded, incident=case.incident, status="accepted")
    Evidence.objects.create(incident=case.incident, file=add_file(report), added_at=this_hour())
    return case


@pytest.mark.django_db(transaction=True)
def test_a_files_original_is_never_chosen_beforehand_and_opens_after_the_warning_only(with_file: Case) -> None:
    case, asked = with_file, {"to": with_file.there.founded.institution.code, "purpose": SUPPORT}
    case.agree()
    original = case.parts()["File 1: the original"]

    offered = case.client.get(case.address("case-sharing"), asked).content.decode()
    send(case)
    share = Share.objects.get()
    file = share.sections.get(pk=original).file
    address = reverse("shared-file", args=[share.pk, file.pk])

    assert f'value="{original}">' in offered
    assert case.there.client.get(address).status_code == 405
    answer = case.there.client.post(address)
    assert b"".join(answer.streaming_content) == PHOTO
    assert LogEntry.objects.get(action="file-opened").facts["which"] == "original"
    assert make_desk(make_institution(kind="ganhri")).client.post(address).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_withdrawn_file_is_closed_anew_when_somebody_opens_it(with_file: Case) -> None:
    case = with_file
    case.agree()
    share = case.share()
    file = Evidence.objects.get().file
    services.withdraw_consent(case.user, case.incident.pk, case.parts().values(), "network", [SUPPORT], None)

    assert case.there.client.post(reverse("shared-file", args=[share.pk, file.pk])).status_code == 404
    case.client.get(case.address("case-consent"))

    file.refresh_from_db()
    assert file.generation == 1
    assert not file.section.new_key_due


def test_with_keys_closed_nothing_is_shared_and_nothing_opens(case: Case) -> None:
    case.agree()
    share = case.share()
    for desk in (case.desk, case.there):
        desk.client.cookies.pop("amparo-key")

    told = send(case)

    assert "Your keys are not open" in told
    content = case.there.client.get(reverse("shared-case", args=[share.pk])).content.decode()
    assert NAME not in content


def test_the_list_is_paginated_in_the_database_at_the_same_cost() -> None:
    case = make_case()
    case.agree()
    case.share()
    case.there.client.get(reverse("shared-with-us"))
    with CaptureQueriesContext(connection) as few:
        case.there.client.get(reverse("shared-with-us"))
    for _ in range(shared_views.SHARES_PER_PAGE + 2):
        another = Case(case.desk, case.there, make_incident(case.founded, narrative=STORY))
        another.agree()
        another.share()

    with CaptureQueriesContext(connection) as many:
        page = case.there.client.get(reverse("shared-with-us"))

    assert len(many) == len(few)
    assert len(page.context["shares"]) == shared_views.SHARES_PER_PAGE


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_in_each_language(case: Case, language: str) -> None:
    case.agree()
    share = case.share()
    pages: tuple[tuple[Client, str], ...] = (
        (case.client, f"cases/{case.incident.pk}/sharing/"),
        (case.client, f"cases/{case.incident.pk}/sharing/{share.pk}/stop/"),
        (case.there.client, "shared/"),
        (case.there.client, f"shared/{share.pk}/"),
    )

    for client, page in pages:
        answer = client.get(f"/{language}/desk/{page}")
        assert answer.status_code == 200, page
        assert f'lang="{language}"' in answer.content.decode()


def test_a_network_alone_has_nothing_shared_yet() -> None:
    alone: Desk = make_desk(make_institution(kind="network"))

    assert "Nothing is shared" in alone.client.get(reverse("shared-with-us")).content.decode()


def test_the_demonstration_has_consents_in_each_state_and_a_shared_case(case: Case) -> None:
    seed_demo_consents(case.user, case.incident, case.there.founded.institution, case.founded.unlocked)

    page = case.client.get(case.address("case-consent")).content.decode()
    assert "until withdrawn" in page
    assert "Has it now" in page
    assert case.opens_there() == 2
