"""Who is called, when, and how often: nobody twice, nobody left out, whatever dies on the way."""

from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest

from amparo.institutions.models import Institution
from amparo.vault.models import LogEntry
from amparo.warning.alerts import calling
from amparo.warning.alerts.calling import answer, next_in_chain, pass_on_late
from amparo.warning.alerts.deciding import close, mute, set_level
from amparo.warning.held import NotNow
from amparo.warning.models import Call
from tests.factories import make_institution
from tests.warning.alerting import clock_at, make_alert, make_chain, make_focal_point

pytestmark = pytest.mark.django_db
MORNING = datetime(2020, 5, 18, 9, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)


def called() -> list[str]:
    return [call.institution.kind for call in Call.objects.select_related("institution").order_by("pk")]


def test_it_works() -> None:
    chain = make_chain()
    user = chain["nhri"].institution.members.get()
    with clock_at(MORNING):
        make_alert(user, "emergency")
        assert pass_on_late() == 0
    call = Call.objects.get()
    assert call.institution == chain["nhri"].institution
    assert call.told_at == MORNING.replace(minute=0)
    assert call.answer_by == MORNING.replace(minute=0) + 2 * HOUR
    with clock_at(MORNING + 2 * HOUR):
        assert pass_on_late() == 1
    assert called() == ["nhri", "network"]
    with clock_at(MORNING + 3 * HOUR):
        answered = answer(chain["network"].institution.members.get(), Call.objects.get(institution__kind="network").pk)
    assert answered.answered_at == MORNING.replace(minute=0) + 3 * HOUR
    with clock_at(MORNING + 100 * HOUR):
        assert pass_on_late() == 0
    assert called() == ["nhri", "network"]


def test_everybody_silent_goes_up_to_the_un_and_each_is_told_once() -> None:
    chain = make_chain()
    user = chain["nhri"].institution.members.get()
    with clock_at(MORNING):
        make_alert(user, "warning")
    for hours in range(0, 24 * 8, 6):
        with clock_at(MORNING + hours * HOUR):
            pass_on_late()
            assert pass_on_late() == 0
    assert called() == ["nhri", "network", "ganhri", "un-office"]


@pytest.mark.parametrize(("level", "hours"), [("emergency", 2), ("warning", 24), ("watch", 72)])
def test_each_level_has_its_deadline(level: str, hours: int) -> None:
    chain = make_chain()
    with clock_at(MORNING):
        make_alert(chain["nhri"].institution.members.get(), level)
    with clock_at(MORNING + hours * HOUR - timedelta(minutes=8)):
        pass_on_late()
        assert called() == ["nhri"]
    with clock_at(MORNING + hours * HOUR):
        pass_on_late()
    assert called() == ["nhri", "network"]


def test_deputies_are_told_half_way_and_once() -> None:
    chain = make_chain()
    make_focal_point(chain["nhri"], rank=2)
    with clock_at(MORNING):
        make_alert(chain["nhri"].institution.members.first(), "emergency")
    with clock_at(MORNING + HOUR):
        assert pass_on_late() == 1
        assert pass_on_late() == 0
    assert Call.objects.get().deputies_told_at == MORNING.replace(minute=0) + HOUR


def test_a_step_that_is_not_here_is_left_out() -> None:
    nhri, ganhri = make_institution(), make_institution("ganhri", "ganhri")
    user = make_focal_point(nhri)
    alert = make_alert(user)
    assert next_in_chain(alert, None) == nhri.institution
    assert next_in_chain(alert, nhri.institution) == ganhri.institution
    assert next_in_chain(alert, ganhri.institution) is None


def test_the_network_of_another_region_is_not_told() -> None:
    nhri = make_institution()
    make_institution("nanhri", "network")
    alert = make_alert(make_focal_point(nhri))
    assert next_in_chain(alert, nhri.institution) is None


def test_the_un_counterpart_of_another_country_is_not_told() -> None:
    chain = make_chain()
    alert = make_alert(chain["nhri"].institution.members.get())
    first = chain["un-office"].institution
    elsewhere, there = (make_institution(f"un-{each}", "un-office").institution for each in ("nepal", "colombia"))
    for office, country in ((first, ""), (elsewhere, "NPL"), (there, "COL")):
        office.country = country
        office.save()

    assert next_in_chain(alert, chain["ganhri"].institution) == there
    Institution.objects.filter(pk=there.pk).delete()
    assert next_in_chain(alert, chain["ganhri"].institution) == first
    Institution.objects.filter(pk=first.pk).update(country="NPL")
    assert next_in_chain(alert, chain["ganhri"].institution) is None


