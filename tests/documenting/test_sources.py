"""Sources that disagree: what each says is kept, shown side by side, and the case says which value it takes."""

import pytest

from amparo.cases.models import Incident, Information, Statement, Victim
from tests.documenting.entering import Desk, form_of, make_case, make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def add_source(desk: Desk, incident: Incident, number: int, independence: str = "yes") -> Information:
    desk.post("case-part-add", incident.pk, "source", token=f"{number:032x}", source="kind:press",
              name=f"Invented Gazette {number}", reliability="b", credibility="2",
              independence=independence)  # fmt: skip
    return incident.information.order_by("-pk")[0]


def say(desk: Desk, incident: Incident, source: Information, victim: Victim | None = None, **facts: object) -> None:
    arguments = [incident.pk, source.pk] + ([victim.pk] if victim else [])
    said = {name.replace("__", "."): value for name, value in facts.items()}
    said = {name.replace("date_", "date-"): value for name, value in said.items()}
    assert desk.post("case-said", *arguments, **said).status_code == 302


def test_it_works(desk: Desk) -> None:
    incident, victim, _ = make_case(desk, sex="female")
    one, two, three = (add_source(desk, incident, number, ind) for number, ind in ((1, "yes"), (2, "yes"), (3, "no")))
    say(desk, incident, one, **{"incident.date-year": "2020", "incident.date-month": "5", "incident.date-day": "17"})
    say(desk, incident, two, **{"incident.date-year": "2020", "incident.date-month": "5", "incident.date-day": "18"})
    say(desk, incident, three, **{"incident.date-year": "2020"}, perpetrator__kind=["police", "mob"])
    say(desk, incident, one, victim, victim__sex="male", act__kind=["torture"])
    say(desk, incident, two, victim, victim__sex="female")

    page = desk.page("case", incident.pk)

    assert "Where the sources disagree" in page
    assert "3 sources, independent of the others: 2." in page
    for words in (
        "May 17, 2020",
        "May 18, 2020",
        "Male",
        "Female",
        "Torture and ill-treatment",
        "Crowd or mob · Police",
    ):
        assert words in page
    assert Statement.objects.filter(fact="victim.sex", victim=victim).count() == 2


def test_what_a_source_says_changes_by_field_and_is_taken_back_with_nothing(desk: Desk) -> None:
    incident, victim, _ = make_case(desk)
    source = add_source(desk, incident, 1)
    say(desk, incident, source, victim, victim__sex="male", victim__age_band="18-24")
    form = form_of(desk, "case-said", incident.pk, source.pk, victim.pk)

    say(desk, incident, source, victim, **{**form, "victim.sex": ""})

    assert list(Statement.objects.values_list("fact", "value")) == [("victim.age_band", "18-24")]


def test_two_who_write_down_the_same_source_lose_nothing(desk: Desk) -> None:
    incident, _, _ = make_case(desk)
    source = add_source(desk, incident, 1)
    other = desk.colleague()
    one, two = (form_of(each, "case-said", incident.pk, source.pk) for each in (desk, other))
    say(desk, incident, source, **{**one, "incident.setting": "online"})

    asked = other.post(
        "case-said", incident.pk, source.pk, **{**two, "incident.setting": "offline", "incident.country": "PER"}
    )

    assert asked.status_code == 422
    assert "Online" in asked.content.decode()
    say(other, incident, source, **{**two, "incident.setting": "offline", "incident.country": "PER",
        "opened": asked.context["opened"], "choose-incident.setting": "mine"})  # fmt: skip
    assert dict(Statement.objects.values_list("fact", "value")) == {
        "incident.setting": "offline", "incident.country": "PER",
    }  # fmt: skip


def test_agreeing_sources_are_no_disagreement(desk: Desk) -> None:
    incident, victim, _ = make_case(desk, sex="female")
    for number in (1, 2):
        say(desk, incident, add_source(desk, incident, number), victim, victim__sex="female")

    page = desk.page("case", incident.pk)

    assert "Where they agree" in page
    assert "Where the sources disagree" not in page


def test_the_kind_of_an_unnamed_source_is_changed_in_this_case_only(desk: Desk) -> None:
    one, _, _ = make_case(desk)
    two, _, _ = make_case(desk)
    first, second = add_source(desk, one, 1), add_source(desk, two, 2)
    form = form_of(desk, "case-part", one.pk, "source", first.pk)

    desk.post("case-part", one.pk, "source", first.pk, **{**form, "source": "kind:court"})

    first.source.refresh_from_db()
    second.source.refresh_from_db()
    assert (first.source.kind, second.source.kind) == ("court", "press")
