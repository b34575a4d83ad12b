"""Lists of requests, what is due, indicators: filters, counts, pages, and a constant number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.institutions.models import User
from amparo.protection.desk import today
from amparo.protection.indicators import Share, count_indicators
from amparo.protection.models import Measure, ProtectionPlan, ProtectionRequest
from amparo.protection.risk import QUESTIONS
from tests.channel.triage.conftest import Desk, make_desk
from tests.factories import make_member
from tests.protection.conftest import NAME, assess, make_measure, make_plan, make_request

pytestmark = pytest.mark.django_db

YESTERDAY = today() - timedelta(days=1)


def listed(desk: Desk, page: str = "protection", **asked: str) -> str:
    response = desk.client.get(reverse(page), asked)
    assert response.status_code == 200
    content: str = response.content.decode()
    return content


def shows(content: str, request: ProtectionRequest) -> bool:
    return f'href="{reverse("protection-request", args=[request.pk])}"' in content


def test_it_works(desk: Desk) -> None:
    request = make_request(desk)
    assess(desk, request, likelihood=5, impact=5)

    content = listed(desk)

    assert shows(content, request)
    assert "Extreme" in content
    assert NAME not in content


def test_what_another_institution_has_is_not_there(desk: Desk) -> None:
    theirs = make_plan(make_desk())

    assert not shows(listed(desk), theirs)
    assert not shows(listed(desk, "protection-due", owner="all", all="on"), theirs)


def test_filters_on_status_level_country_owner_and_what_is_overdue(desk: Desk) -> None:
    other = make_member(desk.founded)
    mine = make_request(desk, country="COL")
    assess(desk, mine)
    late = make_request(desk, country="PHL", owner=other, received_on=today() - timedelta(days=30))
    closed = make_plan(desk)
    ProtectionRequest.objects.filter(pk=closed.pk).update(status="closed")

    def found(**asked: str) -> set[ProtectionRequest]:
        content = listed(desk, **asked)
        return {each for each in (mine, late, closed) if shows(content, each)}

    assert found() == {mine, late}
    assert found(status="closed") == {closed}
    assert found(status="all") == {mine, late, closed}
    assert found(level="high") == {mine}
    assert found(country="PHL") == {late}
    assert found(owner="me") == {mine}
    assert found(owner=str(other.pk)) == {late}
    assert found(overdue="on") == {late}
    assert found(level="no such", owner="no such", country="no such") == {mine, late}


def test_what_belongs_to_somebody_who_left_is_found(desk: Desk) -> None:
    leaver = make_member(desk.founded)
    theirs, mine, nobodys = make_request(desk, owner=leaver), make_request(desk), make_request(desk, owner=None)
    User.objects.filter(pk=leaver.pk).update(is_active=False)

    content = listed(desk, owner="nobody")

    assert [shows(content, each) for each in (theirs, mine, nobodys)] == [True, False, True]
    assert "2 without an owner" in content


def test_an_emergency_that_nobody_graded_stands_before_a_medium_risk(desk: Desk) -> None:
    medium = make_request(desk)
    assess(desk, medium, likelihood=3, impact=3)
    emergency = make_request(desk)
    ProtectionRequest.objects.filter(pk=emergency.pk).update(is_emergency=True)

    content = listed(desk)

    places = [content.index(reverse("protection-request", args=[each.pk])) for each in (emergency, medium)]
    assert places == sorted(places)


def test_the_list_has_pages_and_a_constant_number_of_queries(desk: Desk) -> None:
    numbers = []
    for many in (2, 30):
        for _ in range(many):
            make_measure(desk, make_plan(desk), due_on=YESTERDAY)
        for page in ("protection", "protection-due"):
            with CaptureQueriesContext(connection) as caught:
                content = listed(desk, page, owner="me")
            numbers.append(len(caught))

    assert numbers[:2] == numbers[2:]
    assert "Page 1 of 3" in content
    second = desk.client.get(reverse("protection"), {"page": "2"}).content.decode()
    assert "Page 2 of 2" in second


def test_what_is_due_is_measures_reviews_and_assessments_the_oldest_first(desk: Desk) -> None:
    planned = make_plan(desk)
    ProtectionPlan.objects.filter(request=planned).update(review_on=YESTERDAY - timedelta(days=3))
    ProtectionRequest.objects.filter(pk=planned.pk).update(first_assessed_on=today())
    make_measure(desk, planned, due_on=YESTERDAY)
    make_measure(desk, planned, kind="legal", due_on=today() + timedelta(days=90))
    make_request(desk, received_on=today() - timedelta(days=60))

    content = listed(desk, "protection-due")

    order = [content.index(word) for word in ("Assess the risk", "Look at the plan again", "Relocation within")]
    assert order == sorted(order)
    assert "Legal help" not in content
    assert "Legal help" in listed(desk, "protection-due", all="on")


def test_what_is_done_or_of_a_closed_request_is_due_no_more(desk: Desk) -> None:
    done, closed = make_plan(desk), make_plan(desk)
    ProtectionPlan.objects.all().update(review_on=today() + timedelta(days=60))
    ProtectionRequest.objects.all().update(first_assessed_on=today())
    make_measure(desk, done, due_on=YESTERDAY)
    Measure.objects.update(status="done")
    make_measure(desk, closed, due_on=YESTERDAY)
    ProtectionRequest.objects.filter(pk=closed.pk).update(status="closed")

    assert "Nothing is due within 7 days" in listed(desk, "protection-due", owner="all")


def test_indicators_count_what_is_ripe_and_leave_out_what_is_not(desk: Desk) -> None:
    in_time, late, not_due = (
        make_request(desk, sex="female"),
        make_request(desk, received_on=today() - timedelta(days=60), gender="woman"),
        make_request(desk, sex="male"),
    )
    assess(desk, in_time)
    assess(desk, late, answers=dict.fromkeys(QUESTIONS, "no") | {"care_duties": "unknown"})
    plan = make_plan(desk, in_time)
    make_measure(desk, plan, due_on=today())
    make_measure(desk, plan, due_on=today() + timedelta(days=9))
    Measure.objects.filter(due_on=today()).update(status="done", ended_on=today())
    ProtectionRequest.objects.filter(pk=late.pk).update(status="closed", attacked_again="yes")

    found = count_indicators(desk.user)

    assert found.assessed_in_time == Share(1, 2, 1)
    assert found.done_in_time == Share(1, 1, 1)
    assert found.attacked_again == Share(1, 1, 0)
    assert found.women == Share(2, 3)
    assert found.women_analysed == Share(1, 2, 0)
    assert not_due.first_assessed_on is None
    assert count_indicators(desk.user, until=today() - timedelta(days=30)).assessed_in_time == Share(0, 1, 0)


def test_indicators_say_that_they_stay_inside_and_which_are_few(desk: Desk) -> None:
    make_request(desk)

    content = listed(desk, "protection-indicators")

    assert "Inside the institution only." in content
    assert '<span class="mark">few</span>' in content
    bad = desk.client.get(reverse("protection-indicators"), {"since": "2026-02-01", "until": "2026-01-01"})
    assert "The end lies before the beginning." in bad.content.decode()


@pytest.mark.parametrize("page", ["protection", "protection-due", "protection-indicators", "national-protection"])
def test_an_empty_desk_says_what_to_do(desk: Desk, page: str) -> None:
    response = desk.client.get(reverse(page), follow=True)

    assert response.status_code == 200
    assert "<main" in response.content.decode()
