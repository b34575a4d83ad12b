"""The list of an institution's cases as a search asks for it, in pages that the database cuts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from amparo.cases.desk import incidents_for
from amparo.cases.models import Dataset, Incident, Law, Source
from amparo.finding.catalogue import FoundWords, find_words
from amparo.finding.columns import Column, with_columns
from amparo.finding.conditions import having
from amparo.finding.facets import DATASET, LAW_USED, SOURCE
from amparo.finding.search import FIRST, NEWEST, OLDEST, RECENT, Search
from amparo.finding.selections import FoundByName
from amparo.institutions.models import Institution, User

PER_PAGE = 25
# Nobody leafs through more, and to count on would cost every page of a large list.
MOST_COUNTED = 10_000
MOST_CHOICES = 500

_ORDER = {
    NEWEST: (F("latest").desc(nulls_last=True), "-pk"),
    OLDEST: (F("earliest").asc(nulls_last=True), "pk"),
    RECENT: ("-pk",),
    FIRST: ("pk",),
}


class CasePages(Paginator[Incident]):
    """Pages of cases. `count` stops at `MOST_COUNTED`; `more` says that there are more."""

    def __init__(self, incidents: QuerySet[Incident]) -> None:
        super().__init__(incidents, PER_PAGE)
        self._incidents = incidents

    @cached_property
    def _counted(self) -> int:
        return self._incidents.order_by()[: MOST_COUNTED + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST_COUNTED)

    @property
    def more(self) -> bool:
        return self._counted > MOST_COUNTED


@dataclass(frozen=True, slots=True)
class Row:
    """A case as the list shows it: its cells are those of the columns that were asked for."""

    case: Incident
    cells: tuple[tuple[Column, Sequence[str]], ...]
    alike: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the list, with what was found of words and names on the way."""

    pages: CasePages
    page: Page[Incident]
    rows: tuple[Row, ...]
    nowhere: tuple[str, ...]
    cut: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What of the database's own rows can be chosen, as code and name: datasets, sources, laws."""

    datasets: Mapping[str, Mapping[str, str]]
    sources: Mapping[str, str]
    laws: Mapping[str, str]

    def codes(self) -> dict[str, frozenset[str]]:
        """The codes that are known of each."""
        return {
            DATASET: frozenset(self.datasets),
            SOURCE: frozenset(self.sources),
            LAW_USED: frozenset(self.laws),
        }


def choices_for(institution: Institution) -> Choices:
    """The datasets, the sources that publish under their names, and the institution's laws. Three queries."""
    sources = Source.objects.exclude(published_name="").order_by("published_name", "code")[:MOST_CHOICES]
    laws = Law.objects.filter(institution=institution)[:MOST_CHOICES]
    return Choices(
        {dataset.code: dataset.titles for dataset in Dataset.objects.order_by("code")[:MOST_CHOICES]},
        {source.code: source.published_name for source in sources},
        {str(law.pk): f"{law.title} ({law.year})" if law.year else law.title for law in laws},
    )


def search_cases(
    user: User, search: Search, words: FoundWords | None = None, found: FoundByName | None = None
) -> QuerySet[Incident]:
    """The cases of `user`'s institution that `search` asks for, in its order. Nothing is asked of the database yet.

    `found` is what its search by name found: without it a search that has one finds nothing, for everything else would
    be more than was asked for. Copies of a case are left out, unless they are asked for.
    """
    incidents = incidents_for(user).filter(having(search.asked_facets()))
    if not search.copies:
        incidents = incidents.filter(same_as=None)
    if search.since:
        incidents = incidents.filter(latest__gte=search.since.earliest)
    if search.until:
        incidents = incidents.filter(earliest__lte=search.until.latest)
    if search.words and user.institution is not None:
        incidents = incidents.filter((words or find_words(search.words, user.institution)).condition)
    order = _ORDER[search.order]
    if not search.found:
        return incidents.order_by(*order)
    if found is None:
        return incidents.none()
    spelled_so = Case(When(Q(pk__in=found.same), then=Value(0)), default=Value(1), output_field=IntegerField())
    return incidents.filter(pk__in=[*found.same, *found.alike]).order_by(spelled_so, *order)


def read_page(
    user: User, search: Search, number: int | str | None, columns: Sequence[Column], found: FoundByName | None = None
) -> Listed:
    """The page `number` of what `search` asks for; the nearest there is, where there is none of that number."""
    words = find_words(search.words, user.institution) if search.words and user.institution else None
    pages = CasePages(with_columns(search_cases(user, search, words, found), columns))
    page = pages.get_page(number)
    alike = frozenset(found.alike) if found else frozenset()
    rows = tuple(
        Row(case, tuple((column, column.cell(case)) for column in columns), case.pk in alike)
        for case in page.object_list
    )
    return Listed(pages, page, rows, words.nowhere if words else (), words.cut if words else False)
