"""Which cases a search finds: by its filters, its words, its dates."""

import pytest
from django.http import QueryDict

from amparo.cases.models import (
    Act,
    AllegedPerpetrator,
    DefenderProfile,
    Incident,
    Information,
    Law,
    LawUsed,
    Source,
    Victim,
)
from amparo.finding.listing import search_cases
from amparo.finding.search import read_kept, read_search
from amparo.institutions.models import User
from amparo.institutions.services import Founded
from tests.factories import make_incident, make_institution

pytestmark = pytest.mark.django_db


def found(user: User, query: str) -> list[int]:
    asked = read_search(QueryDict(query))
    assert not asked.unknown, query
    return list(search_cases(user, asked.search).values_list("pk", flat=True))


def test_it_works(founded: Founded, member: User) -> None:
    incident = make_incident(founded, country="COL")
    make_incident(founded, country="GTM")

    assert found(member, "country=COL") == [incident.pk]
    assert len(found(member, "")) == 2
    assert len(found(member, "country=COL&country=GTM")) == 2


def test_another_institutions_cases_are_never_found(member: User) -> None:
    make_incident(make_institution(), country="COL")

    assert found(member, "") == []
    assert found(member, "country=COL") == []
    assert found(member, "words=colombia") == []


@pytest.mark.parametrize(
    ("query", "coded"),
    [
        ("area=CO-ANT", {"area": "CO-ANT"}),
        ("setting=online", {"setting": "online"}),
        ("status=verified", {"status": "verified"}),
        ("stage=closed", {"stage": "closed"}),
        ("sector=agribusiness", {"sector": "agribusiness"}),
        ("sex=female", {"sex": "female"}),
        ("target=journalist", {"target": "journalist"}),
        ("age=0-17", {"age_band": "0-17"}),
        ("victim-kind=group", {"kind": "group"}),
        ("because=mandate", {"because_of_mandate": "yes"}),
        ("profile=environment", {"profile": "environment"}),
        ("dataset=invented-list", {}),
        ("evidence=no", {}),
    ],
)
def test_each_code_can_be_filtered(founded: Founded, member: User, query: str, coded: dict[str, str]) -> None:
    incident = make_incident(founded, **coded)
    make_incident(founded)

    assert incident.pk in found(member, query)
    assert len(found(member, query)) == (1 if coded else 2)


def test_a_broader_act_finds_the_narrower_ones(founded: Founded, member: User) -> None:
    incident = make_incident(founded, acts=("killing",))
    make_incident(founded, acts=("threat",))

    assert found(member, "act=attack-on-life") == [incident.pk]


def test_conditions_on_victims_hold_for_one_and_the_same(founded: Founded, member: User) -> None:
    incident = make_incident(founded, acts=("killing",), sex="male")
    woman = Victim.objects.create(incident=incident, sex="female")
    Act.objects.create(incident=incident, victim=woman, kind="threat")

    assert found(member, "act=killing&sex=male") == [incident.pk]
    assert found(member, "act=killing&sex=female") == []
    DefenderProfile.objects.create(victim=woman, profile="environment")
    assert found(member, "profile=environment&sex=female") == [incident.pk]
    assert found(member, "profile=environment&sex=male") == []


def test_conditions_on_perpetrators_hold_for_one_and_the_same(founded: Founded, member: User) -> None:
    incident = make_incident(founded)
    AllegedPerpetrator.objects.create(incident=incident, kind="police", state_link="none")
    AllegedPerpetrator.objects.create(incident=incident, kind="unknown", state_link="agent")

    assert found(member, "perpetrator=police&state-link=none") == [incident.pk]
    assert found(member, "perpetrator=police&state-link=agent") == []


def test_sources_and_laws_are_filters_and_words(founded: Founded, member: User) -> None:
    incident = make_incident(founded)
    make_incident(founded)
    source = Source.objects.create(code="invented-source", kind="ngo", published_name="Invented Observatory")
    Information.objects.create(incident=incident, source=source)
    law = Law.objects.create(institution=founded.institution, country="COL", title="Invented Statute 9", language="en")
    LawUsed.objects.create(act=incident.acts.get(), law=law)

    for query in ("source=invented-source", "source-kind=ngo", f"law={law.pk}", "words=observatory", "words=statute"):
        assert found(member, query) == [incident.pk], query
    assert found(member, 'words="invented+statute"') == [incident.pk]