def test_a_locked_institution_is_passed_over() -> None:
    chain = make_chain()
    Institution.objects.filter(kind="network").update(locked_at=MORNING)
    alert = make_alert(chain["nhri"].institution.members.get())
    assert next_in_chain(alert, chain["nhri"].institution) == chain["ganhri"].institution


def test_a_drill_wakes_nobody_else() -> None:
    chain = make_chain()
    with clock_at(MORNING):
        make_alert(chain["nhri"].institution.members.get(), is_drill=True)
    with clock_at(MORNING + 50 * HOUR):
        assert pass_on_late() == 0
    assert called() == ["nhri"]


def test_a_muted_alert_is_silent_until_its_day() -> None:
    chain = make_chain()
    user = chain["nhri"].institution.members.get()
    with clock_at(MORNING):
        alert = make_alert(user)
        mute(user, alert.pk, (MORNING + 24 * HOUR).date(), "waiting", version=alert.version)
    with clock_at(MORNING + 24 * HOUR):
        assert pass_on_late() == 0
    with clock_at(MORNING + 48 * HOUR):
        assert pass_on_late() == 1
    assert called() == ["nhri", "network"]


def test_a_graver_level_calls_anew_and_a_lesser_one_does_not() -> None:
    chain = make_chain()
    user = chain["nhri"].institution.members.get()
    alert = make_alert(user, "watch")
    answer(user, Call.objects.get().pk)
    alert = set_level(user, alert.pk, "emergency", ("in-custody",), version=alert.version)
    assert called() == ["nhri", "nhri"]
    set_level(user, alert.pk, "warning", ("in-custody",), version=alert.version)
    assert called() == ["nhri", "nhri"]
    assert [each.level for each in alert.level_changes.all()] == ["watch", "emergency", "warning"]


@pytest.mark.parametrize(
    ("first", "second", "kinds"),
    [
        ("watch", "emergency", ["nhri", "nhri", "network"]),
        ("emergency", "watch", ["nhri"]),
    ],
)
def test_a_new_level_ends_the_calls_of_the_level_before(first: str, second: str, kinds: list[str]) -> None:
    chain = make_chain()
    user = chain["nhri"].institution.members.get()
    with clock_at(MORNING):
        alert = make_alert(user, first)
        set_level(user, alert.pk, second, ("in-custody",), version=alert.version)
    before = Call.objects.order_by("pk").first()
    with pytest.raises(NotNow):
        answer(user, before.pk)
    with clock_at(MORNING + 2 * HOUR):
        pass_on_late()
    if "network" in kinds:
        with clock_at(MORNING + 3 * HOUR):
            answer(chain["network"].institution.members.get(), Call.objects.get(institution__kind="network").pk)
    with clock_at(MORNING + 90 * HOUR):
        assert pass_on_late() == 0
    assert called() == kinds


def test_a_closed_alert_calls_nobody_and_takes_no_answer() -> None:
    chain = make_chain()
    user = chain["nhri"].institution.members.get()
    with clock_at(MORNING):
        alert = make_alert(user)
        close(user, alert.pk, "false-alarm", {}, version=alert.version)
    with clock_at(MORNING + 50 * HOUR):
        assert pass_on_late() == 0
    with pytest.raises(NotNow):
        answer(user, Call.objects.get().pk)


def test_a_call_to_another_institution_is_nobody_elses_to_answer() -> None:
    chain = make_chain()
    make_alert(chain["nhri"].institution.members.get())
    with pytest.raises(Call.DoesNotExist):
        answer(chain["network"].institution.members.get(), Call.objects.get().pk)


def test_answered_twice_the_first_stands() -> None:
    chain = make_chain()
    first, second = chain["nhri"].institution.members.get(), make_focal_point(chain["nhri"], rank=2)
    make_alert(first)
    call = Call.objects.get()
    answer(first, call.pk)
    assert answer(second, call.pk).answered_by == first
    assert LogEntry.objects.filter(action="call-answered").count() == 1


@pytest.mark.parametrize("dies_at", ["reach", "log_step"])
def test_a_worker_that_is_killed_loses_and_repeats_nothing(dies_at: str) -> None:
    chain = make_chain()
    with clock_at(MORNING):
        make_alert(chain["nhri"].institution.members.get())
    with clock_at(MORNING + 2 * HOUR):
        with mock.patch.object(calling, dies_at, side_effect=SystemExit), pytest.raises(SystemExit):
            pass_on_late()
        assert called() == ["nhri"]
        assert Call.objects.get().passed_on_at is None
        assert pass_on_late() == 1
        assert pass_on_late() == 0
    assert called() == ["nhri", "network"]
    assert LogEntry.objects.filter(action="call-passed-on").count() == 1
