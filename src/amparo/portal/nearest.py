"""What is published nearest to a choice that is not."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from rapidfuzz import process

from amparo.portal.choices import CHARTS, Choice, default_dataset
from amparo.statistics.dimensions import DIMENSIONS, MEASURES
from amparo.statistics.published import PUBLISHED
from amparo.statistics.releases import NotPublished, OpenRelease, TableQuery
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary

_MOST = 3


def nearest_choices(choice: Choice, release: OpenRelease) -> list[Choice]:
    """Up to three published choices, the nearest first: misspelt codes mended, then narrower questions, then fewer."""
    found: list[Choice] = []
    for each in _candidates(choice, release):
        if each != choice and each not in found and _is_published(each, release):
            found.append(each)
        if len(found) == _MOST:
            break
    return found


def _candidates(choice: Choice, release: OpenRelease) -> Iterator[Choice]:
    mended = list(_mend(choice, release))
    yield from mended
    for each in mended:
        if "area" in {each.rows, each.columns} and not each.country:
            yield from (replace(each, country=country) for country in _largest_countries(each.dataset, release))
    for changes in ({"columns": ""}, {"status": ""}, {"country": ""}, {"columns": "", "status": "", "country": ""}):
        yield from (replace(each, **changes) for each in mended)
    yield from (replace(each, rows=each.columns, columns="") for each in mended if each.columns)
    yield Choice(default_dataset(release))


def _mend(choice: Choice, release: OpenRelease) -> Iterator[Choice]:
    """The choice with each unknown code replaced by those most like it. Years that there are not are left open."""
    chart = choice.chart if choice.chart in CHARTS else ""
    kept = choice.release if choice.release == release.identifier else ""
    for dataset, measure, rows, columns, country, status in product(
        _like(choice.dataset, release.datasets),
        _like(choice.measure, tuple(MEASURES)),
        _like(choice.rows, PUBLISHED),
        _like(choice.columns, PUBLISHED),
        _like_term("country", choice.country),
        _like_term("status", choice.status),
    ):
        yield Choice(dataset, measure, rows, columns, country, status, chart, release=kept)


def _like(code: str, known: Sequence[str]) -> list[str]:
    if not code or code in known:
        return [code]
    return [each for each, _score, _place in process.extract(code, known, limit=2)]


def _like_term(dimension: str, code: str) -> list[str]:
    vocabulary = get_vocabulary(str(DIMENSIONS[dimension].vocabulary))
    if not code or code in vocabulary.terms:
        return [code]
    named = vocabulary.find(code)
    return [named] if named else [*vocabulary.nearest(code, limit=2), ""]


def _largest_countries(dataset: str, release: OpenRelease) -> list[str]:
    try:
        table = release.read(TableQuery(dataset, "victims", "country"))
    except NotPublished:
        return []
    known = [code for code in table.row_codes if code != UNKNOWN]
    return sorted(known, key=lambda code: (-(table.value(code) or 0), code))[:2]


def _is_published(choice: Choice, release: OpenRelease) -> bool:
    try:
        choice.read_table(release)
    except NotPublished:
        return False
    return True
