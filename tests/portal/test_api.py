import json
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from hypothesis import HealthCheck, given, settings
from lxml import html
from schemathesis.core.result import Ok
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import positive_data_acceptance

from amparo.statistics.models import Release
from amparo.statistics.releases import OpenRelease, TableQuery
from tests.portal.reading import addresses_in, ask, is_elsewhere, make_cache


@pytest.fixture
def described(release: Release) -> BaseSchema:
    """The interface as it describes itself, asked through the cache as readers do."""
    return schemathesis.openapi.from_wsgi("/api/openapi.json", make_cache(release.folder.parent))


def test_it_keeps_to_its_description(described: BaseSchema) -> None:
    operations = [found.ok() for found in described.get_all_operations() if isinstance(found, Ok)]
    assert {operation.path for operation in operations} >= {"/api/table", "/api/releases"}
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
        def ask_and_compare(case: schemathesis.Case[Any]) -> None:
            # Its client of WSGI applications does not decompress.
            # Codes are data: which of them there are is not in the description, and one that is unknown is refused.
            case.call_and_validate(headers={"Accept-Encoding": "identity"}, excluded_checks=[positive_data_acceptance])

        ask_and_compare()


def test_it_works(opened: OpenRelease, client: Client) -> None:
    answer = client.get("/api/table", {"dataset": "cpj", "rows": "year", "columns": "sex"}).json()

    published = opened.read(TableQuery("cpj", "victims", "year", "sex"))
    assert answer["release"] == opened.identifier
    cells = {(cell["year"], cell["sex"]): cell["victims"] for cell in answer["cells"]}
    for year in published.row_codes:
        for sex in published.column_codes:
            assert cells[year, sex] == published.value(year, sex)
    assert cells["total", "total"] == published.total == 1782


def test_what_is_not_shown_is_null_and_never_zero(opened: OpenRelease, client: Client) -> None:
    cells = client.get("/api/table?dataset=cpj&rows=country&columns=year").json()["cells"]

    published = opened.read(TableQuery("cpj", "victims", "country", "year"))
    hidden = {(row or "total", column or "total") for (row, column), v in published.cells.items() if v is None}
    assert {(cell["country"], cell["year"]) for cell in cells if not cell["shown"]} == hidden
    assert {cell["victims"] for cell in cells if not cell["shown"]} == {None}


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ("dataset=nothing", 400, "unknown-dataset"),
        ("measure=deaths", 400, "unknown-measure"),
        ("rows=name", 400, "unknown-dimension"),
        ("country=Colombia", 400, "unknown-code"),
        ("rows=area", 404, "area-without-country"),
        ("rows=sex&columns=sex", 404, "same-twice"),
        ("rows=act&columns=sex&country=COL&status=verified", 404, "too-many"),
        ("release=1999-1", 404, "unknown-release"),
        ("release=%00", 404, "unknown-release"),
    ],
)
def test_a_question_without_an_answer_is_told_why(
    asked: str, status: int, code: str, release: Release, client: Client
) -> None:
    answer = client.get(f"/api/table?{asked}")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"].endswith(".")


def test_a_filter_that_there_is_not_is_not_taken_for_one_that_was_followed(release: Release, client: Client) -> None:
    answer = client.get("/api/table?rows=year&sector=mining")

    assert answer.status_code == 422
    assert answer.json() == {
        "code": "unreadable-parameter",
        "message": "Not understood: sector. There are: dataset, measure, rows, columns, country, status, sex, "
        "profile, release.",
        "detail": [{"type": "extra_forbidden", "loc": ["query", "sector"]}],
    }


@pytest.mark.parametrize("address", ["/api/nothing", "/api/table/", "/api/releases/1999-1/tables"])
def test_an_address_that_there_is_not_is_answered_with_data(address: str, db: None, client: Client) -> None:
    answer = client.get(address)

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-address")


def test_releases_can_be_listed_and_read(release: Release, client: Client) -> None:
    (listed,) = client.get("/api/releases").json()
    read = client.get(f"/api/releases/{listed['id']}").json()

    assert listed["manifest_sha256"] == release.manifest_sha256
    assert {each["code"] for each in read["datasets"]} == {"cpj", "global-witness", "colombia-social-leaders"}
    assert client.get("/api/releases/1999-1").status_code == 404


def test_countries_have_their_victims_by_dataset(opened: OpenRelease, client: Client) -> None:
    countries = {each["code"]: each for each in client.get("/api/countries").json()["countries"]}

    assert countries["COL"]["names"]["ar"] == "كولومبيا"
    for dataset in opened.datasets:
        published = opened.read(TableQuery(dataset, "victims", "country"))
        for code in set(published.row_codes) - {"unknown"}:
            assert countries[code]["victims"][dataset] == published.value(code)
    assert "global-witness" not in countries["RUS"]["victims"] or countries["RUS"]["victims"]["cpj"]


def test_vocabularies_can_be_read(db: None, client: Client) -> None:
    listed = {each["code"]: each for each in client.get("/api/vocabularies").json()}
    acts = client.get("/api/vocabularies/acts").json()

    assert listed["acts"]["terms"] == len(acts["entries"]) > 50
    assert client.get("/api/vocabularies/nothing").status_code == 404


@pytest.mark.parametrize("address", ["table", "countries", "releases/2026-1"])
def test_without_a_release_it_says_so(address: str, db: None, client: Client) -> None:
    answer = client.get(f"/api/{address}")

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-release")


@pytest.mark.parametrize("address", ["openapi.json", "table?rows=sex", "releases", "table?rows=mistake", "countries"])
def test_pages_of_others_may_read_it_without_credentials(address: str, release: Release, client: Client) -> None:
    answer = client.get(f"/api/{address}", headers={"Origin": "https://elsewhere.example"})

    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    assert answer.cookies == {}


def test_a_second_question_need_not_be_answered_again(release: Release) -> None:
    application = make_cache(release.folder.parent)

    first = ask(application, "/api/table?rows=sex")
    again = ask(application, "/api/table?rows=sex", HTTP_IF_NONE_MATCH=first.headers["ETag"])

    assert (again.status, again.wire) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    assert "max-age" in first.headers["Cache-Control"]


def test_its_answers_are_the_same_in_each_readers_language(release: Release) -> None:
    application = make_cache(release.folder.parent)

    told = [
        ask(application, f"/api/table?rows={rows}", HTTP_ACCEPT_LANGUAGE=language).body
        for rows in ("year", "mistake")
        for language in ("en", "ar")
    ]

    assert told[0] == told[1]
    assert told[2] == told[3]


def test_every_answer_that_it_gives_is_described(db: None) -> None:
    described = json.loads(ask(WSGIHandler(), "/api/openapi.json").body)

    statuses = {path: set(each["get"]["responses"]) for path, each in described["paths"].items()}
    assert statuses["/api/table"] == {"200", "400", "404", "422", "503"}
    assert described["openapi"].startswith("3.")


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_its_guide_names_every_operation(language: str, db: None, client: Client) -> None:
    described = client.get("/api/openapi.json").json()["paths"]

    page = client.get(f"/{language}/api/").content.decode()

    for path in described:
        assert f"GET {path}" in html.fromstring(page).text_content()
    assert [each for each in addresses_in(page) if is_elsewhere(each)] == []
