"""Where a figure comes from: what it counts, of which release, the query that gives it again, and its data."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from amparo.portal.choices import FILTER_FIELDS, Choice
from amparo.statistics.dimensions import DIMENSIONS, MEASURES
from amparo.statistics.releases import TableQuery

# What a table of a figure can be taken away as: its data, and how to cite it.
DATA = ("csv", "json")
CITATIONS = {"bib": "BibTeX", "csl": "CSL-JSON"}


@dataclass(frozen=True, slots=True)
class Definition:
    """A measure or a dimension by its name, and where it is defined."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class FigureSource:
    """A table of a release that a figure shows, or a part of it. `name` tells it from others of the same figure."""

    query: TableQuery
    release: str
    name: str = ""

    @property
    def definitions(self) -> list[Definition]:
        """What is counted, and by what."""
        query = self.query
        page = reverse("methods")
        codes = [each for each in (query.rows, query.columns, *query.where) if each]
        names = [(query.measure, MEASURES[query.measure].name), *((each, DIMENSIONS[each].name) for each in codes)]
        return [Definition(str(name), f"{page}#{code}") for code, name in names]

    @property
    def release_address(self) -> str:
        return reverse("release", args=[self.release])

    @property
    def explore_address(self) -> str:
        """The explore page with this table, or the smallest that holds it; "" where it can show neither."""
        choice = explore_choice(self.query)
        return f"{reverse('explore')}?{choice.address(release=self.release)}" if choice else ""

    @property
    def program_address(self) -> str:
        """The same question to the interface for programs, of this release whichever is the latest."""
        return f"{reverse('api:table')}?{_parameters(self.query)}&{urlencode({'release': self.release})}"

    @property
    def data(self) -> list[tuple[str, str]]:
        """The table as files, each with what it is called."""
        return [(form.upper(), self._file(form)) for form in DATA]

    @property
    def citations(self) -> list[tuple[str, str]]:
        """How to cite the table, for programs that keep references."""
        return [(name, self._file(form)) for form, name in CITATIONS.items()]

    def _file(self, form: str) -> str:
        return f"{reverse('figure-download', args=[self.release, form])}?{_parameters(self.query)}"


def explore_choice(query: TableQuery) -> Choice | None:
    """The choice on the explore page whose table is that of `query`, or holds it; None where there is none.

    What the page has no filter for stands in the rows or columns there.
    """
    filters = {name: code for name, code in query.where.items() if name in FILTER_FIELDS}
    shown = [each for each in (query.rows, query.columns) if each]
    shown += [name for name in query.where if name not in filters]
    if len(shown) > 2:
        return None
    # A total alone stands below any table of what it is the total of.
    rows, columns, *_ = (*(shown or ["year"]), "")
    return Choice(query.dataset, query.measure, rows, columns, **filters)


def _parameters(query: TableQuery) -> str:
    said = {"dataset": query.dataset, "measure": query.measure, "rows": query.rows, "columns": query.columns}
    return urlencode({name: code for name, code in (said | dict(query.where)).items() if code})
