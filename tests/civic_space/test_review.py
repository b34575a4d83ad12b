"""The way of a condition to its readers: two people stand for it, corrections wait, what is withdrawn is gone."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from amparo.civic_space.facts import StageFacts
from amparo.civic_space.given import stages_reached
from amparo.civic_space.models import Condition
from amparo.civic_space.services import change_condition, send_to_review, withdraw_condition
from amparo.vault.models import LogEntry
from tests.channel.triage.conftest import Desk
from tests.civic_space.conftest import TITLE, facts, publish, write

pytestmark = pytest.mark.django_db
READ = {"version": "1", "no_names": "on"}


@pytest.fixture(autouse=True)
def _folder_of_releases(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def public_page(client: Client, country: str = "XDM") -> str:
    content: str = client.get(f"/en/countries/{country}/conditions/").content.decode()
    return content


def test_it_works(
    desk: Desk, colleague: Desk, client: Client, settings: Settings, django_capture_on_commit_callbacks: object
) -> None:
    made = write(desk.user)
    assert TITLE not in public_page(client)
    releases = Path(settings.DATA_DIR) / "releases"
    assert not releases.exists()

    desk.client.post(reverse("condition-send", args=[made.pk]), READ)
    assert TITLE in colleague.client.get(reverse("conditions-waiting")).content.decode()
    assert TITLE not in desk.client.get(reverse("conditions-waiting")).content.decode()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        colleague.client.post(reverse("condition-approve", args=[made.pk]), READ)

    made.refresh_from_db()
    assert made.public == made.latest
    assert made.published_at is not None
    assert TITLE in public_page(client)
    assert "Every person, institution and story on this page is invented." in public_page(client)
    # The pages that were kept for readers are made anew (portal.page_cache looks at this folder).
    assert releases.is_dir()
    assert [each.action for each in LogEntry.objects.order_by("-number")[:2]] == [
        "condition-published",
        "condition-sent",
    ]


def test_who_wrote_or_sent_it_cannot_publish_it(desk: Desk, colleague: Desk) -> None:
    made = write(desk.user)
    send_to_review(colleague.user, made.pk, 1)

    for each in (desk, colleague):
        page = each.client.get(reverse("condition", args=[made.pk])).content.decode()
        answer = each.client.post(reverse("condition-approve", args=[made.pk]), READ)
        assert answer.status_code == 422
        assert "Ask a colleague." in answer.content.decode()
        assert "a colleague publishes it" in page
    assert Condition.objects.get().public is None


def test_nobody_sends_or_publishes_without_having_looked_for_names(desk: Desk, colleague: Desk) -> None:
    made = write(desk.user)
    not_sent = desk.client.post(reverse("condition-send", args=[made.pk]), {"version": "1"})
    send_to_review(desk.user, made.pk, 1)
    not_published = colleague.client.post(reverse("condition-approve", args=[made.pk]), {"version": "1"})

    for answer in (not_sent, not_published):
        assert answer.status_code == 422
        assert "Look first, then tick this" in answer.content.decode()


@pytest.mark.parametrize("lacking", [{"sources": ()}, {"date": None}, {"kind": "unknown"}])
def test_what_lacks_its_kind_its_date_or_its_source_is_not_sent(lacking: dict[str, object], desk: Desk) -> None:
    made = write(desk.user, **lacking)

    answer = desk.client.post(reverse("condition-send", args=[made.pk]), READ)

    assert answer.status_code == 422
    assert "one source at least" in answer.content.decode()


def test_a_text_that_was_changed_since_it_was_read_is_not_published(desk: Desk, colleague: Desk) -> None:
    made = write(desk.user)
    send_to_review(desk.user, made.pk, 1)
    change_condition(desk.user, made.pk, 1, facts(titles={"en": "Invented other words"}))
    send_to_review(desk.user, made.pk, 2)

    answer = colleague.client.post(reverse("condition-approve", args=[made.pk]), READ)

    assert answer.status_code == 422
    assert Condition.objects.get().public is None


def test_it_is_given_back_with_a_reason_and_sent_again(desk: Desk, colleague: Desk) -> None:
    made = write(desk.user)
    send_to_review(desk.user, made.pk, 1)
    address = reverse("condition-give-back", args=[made.pk])

    without = colleague.client.post(address, {"back-version": "1", "back-reason": ""})
    colleague.client.post(address, {"back-version": "1", "back-reason": "names-a-person"})

    assert without.status_code == 422
    assert "It names a person" in desk.client.get(reverse("condition", args=[made.pk])).content.decode()
    send_to_review(desk.user, made.pk, 1)


def test_a_correction_waits_while_the_published_text_stays(desk: Desk, colleague: Desk, client: Client) -> None:
    made = publish(desk.user, colleague.user)

    change_condition(desk.user, made.pk, 1, facts(titles={"en": "Invented corrected title"}))
    before = public_page(client)
    send_to_review(desk.user, made.pk, 2)
    colleague.client.post(reverse("condition-approve", args=[made.pk]), {"version": "2", "no_names": "on"})

    assert TITLE in before
    assert "Invented corrected title" not in before
    assert "Invented corrected title" in public_page(client)
    assert TITLE in desk.client.get(reverse("condition", args=[made.pk])).content.decode()


def test_what_is_withdrawn_is_gone_and_can_be_put_back(desk: Desk, colleague: Desk, client: Client) -> None:
    made = publish(desk.user, colleague.user)

    asked = desk.client.get(reverse("condition-withdraw", args=[made.pk])).content.decode()
    desk.client.post(reverse("condition-withdraw", args=[made.pk]))
    gone = public_page(client)
    file = client.get("/en/countries/XDM/conditions.json").json()
    desk.client.post(reverse("condition-put-back", args=[made.pk]))

    assert "cannot be called back" in asked
    assert TITLE not in gone
    assert file == {"conditions": []}
    assert TITLE in public_page(client)


def test_only_what_was_never_public_is_taken_out(desk: Desk, colleague: Desk) -> None:
    draft, published = write(desk.user), publish(desk.user, colleague.user)
    withdraw_condition(desk.user, published.pk)

    for each in (draft, published):
        desk.client.post(reverse("condition-remove", args=[each.pk]))

    assert list(Condition.objects.values_list("pk", flat=True)) == [published.pk]


def test_rules_read_which_stages_became_known_when(desk: Desk, colleague: Desk) -> None:
    made = publish(desk.user, colleague.user)
    write(desk.user, kind="nhri-sca-review", stages=())
    known = [each.known_at for each in stages_reached()]
    corrected = facts(stages=(*facts().stages, StageFacts("repealed")), titles={"en": "Invented, corrected"})
    change_condition(desk.user, made.pk, 1, corrected)

    tabled = list(stages_reached(kinds=["law"], stages=["tabled"], effects=["restrictive"], country="XDM"))
    assert [(each.condition, each.stage, str(each.date), each.is_public) for each in tabled] == [
        (made.pk, "tabled", "2024-03", True)
    ]
    assert list(stages_reached(kinds=["nhri"])) == []
    assert list(stages_reached(known_until=min(known))) == []
    assert len(list(stages_reached(known_from=min(known)))) == 2
    own = list(stages_reached(institution=made.institution.code, stages=["repealed", "tabled"]))
    assert {(each.stage, each.is_public) for each in own} == {("repealed", False), ("tabled", False)}
