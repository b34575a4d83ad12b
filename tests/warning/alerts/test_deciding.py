"""Alerts: opened of a confirmed signal, merged, closed and opened again; each by its own institution only."""

from datetime import date

import pytest

from amparo.vault import services as vault
from amparo.warning.alerts.deciding import (
    Known,
    NoNhri,
    NoReason,
    NotItself,
    Opening,
    TwoThreatened,
    add_signal,
    close,
    merge,
    mute,
    open_alert,
    reopen,
    set_level,
    unmute,
    write_known,
)
from amparo.warning.held import ChangedMeanwhile, IsDrill, NotNow
from amparo.warning.models import Alert, Call
from amparo.warning.response.acting import NotApproved, Plan, approve_task, change_task, plan_task, share_alert
from amparo.warning.response.advising import Recommendation, give_advice
from amparo.warning.scope import alerts_for, own_alerts
from tests.factories import make_institution, make_member
from tests.warning.alerting import make_alert, make_chain, make_signal

pytestmark = pytest.mark.django_db


def test_it_works() -> None:
    founded = make_institution()
    user = make_member(founded)
    signal = make_signal(user, confirmed=True)
    opening = Opening("emergency", ("threat-to-life", "repeated"), date(2020, 5, 1), words={"what": "Invented words"})
    alert = open_alert(user, signal.pk, opening)
    assert (alert.level, alert.kind, alert.country, alert.state) == ("emergency", "threats", "COL", "open")
    assert [each.reason for each in alert.reasons.all()] == ["threat-to-life", "repeated"]
    assert vault.open_sections([alert.section], founded.unlocked)[alert.section.pk] == {"what": "Invented words"}
    assert list(alert.signals.all()) == [signal]
    assert open_alert(user, signal.pk, opening) == alert
    assert Alert.objects.count() == 1
    assert Call.objects.count() == 1


def test_a_signal_that_nobody_confirmed_opens_none() -> None:
    user = make_member(make_institution())
    with pytest.raises(NotNow):
        open_alert(user, make_signal(user).pk, Opening("watch", ("repeated",)))


def test_a_level_needs_a_reason() -> None:
    user = make_member(make_institution())
    with pytest.raises(NoReason):
        open_alert(user, make_signal(user, confirmed=True).pk, Opening("watch", ()))
    alert = make_alert(user)
    with pytest.raises(NoReason):
        set_level(user, alert.pk, "watch", (), version=alert.version)


def test_a_level_that_is_none_is_refused() -> None:
    user = make_member(make_institution())
    signal = make_signal(user, confirmed=True)
    with pytest.raises((KeyError, ValueError)):
        open_alert(user, signal.pk, Opening("unknown", ("repeated",)))


def test_merging_brings_the_signals_and_the_earliest_day() -> None:
    user = make_member(make_institution())
    first, second = make_alert(user), make_alert(user)
    merge(user, second.pk, first.pk, version=second.version)
    second.refresh_from_db()
    assert (second.state, second.merged_into) == ("merged", first)
    assert first.signals.count() == 2
    with pytest.raises(NotItself):
        merge(user, first.pk, first.pk, version=first.version)
    with pytest.raises(NotNow):
        merge(user, first.pk, second.pk, version=first.version)


def test_merging_takes_tasks_recommendations_and_readers_along() -> None:
    chain = make_chain()
    user, network = chain["nhri"].institution.members.get(), chain["network"].institution
    into, alert = make_alert(user), make_alert(user)
    share_alert(user, alert.pk, network)
    other = network.members.get()
    task = plan_task(other, alert.pk, Plan("letter", alert.opened_at.date(), network))
    give_advice(user, alert.pk, Recommendation("interior", "protect", alert.opened_at.date()))
    alert.refresh_from_db()
    merge(user, alert.pk, into.pk, version=alert.version)
    assert [each.pk for each in into.tasks.all()] == [task.pk]
    assert into.advice.count() == 1
    assert alerts_for(other).filter(pk=into.pk).exists()
    assert change_task(other, task.pk, "done", version=task.version).status == "done"


def test_merging_what_threatens_an_institution_lets_everything_wait_for_it() -> None:
    chain = make_chain()
    user, network = chain["nhri"].institution.members.get(), chain["network"].institution
    into, alert = make_alert(user), make_alert(user, threatens_institution=True)
    share_alert(user, into.pk, network)
    task = plan_task(network.members.get(), into.pk, Plan("letter", into.opened_at.date(), network))
    merge(user, alert.pk, into.pk, version=alert.version)
    into.refresh_from_db()
    task.refresh_from_db()
    assert (into.threatened, task.needs_approval) == (chain["nhri"].institution, True)
    with pytest.raises(NotApproved):
        change_task(network.members.get(), task.pk, "done", version=task.version)


