"""The pages of signals and alerts: raised in a minute, checked, opened, answered; whose they are, and bad input."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from amparo.institutions.models import User
from amparo.institutions.names import public_name
from amparo.institutions.services import Founded
from amparo.vault import services as vault
from amparo.vault.models import LogEntry
from amparo.warning.alerts.calling import answer, pass_on_late
from amparo.warning.models import Alert, Call, Signal
from amparo.warning.response.acting import share_alert
from tests.factories import make_incident, make_institution, make_member, sign_in
from tests.warning.alerting import clock_at, make_alert, make_chain, make_signal

pytestmark = pytest.mark.django_db


def fill(client: Client, address: str, **said: object) -> dict[str, object]:
    """What the form at `address` holds, with `said` typed into it."""
    form = client.get(address).context["form"]
    held = {field.name: field.value() for field in form}
    return {name: value for name, value in (held | said).items() if value is not None}


def test_it_works(client: Client, founded: Founded, user: User) -> None:
    address = reverse("signal-new")
    said = fill(client, address, kind="threats", country="COL", what="Invented words of a threat", origin="partner")
    made = client.post(address, said)
    assert client.post(address, said)["Location"] == made["Location"]
    signal = Signal.objects.get()
    page = client.get(made["Location"]).content.decode()
    assert "Invented words of a threat" in page
    checked = client.post(
        made["Location"], {"version": signal.version, "state": "confirmed", "note": "Two invented witnesses"}
    )
    assert checked.status_code == 302
    opening = reverse("alert-new", args=[signal.pk])
    said = fill(client, opening, level="emergency", reasons=["threat-to-life"], what="Invented account")
    opened = client.post(opening, said)
    assert client.post(opening, said)["Location"] == opened["Location"]
    alert = Alert.objects.get()
    page = client.get(opened["Location"]).content.decode()
    assert "Invented account" in page
    assert "has to answer by" in page
    client.post(reverse("call-answer", args=[Call.objects.get().pk]))
    assert Call.objects.get().answered_by == user
    closing = reverse("alert-close", args=[alert.pk])
    client.post(closing, fill(client, closing, outcome_code="harm-averted", lessons="Invented lessons"))
    page = client.get(opened["Location"]).content.decode()
    assert "Invented lessons" in page
    alert.refresh_from_db()
    assert vault.open_sections([alert.ending], founded.unlocked)[alert.ending.pk] == {"lessons": "Invented lessons"}


def test_empty_lists_say_what_to_do(client: Client, user: User) -> None:
    assert "can raise one here in a minute" in client.get(reverse("signals")).content.decode()
    assert "opened out of a signal" in client.get(reverse("alerts")).content.decode()
    assert "No alert is like this" in client.get(reverse("alerts"), {"level": "watch"}).content.decode()


def test_bad_input_is_told_at_its_field_and_nothing_is_lost(client: Client, user: User) -> None:
    address = reverse("signal-new")
    said = fill(client, address, kind="", country="COL", what="Invented words", happened="the day before")
    answer = client.post(address, said)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"kind", "happened"}
    assert "Invented words" in answer.content.decode()
    assert not Signal.objects.exists()


def test_areas_of_another_country_are_shown_without_keeping_anything(client: Client, user: User) -> None:
    address = reverse("signal-new")
    answer = client.post(address, fill(client, address, country="COL") | {"show-areas": "1"})
    assert answer.status_code == 200
    assert "CO-CAU" in answer.content.decode()
    assert not Signal.objects.exists()


def test_a_second_check_leaves_what_the_first_one_found(client: Client, founded: Founded, user: User) -> None:
    signal = make_signal(user, words="Invented words")
    address = reverse("signal", args=[signal.pk])
    for state, note in (("possible", "Invented first note"), ("confirmed", "Invented second note")):
        client.post(address, fill(client, address, state=state, note=note))
    signal.refresh_from_db()
    words = vault.open_sections([signal.section], founded.unlocked)[signal.section.pk]
    assert words == {"what": "Invented words", "note": "Invented first note\n\nInvented second note"}


def test_who_closes_again_finds_what_was_learnt_before(client: Client, user: User) -> None:
    alert = make_alert(user)
    address = reverse("alert-close", args=[alert.pk])
    client.post(address, fill(client, address, outcome_code="harm-averted", lessons="Invented lessons"))
    alert.refresh_from_db()
    client.post(reverse("alert-reopen", args=[alert.pk]), {"version": alert.version})
    assert fill(client, address)["lessons"] == "Invented lessons"


def test_merging_says_who_will_read_the_other_alert(client: Client) -> None:
    chain = make_chain()
    user = chain["nhri"].institution.members.get()
    alert = make_alert(user)
    share_alert(user, alert.pk, chain["network"].institution)
    sign_in(client, user)
    page = client.get(reverse("alert-merge", args=[alert.pk])).content.decode()
    assert public_name(chain["network"].institution) in page


def test_a_drill_offers_what_a_drill_can_take(client: Client, user: User) -> None:
    drill = make_alert(user, is_drill=True)
    page = client.get(reverse("alert", args=[drill.pk])).content.decode()
    assert reverse("alert-close", args=[drill.pk]) in page
    assert reverse("alert-merge", args=[drill.pk]) not in page
    assert reverse("alert-share", args=[drill.pk]) not in page


def test_what_is_sealed_and_cannot_be_added_to_says_so(client: Client, founded: Founded) -> None:
    user = make_member(founded)
    signal = make_signal(user, words="Invented words")
    client.force_login(user)
    answer = client.post(
        reverse("signal", args=[signal.pk]), {"version": signal.version, "state": "possible", "note": "Invented note"}
    )
    assert answer.status_code == 422
    assert "Invented note" in answer.content.decode()
    assert "keys are closed" in answer.content.decode()


def test_an_alert_without_a_reason_or_level_is_not_opened(client: Client, user: User) -> None:
    signal = make_signal(user, confirmed=True)
    answer = client.post(reverse("alert-new", args=[signal.pk]), {"what": "Invented words"})
    assert answer.status_code == 422
    assert {"level", "reasons"} <= set(answer.context["form"].errors)
    assert not Alert.objects.exists()


def test_which_nhri_is_threatened_is_chosen_by_whom_it_may_concern(client: Client) -> None:
    chain = make_chain()
    nhri, network = chain["nhri"].institution, chain["network"].institution
    other = network.members.get()
    signal = make_signal(other, confirmed=True)
    sign_in(client, other)
    opening = reverse("alert-new", args=[signal.pk])
    said = fill(client, opening, level="watch", reasons=["repeated"], threatened=str(network.pk))
    assert set(client.post(opening, said).context["form"].errors) == {"threatened"}
    client.post(opening, said | {"threatened": str(nhri.pk)})
    page = client.get(reverse("alert", args=[Alert.objects.get().pk])).content.decode()
    assert "Threatened itself" in page
    assert public_name(nhri) in page


def test_what_is_known_is_written_anew_and_of_two_none_is_lost(client: Client, founded: Founded, user: User) -> None:
    alert = make_alert(user, words={"what": "Invented first account", "who": "Invented Person One"})
    address = reverse("alert-known", args=[alert.pk])
    said, late = fill(client, address, what="Invented second account"), fill(client, address, what="Invented third")
    assert (said["who"], client.post(address, said).status_code) == ("Invented Person One", 302)
    alert.refresh_from_db()
    words = vault.open_sections([alert.section], founded.unlocked)[alert.section.pk]
    assert words == {"what": "Invented second account", "who": "Invented Person One"}
    answer = client.post(address, late)
    assert answer.status_code == 422
    assert all(text in answer.content.decode() for text in ("Invented second account", "Invented third"))


@pytest.mark.parametrize("happened", ["2999-01-01", "1600"])
def test_a_signal_of_a_year_that_nobody_means_is_told(client: Client, user: User, happened: str) -> None:
    address = reverse("signal-new")
    said = fill(client, address, kind="threats", country="COL", happened=happened)
    assert set(client.post(address, said).context["form"].errors) == {"happened"}


@pytest.mark.parametrize("day", ["0026-05-17", "2999-01-01"])
def test_a_day_on_which_no_danger_began_is_told(client: Client, user: User, day: str) -> None:
    address = reverse("alert-known", args=[make_alert(user).pk])
    assert set(client.post(address, fill(client, address, emerged_on=day)).context["form"].errors) == {"emerged_on"}


def test_each_step_of_an_alert(client: Client, user: User) -> None:
    alert, other = make_alert(user, "watch"), make_alert(user, "watch")
    level = reverse("alert-level", args=[alert.pk])
    client.post(level, fill(client, level, level="warning"))
    mute = reverse("alert-mute", args=[alert.pk])
    tomorrow = alert.opened_at.date() + timedelta(days=1)
    assert client.post(mute, fill(client, mute, until="2020-01-01", because="waiting")).status_code == 422
    client.post(mute, fill(client, mute, until=tomorrow.isoformat(), because="waiting"))
    alert.refresh_from_db()
    assert (alert.level, alert.state, alert.muted_until) == ("warning", "muted", tomorrow)
    client.post(reverse("alert-unmute", args=[alert.pk]), {"version": alert.version})
    merge = reverse("alert-merge", args=[other.pk])
    client.post(merge, fill(client, merge, into=str(alert.pk)))
    other.refresh_from_db()
    assert other.merged_into == alert
    close = reverse("alert-close", args=[alert.pk])
    client.post(close, fill(client, close, outcome_code="false-alarm"))
    alert.refresh_from_db()
    client.post(reverse("alert-reopen", args=[alert.pk]), {"version": alert.version})
    alert.refresh_from_db()
    assert (alert.state, alert.outcome) == ("open", "")


def test_who_decides_on_a_changed_alert_is_told_and_may_send_it_again(client: Client, user: User) -> None:
    alert = make_alert(user, "watch")
    address = reverse("alert-close", args=[alert.pk])
    said = fill(client, address, outcome_code="false-alarm")
    level = reverse("alert-level", args=[alert.pk])
    client.post(level, fill(client, level, level="warning"))
    answer = client.post(address, said)
    assert answer.status_code == 422
    assert "Somebody else changed this" in answer.content.decode()
    again = {field.name: field.value() or "" for field in answer.context["form"]}
    assert client.post(address, again).status_code == 302


def test_another_signal_joins_an_open_alert(client: Client, user: User) -> None:
    alert, signal = make_alert(user), make_signal(user, confirmed=True)
    assert f'value="{alert.pk}"' in client.get(reverse("signal", args=[signal.pk])).content.decode()
    client.post(reverse("alert-add-signal", args=[signal.pk]), {"alert": alert.pk})
    assert alert.signals.count() == 2
    client.post(reverse("alert-add-signal", args=[signal.pk]), {"alert": "none"})
    assert alert.signals.count() == 2


@pytest.mark.parametrize("name", ["alert", "alert-known", "alert-level", "alert-mute", "alert-merge", "alert-close"])
def test_anothers_alert_is_not_there(client: Client, user: User, name: str) -> None:
    alert = make_alert(make_member(make_institution()))
    assert client.get(reverse(name, args=[alert.pk])).status_code == 404


def test_anothers_signal_and_case_are_not_there(client: Client, user: User) -> None:
    other = make_institution()
    signal = make_signal(make_member(other))
    assert client.get(reverse("signal", args=[signal.pk])).status_code == 404
    assert client.get(reverse("signal-new"), {"case": make_incident(other).pk}).status_code == 404
    assert client.get(reverse("signal-new"), {"case": "x"}).status_code == 404


def test_a_case_worker_handles_and_does_not_decide(client: Client, founded: Founded) -> None:
    worker = make_member(founded, role="case-worker")
    alert = make_alert(make_member(founded))
    sign_in(client, worker)
    page = client.get(reverse("alert", args=[alert.pk])).content.decode()
    assert "I take it up" in page
    assert reverse("alert-close", args=[alert.pk]) not in page
    assert client.get(reverse("alert-close", args=[alert.pk])).status_code == 403


def test_an_analyst_does_not_come_in(client: Client, founded: Founded) -> None:
    sign_in(client, make_member(founded, role="analyst"))
    assert client.get(reverse("alerts")).status_code == 403


def test_who_is_called_from_outside_reads_codes_only(client: Client) -> None:
    chain = make_chain()
    user, other = (chain[kind].institution.members.get() for kind in ("nhri", "network"))
    alert = make_alert(user, words={"what": "Invented words that stay"})
    # An alert for a district with one defender in it would name him.
    Alert.objects.update(area="CO-CAU")
    with clock_at(alert.opened_at + timedelta(hours=3)):
        pass_on_late()
    sign_in(client, other)
    assert "Cauca" not in client.get(reverse("alerts")).content.decode()
    page = client.get(reverse("alert", args=[alert.pk])).content.decode()
    assert "I take it up" in page
    assert "Invented words that stay" not in page
    assert "Cauca" not in page
    assert user.username not in page
    assert "You read the codes of this alert" in page


def test_opening_what_is_sealed_is_logged(client: Client, user: User) -> None:
    alert = make_alert(user, words={"what": "Invented words"})
    client.get(reverse("alert", args=[alert.pk]))
    assert LogEntry.objects.filter(action="section-opened", record=f"alert:{alert.pk}").count() == 1


def test_many_cost_no_more_queries(client: Client, user: User, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for _ in range(12):
        make_alert(user)
    for name in ("alerts", "signals"):
        with django_assert_max_num_queries(12):
            client.get(reverse(name))
    with django_assert_max_num_queries(30):
        client.get(reverse("alert", args=[Alert.objects.first().pk]))


def test_taken_up_by_another_it_waits_for_nobody_here(client: Client) -> None:
    chain = make_chain()
    user, other = (chain[kind].institution.members.get() for kind in ("nhri", "network"))
    alert = make_alert(user)
    with clock_at(alert.opened_at + timedelta(hours=3)):
        pass_on_late()
    answer(other, Call.objects.get(institution=chain["network"].institution).pk)
    sign_in(client, user)
    assert "I take it up" not in client.get(reverse("alert", args=[alert.pk])).content.decode()
    assert "has to answer by" not in client.get(reverse("warning")).content.decode()
