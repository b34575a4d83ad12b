"""What is said of a condition for civic space, as values, and what has to be true of it. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlsplit

from amparo.cases.dates import EventDate
from amparo.vocabularies.catalogue import LANGUAGES, UNKNOWN, get_vocabulary

LONGEST_TITLE = 200
LONGEST_TEXT = 1000
LONGEST_ADDRESS = 500
MOST_STAGES = 20
MOST_SOURCES = 10
EARLIEST_YEAR = 1900
# Nine digits or more, with what people write between them: a telephone. Numbers of laws and dates are shorter.
_TELEPHONE = re.compile(r"\+?\d(?:[\s().-]?\d){8,}")
_ADDRESS_OF_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


class CivicSpaceError(Exception):
    """What was asked for cannot be done. `code` says why; the message repeats nothing that was typed."""

    code = "civic-space-error"

    def __init__(self, code: str = "") -> None:
        self.code = code or self.code
        super().__init__(self.code)


@dataclass(frozen=True, slots=True)
class StageFacts:
    """How far something came, and when: as exactly as the source tells."""

    stage: str
    date: EventDate | None = None


@dataclass(frozen=True, slots=True)
class SourceLink:
    """Where it can be read: what the page is called, and its public address."""

    title: str
    address: str


@dataclass(frozen=True, slots=True)
class ConditionFacts:
    """A condition: codes, dates, and public texts by language ("en": …), of which one title at least."""

    country: str
    titles: Mapping[str, str]
    kind: str = UNKNOWN
    area: str = UNKNOWN
    effect: str = UNKNOWN
    setting: str = UNKNOWN
    date: EventDate | None = None
    ended: EventDate | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    stages: tuple[StageFacts, ...] = ()
    themes: tuple[str, ...] = ()
    sources: tuple[SourceLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a part of a condition: `part` such as "date" or "title_en", `code` says what."""

    part: str
    code: str


def find_wrong(facts: ConditionFacts) -> Iterator[Wrong]:
    """Everything that keeps `facts` from being kept, even as a draft; nothing where all is well."""
    if facts.country == UNKNOWN or facts.country not in get_vocabulary("countries").terms:
        yield Wrong("country", "no-country")
    area = get_vocabulary("areas").terms.get(facts.area)
    if area is None or (facts.area != UNKNOWN and area.broader != facts.country):
        yield Wrong("area", "area-elsewhere")
    yield from _wrong_texts(facts)
    if facts.date and facts.ended and facts.ended.latest < facts.date.earliest:
        yield Wrong("ended", "ends-before")
    for part, when in (("date", facts.date), ("ended", facts.ended)):
        if when and when.earliest.year < EARLIEST_YEAR:
            yield Wrong(part, "too-early")
    if len(facts.stages) > MOST_STAGES:
        yield Wrong("stages", "too-many")
    if len(facts.sources) > MOST_SOURCES:
        yield Wrong("sources", "too-many")
    for source in facts.sources:
        if not is_public_address(source.address):
            yield Wrong("sources", "no-address")
        elif len(source.title) > LONGEST_TITLE:
            yield Wrong("sources", "too-long")


def _wrong_texts(facts: ConditionFacts) -> Iterator[Wrong]:
    if not any(_says_something(text) for text in facts.titles.values()):
        yield Wrong("title_en", "no-title")
    for part, texts, longest in (("title", facts.titles, LONGEST_TITLE), ("text", facts.texts, LONGEST_TEXT)):
        for language, text in texts.items():
            if language not in LANGUAGES:
                yield Wrong(part, "no-such-language")
            elif len(text) > longest:
                yield Wrong(f"{part}_{language}", "too-long")
            elif has_contact(text):
                yield Wrong(f"{part}_{language}", "has-contact")


def tidy(facts: ConditionFacts) -> ConditionFacts:
    """The same as it is kept: texts without blanks around them, stages in the order of their dates, no theme twice."""
    return replace(
        facts,
        titles=_said(facts.titles),
        texts=_said(facts.texts),
        stages=tuple(sorted(facts.stages, key=lambda each: each.date.earliest if each.date else date.min)),
        themes=tuple(dict.fromkeys(facts.themes)),
    )


def _said(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: text.strip() for language, text in texts.items() if text.strip()}


def missing_for_review(facts: ConditionFacts) -> tuple[str, ...]:
    """What has to be known before a second person is asked: the kind, the date, a source."""
    return tuple(
        part
        for part, known in (("kind", facts.kind != UNKNOWN), ("date", facts.date), ("source", facts.sources))
        if not known
    )


def latest_stage(stages: tuple[StageFacts, ...]) -> StageFacts | None:
    """The stage that was reached last by its date; of those without a date, the last that was named."""
    if not stages:
        return None
    dated = [each for each in stages if each.date]
    return max(dated, key=lambda each: each.date.latest.toordinal() if each.date else 0) if dated else stages[-1]


def has_contact(text: str) -> bool:
    """Whether `text` has a telephone number or an e-mail address: these are of persons, and never public here."""
    return bool(_TELEPHONE.search(text) or _ADDRESS_OF_MAIL.search(text))


def is_public_address(address: str) -> bool:
    """Whether `address` is one of the web, without a name and password in it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    is_web = parts.scheme in {"http", "https"} and "." in (parts.hostname or "")
    return is_web and "@" not in parts.netloc and len(address) <= LONGEST_ADDRESS and not re.search(r"\s", address)


def in_language(texts: Mapping[str, str], language: str) -> tuple[str, str]:
    """The text in `language`, else in the first language that has one, with the code of the language that it is in."""
    for each in (language, *LANGUAGES):
        if texts.get(each, "").strip():
            return texts[each], each
    return "", language


def _says_something(text: str) -> bool:
    return any(letter.isalnum() for letter in text)
