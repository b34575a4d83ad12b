"""Documenting a reprisal step by step: it becomes a case, once, with everything sealed that names anybody."""

from secrets import token_hex

import pytest
from django.urls import reverse

from amparo.cases.models import Incident, SealedDraft
from amparo.reprisals.models import DocumentedForm, NhriProfile, Reprisal
from amparo.vault import services as vault
from amparo.vault.models import LogEntry
from tests.channel.triage.conftest import Desk, close_keys, make_desk
from tests.leaks import find_leaks_in_database
from tests.reprisals.documenting import (
    AFTER,
    CUT,
    DISMISSAL,
    SECRET_NAME,
    SECRET_TEXT,
    WHO,
    document,
    make_profile,
    send_step,
    what,
)

pytestmark = pytest.mark.django_db


def test_it_works(desk: Desk, profile: NhriProfile) -> None:
    incident = document(desk, profile)

    reprisal = incident.reprisal
    institution, person = incident.victims.order_by("pk")
    dismissal, cut = reprisal.forms.order_by("pk")
    assert (incident.country, incident.because_of_mandate, incident.because_of_cooperation) == ("XDM", "yes", "unknown")
    assert (institution.kind, institution.target) == ("institution", "nhri-institution")
    assert (person.target, person.sex) == ("nhri-commissioner", "female")
    assert [act.kind for act in institution.acts.all()] == ["funding-restriction"]
    assert [act.kind for act in person.acts.all()] == ["dismissal"]
    assert (dismissal.form, cut.form) == ("undue-dismissal", "budget-cut")
    assert str(dismissal.seat_interference.term_ends) == "2028"
    assert set(dismissal.codes.filter(question="foreseen").values_list("code", flat=True)) == {
        "ground-in-law",
        "hearing",
    }
    assert (f"{cut.budget_cut.amount_after:f}", cut.budget_cut.currency) == ("600000.50", "EUR")
    assert [each.victim for each in cut.targets.all()] == [institution]
    assert [each.victim for each in dismissal.targets.all()] == [person]
    opened = vault.open_sections([dismissal.section, person.section], desk.founded.unlocked)
    assert opened == {dismissal.section.pk: {"procedure_done": SECRET_TEXT}, person.section.pk: {"name": SECRET_NAME}}
    assert LogEntry.objects.filter(action="reprisal-recorded", record=f"incident:{incident.pk}").count() == 1
    assert not SealedDraft.objects.exists()


def test_nothing_sealed_is_anywhere_in_the_database(desk: Desk, profile: NhriProfile) -> None:
    token = token_hex(16)
    send_step(desk, token, "what", what(profile, "undue-dismissal", "budget-cut"))
    send_step(desk, token, "undue-dismissal", DISMISSAL)

    assert SealedDraft.objects.count() == 1
    assert find_leaks_in_database([SECRET_TEXT]) == []

    document(desk, profile)
    assert find_leaks_in_database([SECRET_NAME, SECRET_TEXT]) == []


def test_sent_twice_it_is_one_case(desk: Desk, profile: NhriProfile) -> None:
    token = token_hex(16)
    for step, said in (("what", what(profile, "budget-cut")), ("budget-cut", CUT), ("after", AFTER)):
        send_step(desk, token, step, said)
    send_step(desk, token, "who", {"who-institution": ["budget-cut"]})

    first, second = (send_step(desk, token, "check") for _ in range(2))

    assert first["Location"] == second["Location"]
    assert Incident.objects.count() == Reprisal.objects.count() == 1


