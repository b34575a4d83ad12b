"""What should not be typed, and is: asked about where it may be right, refused where it cannot, and never lost."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.cases.models import Act, ActMethod, Incident, Involvement, Victim
from tests.documenting.entering import NAME, TOKEN, WHAT, Desk, form_of, make_case, make_desk

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
PLACE = {"place_kind": "unknown", "place_precision": "unknown"}


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.mark.parametrize(
    ("boxes", "told"),
    [
        ({"date-year": "2026", "date-month": "2", "date-day": "30"}, "no such day"),
        ({"date-year": "26"}, "four digits"),
        ({"date-year": "about 2020"}, "in numbers"),
        ({"date-year": "", "date-month": "3"}, "needs its year"),
        ({"date-year": "2026", "date-month": "", "date-day": "3"}, "needs its month"),
        ({"date-year": "2026", "date-month": "3", "date-end-year": "2025"}, "before the beginning"),
        ({"date-year": "", "date-month": "", "date-end-year": "2025"}, "when it began"),
        ({"date-year": "٢٠٢٦", "date-month": "13"}, "no such day"),
    ],
)
def test_a_date_that_is_none_is_told_at_its_field_and_stays(desk: Desk, boxes: dict[str, str], told: str) -> None:
    answer = desk.post("case-new", token=TOKEN, place="Invented mill", **PLACE, **{**WHAT, **boxes})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert "Invented mill" in page
    assert all(f'value="{value}"' in page for name, value in boxes.items() if value and "month" not in name)
    assert not Incident.objects.exists()


def test_digits_of_another_script_are_digits(desk: Desk) -> None:
    desk.post("case-new", token=TOKEN, **PLACE, **{**WHAT, "date-year": "٢٠٢٥", "date-day": "٠٧"})

    assert str(Incident.objects.get().date) == "2025-03-07"


def test_a_date_in_the_future_is_asked_about(desk: Desk) -> None:
    future = {**WHAT, "date-year": "2090"}

    asked = desk.post("case-new", token=TOKEN, **PLACE, **future)
    assert asked.status_code == 422
    assert "lies in the future" in asked.content.decode()
    desk.post("case-new", token=TOKEN, sure="yes", **PLACE, **future)

    assert str(Incident.objects.get().date) == "2090-03"


def test_an_act_outside_the_case_is_asked_about(desk: Desk) -> None:
    incident, victim, _ = make_case(desk, date="2020-05")
    act = {"token": TOKEN, "victims": [victim.pk], "kinds": ["threat"], "date-year": "2019"}

    asked = desk.post("case-part-add", incident.pk, "act", **act)
    assert asked.status_code == 422
    assert "outside the date of the case" in asked.content.decode()
    desk.post("case-part-add", incident.pk, "act", sure="yes", **act)

    assert str(incident.acts.get(kind="threat").date) == "2019"


def test_a_victim_may_be_a_perpetrator_too_and_the_page_says_so(desk: Desk) -> None:
    incident, victim, _ = make_case(desk)

    desk.post("case-part-add", incident.pk, "perpetrator", token=TOKEN, kind="community-family", state_link="none",
              same_as=victim.pk, acts=["all"], degree="present")  # fmt: skip

    victim.refresh_from_db()
    perpetrator = incident.alleged_perpetrators.get()
    page = desk.page("case", incident.pk)
    assert victim.person is not None
    assert victim.person == perpetrator.person
    assert "The same person as alleged perpetrator 1." in page
    form = form_of(desk, "case-part", incident.pk, "perpetrator", perpetrator.pk)
    assert form["same_as"] == str(victim.pk)
    desk.post("case-part", incident.pk, "perpetrator", perpetrator.pk, **{**form, "same_as": ""})
    assert "The same person as" not in desk.page("case", incident.pk)


@pytest.mark.parametrize("name", ["Invented 😀 Person", "Invented \U0001f3f3\ufe0f\u200d\U0001f308", "اسم متخيَّل"])
def test_any_letters_are_a_name(desk: Desk, name: str) -> None:
    incident, victim, _ = make_case(desk)
    form = form_of(desk, "case-part", incident.pk, "victim", victim.pk)

    desk.post("case-part", incident.pk, "victim", victim.pk, **{**form, "name": name})

    assert desk.opened(victim.section) == {"name": name}
    assert name in desk.page("case", incident.pk)


def test_marks_that_turn_the_direction_are_kept_sealed_and_not_shown(desk: Desk) -> None:
    name = "Invented \u202edrowkcab\u202c \u2066Person"
    incident, victim, _ = make_case(desk)
    form = form_of(desk, "case-part", incident.pk, "victim", victim.pk)

    desk.post("case-part", incident.pk, "victim", victim.pk, **{**form, "name": name})

    assert desk.opened(victim.section) == {"name": name}
    for page in (desk.page("case", incident.pk), desk.page("case-document", incident.pk, "victims")):
        assert "Invented drowkcab Person" in page
        assert not set("\u202e\u202c\u2066") & set(page)
    assert "hidden marks of direction" in desk.page("case", incident.pk)


def test_markup_in_a_name_is_text(desk: Desk) -> None:
    incident, victim, _ = make_case(desk)
    form = form_of(desk, "case-part", incident.pk, "victim", victim.pk)
    desk.post("case-part", incident.pk, "victim", victim.pk, **{**form, "name": "<script>invented()</script>"})

    for page in (
        desk.page("case", incident.pk),
        desk.page("case-part", incident.pk, "victim", victim.pk),
        desk.page("case-part-remove", incident.pk, "victim", victim.pk),
        desk.page("case-part-add", incident.pk, "act"),
    ):
        assert "<script>invented" not in page


@pytest.mark.parametrize("said", ["[]", '"x"', "{", "[" * 5000, '{"text": 5}'])
def test_digests_that_are_none_lose_nothing(desk: Desk, said: str) -> None:
    incident, _, _ = make_case(desk)
    form = form_of(desk, "case-document", incident.pk, "story")

    answer = desk.post("case-document", incident.pk, "story", **{**form, "opened": said, "text": "Invented."})

    assert answer.status_code in (302, 422)


@pytest.mark.parametrize("code", ["not-a-code", "", "killing' OR 1=1"])
def test_a_code_that_is_none_is_refused(desk: Desk, code: str) -> None:
    incident, victim, _ = make_case(desk)
    answer = desk.post("case-part-add", incident.pk, "act", token=TOKEN, victims=[victim.pk], kinds=[code])

    assert answer.status_code == 422
    assert incident.acts.count() == 1


def test_a_place_is_given_in_degrees(desk: Desk) -> None:
    incident, _, _ = make_case(desk)
    place = {"token": TOKEN, "place": "Invented mill", "kind": "home", "precision": "exact"}

    refused = desk.post("case-part-add", incident.pk, "place", latitude="95", longitude="x", **place)
    desk.post("case-part-add", incident.pk, "place", latitude="-12.04", longitude="−77,04", **place)

    assert refused.status_code == 422
    assert desk.opened(incident.places.get().section) == {
        "place": "Invented mill", "latitude": "-12.04", "longitude": "−77,04",
    }  # fmt: skip


def many_acts(incident: Incident, victim: Victim, number: int) -> None:
    Act.objects.bulk_create(
        (Act(incident=incident, victim=victim, kind="threat", date=incident.date) for _ in range(number)),
        batch_size=500,
    )
    acts = list(incident.acts.order_by("pk")[:200])
    perpetrator = incident.alleged_perpetrators.create(kind="police")
    ActMethod.objects.bulk_create(ActMethod(act=act, method="firearm") for act in acts)
    Involvement.objects.bulk_create(Involvement(act=act, alleged_perpetrator=perpetrator) for act in acts)


@pytest.mark.parametrize("page", ["case", "acts", "add"])
def test_two_hundred_acts_take_the_queries_of_two(desk: Desk, page: str) -> None:
    few, victim, _ = make_case(desk)
    many_acts(few, victim, 2)
    many, victim, _ = make_case(desk)
    many_acts(many, victim, 200)

    def address(incident: Incident) -> str:
        return {
            "case": reverse("case", args=[incident.pk]),
            "acts": reverse("case-document", args=[incident.pk, "acts"]),
            "add": reverse("case-part-add", args=[incident.pk, "act"]),
        }[page]

    taken = []
    for incident in (few, many):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert desk.client.get(address(incident)).status_code == 200
        taken.append(len(queries))
    assert taken[0] == taken[1]


def test_many_of_everything_take_the_queries_of_few(desk: Desk) -> None:
    def make(number: int) -> Incident:
        incident, _, _ = make_case(desk)
        for each in range(number):
            desk.post("case-part-add", incident.pk, "victim", token=f"{each:032x}", kind="person",
                      name=f"{NAME} {each}", target="unknown", sex="unknown", gender="unknown", age_band="unknown",
                      profiles=["land"], ruled_out=["torture"], gender_identity="unknown",
                      sexual_orientation="unknown")  # fmt: skip
            desk.post("case-part-add", incident.pk, "place", token=f"{each + 50:032x}", place="Mill", kind="home",
                      precision="exact", victim=incident.victims.order_by("-pk")[0].pk)  # fmt: skip
            desk.post("case-part-add", incident.pk, "source", token=f"{each + 99:032x}", source="kind:press", name="G",
                      reliability="a", credibility="1", independence="yes", text="Words.")  # fmt: skip
            desk.post("case-part-add", incident.pk, "perpetrator", token=f"{each + 150:032x}", kind="police",
                      state_link="agent", name="P", same_as=incident.victims.order_by("-pk")[0].pk)  # fmt: skip
        return incident

    few, many = make(1), make(7)

    for address in (
        lambda incident: reverse("case", args=[incident.pk]),
        lambda incident: reverse("case-document", args=[incident.pk, "victims"]),
        lambda incident: reverse("case-document", args=[incident.pk, "perpetrators"]),
        lambda incident: reverse("case-document", args=[incident.pk, "sources"]),
        lambda incident: reverse("case-document", args=[incident.pk]),
        lambda incident: reverse("case-part-add", args=[incident.pk, "act"]),
    ):
        taken = []
        for incident in (few, many):
            with CaptureQueriesContext(connection) as queries:
                assert desk.client.get(address(incident)).status_code == 200
            taken.append(len(queries))
        assert taken[0] == taken[1], address(few)


def test_ten_thousand_acts_in_one_case_are_shown_and_added_to(desk: Desk) -> None:
    incident, victim, _ = make_case(desk)
    many_acts(incident, victim, 10_000)

    started = time.monotonic()
    for page in (
        desk.page("case", incident.pk, acts=200),
        desk.page("case-document", incident.pk, "acts", page=150),
        desk.page("case-part-add", incident.pk, "perpetrator"),
        desk.page("case-document", incident.pk, "check"),
    ):
        assert len(page) < 300_000
    desk.post("case-part-add", incident.pk, "act", token=TOKEN, victims=[victim.pk], kinds=["search"])
    desk.post("case-part-add", incident.pk, "perpetrator", token="a" * 32, kind="mob", state_link="none", acts=["all"],
              degree="present")  # fmt: skip

    assert incident.acts.count() == 10_002
    assert incident.alleged_perpetrators.get(kind="mob").involvements.count() == 10_002
    # Six pages and two writes: seconds, on any computer that runs the tests.
    assert time.monotonic() - started < 20


_KILLED = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
from django.db.models.signals import post_save
from amparo.cases.models import ActMethod, Incident, Victim
from amparo.cases.parts import VICTIM
from amparo.cases.models import DefenderProfile
from amparo.documenting.beginning import begin_case
from amparo.cases.changing import add_record
from amparo.institutions.services import add_member, found_institution

call_command("migrate", verbosity=0)
founded = found_institution("invented-one", "nhri", {"en": "Invented"}, country="XDM", invented=True)
user = add_member(founded.institution, founded.unlocked, "invented-person", "an invented pass phrase", "case-worker")
incident = begin_case(user, founded.institution, {"country": "COL"}, {"place": "Invented mill"}, "1" * 32)
values = {"kind": "person", "name": "Invented Person One", "profiles": ("land",)}
add_record(user, incident.pk, VICTIM, values, "2" * 32, founded.unlocked)
print("ready", flush=True)

class Kill:
    def __call__(self, sender, **_):
        os.kill(os.getpid(), signal.SIGKILL)

kill = Kill()
post_save.connect(kill, sender=Victim)
add_record(user, incident.pk, VICTIM, {**values, "name": "Invented Person Two"}, "3" * 32, founded.unlocked)
print("not killed", flush=True)
"""


@pytest.mark.slow
def test_a_process_killed_in_the_middle_of_a_save_leaves_all_or_nothing(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AMPARO_")}
    kept.pop("DATABASE_URL", None)
    kept |= {
        "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "amparo.config.settings",
        "AMPARO_DATA_DIR": str(tmp_path),
    }

    ended = subprocess.run([sys.executable, "-c", _KILLED], env=kept, capture_output=True, text=True, check=False)

    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert ended.stdout == "ready\n"
    with sqlite3.connect(tmp_path / "amparo.sqlite3") as database:

        def count(table: str) -> int:
            found: int = database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            return found

        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert (count("cases_victim"), count("cases_defenderprofile"), count("vault_section")) == (1, 1, 2)
        assert database.execute("SELECT version FROM cases_incident").fetchone() == (2,)
        assert database.execute("SELECT action FROM vault_logentry ORDER BY number DESC").fetchone() == (
            "record-added",
        )
