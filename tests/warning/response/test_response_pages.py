"""The pages of the response: tasks across institutions, approval, sharing, advice, the look back, the record."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.vault.models import LogEntry
from amparo.warning.alerts.deciding import Known, close, write_known
from amparo.warning.models import Advice, Alert, ResponseTask, Review
from amparo.warning.response.acting import Plan, plan_task, share_alert, stop_sharing
from amparo.warning.response.record import count_record
from tests.factories import make_institution, make_member, sign_in
from tests.warning.alerting import make_alert, make_chain

pytestmark = pytest.mark.django_db


def fill(client: Client, address: str, **said: object) -> dict[str, object]:
    """What the form at `address` holds, with `said` typed into it."""
    held = {field.name: field.value() for field in client.get(address).context["form"]}
    return {name: value for name, value in (held | said).items() if value is not None}


def test_it_works(client: Client, user: User) -> None:
    alert = make_alert(user)
    address = reverse("task-new", args=[alert.pk])
    said = fill(client, address, kind="visit", owner=str(user.pk), what="Invented visit", coordination="adopted")
    assert client.post(address, said).status_code == 302
    client.post(address, said)
    task = ResponseTask.objects.get()
    page = client.get(reverse("alert", args=[alert.pk])).content.decode()
    assert "Invented visit" in page
    client.post(reverse("task-tick", args=[task.pk]), {"status": "done", "version": task.version})
    task.refresh_from_db()
    assert (task.status, task.owner, task.coordination) == ("done", user, "adopted")
    advising = reverse("advice-new", args=[alert.pk])
    client.post(advising, fill(client, advising, authority="interior", theme="protect", text="Invented request"))
    advice = Advice.objects.get()
    answering = reverse("advice", args=[advice.pk])
    assert "Invented request" in client.get(answering).content.decode()
    said = fill(client, answering, answer="accepted", result="carried-out", words="Invented answer")
    client.post(answering, said)
    page = client.get(answering).content.decode()
    assert "Invented request" in page
    assert "Invented answer" in page
    advice.refresh_from_db()
    assert (advice.answer, advice.result) == ("accepted", "carried-out")
    closing = reverse("alert-close", args=[alert.pk])
    client.post(closing, fill(client, closing, outcome_code="harm-averted"))
    reviewing = reverse("alert-review", args=[alert.pk])
    said = fill(client, reviewing, detection_hindered=["trust"], response_helped=["duty"], lessons="Invented lessons")
    client.post(reviewing, said)
    again = client.get(reviewing).context["form"]
    assert (again["lessons"].value(), again["detection_hindered"].value()) == ("Invented lessons", ["trust"])
    client.post(reviewing, fill(client, reviewing, lessons="Other invented lessons"))
    assert Review.objects.get().version == 2


def test_a_task_of_the_past_or_without_a_kind_is_told_at_its_field(client: Client, user: User) -> None:
    alert = make_alert(user)
    address = reverse("task-new", args=[alert.pk])
    assert set(
        client.post(address, fill(client, address, kind="visit", due_on="2999-01-01")).context["form"].errors
    ) == {"due_on"}
    answer = client.post(address, fill(client, address, kind="", due_on="2020-01-01", what="Invented words"))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"kind", "due_on"}
    assert "Invented words" in answer.content.decode()


def test_an_answer_before_the_recommendation_is_told(client: Client, user: User) -> None:
    address = reverse("advice-new", args=[make_alert(user).pk])
    said = fill(client, address, authority="interior", theme="protect", given_on="2020-05-02", answer_by="2020-05-01")
    assert set(client.post(address, said).context["form"].errors) == {"answer_by"}


def test_days_to_come_and_answers_before_the_question_are_told(client: Client, user: User) -> None:
    alert = make_alert(user)
    today = alert.opened_at.date()
    advising, tomorrow = reverse("advice-new", args=[alert.pk]), (today + timedelta(days=1)).isoformat()
    said = fill(client, advising, authority="interior", theme="protect", given_on=tomorrow)
    assert set(client.post(advising, said).context["form"].errors) == {"given_on"}
    client.post(advising, said | {"given_on": today.isoformat()})
    answering = reverse("advice", args=[Advice.objects.get().pk])
    for day in (tomorrow, (today - timedelta(days=1)).isoformat()):
        said = fill(client, answering, answer="accepted", answered_on=day)
        assert set(client.post(answering, said).context["form"].errors) == {"answered_on"}
    close(user, alert.pk, "harm-averted", {}, version=Alert.objects.get().version)
    reviewing = reverse("alert-review", args=[alert.pk])
    assert set(client.post(reviewing, fill(client, reviewing, held_on=tomorrow)).context["form"].errors) == {"held_on"}


def test_an_overdue_task_is_handed_over_as_it_is_and_never_to_a_day_before(client: Client, user: User) -> None:
    alert = make_alert(user)
    due = alert.opened_at.date() - timedelta(days=3)
    task = plan_task(user, alert.pk, Plan("visit", due, user.institution))
    address = reverse("task-hand", args=[task.pk])
    assert client.post(address, fill(client, address, owner=str(user.pk))).status_code == 302
    earlier = fill(client, address, due_on=(due - timedelta(days=1)).isoformat())
    assert set(client.post(address, earlier).context["form"].errors) == {"due_on"}


def test_opening_words_of_a_recommendation_and_a_review_is_logged(client: Client, user: User) -> None:
    alert = make_alert(user)
    advising = reverse("advice-new", args=[alert.pk])
    client.post(advising, fill(client, advising, authority="interior", theme="protect", text="Invented request"))
    client.get(reverse("advice", args=[Advice.objects.get().pk]))
    assert LogEntry.objects.filter(action="section-opened", record=f"alert:{alert.pk}").count() == 1
    close(user, alert.pk, "harm-averted", {}, version=Alert.objects.get().version)
    reviewing = reverse("alert-review", args=[alert.pk])
    client.post(reviewing, fill(client, reviewing, lessons="Invented lessons"))
    client.get(reviewing)
    assert LogEntry.objects.filter(action="section-opened", record=f"alert:{alert.pk}").count() == 2


def test_more_than_three_in_a_review_are_told(client: Client, user: User) -> None:
    alert = make_alert(user)
    close(user, alert.pk, "harm-averted", {}, version=alert.version)
    address = reverse("alert-review", args=[alert.pk])
    said = fill(client, address, response_hindered=["duty", "information", "trust", "consent"])
    assert set(client.post(address, said).context["form"].errors) == {"response_hindered"}


def test_who_does_not_decide_is_led_to_no_recommendation(client: Client, founded: Founded, user: User) -> None:
    alert = make_alert(user)
    address = reverse("advice-new", args=[alert.pk])
    client.post(address, fill(client, address, authority="interior", theme="protect"))
    leads = reverse("advice", args=[Advice.objects.get().pk])
    assert leads in client.get(reverse("alert", args=[alert.pk])).content.decode()
    client.logout()
    sign_in(client, make_member(founded, role="case-worker"))
    assert leads not in client.get(reverse("alert", args=[alert.pk])).content.decode()


def test_an_open_alert_has_no_review(client: Client, user: User) -> None:
    assert client.get(reverse("alert-review", args=[make_alert(user).pk])).status_code == 404


def test_sharing_and_taking_back(client: Client, user: User) -> None:
    other = make_institution("invented-network", "network")
    alert = make_alert(user)
    address = reverse("alert-share", args=[alert.pk])
    client.post(address, {"institution": str(other.institution.pk)})
    assert alert.shared_with.get().institution == other.institution
    client.post(reverse("alert-not-shared", args=[alert.pk, other.institution.pk]))
    assert not alert.shared_with.exists()


def test_the_threatened_institution_approves_at_its_page(client: Client) -> None:
    chain = make_chain()
    user, other = (chain[kind].institution.members.get() for kind in ("nhri", "network"))
    alert = make_alert(user, threatens_institution=True)
    share_alert(user, alert.pk, chain["network"].institution)
    due = alert.opened_at.date() + timedelta(days=1)
    task = plan_task(other, alert.pk, Plan("statement", due, chain["network"].institution))
    sign_in(client, other)
    assert 'value="done"' not in client.get(reverse("alert", args=[alert.pk])).content.decode()
    client.post(reverse("task-tick", args=[task.pk]), {"status": "done", "version": task.version})
    task.refresh_from_db()
    assert task.status == "pending"
    assert client.post(reverse("task-approve", args=[task.pk]), {"approve": "yes", "version": 1}).status_code == 404
    client.logout()
    sign_in(client, user)
    assert "waits for approval" in client.get(reverse("alert", args=[alert.pk])).content.decode()
    client.post(reverse("task-approve", args=[task.pk]), {"approve": "yes", "version": task.version})
    task.refresh_from_db()
    assert task.approved_by == user
    client.logout()
    sign_in(client, other)
    assert 'value="done"' in client.get(reverse("alert", args=[alert.pk])).content.decode()


def test_the_threatened_institution_reads_what_it_approves(client: Client) -> None:
    chain = make_chain()
    user, other, third = (chain[kind].institution.members.get() for kind in ("nhri", "network", "ganhri"))
    alert, network = make_alert(user, threatens_institution=True), chain["network"].institution
    for each in (network, chain["ganhri"].institution):
        share_alert(user, alert.pk, each)
    plan = Plan("letter", alert.opened_at.date(), network, words={"what": "Invented letter"})
    task = plan_task(other, alert.pk, plan)
    assert task.asked != task.section
    for reader, reads in ((user, True), (other, True), (third, False)):
        client.logout()
        sign_in(client, reader)
        assert ("Invented letter" in client.get(reverse("alert", args=[alert.pk])).content.decode()) is reads
    sign_in(client, other)
    form = client.get(reverse("task-new", args=[alert.pk])).content.decode()
    assert "The institution that is threatened reads these words too" in form


def test_an_institution_named_as_threatened_later_is_told_where_the_words_are(client: Client) -> None:
    chain = make_chain()
    user, other = (chain[kind].institution.members.get() for kind in ("nhri", "network"))
    alert, network = make_alert(user), chain["network"].institution
    share_alert(user, alert.pk, network)
    plan_task(other, alert.pk, Plan("letter", alert.opened_at.date(), network, words={"what": "Invented letter"}))
    alert.refresh_from_db()
    write_known(user, alert.pk, Known({}, threatened=user.institution), version=alert.version)
    sign_in(client, user)
    page = client.get(reverse("alert", args=[alert.pk])).content.decode()
    assert "Invented letter" not in page
    assert "Ask before you approve." in page


def test_words_of_anothers_task_stay_closed_and_the_page_is_there(client: Client) -> None:
    chain = make_chain()
    user, other = (chain[kind].institution.members.get() for kind in ("nhri", "network"))
    alert, network = make_alert(user), chain["network"].institution
    share_alert(user, alert.pk, network)
    plan = Plan("letter", alert.opened_at.date(), network, words={"what": "Invented letter"})
    plan_task(other, alert.pk, plan)
    sign_in(client, user)
    page = client.get(reverse("alert", args=[alert.pk])).content.decode()
    assert "Invented letter" not in page
    assert "Sealed, and closed to this session." in page
    client.logout()
    sign_in(client, other)
    assert "Invented letter" in client.get(reverse("alert", args=[alert.pk])).content.decode()


def test_our_tasks_are_listed_and_ticked_also_where_the_alert_is_read_no_more(client: Client) -> None:
    chain = make_chain()
    user, other = (chain[kind].institution.members.get() for kind in ("nhri", "network"))
    alert, network = make_alert(user), chain["network"].institution
    share_alert(user, alert.pk, network)
    plan = Plan("letter", alert.opened_at.date(), network, words={"what": "Invented letter"})
    task = plan_task(other, alert.pk, plan)
    sign_in(client, other)
    assert reverse("alert", args=[alert.pk]) in client.get(reverse("tasks")).content.decode()
    stop_sharing(user, alert.pk, network)
    page = client.get(reverse("tasks")).content.decode()
    assert "Invented letter" in page
    assert reverse("alert", args=[alert.pk]) not in page
    ticked = client.post(reverse("task-tick", args=[task.pk]), {"status": "done", "version": task.version})
    assert ticked["Location"] == reverse("tasks")
    assert "Nothing to do about an alert." in client.get(reverse("tasks")).content.decode()


def test_many_tasks_cost_no_more_queries(client: Client, user: User) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("tasks"))
        return len(asked)

    for number in range(12):
        alert = make_alert(user)
        plan = Plan("visit", alert.opened_at.date(), user.institution, user, words={"what": "Invented words"})
        plan_task(user, alert.pk, plan)
        if number == 1:
            few = count()
    assert count() == few


def test_a_third_institution_reads_in_the_history_what_all_may(client: Client) -> None:
    chain = make_chain()
    user, third = (chain[kind].institution.members.get() for kind in ("nhri", "ganhri"))
    alert = make_alert(user)
    for kind in ("network", "ganhri"):
        share_alert(user, alert.pk, chain[kind].institution)
    plan_task(user, alert.pk, Plan("letter", alert.opened_at.date(), chain["network"].institution))
    sign_in(client, third)
    page = client.get(reverse("alert", args=[alert.pk])).content.decode()
    assert "alert opened" in page
    assert "task of a response planned" not in page
    assert "alert shared" not in page
    plan_task(third, alert.pk, Plan("letter", alert.opened_at.date(), chain["ganhri"].institution))
    assert "task of a response planned" in client.get(reverse("alert", args=[alert.pk])).content.decode()


def test_another_institution_plans_what_it_does_itself(client: Client) -> None:
    chain = make_chain()
    user, other = (chain[kind].institution.members.get() for kind in ("nhri", "network"))
    alert = make_alert(user)
    share_alert(user, alert.pk, chain["network"].institution)
    sign_in(client, other)
    address = reverse("task-new", args=[alert.pk])
    form = client.get(address).context["form"]
    assert [value for value, _name in form.fields["institution"].choices] == [str(other.institution_id)]
    client.post(address, fill(client, address, kind="letter"))
    assert ResponseTask.objects.get().institution == other.institution
    assert client.get(reverse("advice-new", args=[alert.pk])).status_code == 404
    assert client.get(reverse("alert-share", args=[alert.pk])).status_code == 404


def test_what_is_anothers_is_not_there(client: Client, user: User) -> None:
    other = make_member(make_institution())
    alert = make_alert(other)
    task = plan_task(other, alert.pk, Plan("visit", alert.opened_at.date(), other.institution))
    for name, number in (("task-new", alert.pk), ("task-hand", task.pk), ("alert-review", alert.pk)):
        assert client.get(reverse(name, args=[number])).status_code == 404
    assert client.post(reverse("task-tick", args=[task.pk]), {"status": "done", "version": 1}).status_code == 404
    assert client.post(reverse("task-tick", args=[task.pk]), {"status": "done"}).status_code == 404


def test_the_record_counts_right_and_false_and_leaves_drills_out(client: Client, user: User) -> None:
    ends = ["harm-averted"] * 3 + ["harm-occurred", "false-alarm", "danger-passed", "unknown"]
    for outcome in ends:
        alert = make_alert(user)
        close(user, alert.pk, outcome, {}, version=alert.version)
    drill = make_alert(user, is_drill=True)
    close(user, drill.pk, "false-alarm", {}, version=drill.version)
    record = count_record(Alert.objects.filter(institution=user.institution))
    assert (record.closed, record.right, record.false) == (7, 4, 1)
    assert record.precision == 4 / 5
    assert record.without_harm == 4 / 5
    assert record.by_origin == (("focal-point", 7, 4, 1),)
    page = client.get(reverse("alert-record")).content.decode()
    assert "7 alerts were closed" in page


def test_too_few_say_nothing(client: Client, user: User) -> None:
    assert "No alert was closed yet" in client.get(reverse("alert-record")).content.decode()
    alert = make_alert(user)
    close(user, alert.pk, "harm-averted", {}, version=alert.version)
    assert count_record(Alert.objects.all()).precision is None
    assert "too few to say" in client.get(reverse("alert-record")).content.decode()


def test_how_far_ahead_of_harm_alerts_were(client: Client, user: User) -> None:
    for days in (2, 6, -1):
        alert = make_alert(user)
        harmed = alert.opened_at.date() + timedelta(days=days)
        close(user, alert.pk, "harm-occurred", {}, version=alert.version, harmed_on=harmed)
    assert count_record(Alert.objects.all()).lead == 2
    assert "median 2 days, of 3" in client.get(reverse("alert-record")).content.decode()


def test_a_day_of_harm_without_harm_is_told(client: Client, user: User) -> None:
    alert = make_alert(user)
    address = reverse("alert-close", args=[alert.pk])
    said = fill(client, address, outcome_code="false-alarm", harmed_on=alert.opened_at.date().isoformat())
    assert set(client.post(address, said).context["form"].errors) == {"harmed_on"}