def test_an_alert_of_another_lets_the_threatened_nhri_read_and_approve() -> None:
    chain = make_chain()
    nhri, network = chain["nhri"].institution, chain["network"].institution
    user, other = nhri.members.get(), network.members.get()
    alert = make_alert(other, threatened=nhri)
    assert alerts_for(user).get() == alert
    assert not own_alerts(user).exists()
    task = plan_task(other, alert.pk, Plan("letter", alert.opened_at.date(), network))
    with pytest.raises(NotApproved):
        change_task(other, task.pk, "done", version=task.version)
    approved = approve_task(user, task.pk, approved=True, version=task.version)
    assert change_task(other, task.pk, "done", version=approved.version).status == "done"


def test_an_nhri_that_turns_out_threatened_approves_from_then_on_and_stays() -> None:
    chain = make_chain()
    nhri, network = chain["nhri"].institution, chain["network"].institution
    user, other = nhri.members.get(), network.members.get()
    alert = make_alert(other)
    task = plan_task(other, alert.pk, Plan("letter", alert.opened_at.date(), network))
    alert.refresh_from_db()
    alert = write_known(other, alert.pk, Known({}, threatened=nhri), version=alert.version)
    assert alerts_for(user).get() == alert
    with pytest.raises(NotApproved):
        change_task(other, task.pk, "done", version=task.version + 1)
    known = Known({}, threatened=make_institution().institution)
    assert write_known(other, alert.pk, known, version=alert.version).threatened == nhri


def test_only_an_nhri_is_named_as_threatened_and_two_stay_apart() -> None:
    chain = make_chain()
    other = chain["network"].institution.members.get()
    with pytest.raises(NoNhri):
        make_alert(other, threatened=chain["ganhri"].institution)
    alerts = [
        make_alert(other, threatened=each) for each in (chain["nhri"].institution, make_institution().institution)
    ]
    with pytest.raises(TwoThreatened):
        merge(other, alerts[0].pk, alerts[1].pk, version=alerts[0].version)


def test_a_drill_stands_by_itself() -> None:
    chain = make_chain()
    user = chain["nhri"].institution.members.get()
    alert, drill = make_alert(user), make_alert(user, is_drill=True)
    with pytest.raises(IsDrill):
        merge(user, alert.pk, drill.pk, version=alert.version)
    with pytest.raises(IsDrill):
        add_signal(user, drill.pk, make_signal(user, confirmed=True).pk)
    with pytest.raises(IsDrill):
        set_level(user, drill.pk, "watch", ("repeated",), version=drill.version)
    with pytest.raises(IsDrill):
        share_alert(user, drill.pk, chain["network"].institution)


def test_another_signal_joins_once() -> None:
    user = make_member(make_institution())
    alert, signal = make_alert(user), make_signal(user, confirmed=True)
    add_signal(user, alert.pk, signal.pk)
    add_signal(user, alert.pk, signal.pk)
    assert alert.signals.count() == 2
    with pytest.raises(NotNow):
        add_signal(user, make_alert(user).pk, signal.pk)


def test_closing_keeps_lessons_sealed_and_can_be_undone() -> None:
    founded = make_institution()
    user = make_member(founded)
    alert = make_alert(user)
    closed = close(user, alert.pk, "harm-averted", {"lessons": "Invented lessons"}, version=alert.version)
    assert (closed.state, closed.outcome) == ("closed", "harm-averted")
    assert vault.open_sections([closed.ending], founded.unlocked)[closed.ending.pk] == {"lessons": "Invented lessons"}
    with pytest.raises(NotNow):
        mute(user, alert.pk, date(2030, 1, 1), "waiting", version=closed.version)
    opened = reopen(user, alert.pk, version=closed.version)
    assert (opened.state, opened.outcome, opened.closed_at) == ("open", "", None)
    with pytest.raises(NotNow):
        reopen(user, alert.pk, version=opened.version)


def test_muted_and_unmuted() -> None:
    user = make_member(make_institution())
    alert = make_alert(user)
    muted = mute(user, alert.pk, date(2030, 1, 1), "waiting", version=alert.version)
    assert (muted.state, muted.muted_because) == ("muted", "waiting")
    assert unmute(user, alert.pk, version=muted.version).state == "open"


def test_two_who_decide_are_told() -> None:
    user = make_member(make_institution())
    alert = make_alert(user)
    mute(user, alert.pk, date(2030, 1, 1), "waiting", version=alert.version)
    with pytest.raises(ChangedMeanwhile):
        close(user, alert.pk, "false-alarm", {}, version=alert.version)


def test_who_was_called_reads_and_does_not_decide() -> None:
    chain = make_chain()
    user, other = chain["nhri"].institution.members.get(), chain["network"].institution.members.get()
    alert = make_alert(user)
    assert not alerts_for(other).exists()
    Call.objects.create(
        alert=alert,
        round=alert.level_changes.get(),
        institution=chain["network"].institution,
        told_at=alert.opened_at,
        answer_by=alert.opened_at,
    )
    assert alerts_for(other).get() == alert
    assert not own_alerts(other).exists()
    with pytest.raises(Alert.DoesNotExist):
        close(other, alert.pk, "false-alarm", {}, version=alert.version)
