"""What a reader of the explore page chose, as it stands in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from amparo.statistics.dimensions import DIMENSIONS, MEASURES
from amparo.statistics.family import PUBLISHED
from amparo.statistics.releases import OpenRelease, TableQuery

CHARTS = ("line", "bar", "none")
FILTER_FIELDS = ("country", "status")
# What an address may hold; anything else is dropped before a page is cached.
PARAMETERS = ("dataset", "measure", "rows", "columns", *FILTER_FIELDS, "chart")


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
        said = {name: asked.get(name, "")[:60] for name in PARAMETERS}
        return cls(
            dataset=said["dataset"] or default_dataset(release),
            measure=said["measure"] or "victims",
            rows=said["rows"] if "rows" in asked else "year",
            columns=said["columns"],
            country=said["country"],
            status=said["status"],
            chart=said["chart"] if said["chart"] in CHARTS else "",
        )

    @property
    def query(self) -> TableQuery:
        """The table that is asked for. A dimension that a filter fixes is no row or column any more."""
        where = {name: code for name in FILTER_FIELDS if (code := getattr(self, name))}
        return TableQuery(self.dataset, self.measure, self.rows or None, self.columns or None, where)

    @property
    def shown_chart(self) -> str:
        """Which chart fits: a line over years, bars else."""
        return self.chart or ("line" if self.rows == "year" else "bar")

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