@pytest.mark.parametrize(
    ("step", "said", "expected"),
    [
        ("budget-cut", {"budget-cut-amount_after": "2,000,000"}, "so it is no cut"),
        ("budget-cut", {"budget-cut-year_after": "2024"}, "Are they reversed?"),
        ("budget-cut", {"budget-cut-currency": "XYZ"}, "There is no such currency"),
        ("budget-cut", {"budget-cut-government_after": "500"}, "a share over 100 per cent"),
        ("budget-cut", {"budget-cut-share_before": "101"}, "at most 100 per cent"),
        ("budget-cut", {"budget-cut-share_before": "5"}, "The amounts give another share"),
        ("budget-cut", {"budget-cut-amount_before": "1.234"}, "thousands or thousandths"),
        ("budget-cut", {"budget-cut-amount_before": "-5"}, "less than nothing"),
        ("undue-dismissal", {"undue-dismissal-term_ends-year": "2020"}, "The term had ended before the dismissal"),
        ("undue-dismissal", {"undue-dismissal-followed_law": "yes"}, "Change one of them"),
        ("undue-dismissal", {"undue-dismissal-date-year": "2099"}, "has not come yet"),
        ("undue-dismissal", {"undue-dismissal-seat": "emperor"}, "choose from the list"),
        ("who", {"who-institution": []}, "Say whom this was directed at"),
        ("who", {"who-hit_by_0": []}, "Mark what was done to this person"),
        ("after", {"after-consequences": ["none", "exile"]}, "stands alone"),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_is_lost(
    desk: Desk, profile: NhriProfile, step: str, said: dict[str, object], expected: str
) -> None:
    token = token_hex(16)
    send_step(desk, token, "what", what(profile, "undue-dismissal", "budget-cut"))
    good = {"undue-dismissal": DISMISSAL, "budget-cut": CUT, "who": WHO, "after": AFTER}[step]

    response = send_step(desk, token, step, good | said)

    page = response.content.decode()
    assert response.status_code == 422
    assert expected in page
    for name, value in said.items():
        if isinstance(value, str) and "seat" not in name:
            assert f'value="{value}"' in page or "-year" in name or "followed" in name
    assert not Incident.objects.exists()


def test_a_dismissal_after_the_terms_end_is_taken_once_it_is_confirmed(desk: Desk, profile: NhriProfile) -> None:
    token = token_hex(16)
    send_step(desk, token, "what", what(profile, "undue-dismissal"))

    late = DISMISSAL | {"undue-dismissal-term_ends-year": "2020", "undue-dismissal-sure": "on"}

    assert send_step(desk, token, "undue-dismissal", late).status_code == 302


def test_amounts_are_read_in_the_readers_form(desk: Desk, profile: NhriProfile) -> None:
    token = token_hex(16)
    send_step(desk, token, "what", what(profile, "budget-cut"))
    address = reverse("reprisal-step", args=[token, "budget-cut"])
    arabic = CUT | {"budget-cut-amount_before": "١٬٠٠٠٬٠٠٠", "budget-cut-amount_after": "٦٠٠٬٠٠٠٫٥٠"}

    response = desk.client.post(address.replace("/en/", "/ar/"), arabic)

    assert response.status_code == 302


def test_a_step_that_is_missing_is_named_and_no_case_is_made(desk: Desk, profile: NhriProfile) -> None:
    token = token_hex(16)
    send_step(desk, token, "what", what(profile, "budget-cut"))

    response = send_step(desk, token, "check")

    assert response.status_code == 422
    assert reverse("reprisal-step", args=[token, "who"]) in response.content.decode()
    assert not Incident.objects.exists()


def test_what_was_begun_can_be_gone_on_with_or_destroyed(desk: Desk, profile: NhriProfile) -> None:
    token = token_hex(16)
    send_step(desk, token, "what", what(profile, "undue-dismissal") | {"later": "1"})

    assert token in desk.client.get(reverse("reprisal-begin")).content.decode()
    assert "undue-dismissal" in desk.client.get(reverse("reprisal-step", args=[token, "what"])).content.decode()
    desk.client.post(reverse("reprisal-give-up", args=[token]))
    assert not SealedDraft.objects.exists()


def test_cooperation_with_the_united_nations_is_a_step_where_it_is_said(desk: Desk, profile: NhriProfile) -> None:
    token = token_hex(16)
    send_step(desk, token, "what", what(profile, "nhri-threat", because_of_cooperation="yes"))
    send_step(desk, token, "nhri-threat", {"nhri-threat-means": ["message-or-call"]})
    send_step(desk, token, "who", {"who-target_0": "nhri-staff", "who-hit_by_0": ["nhri-threat"]})
    send_step(desk, token, "cooperation", {"cooperation-body": "treaty-body", "cooperation-text": SECRET_TEXT})
    send_step(desk, token, "after", AFTER)

    response = send_step(desk, token, "check")

    assert response.status_code == 302
    assert Incident.objects.get().because_of_cooperation == "yes"
    assert Reprisal.objects.get().cooperations.get().body == "treaty-body"


def test_closed_keys_keep_nothing_and_give_the_words_back(desk: Desk, profile: NhriProfile) -> None:
    token = token_hex(16)
    close_keys(desk)

    response = send_step(desk, token, "undue-dismissal", DISMISSAL)

    assert response.status_code == 422
    assert SECRET_TEXT in response.content.decode()


def test_another_institutions_profile_cannot_be_chosen_by_an_nhri(desk: Desk, profile: NhriProfile) -> None:
    other = make_profile(make_desk())

    response = send_step(desk, token_hex(16), "what", what(other, "budget-cut"))

    assert response.status_code == 422


def test_an_analyst_documents_nothing(desk: Desk) -> None:
    analyst = make_desk(desk.founded, role="analyst")

    assert analyst.client.get(reverse("reprisal-begin")).status_code == 403
    assert analyst.client.get(reverse("reprisals")).status_code == 200


def test_every_form_has_a_step_that_opens_and_can_be_sent(desk: Desk, profile: NhriProfile) -> None:
    from amparo.reprisals.forms_of_reprisal import FORMS  # noqa: PLC0415

    token = token_hex(16)
    send_step(desk, token, "what", what(profile, *FORMS))
    sent = [form for form in FORMS if form != "budget-cut"]

    for form in sent:
        assert desk.client.get(reverse("reprisal-step", args=[token, form])).status_code == 200
        assert send_step(desk, token, form, {f"{form}-text": "Invented."}).status_code == 302, form
    assert not DocumentedForm.objects.exists()
