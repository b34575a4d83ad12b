"""`./amparo stats unseen` estimates from the store's sources or from a file, and refuses with a reason."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pytest_django import Settings

from amparo.cases.models import Dataset, Incident, Information, Source
from amparo.portal.demo.coded_facts import read_coded_facts
from amparo.statistics.commands import stats
from amparo.statistics.multiple_systems.refusals import EstimateRefused
from amparo.statistics.unseen_words import REFUSALS, describe_refusal
from tests.factories import make_incident, make_institution


def run(*arguments: str) -> Result:
    return CliRunner().invoke(stats, ["unseen", *arguments])


def list_in(incident: Incident, *sources: str) -> None:
    for code in sources:
        source, _ = Source.objects.get_or_create(code=code)
        Information.objects.create(incident=incident, source=source)


@pytest.fixture
def listed(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    founded = make_institution()
    for sources, number in ((("alpha",), 8), (("beta",), 6), (("alpha", "beta"), 4)):
        for _ in range(number):
            list_in(make_incident(founded), *sources)


@pytest.mark.django_db(transaction=True)
def test_it_works(listed: None) -> None:
    said = json.loads(run("--json").stdout)

    assert (sorted(said["lists"]), said["observed"]) == (["alpha", "beta"], 18)
    chapman = next(each for each in said["methods"] if each["method"] == "chapman")
    assert chapman["total"] == pytest.approx(13 * 11 / 5 - 1)
    assert "two-lists" in said["notes"]
    assert said["protected"] is False
    assert len(said["caveats"]) == 4


@pytest.mark.django_db(transaction=True)
def test_the_page_says_what_it_may_not_be_used_for(listed: None) -> None:
    shown = run().stdout

    assert "never who" in shown
    assert "Two lists cannot tell" in shown


@pytest.mark.django_db(transaction=True)
def test_victims_of_several_datasets_are_not_compared(listed: None) -> None:
    incident = Incident.objects.first()
    assert incident is not None
    incident.dataset = Dataset.objects.create(code="other", titles={"en": "x"}, publisher="x", coverage={"en": "x"})
    incident.save()

    result = run()

    assert result.exit_code == 1
    assert "--where dataset=" in result.stderr
    assert run("--where", "dataset=invented-list").exit_code == 0


@pytest.mark.django_db(transaction=True)
def test_an_unknown_source_is_refused(listed: None) -> None:
    assert "gamma" in run("--lists", "alpha,gamma").stderr


@pytest.mark.django_db(transaction=True)
def test_filters_that_leave_nobody_are_refused(listed: None) -> None:
    said = run("--where", "country=FRA", "--lists", "alpha,beta", "--json").stdout

    assert json.loads(said)["error"]["code"] == "nobody-fits"


@pytest.mark.django_db(transaction=True)
def test_the_sources_of_colombia_are_read_from_the_shipped_facts(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    founded = make_institution()
    for dataset, draft in read_coded_facts():
        if dataset == "colombia-social-leaders":
            list_in(make_incident(founded), *draft.sources)

    said = json.loads(run("--lists", "pacifista,indepaz,somos-defensores,codhes", "--json").stdout)

    assert said["observed"] == 330


FILE = "EXH,ABA,count\n1,0,40\n0,1,30\n1,1,20\n1,,7\n"


def write(tmp_path: Path, text: str) -> str:
    path = tmp_path / "lists.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_table_of_lists(tmp_path: Path) -> None:
    said = json.loads(run("--file", write(tmp_path, FILE), "--json").stdout)

    assert (said["observed"], said["left_out"]) == (90, 7)
    assert said["models"][0]["total"] == pytest.approx(150)


def test_a_long_file_of_lists(tmp_path: Path) -> None:
    lines = ["city,ID,source"]
    lines += [f"X,{n},alpha" for n in range(60)] + [f"X,{n},beta" for n in range(40, 90)]

    said = json.loads(
        run("--file", write(tmp_path, "\n".join(lines)), "--record", "city,ID", "--list", "source", "--json").stdout
    )

    assert said["models"][0]["total"] == pytest.approx(150)


@pytest.mark.parametrize(
    ("text", "arguments", "code"),
    [
        ("", (), "nobody-listed"),
        ("A,B\n1,2\n", (), "wrong-value"),
        ("A,B\n1,1,1\n", (), "too-long"),
        ("A,B,count\n1,1,-2\n", (), "wrong-number"),
        ("A,B\n1,1\n", ("--lists", "A,C"), "missing-column"),
        ("A,B\n1,0\n0,1\n", (), "no-overlap"),
        ("A,B\n1,0\n", ("--record", "A"), "wide-or-long"),
        ("v,l\n1,x\n", ("--record", "v", "--list", "l", "--lists", "x,y"), "no-such-list"),
    ],
)
def test_a_file_that_tells_nothing_is_refused(tmp_path: Path, text: str, arguments: tuple[str, ...], code: str) -> None:
    result = run("--file", write(tmp_path, text), *arguments, "--json")

    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["code"] == code


def test_a_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00")

    assert run("--file", str(tmp_path / "none.csv")).exit_code == 1
    assert run("--file", str(tmp_path / "binary.csv")).exit_code == 1
    assert run("--file", str(tmp_path)).exit_code == 1


def test_every_reason_has_words() -> None:
    for code, text in REFUSALS.items():
        details = {name.partition(")")[0]: "x" for name in text.split("%(")[1:]}
        assert "%(" not in describe_refusal(EstimateRefused(code, **details))
