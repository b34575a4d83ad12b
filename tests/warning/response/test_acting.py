"""Tasks across institutions: each sees what is its own, and the threatened NHRI approves what is done for it."""

from datetime import date, timedelta

import pytest

from amparo.vault import services as vault
from amparo.vault.models import SectionKey
from amparo.warning.alerts.deciding import close
from amparo.warning.held import ChangedMeanwhile, NotNow
from amparo.warning.models import Alert, ResponseTask
from amparo.warning.response.acting import (
    NotApproved,
    NotInIt,
    Plan,
    approve_task,
    change_task,
    hand_task,
    institutions_in,
    plan_task,
    share_alert,
    stop_sharing,
    tasks_for,
    tell_due_tasks,
)
from amparo.warning.scope import alerts_for
from tests.factories import make_institution, make_member
from tests.warning.alerting import clock_at, make_alert, make_chain

pytestmark = pytest.mark.django_db
DUE = date(2020, 5, 20)


def test_it_works() -> None:
    founded = make_institution()
    user = make_member(founded)
    alert = make_alert(user)
    task = plan_task(user, alert.pk, Plan("visit", DUE, founded.institution, user, words={"what": "Invented visit"}))
    assert (task.status, task.needs_approval) == ("pending", False)
    assert vault.open_sections([task.section], founded.unlocked)[task.section.pk] == {"what": "Invented visit"}
    done = change_task(user, task.pk, "done", version=task.version, day=DUE)
    assert (done.status, done.ended_on) == ("done", DUE)
    alert.refresh_from_db()
    assert alert.answered_at is not None


def test_sent_twice_it_is_one() -> None:
    founded = make_institution()
    user = make_member(founded)
    alert, plan = make_alert(user), Plan("visit", DUE, founded.institution)
    assert plan_task(user, alert.pk, plan) == plan_task(user, alert.pk, plan)
    assert ResponseTask.objects.count() == 1


def test_another_institution_has_no_part_until_the_alert_is_shared() -> None:
    chain = make_chain()
    user, other = (chain[kind].institution.members.get() for kind in ("nhri", "network"))
    alert, network = make_alert(user), chain["network"].institution
    with pytest.raises(NotInIt):
        plan_task(user, alert.pk, Plan("letter", DUE, network))
    with pytest.raises(Alert.DoesNotExist):
        plan_task(other, alert.pk, Plan("letter", DUE, network))
    share_alert(user, alert.pk, network)
    share_alert(user, alert.pk, network)
    assert set(institutions_in(alert)) == {chain["nhri"].institution, network}
    task = plan_task(other, alert.pk, Plan("letter", DUE, network, words={"what": "Invented letter"}))
    assert SectionKey.objects.get(section=task.section).holder == network.key_pair
    stop_sharing(user, alert.pk, network)
    assert not alerts_for(other).exists()
    assert tasks_for(other).get() == task


def test_a_third_institution_sees_no_task_of_others() -> None:
    chain = make_chain()
    user, third = (chain[kind].institution.members.get() for kind in ("nhri", "ganhri"))
    alert = make_alert(user)
    for kind in ("network", "ganhri"):
        share_alert(user, alert.pk, chain[kind].institution)
    plan_task(user, alert.pk, Plan("letter", DUE, chain["network"].institution))
    assert not tasks_for(third).exists()


def test_what_is_done_for_a_threatened_institution_waits_for_its_approval() -> None:
    chain = make_chain()
    user, other = (chain[kind].institution.members.get() for kind in ("nhri", "network"))
    alert = make_alert(user, threatens_institution=True)
    share_alert(user, alert.pk, chain["network"].institution)
    task = plan_task(other, alert.pk, Plan("statement", DUE, chain["network"].institution))
    with pytest.raises(NotApproved):
        change_task(other, task.pk, "done", version=task.version)
    with pytest.raises(ResponseTask.DoesNotExist):
        approve_task(other, task.pk, approved=True, version=task.version)
    refused = approve_task(user, task.pk, approved=False, version=task.version)
    assert (refused.approved_at, refused.refused_at is not None) == (None, True)
    approved = approve_task(user, task.pk, approved=True, version=refused.version)
    assert change_task(other, task.pk, "done", version=approved.version).status == "done"


def test_its_own_measures_need_no_approval() -> None:
    founded = make_institution()
    user = make_member(founded)
    alert = make_alert(user, threatens_institution=True)
    assert not plan_task(user, alert.pk, Plan("advice", DUE, founded.institution)).needs_approval


def test_only_its_institution_says_how_far_a_task_has_come() -> None:
    chain = make_chain()
    user = chain["nhri"].institution.members.get()
    alert = make_alert(user)
    share_alert(user, alert.pk, chain["network"].institution)
    task = plan_task(user, alert.pk, Plan("letter", DUE, chain["network"].institution))
    with pytest.raises(ResponseTask.DoesNotExist):
        change_task(user, task.pk, "done", version=task.version)
    with pytest.raises(NotInIt):
        hand_task(chain["network"].institution.members.get(), task.pk, user, DUE, version=task.version)


def test_two_who_change_are_told_and_a_closed_alert_changes_no_more() -> None:
    founded = make_institution()
    user = make_member(founded)
    alert = make_alert(user)
    task = plan_task(user, alert.pk, Plan("visit", DUE, founded.institution))
    changed = change_task(user, task.pk, "in-progress", version=task.version)
    with pytest.raises(ChangedMeanwhile):
        change_task(user, task.pk, "done", version=task.version)
    alert.refresh_from_db()
    close(user, alert.pk, "harm-averted", {}, version=alert.version)
    with pytest.raises(NotNow):
        change_task(user, task.pk, "done", version=changed.version)
    with pytest.raises(NotNow):
        plan_task(user, alert.pk, Plan("visit", DUE, founded.institution))


def test_what_is_due_is_told_once_a_day() -> None:
    founded = make_institution()
    user = make_member(founded)
    alert = make_alert(user)
    plan_task(user, alert.pk, Plan("visit", alert.opened_at.date() + timedelta(days=1), founded.institution, user))
    assert tell_due_tasks() == 0
    with clock_at(alert.opened_at + timedelta(days=1)):
        assert tell_due_tasks() == 1
        assert tell_due_tasks() == 0
    with clock_at(alert.opened_at + timedelta(days=2)):
        assert tell_due_tasks() == 1
