"""Recommendations to authorities, and the review after an alert."""

from datetime import date

import pytest

from amparo.vault import services as vault
from amparo.warning.alerts.deciding import close
from amparo.warning.held import ChangedMeanwhile, NotNow
from amparo.warning.models import Advice, Alert
from amparo.warning.response.advising import (
    Finding,
    Recommendation,
    TooMany,
    alerts_to_review,
    give_advice,
    keep_review,
    note_answer,
)
from tests.factories import make_institution, make_member
from tests.warning.alerting import make_alert

pytestmark = pytest.mark.django_db
DAY = date(2020, 5, 20)


def closed_alert(user) -> Alert:  # type: ignore[no-untyped-def]
    alert = make_alert(user)
    return close(user, alert.pk, "harm-averted", {}, version=alert.version)


def test_it_works() -> None:
    founded = make_institution()
    user = make_member(founded)
    alert = make_alert(user)
    said = Recommendation("interior", "protect", DAY, words={"text": "Invented request"})
    advice = give_advice(user, alert.pk, said)
    assert give_advice(user, alert.pk, said) == advice
    assert vault.open_sections([advice.section], founded.unlocked)[advice.section.pk] == {"text": "Invented request"}
    answered = note_answer(user, advice.pk, "accepted", answered_on=DAY, result="carried-out", version=advice.version)
    assert (answered.answer, answered.result) == ("accepted", "carried-out")
    with pytest.raises(ChangedMeanwhile):
        note_answer(user, advice.pk, "refused", answered_on=DAY, result="unknown", version=advice.version)


def test_an_answer_comes_also_after_the_alert_was_closed() -> None:
    user = make_member(make_institution())
    alert = make_alert(user)
    advice = give_advice(user, alert.pk, Recommendation("justice", "release", DAY))
    alert.refresh_from_db()
    close(user, alert.pk, "harm-averted", {}, version=alert.version)
    assert note_answer(user, advice.pk, "refused", answered_on=DAY, result="unknown", version=1).answer == "refused"


def test_another_institutions_advice_is_not_there() -> None:
    user = make_member(make_institution())
    advice = give_advice(user, make_alert(user).pk, Recommendation("justice", "release", DAY))
    with pytest.raises(Advice.DoesNotExist):
        note_answer(make_member(make_institution()), advice.pk, "refused", answered_on=DAY, result="unknown", version=1)


def test_a_review_is_kept_and_written_anew() -> None:
    founded = make_institution()
    user = make_member(founded)
    alert = closed_alert(user)
    assert alerts_to_review(user) == 1
    findings = (Finding("detection", "trust"), Finding("response", "means"), Finding("response", "duty", helped=True))
    review = keep_review(user, alert.pk, DAY, findings, {"lessons": "Invented lessons"})
    assert review.bottlenecks.count() == 3
    assert alerts_to_review(user) == 0
    with pytest.raises(ChangedMeanwhile):
        keep_review(user, alert.pk, DAY, (), {})
    again = keep_review(
        user, alert.pk, DAY, findings[:1], {"lessons": "Other"}, version=review.version, unlocked=founded.unlocked
    )
    assert again.bottlenecks.count() == 1
    assert vault.open_sections([again.section], founded.unlocked)[again.section.pk] == {"lessons": "Other"}


def test_an_open_alert_is_not_looked_back_on() -> None:
    user = make_member(make_institution())
    with pytest.raises(NotNow):
        keep_review(user, make_alert(user).pk, DAY, (), {})


def test_more_than_three_of_a_kind_are_too_many() -> None:
    user = make_member(make_institution())
    findings = [Finding("response", kind) for kind in ("duty", "information", "trust", "consent")]
    with pytest.raises(TooMany):
        keep_review(user, closed_alert(user).pk, DAY, findings, {})
