"""Conditions and ratings out of files: all or nothing, which row, which column; the published files of CIVICUS."""

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.test import Client
from django.urls import reverse

from amparo.civic_space.files import COLUMNS
from amparo.civic_space.models import Condition, ConditionVersion, Rating
from amparo.exchange.civic_space_commands import import_
from tests.channel.triage.conftest import Desk
from tests.civic_space.conftest import TITLE, make_desk, publish, write
from tests.factories import make_institution

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder_of_releases(settings: object, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "var"  # type: ignore[attr-defined]


def run(*said: object) -> Result:
    return CliRunner().invoke(import_, [str(each) for each in said])


def write_file(folder: Path, *rows: dict[str, str]) -> Path:
    path = folder / "conditions.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def row(**other: str) -> dict[str, str]:
    return {
        "country": "Demoland",
        "kind": "Law on foreign funding",
        "effect": "restrictive",
        "setting": "offline",
        "date": "2024-03",
        "stages": "tabled 2024-03; In committee; adopted 2024-05-30",
        "themes": "funding; association",
        "title_en": TITLE,
        "title_fr": "Loi inventée",
        "source_title_1": "Invented Gazette",
        "source_address_1": "https://gazette.invalid.example/1",
    } | other


def test_it_works(tmp_path: Path) -> None:
    make_institution()
    file = write_file(tmp_path, row(country="XDM"), row(country="XDM", title_en="Invented other"))

    tried = run("conditions", file, "--dry-run")
    assert (tried.exit_code, Condition.objects.count()) == (0, 0)
    done = run("conditions", file)
    again = run("conditions", file, "--json")

    assert done.exit_code == 0, done.output
    assert "2 new drafts" in done.output
    assert json.loads(again.output)["already_there"] == 2
    version = ConditionVersion.objects.get(titles__en=TITLE)
    assert (version.kind, version.stage, version.state) == ("law-foreign-funding", "adopted", "draft")
    assert [each.stage for each in version.stages.all()] == ["in-committee", "tabled", "adopted"]
    assert version.condition.public is None


def test_one_wrong_row_keeps_all_out_and_is_named(tmp_path: Path) -> None:
    make_institution()
    wrong = (
        ({"country": "Demolandia del Sur"}, "country", "unknown-code"),
        ({"country": ""}, "country", "condition-no-country"),
        ({"kind": "law on funding from abroad"}, "kind", "unknown-code"),
        ({"date": "03/2024"}, "date", "no-date"),
        ({"stages": "tabled 2024-13"}, "stages", "no-date"),
        ({"stages": "tablet 2024"}, "stages", "unknown-code"),
        ({"ended": "2001"}, "ended", "condition-ends-before"),
        ({"title_en": "", "title_fr": ""}, "title_en", "condition-no-title"),
        ({"text_en": "Invented: write to someone@invalid.example"}, "text_en", "condition-has-contact"),
        ({"source_address_1": "gazette"}, "source_address_1", "condition-no-address"),
        ({"area": "CO-CAU"}, "area", "unknown-code"),
    )
    rows = [row(country="XDM"), *(row(**({"country": "XDM"} | change)) for change, _column, _code in wrong)]

    answer = run("conditions", write_file(tmp_path, *rows), "--json")

    assert answer.exit_code == 1
    said = json.loads(answer.output)
    assert [(each["row"], each["column"], each["code"]) for each in said["problems"]] == [
        (place, column, code) for place, (_change, column, code) in enumerate(wrong, start=3)
    ]
    assert "someone" not in answer.output
    assert Condition.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "empty-file"),
        ("country,title_en\n", "no-rows"),
        ("country,title_en,name_of_victim\nXDM,Invented,x\n", "condition-columns"),
        ("title_en\nInvented\n", "missing-columns"),
        ("country,title_en,date\nCOL,Invented,2024\n", "condition-other-country"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(content: str, code: str, tmp_path: Path) -> None:
    make_institution()
    file = tmp_path / "conditions.csv"
    file.write_text(content, encoding="utf-8")

    answer = run("conditions", file, "--json")

    assert answer.exit_code == 1
    assert json.loads(answer.output.splitlines()[0])["error"]["code"] == code
    assert Condition.objects.count() == 0


def test_the_template_has_the_headings_that_are_read(desk: Desk) -> None:
    page = desk.client.get(reverse("conditions-template")).content.decode("utf-8-sig")

    assert page == run("conditions", "--template").output.replace("\n", "\r\n").replace("\r\r", "\r")
    assert next(csv.reader(io.StringIO(page))) == list(COLUMNS)


def test_what_goes_out_comes_in_again_the_same(desk: Desk, colleague: Desk, client: Client, tmp_path: Path) -> None:
    made = publish(desk.user, colleague.user, titles={"en": TITLE, "ar": "قانون متخيَّل"}, texts={"en": "=Invented"})
    file = tmp_path / "out.csv"
    file.write_bytes(client.get("/en/countries/XDM/conditions.csv").content)
    other = make_institution().institution

    answer = run("conditions", file, "--institution", other.code)

    assert answer.exit_code == 0, answer.output
    assert made.public is not None
    copy = ConditionVersion.objects.exclude(pk=made.public.pk).get()
    assert copy.facts() == made.public.facts()


def test_files_of_the_desk_have_its_filters_and_are_logged(desk: Desk) -> None:
    write(desk.user)
    write(desk.user, kind="progress-award", titles={"en": "Invented award"})
    analyst = make_desk(desk.founded, role="analyst")

    answer = analyst.client.get(f"{reverse('conditions-download', args=['json'])}?kind=progress")

    assert [each["titles"]["en"] for each in answer.json()["conditions"]] == ["Invented award"]
    assert desk.client.get(reverse("conditions-download", args=["json"])).status_code == 403
    assert analyst.client.get(reverse("conditions-download", args=["xml"])).status_code == 404


RATED = {
    "2017": (
        "ratings_2017.csv",
        "2017",
        195,
        {"closed": 20, "repressed": 35, "obstructed": 50, "narrowed": 64, "open": 26},
    ),
    "2021": (
        "ratings_2021-03-19.csv",
        "2021-03-19",
        196,
        {"closed": 23, "repressed": 44, "obstructed": 47, "narrowed": 40, "open": 42},
    ),
}


def test_both_published_files_are_read(shared_data: Path) -> None:
    for name, date, total, values in RATED.values():
        answer = run("ratings", shared_data / "civicus-ratings" / name, "--source", "civicus", "--date", date)

        assert answer.exit_code == 0, answer.output
        kept = Rating.objects.filter(date=date)
        assert kept.count() == total
        assert Counter(kept.values_list("value", flat=True)) == values
    assert "GRL" in answer.output
    assert {
        each.country: each.value for each in Rating.objects.filter(date="2021-03-19", country__in=["XKX", "VCT"])
    } == {
        "XKX": "narrowed",
        "VCT": "open",
    }
    again = run("ratings", shared_data / "civicus-ratings" / name, "--source", "civicus", "--date", date, "--json")
    assert json.loads(again.output) == {
        "written": True,
        "dry_run": False,
        "new": 0,
        "already_there": 196,
        "changed": [],
        "without_value": ["GRL"],
        "problems": [],
    }


HEADINGS = "iso3,rating,label,date,link\n"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (HEADINGS + "COL,1.0,Open,2021,\n", "rating-disagrees"),
        (HEADINGS + "COL,6.0,,2021,\n", "rating-value"),
        (HEADINGS + "Atlantis,1.0,,2021,\n", "unknown-code"),
        (HEADINGS + "COL,1.0,,yesterday,\n", "no-date"),
        (HEADINGS + "COL,1.0,,,\n", "no-date"),
        (HEADINGS + "COL,1.0,,2021,javascript:x\n", "condition-no-address"),
        (HEADINGS + "COL,1.0,,2021,\nColombia,2.0,,2021,\n", "rating-twice"),
    ],
)
def test_one_wrong_rating_keeps_all_out(content: str, code: str, tmp_path: Path) -> None:
    file = tmp_path / "ratings.csv"
    file.write_text(content + "BRA,2.0,Repressed,2021,\n", encoding="utf-8")

    answer = run("ratings", file, "--source", "civicus", "--json")

    assert answer.exit_code == 1
    assert [each["code"] for each in json.loads(answer.output)["problems"]] == [code]
    assert Rating.objects.count() == 0


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--source", "civicus"], "rating-date"),
        (["--source", "civicus", "--date", "19.3.2021"], "rating-date-unreadable"),
        (["--source", "mistake", "--date", "2021"], "no-such-scale"),
        (["--source", "../../x", "--date", "2021"], "no-such-scale"),
    ],
)
def test_a_date_or_scale_that_is_missing_is_asked_for(options: list[str], code: str, tmp_path: Path) -> None:
    file = tmp_path / "ratings.csv"
    file.write_text("iso3,rating\nCOL,1.0\n", encoding="utf-8")

    answer = run("ratings", file, *options, "--json")

    assert json.loads(answer.output.splitlines()[0])["error"]["code"] == code


def test_another_value_for_a_date_is_told_and_taken_only_where_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "ratings.csv"
    for value, options, kept in (("1.0", [], "closed"), ("2.0", [], "closed"), ("2.0", ["--replace"], "repressed")):
        file.write_text(f"iso3,rating\nCOL,{value}\n", encoding="utf-8")
        answer = run("ratings", file, "--source", "civicus", "--date", "2021", *options)

        assert answer.exit_code == 0, answer.output
        assert Rating.objects.get().value == kept
    assert "Replaced by the file's value: COL" in answer.output
