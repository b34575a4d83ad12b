"""What a reader of the explore page chose, as it stands in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from amparo.portal.charting.drawing import years_of
from amparo.portal.charting.fitting import NAMES, fits, usual_kind
from amparo.statistics.dimensions import DIMENSIONS, MEASURES
from amparo.statistics.published import PUBLISHED
from amparo.statistics.releases import NotPublished, OpenRelease, PublishedTable, TableQuery
from amparo.vocabularies.catalogue import UNKNOWN

CHARTS = (*NAMES, "none")
FILTER_FIELDS = ("country", "status")
# How the table is drawn: `earlier` and `later` are the two years of slopes.
CHART_FIELDS = ("chart", "earlier", "later")
# What an address may hold.
PARAMETERS = ("dataset", "measure", "rows", "columns", *FILTER_FIELDS, *CHART_FIELDS, "release")
LONGEST_CODE = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice as it was made; it may ask for what is not published. No `release` is the latest one."""

    dataset: str
    measure: str = "victims"
    rows: str = "year"
    columns: str = ""
    country: str = ""
    status: str = ""
    chart: str = ""
    earlier: str = ""
    later: str = ""
    release: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str], release: OpenRelease) -> "Choice":
        """The choice in an address; defaults where it is silent."""
        said = {name: asked.get(name, "")[:LONGEST_CODE] for name in PARAMETERS}
        said["rows"] = said["rows"] or "year"
        said["dataset"] = said["dataset"] or default_dataset(release)
        said["measure"] = said["measure"] or "victims"
        return cls(**said)

    @property
    def query(self) -> TableQuery:
        """The table that is asked for."""
        where = {name: code for name in FILTER_FIELDS if (code := getattr(self, name))}
        return TableQuery(self.dataset, self.measure, self.rows or None, self.columns or None, where)

    @property
    def shown_chart(self) -> str:
        """Which chart is drawn: the one chosen, if it fits; lines over time only, bars else."""
        if self.chart == "none" or (self.chart in NAMES and fits(self.chart, self.query)):
            return self.chart
        return usual_kind(self.query)

    def read_table(self, release: OpenRelease) -> PublishedTable:
        """The published table. Raises `NotPublished`, also for a chart ("unknown-chart"), a year ("unknown-year") or a
        release ("unknown-release") that there is not.
        """
        if self.release not in {"", release.identifier}:
            raise NotPublished("unknown-release", name=self.release)
        if self.chart and self.chart not in CHARTS:
            raise NotPublished("unknown-chart", name=self.chart)
        table = release.read(self.query)
        self.compared(table)
        return table

    def compared(self, table: PublishedTable) -> tuple[str, str] | None:
        """The two years that slopes compare, in order; None for other charts, and where `table` has no two years.

        Raises `NotPublished` ("unknown-year").
        """
        if self.shown_chart != "slope" or (span := years_of(table)) is None:
            return None
        for year in filter(None, (self.earlier, self.later)):
            if year not in years_in(table):
                raise NotPublished("unknown-year", name=year)
        earlier, later = sorted((self.earlier or span[0], self.later or span[1]))
        return span if earlier == later else (earlier, later)

    def address(self, **changes: str) -> str:
        """The query string of this choice, with `changes`."""
        made = replace(self, **changes)
        return urlencode({name: value for name in PARAMETERS if (value := getattr(made, name))})


def years_in(table: PublishedTable) -> list[str]:
    """The known years of a table by year, the first first."""
    codes = table.row_codes if table.query.rows == "year" else table.column_codes
    return sorted(code for code in codes if code != UNKNOWN)


def default_dataset(release: OpenRelease) -> str:
    """The dataset shown first: the one that reaches to the latest year."""
    return str(max(release.manifest["datasets"], key=lambda each: (each["last_year"] or 0, each["code"]))["code"])


def row_choices() -> list[tuple[str, str]]:
    """The dimensions that may stand in rows and columns, with their names."""
    return [(code, str(DIMENSIONS[code].name)) for code in PUBLISHED]


def measure_choices() -> list[tuple[str, str]]:
    """The measures, with their names."""
    return [(code, str(measure.name)) for code, measure in MEASURES.items()]
