"""Each rule on invented records: what makes it true, what just does not, and the numbers that it takes."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from amparo.cases.models import Incident, Person
from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.reprisals.models import Accreditation, NhriProfile, YearFigures
from amparo.warning.held import ChangedMeanwhile
from amparo.warning.models import Rule
from amparo.warning.triggers.finding import Found, find
from amparo.warning.triggers.keeping import NotTried, keep_rule, rules_of, switch_rule, try_rule
from amparo.warning.triggers.kinds import RULES, BadParameter, read_parameters
from tests.factories import make_incident, make_institution, make_member

pytestmark = pytest.mark.django_db
SINCE, UNTIL = date(2020, 1, 1), date(2020, 12, 31)


@pytest.fixture
def user(founded: Founded) -> User:
    return make_member(founded)


def against(founded: Founded, person: Person, day: str, act: str) -> Incident:
    """An incident against one person."""
    incident = make_incident(founded, date=day, acts=(act,))
    incident.victims.update(person=person)
    return incident


def make_person(founded: Founded) -> Person:
    return Person.objects.create(institution=founded.institution)


def found(founded: Founded, kind: str, **numbers: int) -> list[Found]:
    return find(kind, founded.institution, numbers, SINCE, UNTIL)


def test_it_works(founded: Founded, user: User) -> None:
    person = make_person(founded)
    for day in ("2020-03-01", "2020-03-10", "2020-03-20"):
        against(founded, person, day, "death-threat")
    tried = try_rule(founded.institution, "repeated-threats", {})
    assert [(each.day, each.facts) for each in tried] == [(date(2020, 3, 20), {"number": 3, "days": 19})]
    rule = keep_rule(user, "repeated-threats", {}, version=0)
    assert not rule.is_on
    assert switch_rule(user, "repeated-threats", on=True, version=rule.version).is_on


def test_threats_against_several_or_too_far_apart_are_none(founded: Founded) -> None:
    first, second = make_person(founded), make_person(founded)
    for person, day in ((first, "2020-03-01"), (first, "2020-03-10"), (second, "2020-03-20"), (first, "2020-04-15")):
        against(founded, person, day, "threat")
    assert found(founded, "repeated-threats") == []
    assert len(found(founded, "repeated-threats", number=2)) == 1


def test_threats_of_a_month_are_not_dated_to_a_day(founded: Founded) -> None:
    person = make_person(founded)
    for _ in range(3):
        against(founded, person, "2020-03", "threat")
    assert found(founded, "repeated-threats") == []


def test_a_second_wave_is_another_find(founded: Founded) -> None:
    person = make_person(founded)
    for day in ("2020-03-01", "2020-03-02", "2020-03-03", "2020-08-01", "2020-08-02", "2020-08-03"):
        against(founded, person, day, "threat")
    assert [each.day for each in found(founded, "repeated-threats")] == [date(2020, 3, 3), date(2020, 8, 3)]


def test_a_smear_before_an_arrest_and_not_after_it(founded: Founded) -> None:
    first, second = make_person(founded), make_person(founded)
    against(founded, first, "2020-03-01", "smear-campaign")
    arrest = against(founded, first, "2020-04-01", "fabricated-charge")
    against(founded, second, "2020-04-01", "arbitrary-detention")
    against(founded, second, "2020-04-02", "smear-campaign")
    assert [(each.incident, each.facts) for each in found(founded, "smear-then-arrest")] == [(arrest.pk, {"days": 31})]
    assert found(founded, "smear-then-arrest", days=30) == []


def test_anothers_records_raise_nothing(founded: Founded) -> None:
    other = make_institution()
    person = make_person(other)
    for day in ("2020-03-01", "2020-03-10", "2020-03-20"):
        against(other, person, day, "threat")
    assert found(founded, "repeated-threats") == []


def test_silence_of_who_used_to_record(founded: Founded) -> None:
    first = datetime(2020, 1, 10, 8, tzinfo=UTC)
    for number in range(6):
        incident = make_incident(founded)
        Incident.objects.filter(pk=incident.pk).update(created_at=first + timedelta(days=number))
    silent = found(founded, "silence")
    assert [each.day for each in silent] == [date(2020, 1, 15) + timedelta(days=60)]
    assert silent[0].facts == {"days": 60, "usual": 6}
    assert found(founded, "silence", usual=7) == []
    later = make_incident(founded)
    Incident.objects.filter(pk=later.pk).update(created_at=first + timedelta(days=30))
    assert [each.day for each in found(founded, "silence")] == [date(2020, 2, 9) + timedelta(days=60)]


def test_a_budget_that_fell_from_year_to_year(founded: Founded) -> None:
    profile = NhriProfile.objects.create(kept_by=founded.institution, country="COL", names={"en": "Invented NHRI"})
    for year, amount in ((2018, "1000"), (2019, "900"), (2020, "600"), (2021, "100")):
        YearFigures.objects.create(profile=profile, year=year, amount=Decimal(amount), currency="COP")
    cut = found(founded, "budget-cut")
    assert [(each.day, each.facts) for each in cut] == [(date(2020, 1, 1), {"percent": 33, "year": 2020})]
    assert found(founded, "budget-cut", percent=34) == []


def test_amounts_of_two_currencies_are_not_compared(founded: Founded) -> None:
    profile = NhriProfile.objects.create(kept_by=founded.institution, country="COL", names={"en": "Invented NHRI"})
    YearFigures.objects.create(profile=profile, year=2019, amount=Decimal(900), currency="COP")
    YearFigures.objects.create(profile=profile, year=2020, amount=Decimal(1), currency="USD")
    assert found(founded, "budget-cut") == []


def test_a_special_review(founded: Founded) -> None:
    profile = NhriProfile.objects.create(kept_by=founded.institution, country="COL", names={"en": "Invented NHRI"})
    Accreditation.objects.create(profile=profile, earliest=date(2020, 10, 5), path="special")
    Accreditation.objects.create(profile=profile, earliest=date(2020, 10, 6), path="five-yearly")
    assert [each.day for each in found(founded, "special-review")] == [date(2020, 10, 5)]


@pytest.mark.parametrize(
    ("kind", "said"),
    [("repeated-threats", {"number": 1}), ("repeated-threats", {"days": "30"}), ("silence", {"percent": 3})],
)
def test_numbers_that_a_rule_does_not_take_are_refused(kind: str, said: dict[str, object]) -> None:
    with pytest.raises(BadParameter):
        read_parameters(kind, said)


def test_other_numbers_switch_a_rule_off_until_it_was_tried(founded: Founded, user: User) -> None:
    with pytest.raises(NotTried):
        switch_rule(user, "silence", on=True, version=0)
    rule = keep_rule(user, "silence", {"days": 30}, version=0)
    rule = switch_rule(user, "silence", on=True, version=rule.version)
    changed = keep_rule(user, "silence", {"days": 40}, version=rule.version)
    assert not changed.is_on
    with pytest.raises(ChangedMeanwhile):
        switch_rule(user, "silence", on=True, version=rule.version)


def test_there_is_a_rule_of_each_kind(founded: Founded, user: User) -> None:
    keep_rule(user, "silence", {"days": 30}, version=0)
    rules = {rule.kind: rule.parameters for rule in rules_of(founded.institution)}
    assert list(rules) == list(RULES)
    assert rules["silence"] == {"days": 30, "usual": 6}
    assert Rule.objects.count() == 1
