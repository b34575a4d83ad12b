"""The three published lists give what is in them: checked against the files, counted another way."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from amparo.cases.drafts import IncidentDraft
from amparo.cases.models import Act, DefenderProfile, Incident, Information, Victim
from amparo.exchange.importing import Outcome, import_incidents
from amparo.exchange.mapping import load_mapping
from amparo.exchange.reading import open_table
from amparo.vocabularies.catalogue import get_vocabulary
from tests.factories import make_institution

FILES = {
    "global-witness": "environmental-defenders-killed/defenders_killed.csv",
    "colombia-social-leaders": "colombia-social-leaders/lideres_sociales_2016_2020.csv",
    "cpj": "journalists-killed/cpj_1992_2016.csv",
}


def rows_of(shared_data: Path, name: str) -> list[dict[str, str]]:
    with (shared_data / FILES[name]).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def drafts_of(shared_data: Path, name: str) -> Iterator[IncidentDraft]:
    mapping = load_mapping(name)
    with open_table(shared_data / FILES[name]) as table:
        mapping.check_columns(table.columns)
        for row in table.rows:
            draft = mapping.draft(row)
            assert isinstance(draft, IncidentDraft), draft
            yield draft


def import_list(shared_data: Path, name: str) -> Outcome:
    institution = make_institution().institution
    outcome = import_incidents(shared_data / FILES[name], load_mapping(name), institution)
    assert outcome.written
    # What the summary says is what is in the store.
    assert Incident.objects.count() == outcome.summary.incidents
    assert Victim.objects.count() == outcome.summary.victims
    assert Act.objects.count() == outcome.summary.acts
    assert Counter(Victim.objects.values_list("sex", flat=True)) == outcome.summary.by_sex
    profiles = Counter(DefenderProfile.objects.values_list("profile", flat=True))
    assert profiles == {code: count for code, count in outcome.summary.by_profile.items() if code != "unknown"}
    assert Counter(Incident.objects.values_list("status", flat=True)) == outcome.summary.by_status
    again = import_incidents(shared_data / FILES[name], load_mapping(name), institution)
    assert not again.written
    assert again.summary.already_there == outcome.summary.rows
    return outcome


@pytest.mark.django_db
def test_global_witness(shared_data: Path) -> None:
    summary = import_list(shared_data, "global-witness").summary

    assert summary.victims == 1733
    assert (str(summary.first_date), str(summary.last_date)) == ("2012-01-01", "2021-12-19")
    assert len(summary.countries) == 61
    assert summary.by_sex == {"male": 1545, "female": 183, "unknown": 5}
    assert summary.by_profile["indigenous-peoples"] == 613
    assert summary.by_profile["environment"] == 1733
    assert Act.objects.filter(kind="killing").count() == 1733


@pytest.mark.django_db
def test_colombia_social_leaders(shared_data: Path) -> None:
    summary = import_list(shared_data, "colombia-social-leaders").summary

    assert summary.victims == 424
    assert summary.by_sex == {"male": 340, "female": 81, "transgender": 3}
    assert summary.countries == {"COL"}
    rows = rows_of(shared_data, "colombia-social-leaders")
    told = Counter(len(row["fuentes"].split(",")) for row in rows if row["fuentes"])
    kept = Counter(Counter(Information.objects.values_list("incident_id", flat=True)).values())
    assert kept == told
    assert sum(1 for number in kept if number > 1) > 2


@pytest.mark.django_db
def test_cpj(shared_data: Path) -> None:
    summary = import_list(shared_data, "cpj").summary

    assert (summary.rows, summary.victims) == (1782, 1782)
    assert summary.by_status == {"verified": 1216, "reported": 566}
    assert summary.by_sex == {"male": 1136, "female": 80, "unknown": 566}
    rows = rows_of(shared_data, "cpj")
    for column, kind in (("Threatened", "threat"), ("Tortured", "torture"), ("Taken_captive", "kidnapping")):
        assert Act.objects.filter(kind=kind).count() == sum(row[column] == "Yes" for row in rows) > 0


def test_colombia_by_year_and_department_as_in_the_file(shared_data: Path) -> None:
    rows = rows_of(shared_data, "colombia-social-leaders")
    drafts = list(drafts_of(shared_data, "colombia-social-leaders"))

    assert Counter(draft.date.year for draft in drafts) == Counter(int(row["fecha"][:4]) for row in rows)
    assert set(Counter(draft.date.year for draft in drafts)) == {2016, 2017, 2018, 2019, 2020}
    names = {term.code: term.label("es") for term in get_vocabulary("areas").terms.values()}
    counted, expected = Counter(names[draft.area] for draft in drafts), Counter(row["departamento"] for row in rows)
    assert "unknown" not in {draft.area for draft in drafts}
    assert (counted["Cauca"], counted["Antioquia"], counted["Nariño"]) == (108, 57, 31)
    # A city that stands where its department belongs is counted there.
    assert counted["Risaralda"] == expected["Risaralda"] + expected["Pereira"]
    spelled_once = {"Risaralda", "Pereira", "Caquetá", "Caqueta"}
    assert sorted(expected[name] for name in expected.keys() - spelled_once) == sorted(
        counted[name] for name in counted.keys() - spelled_once
    )


def test_global_witness_by_year_and_country_as_in_the_file(shared_data: Path) -> None:
    rows = rows_of(shared_data, "global-witness")
    drafts = list(drafts_of(shared_data, "global-witness"))

    assert [str(draft.date) for draft in drafts] == [row["date"] for row in rows]
    pairs = {(draft.country, row["country"]) for draft, row in zip(drafts, rows, strict=True)}
    assert len(pairs) == len({code for code, _ in pairs}) == len({name for _, name in pairs}) == 61
    # The place is sealed as it is written, whether or not it is an area.
    assert [draft.narrative.get("place", "") for draft in drafts] == [row["local_region"] for row in rows]
    known = sum(draft.area != "unknown" for draft in drafts) / sum(bool(row["local_region"]) for row in rows)
    assert known > 0.7
    ages = Counter(draft.victims[0].age_band for draft in drafts)
    assert ages["unknown"] == sum(row["age"] in {"", "4145.0"} for row in rows)


def test_cpj_dates_are_as_incomplete_as_they_are(shared_data: Path) -> None:
    rows = rows_of(shared_data, "cpj")
    drafts = list(drafts_of(shared_data, "cpj"))
    whole = re.compile(r"([A-Z][a-z]+),? +(\d+),? +(\d{4})")

    for row, draft in zip(rows, drafts, strict=True):
        written = " ".join(row["Date"].split())
        precision = draft.date.precision if draft.date else "unknown"
        if whole.fullmatch(written):
            assert precision == "day", written
            assert draft.date.start.year == int(written[-4:])
        else:
            assert precision != "day", written
        # No date has a year that is not written, and no year is lost.
        years = {int(year) for year in re.findall(r"\d{4}", written)}
        assert {draft.date.earliest.year, draft.date.latest.year} <= years if draft.date else True
        assert draft.date or not years or "unknown date" in written
    assert Counter(draft.date.precision if draft.date else "unknown" for draft in drafts) == {
        "day": 1712,
        "range": 36,
        "month": 23,
        "unknown": 8,
        "year": 3,
    }


def test_cpj_keeps_several_perpetrators(shared_data: Path) -> None:
    rows = rows_of(shared_data, "cpj")
    drafts = list(drafts_of(shared_data, "cpj"))

    several = [len(draft.perpetrators) for draft in drafts if len(draft.perpetrators) > 1]
    assert len(several) == sum("," in row["Source_fire"] for row in rows) == 19


@pytest.mark.parametrize("name", FILES)
def test_no_name_goes_into_a_coded_field(shared_data: Path, name: str) -> None:
    for draft in drafts_of(shared_data, name):
        (victim,) = draft.victims
        coded = {
            "countries": (draft.country,),
            "areas": (draft.area,),
            "settings": (draft.setting,),
            "information-status": (draft.status,),
            "sectors": (draft.sector,),
            "alleged-perpetrators": draft.perpetrators,
            "victim-kinds": (victim.kind,),
            "targets": (victim.target,),
            "sex": (victim.sex,),
            "gender": (victim.gender,),
            "age-bands": (victim.age_band,),
            "defender-profiles": victim.profiles,
            "acts": victim.acts,
        }
        for vocabulary, codes in coded.items():
            assert set(codes) <= set(get_vocabulary(vocabulary).terms), vocabulary
        assert set(draft.sources) <= set(load_mapping(name).sources)


@pytest.mark.parametrize(
    ("name", "column", "sealed"),
    [
        ("global-witness", "name", "name"),
        ("colombia-social-leaders", "nombre", "name"),
        ("colombia-social-leaders", "cargo", "function"),
        ("cpj", "Name", "name"),
        ("cpj", "Organization", "organisation"),
    ],
)
def test_what_names_a_person_is_sealed_as_it_is_written(shared_data: Path, name: str, column: str, sealed: str) -> None:
    rows = rows_of(shared_data, name)

    for row, draft in zip(rows, drafts_of(shared_data, name), strict=True):
        assert draft.victims[0].identity.get(sealed, "") == (row[column] if row[column].strip() else "")
