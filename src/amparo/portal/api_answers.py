"""What the interface for programs takes and answers, as OpenAPI describes it."""

from typing import Any

from ninja import Schema
from pydantic import Field

from amparo.portal.choices import LONGEST_CODE


class Refusal(Schema):
    """Why there is no answer: a code for programs, a sentence for people."""

    code: str
    message: str


class Misunderstood(Schema):
    """Which parameters could not be read."""

    code: str
    message: str
    detail: list[dict[str, Any]]


class AboutErratum(Schema):
    """What was found to be wrong with a release, by language, and which release has it right."""

    noted_at: str
    texts: dict[str, str]
    corrected_by: str | None


class AboutRelease(Schema):
    """A release."""

    id: str
    title: str
    published_at: str
    threshold: int
    manifest_sha256: str
    citation: str
    errata: list[AboutErratum]


class ReleaseWithTables(AboutRelease):
    """A release with what it holds."""

    datasets: list[dict[str, Any]]
    tables: list[dict[str, Any]]


class PublishedCells(Schema):
    """A table: one cell a row, with the codes of its dimensions, its count (null where not shown)."""

    release: str
    dataset: str
    measure: str
    rows: str | None
    columns: str | None
    where: dict[str, str]
    notes: list[str]
    cells: list[dict[str, Any]]


class Country(Schema):
    """A country with its victims by dataset: null where not shown, no entry where nothing was reported."""

    code: str
    names: dict[str, str]
    victims: dict[str, int | None]


class CountriesOfRelease(Schema):
    """The countries of a release."""

    release: str
    countries: list[Country]


class AboutVocabulary(Schema):
    """A vocabulary."""

    code: str
    version: str
    titles: dict[str, str]
    terms: int


class ShownTerm(Schema):
    """A term of a vocabulary."""

    code: str
    broader: str | None
    labels: dict[str, str]
    definitions: dict[str, str]


class Vocabulary(AboutVocabulary):
    """A vocabulary with its terms."""

    entries: list[ShownTerm]


class Question(Schema):
    """Which table."""

    dataset: str = Field("", max_length=LONGEST_CODE, description="Code of a dataset; empty for the first.")
    measure: str = Field("victims", max_length=LONGEST_CODE)
    rows: str = Field("", max_length=LONGEST_CODE)
    columns: str = Field("", max_length=LONGEST_CODE)
    country: str = Field("", max_length=LONGEST_CODE)
    status: str = Field("", max_length=LONGEST_CODE)
    sex: str = Field("", max_length=LONGEST_CODE)
    profile: str = Field("", max_length=LONGEST_CODE)
    release: str = Field("", max_length=LONGEST_CODE, description="Identifier of a release; empty for the latest.")
