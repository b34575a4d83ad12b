"""Each kind of chart on the explore page: it says what its table says, and is offered where it fits."""

import pytest
from django.test import Client
from lxml import html

from amparo.portal.charting.drawing import make_drawing, read_look, what_is_left_out, years_of
from amparo.portal.charting.fitting import NAMES, fits, usual_kind, why_not
from amparo.portal.choices import Choice
from amparo.statistics.models import Release
from amparo.statistics.published import PUBLISHED
from amparo.statistics.releases import Key, OpenRelease, PublishedTable, TableQuery
from tests.portal.reading import HIDDEN, read_tables

ASKED = {
    "line": {"dataset": "cpj", "rows": "year", "columns": "sex"},
    "bar": {"dataset": "global-witness", "rows": "sex", "columns": "year"},
    "multiples": {"dataset": "cpj", "rows": "year", "columns": "status"},
    "heat": {"dataset": "global-witness", "rows": "sector", "columns": "year"},
    "slope": {"dataset": "global-witness", "rows": "sex", "columns": "year"},
    "map": {"dataset": "global-witness", "rows": "country"},
}
each_kind = pytest.mark.parametrize("kind", ASKED)


def told_on(page: str) -> list[tuple[frozenset[str], str]]:
    """What each mark of the chart says: the names of its row and column, and its figure."""
    marks = html.fromstring(page).xpath("//figure/*[local-name()='svg']//*[local-name()='title']")[1:]
    said = [each.text_content().rpartition(": ") for each in marks]
    return [(frozenset(names.split(", ")), figure) for names, _, figure in said]


def cells_on(page: str) -> dict[frozenset[str], str]:
    """The cells of the page's table, by the names of row and column."""
    tree = html.fromstring(page)
    heads = [each.text_content().strip() for each in tree.xpath("//thead//th")][1:]
    (table,) = read_tables(page).values()
    return {
        frozenset((row, head)): cell for row, cells in table.items() for head, cell in zip(heads, cells, strict=True)
    }


@each_kind
def test_its_figures_are_those_of_its_table(kind: str, release: Release, client: Client) -> None:
    page = client.get("/en/explore/", {**ASKED[kind], "chart": kind}).content.decode()

    told, cells = told_on(page), cells_on(page)
    if kind == "map":
        cells = {frozenset(names - {"Victims"}): cell for names, cell in cells.items()}
    assert len(told) > 3
    for names, figure in told:
        assert cells[names] == figure


@each_kind
@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_it_is_drawn_in_each_language(kind: str, language: str, release: Release, client: Client) -> None:
    english = client.get("/en/explore/", {**ASKED[kind], "chart": kind}).content.decode()
    other = client.get(f"/{language}/explore/", {**ASKED[kind], "chart": kind}).content.decode()

    assert len(told_on(other)) == len(told_on(english))
    assert html.fromstring(other).xpath("//figure//*[@role='img']")


def test_what_is_hidden_is_drawn_as_hidden(release: Release, client: Client) -> None:
    page = client.get("/en/explore/", {"dataset": "cpj", "rows": "year", "columns": "sex"}).content.decode()

    hidden = [names for names, figure in told_on(page) if figure == HIDDEN]
    assert len(hidden) > 10
    empty = html.fromstring(page).xpath("//figure/*[local-name()='svg']//*[contains(@class, 'hollow')]")
    assert len(empty) == len(hidden)


def test_slopes_compare_the_years_of_the_address(release: Release, client: Client) -> None:
    asked = {**ASKED["slope"], "chart": "slope", "earlier": "2018", "later": "2015"}

    tree = html.fromstring(client.get("/en/explore/", asked).content.decode())

    assert tree.xpath("//select[@name='earlier']/option[@selected]/text()") == ["2015"]
    assert tree.xpath("//select[@name='later']/option[@selected]/text()") == ["2018"]
    drawn = tree.xpath("//figure/*[local-name()='svg']//*[local-name()='text']/text()")
    assert {"2015", "2018"} <= set(drawn)


