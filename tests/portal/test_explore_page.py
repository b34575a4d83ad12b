import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from amparo.portal.choices import PARAMETERS
from amparo.statistics.models import Release
from amparo.statistics.releases import OpenRelease, TableQuery
from tests.portal.reading import HIDDEN, read_number, read_tables

ASKED = (
    {"dataset": "cpj", "rows": "year", "columns": "sex"},
    {"dataset": "cpj", "measure": "acts", "rows": "country", "columns": "status"},
    {"dataset": "global-witness", "measure": "incidents", "rows": "sector", "columns": "year", "country": "COL"},
    {"dataset": "colombia-social-leaders", "rows": "area", "country": "COL"},
    {"dataset": "global-witness", "rows": "profile", "columns": "perpetrator", "country": "BRA"},
    {"dataset": "global-witness", "rows": "sex", "status": "verified"},
)


def query_of(asked: dict[str, str]) -> TableQuery:
    where = {name: asked[name] for name in ("country", "status") if name in asked}
    return TableQuery(asked["dataset"], asked.get("measure", "victims"), asked["rows"], asked.get("columns"), where)


def test_it_works(release: Release, client: Client) -> None:
    answer = client.get("/en/explore/", {"dataset": "cpj", "rows": "year", "columns": "sex"})

    page = html.fromstring(answer.content.decode())
    assert page.xpath("//form[@method='get']")
    assert page.xpath("//figure//*[local-name()='svg' and @role='img']")
    chosen = page.xpath("//option[@selected]/@value")
    assert chosen == ["cpj", "victims", "year", "sex", "line"]


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_its_numbers_are_the_published_ones(
    language: str, asked: dict[str, str], opened: OpenRelease, client: Client
) -> None:
    published = opened.read(query_of(asked))

    page = html.fromstring(client.get(f"/{language}/explore/", asked).content.decode())
    rows = [[read_number(cell.text_content().strip()) for cell in row.iter("td")] for row in page.xpath("//tbody/tr")]

    columns = published.column_codes or (None,)
    shown_totals = [row[-1] for row in rows[:-1]]
    # Years in between without a cell are rows too, of zeros.
    expected = [published.value(code) for code in published.row_codes]
    assert sorted((each for each in shown_totals if each != 0), key=str) == sorted(expected, key=str)
    assert rows[-1][-1] == published.total
    if published.column_codes:
        assert sorted(rows[-1][:-1], key=str) == sorted((published.value(None, code) for code in columns), key=str)
        shown = sorted((cell for row in rows[:-1] for cell in row[:-1] if cell), key=str)
        cells = (published.value(row, column) for row in published.row_codes for column in columns)
        assert shown == sorted((cell for cell in cells if cell), key=str)


def test_what_is_hidden_is_said_to_be_and_is_no_zero(opened: OpenRelease, client: Client) -> None:
    asked = {"dataset": "cpj", "rows": "country", "columns": "year"}
    hidden = [key for key, value in opened.read(query_of(asked)).cells.items() if value is None]

    page = client.get("/en/explore/", asked).content.decode()

    (table,) = read_tables(page).values()
    assert sum(cell == HIDDEN for cells in table.values() for cell in cells) == len(hidden) > 100
    assert "small counts are not published" in page


