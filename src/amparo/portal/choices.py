"""What a reader of the explore page chose, as it stands in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from amparo.statistics.dimensions import DIMENSIONS, MEASURES
from amparo.statistics.published import PUBLISHED
from amparo.statistics.releases import NotPublished, OpenRelease, PublishedTable, TableQuery

CHARTS = ("line", "bar", "none")
FILTER_FIELDS = ("country", "status")
# What an address may hold.
PARAMETERS = ("dataset", "measure", "rows", "columns", *FILTER_FIELDS, "chart")
LONGEST_CODE = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice as it was made; it may ask for what is not published."""

    dataset: str
    measure: str = "victims"
    rows: str = "year"
    columns: str = ""
    country: str = ""
    status: str = ""
    chart: str = ""

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
        """Which chart fits: lines over years only, bars else."""
        fitting = "line" if self.rows == "year" else "bar"
        return fitting if self.chart in {"", "line"} else self.chart

    def read_table(self, release: OpenRelease) -> PublishedTable:
        """The published table. Raises `NotPublished`, also for a chart that there is not ("unknown-chart")."""
        if self.chart and self.chart not in CHARTS:
            raise NotPublished("unknown-chart", name=self.chart)
        return release.read(self.query)

    def address(self, **changes: str) -> str:
        """The query string of this choice, with `changes`."""
        made = replace(self, **changes)
        return urlencode({name: value for name in PARAMETERS if (value := getattr(made, name))})


def default_dataset(release: OpenRelease) -> str:
    """The dataset shown first: the one that reaches to the latest year."""
    return str(max(release.manifest["datasets"], key=lambda each: (each["last_year"] or 0, each["code"]))["code"])


def row_choices() -> list[tuple[str, str]]:
    """The dimensions that may stand in rows and columns, with their names."""
    return [(code, str(DIMENSIONS[code].name)) for code in PUBLISHED]


def measure_choices() -> list[tuple[str, str]]:
    """The measures, with their names."""
    return [(code, str(measure.name)) for code, measure in MEASURES.items()]