@pytest.mark.parametrize("year", ["1899", "soon", "unknown"])
def test_a_year_that_is_not_there_is_named_with_what_is_nearest(year: str, release: Release, client: Client) -> None:
    answer = client.get("/en/explore/", {**ASKED["slope"], "chart": "slope", "earlier": year})

    page = html.fromstring(answer.content.decode())
    assert answer.status_code == 400
    assert f"no year “{year}”" in page.xpath("//*[@role='status']")[0].text_content()
    assert "chart=slope" in page.xpath("//form/following::ul[1]//a/@href")[0]


def test_a_chart_that_does_not_fit_says_what_it_needs(release: Release, client: Client) -> None:
    answer = client.get("/en/explore/", {"dataset": "cpj", "rows": "sex", "chart": "heat"})

    page = html.fromstring(answer.content.decode())
    assert answer.status_code == 200
    assert "A heat map needs rows and columns." in page.xpath("//main//*[@role='status']")[0].text_content()
    assert page.xpath("//select[@name='chart']/option/@value") == ["bar", "none"]
    assert page.xpath("//select[@name='chart']/option[@selected]/@value") == ["bar"]


def test_there_is_no_map_within_a_country(release: Release, client: Client) -> None:
    page = client.get("/en/explore/", {"dataset": "colombia-social-leaders", "rows": "area", "country": "COL"})

    assert "no map of areas within a country" in page.content.decode()


def test_an_earlier_release_can_be_asked_for_and_one_that_is_not_there_is_named(
    release: Release, client: Client
) -> None:
    known = client.get("/en/explore/", {"rows": "sex", "release": release.identifier})
    strange = client.get("/en/explore/", {"rows": "sex", "release": "1999-1"})

    assert known.status_code == 200
    assert strange.status_code == 400
    assert "no release “1999-1”" in strange.content.decode()


@pytest.mark.parametrize("rows", [None, *PUBLISHED])
@pytest.mark.parametrize("columns", [None, "year", "country", "sex"])
def test_every_table_has_a_usual_kind_and_a_reason_for_each_that_is_not_offered(
    rows: str | None, columns: str | None
) -> None:
    query = TableQuery("cpj", "victims", rows, columns)

    assert usual_kind(query) in NAMES
    assert rows is None or fits(usual_kind(query), query)
    assert all(why_not(kind, query) for kind in NAMES if not fits(kind, query))


def made(cells: dict[Key, int | None], rows: str, columns: str | None = None) -> PublishedTable:
    row_codes = tuple(sorted({row for row, _ in cells if row}))
    column_codes = tuple(sorted({column for _, column in cells if column}))
    return PublishedTable(TableQuery("invented", "victims", rows, columns), "1", row_codes, column_codes, cells, ())


@each_kind
def test_where_nothing_is_shown_nothing_is_drawn(kind: str) -> None:
    rows = "country" if kind == "map" else "year"
    row = "COL" if kind == "map" else "2016"
    columns = None if kind == "map" else "sex"
    hidden = made({(row, column): None for column in ("female", "male", None)} | {(None, None): 40}, rows, columns)

    assert make_drawing(hidden, kind, "t", read_look()) is None


def test_what_a_chart_has_no_room_for_is_said() -> None:
    countries = {(f"{letter}{second}", None): 5 for letter in "ABCDE" for second in "ABCDE"}

    assert what_is_left_out(made(countries, "country"), "bar") == [
        "The chart has room for 20 of 25; the table has them all."
    ]
    assert what_is_left_out(made({("XDM", None): 4, ("COL", None): 9}, "country"), "map") == [
        "Not on the map: Demoland (invented country)."
    ]
    assert what_is_left_out(made({("2016", None): 4, ("unknown", None): 9}, "year"), "line") == [
        "What has no date is in the table only."
    ]


def test_the_years_of_slopes_are_known_ones() -> None:
    table = made({("2016", "x"): 1, ("2019", "x"): 1, ("unknown", "x"): 1}, "year", "sex")

    assert years_of(table) == ("2016", "2019")
    assert years_of(made({("2016", "x"): 1}, "year", "sex")) is None
    assert Choice("invented", rows="year", columns="sex", chart="slope", later="2016").compared(table) == (
        "2016",
        "2019",
    )


def test_months_can_stand_in_a_heat_map(opened: OpenRelease) -> None:
    query = TableQuery("global-witness", "victims", "act", "calendar_month")

    table = opened.read(query)
    drawing = make_drawing(table, "heat", "t", read_look())

    assert drawing is not None
    assert "Dec 2021" in drawing.parts