@pytest.mark.parametrize(
    ("asked", "said", "nearest"),
    [
        ({"rows": "yaer"}, "nothing called “yaer”", "rows=year"),
        ({"columns": "sexx"}, "nothing called “sexx”", "columns=sex"),
        ({"measure": "victim"}, "no measure “victim”", "measure=victims"),
        ({"dataset": "global_witness"}, "no dataset “global_witness”", "dataset=global-witness"),
        ({"country": "Colombie"}, "no code “Colombie”", "country=COL"),
        ({"status": "verifed"}, "no code “verifed”", "status=verified"),
        ({"chart": "pie"}, "no kind of chart called “pie”", "rows=year"),
    ],
)
def test_a_mistake_is_named_with_what_is_nearest(
    asked: dict[str, str], said: str, nearest: str, release: Release, client: Client
) -> None:
    answer = client.get("/en/explore/", asked)

    page = html.fromstring(answer.content.decode())
    assert answer.status_code == 400
    assert said in page.xpath("//*[@role='status']")[0].text_content()
    assert page.xpath("//form[@method='get']")
    links = page.xpath("//form/following::ul[1]//a/@href")
    assert nearest in links[0]
    assert {client.get(address).status_code for address in links} == {200}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"rows": "area"}, "choose a country"),
        ({"rows": "sex", "columns": "sex"}, "must be different"),
        ({"rows": "country", "country": "COL"}, "must be different"),
        ({"rows": "act", "columns": "sex", "country": "COL", "status": "verified"}, "more than three dimensions"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_is_not_published_is_explained_with_what_is_nearest(
    language: str, asked: dict[str, str], said: str, release: Release, client: Client
) -> None:
    answer = client.get(f"/{language}/explore/", {"dataset": "global-witness", **asked})

    page = html.fromstring(answer.content.decode())
    assert answer.status_code == 200
    if language == "en":
        assert said in page.xpath("//*[@role='status']")[0].text_content()
    links = page.xpath("//form/following::ul[1]//a/@href")
    assert 1 <= len(links) <= 3
    for address in links:
        assert html.fromstring(client.get(address).content.decode()).xpath("//table")


def test_a_code_is_shown_as_text(release: Release, client: Client) -> None:
    page = client.get("/en/explore/", {"rows": "<script>alert(1)</script>"}).content.decode()

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_lines_are_drawn_over_years_only(release: Release, client: Client) -> None:
    asked = {"dataset": "cpj", "rows": "sex", "chart": "line"}

    page = html.fromstring(client.get("/en/explore/", asked).content.decode())

    assert page.xpath("//figure//*[local-name()='rect']")
    assert not page.xpath("//figure//*[local-name()='path' and @class='line']")


def test_a_chart_can_be_left_out(release: Release, client: Client) -> None:
    page = client.get("/en/explore/?dataset=cpj&rows=sex&chart=none").content.decode()

    assert "<figure" not in page


def test_what_the_address_leaves_open_is_as_in_an_empty_form(release: Release, client: Client) -> None:
    silent = client.get("/en/explore/?columns=sex").content.decode()
    empty = client.get("/en/explore/?dataset=&measure=&rows=&columns=sex&country=&status=&chart=").content.decode()

    assert read_tables(silent) == read_tables(empty)
    assert list(read_tables(silent)) == ["Victims by year and sex"]


def test_a_country_that_was_not_reported_on_has_zeros_and_a_note(release: Release, client: Client) -> None:
    page = client.get("/en/explore/?dataset=cpj&rows=sex&country=LIE").content.decode()

    (table,) = read_tables(page).values()
    assert table == {"Total": ["0"]}
    assert "Not reported is not zero." in page


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=st.dictionaries(
        st.sampled_from(PARAMETERS),
        st.one_of(
            st.text(max_size=80),
            st.sampled_from(["year", "country", "area", "sex", "act", "act_group", "COL", "unknown", "cpj", "acts"]),
        ),
    )
)
def test_no_choice_breaks_it(asked: dict[str, str], release: Release, client: Client) -> None:
    assert client.get("/en/explore/", asked).status_code in {200, 400}
    assert client.get("/en/explore/table.csv", asked).status_code in {200, 400, 404}


def test_a_total_that_was_not_published_is_no_zero(opened: OpenRelease, client: Client) -> None:
    """Areas of all countries together are no table of a release: nothing is known of their total here."""
    table = opened.read(TableQuery("colombia-social-leaders", rows="country", columns="area"))

    assert not opened.holds("colombia-social-leaders", ("area",))
    assert {table.value(None, area) for area in table.column_codes} == {None}
    assert table.value("COL", "CO-CAU") == 108


@pytest.mark.parametrize("address", ["", "embed", "table.csv", "chart.svg"])
@pytest.mark.parametrize("identifier", ["\0", "2026-1\0", "x" * 10_000, "١٩٩٩-١"])
def test_a_release_that_none_can_be_called_is_refused(
    address: str, identifier: str, release: Release, client: Client
) -> None:
    assert client.get(f"/en/explore/{address}", {"release": identifier}).status_code == 400
