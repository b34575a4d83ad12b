"""The pages of the procedure: set by focal points, read by all, ticked off on the alert."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.warning.models import ProcedureStep, StepDone
from tests.factories import make_institution, make_member, sign_in
from tests.warning.alerting import make_alert, make_signal

pytestmark = pytest.mark.django_db
WORDS = "Ask the invented district office"


def post(client: Client, name: str, argument: object, **said: object) -> int:
    return client.post(reverse(name, args=[argument]), said).status_code


def page(client: Client) -> str:
    return str(client.get(reverse("procedures")).content.decode())


def test_it_works(client: Client, user: User) -> None:
    form = client.get(reverse("procedures")).context["levels"][0]["form"]
    said = {f"watch-{name}": form[name].value() for name in ("token",)} | {"watch-words": WORDS}
    for _ in range(2):
        assert post(client, "procedure-add", "watch", **said) == 302
    own = ProcedureStep.objects.get(step="")
    assert post(client, "procedure-move", "watch", step=f"own-{own.pk}", to="up") == 302
    assert post(client, "procedure-hide", "watch", step="second-source", hidden="yes") == 302
    assert "1 step is left out" in page(client)
    alert = make_alert(user, "watch")
    seen = client.get(reverse("alert", args=[alert.pk]))
    assert WORDS in seen.content.decode()
    assert "0 of 4 steps done" in seen.content.decode()
    round_ = seen.context["situation"].checklist.round
    assert post(client, "step-tick", alert.pk, step=f"own-{own.pk}", round=round_, done="yes") == 302
    seen = client.get(reverse("alert", args=[alert.pk])).content.decode()
    assert "1 of 4 steps done" in seen
    assert f"<bdi>{user.username}</bdi>" in seen
    assert post(client, "procedure-restore", "watch") == 302
    assert page(client).count(WORDS) < 5
    signal = make_signal(user, confirmed=True)
    assert "Somebody takes it up" in client.get(reverse("alert-new", args=[signal.pk])).content.decode()


def test_what_is_no_step_is_told_at_its_field_and_not_lost(client: Client, user: User) -> None:
    said = {"watch-token": "", "watch-words": "Write to nobody@example.org"}
    answer = client.post(reverse("procedure-add", args=["watch"]), said)
    assert answer.status_code == 422
    root = html.fromstring(answer.content.decode())
    assert root.xpath("//input[@name='watch-words']/@value") == ["Write to nobody@example.org"]
    assert "belong to the directory" in answer.content.decode()
    # The other levels' forms are as before.
    assert root.xpath("//input[@name='warning-words']/@value") == []


def test_who_does_not_decide_reads_only(client: Client, founded: Founded) -> None:
    sign_in(client, make_member(founded, role="case-worker"))
    assert "<form" not in page(client).partition("<main")[2].partition("<h1")[2].partition("</main>")[0]
    assert post(client, "procedure-hide", "watch", step="take-up", hidden="yes") == 403


def test_what_is_not_there_is_not_found(client: Client, user: User) -> None:
    assert post(client, "procedure-hide", "unknown", step="take-up", hidden="yes") == 404
    alert = make_alert(make_member(make_institution()))
    assert post(client, "step-tick", alert.pk, step="take-up", round=1, done="yes") == 404
    assert post(client, "step-tick", make_alert(user).pk, step="take-up", round="x", done="yes") == 404


def test_a_level_set_anew_is_told(client: Client, user: User) -> None:
    alert = make_alert(user)
    answer = client.post(
        reverse("step-tick", args=[alert.pk]), {"step": "take-up", "round": 999, "done": "yes"}, follow=True
    )
    assert "Somebody else changed this" in answer.content.decode()
    assert not StepDone.objects.exists()


def test_many_cost_no_more_queries(client: Client, user: User) -> None:
    alert = make_alert(user, "watch")
    counts = []
    for number in (2, 10):
        for each in range(number):
            post(client, "procedure-add", "watch", **{"watch-token": "", "watch-words": f"Invented {each}"})
            ProcedureStep.objects.create(
                institution=user.institution, level="watch", words=f"Invented {each}", position=90
            )
        with CaptureQueriesContext(connection) as queries:
            page(client)
            client.get(reverse("alert", args=[alert.pk]))
        counts.append(len(queries))
    assert counts[0] == counts[1]