def test_another_institutions_laws_are_no_words_of_ours(founded: Founded, member: User) -> None:
    incident = make_incident(founded)
    law = Law.objects.create(institution=make_institution().institution, title="Secretlike Ordinance")
    LawUsed.objects.create(act=incident.acts.get(), law=law)

    assert found(member, "words=secretlike") == []


@pytest.mark.parametrize(
    ("query", "dates"),
    [
        ("from=2020", ["2020-05-17", "2020", "2019-12/2020-02", "2021-01"]),
        ("to=2019", ["2019-12/2020-02", "2018-07"]),
        ("from=2020-05&to=2020-05", ["2020-05-17", "2020"]),
        ("from=2020-05-18&to=2020-12", ["2020"]),
        ("words=2018", ["2018-07"]),
    ],
)
def test_dates_that_may_lie_in_the_range_are_found(
    founded: Founded, member: User, query: str, dates: list[str]
) -> None:
    for date in ("2020-05-17", "2020", "2019-12/2020-02", "2021-01", "2018-07", None):
        make_incident(founded, date=date)

    shown = Incident.objects.filter(pk__in=found(member, query))
    assert sorted(str(each.date) for each in shown) == sorted(dates)


def test_undated_cases_stand_last(founded: Founded, member: User) -> None:
    undated, old, new = (make_incident(founded, date=date).pk for date in (None, "2001", "2020"))

    assert found(member, "") == [new, old, undated]
    assert found(member, "order=oldest") == [old, new, undated]
    assert found(member, "order=recent") == [new, old, undated]
    assert found(member, "order=first") == [undated, old, new]


def test_copies_are_hidden_unless_asked_for(founded: Founded, member: User) -> None:
    kept = make_incident(founded)
    copy = make_incident(founded, date="2001")
    copy.same_as = kept
    copy.save()

    assert found(member, "") == [kept.pk]
    assert found(member, "copies=yes") == [kept.pk, copy.pk]


def test_words_must_all_be_there(founded: Founded, member: User) -> None:
    incident = make_incident(founded, country="COL", acts=("killing",))
    make_incident(founded, country="GTM", acts=("killing",))

    assert found(member, "words=killing+colombia") == [incident.pk]
    assert found(member, "words=asesinato+كولومبيا") == [incident.pk]
    assert found(member, "words=killing+nowhereatall") == []


def test_the_number_of_a_case_finds_it(founded: Founded, member: User) -> None:
    incident = make_incident(founded)
    make_incident(founded)

    assert found(member, f"words={incident.pk}") == [incident.pk]
    assert found(member, "words=99999999999999999999999999999999") == []


def test_a_case_that_changed_is_found_by_what_it_is_now_only(founded: Founded, member: User) -> None:
    incident = make_incident(founded, country="COL", acts=("killing",))

    incident.country = "GTM"
    incident.save()
    incident.acts.update(kind="threat")

    assert found(member, "words=colombia") == []
    assert found(member, "words=killing") == []
    assert found(member, "words=guatemala+threat") == [incident.pk]


@pytest.mark.parametrize(
    "query",
    [
        "country=XXX",
        "act=%27%20OR%201=1",
        "law=abc",
        "law=999999999999999999999999",
        "because=anything",
        "evidence=perhaps",
        "order=sideways",
        "found=%27--",
        "source=" + "x" * 5000,
        "country=COL%00",
    ],
)
def test_what_is_not_known_is_left_out_and_counted(founded: Founded, member: User, query: str) -> None:
    make_incident(founded)

    asked = read_search(QueryDict(query))

    assert asked.unknown == 1
    assert len(search_cases(member, asked.search)) == 1


def test_a_search_is_the_same_after_it_was_an_address_or_was_kept() -> None:
    query = "act=killing&country=COL&country=GTM&words=one+two&from=2019-02&to=2020&copies=yes&order=oldest"
    search = read_search(QueryDict(query)).search

    assert read_search(QueryDict(search.address())).search == search
    assert read_kept(search.as_json()) == search
    assert search.without("country", "GTM").facets["country"] == ("COL",)
    assert "country" not in search.without("country", "GTM").without("country", "COL").facets


def test_a_search_by_name_that_has_ended_finds_nothing_rather_than_all(founded: Founded, member: User) -> None:
    make_incident(founded)

    assert found(member, "found=abcdefgh") == []
