"""Dates as people write them, with names of months in four languages, into partial dates. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from babel import Locale

from amparo.cases.dates import EventDate, PartialDate
from amparo.exchange.problems import CellRefused
from amparo.exchange.values import value_key
from amparo.vocabularies.folding import normalise_arabic

FIRST_YEAR = 1900
# What a sheet's own date cells turn into; there is only one way to read them.
_ALWAYS = ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f")
# Months are called otherwise in Syria, in Algeria and in Morocco than in Egypt.
_LOCALES = ("fr", "es", "ar", "ar_SY", "ar_DZ", "ar_MA", "en")
_DIRECTIVE = re.compile(r"%(.?)")
_KNOWN_DIRECTIVES = frozenset("YymdBbHMSfIp%j")
_EXAMPLE = date(2016, 10, 22)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|o)\b", re.IGNORECASE)


@dataclass(frozen=True)
class DateReader:
    """Reads dates in the `formats` given (as of strptime, names of months in any of the four languages).

    `range_mark` parts the two ends of a range. `values` list what no format can say: cell → EDTF, "" for not known.
    """

    formats: tuple[str, ...]
    range_mark: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    _read_before: dict[str, EventDate | None] = field(default_factory=dict, repr=False, compare=False)

    def read(self, cell: str) -> EventDate | None:
        """The date in `cell`, None where it is blank or listed as not known. Raises `CellRefused`."""
        # Days repeat: a large file has thousands of rows, and some hundred days.
        if cell not in self._read_before:
            if len(self._read_before) > 50_000:
                self._read_before.clear()
            self._read_before[cell] = self._read_new(cell)
        return self._read_before[cell]

    def _read_new(self, cell: str) -> EventDate | None:
        text = " ".join(cell.split())
        if not text:
            return None
        if (listed := self.values.get(value_key(text))) is not None:
            return EventDate.read(listed) if listed else None
        try:
            when = self._read_range(text)
        except ValueError:
            raise CellRefused("no-date", formats=_examples_of(self.formats)) from None
        # A day of grace, for places where it is tomorrow already.
        if when.start.year < FIRST_YEAR or when.earliest > datetime.now(UTC).date() + timedelta(days=1):
            raise CellRefused("date-not-possible", first=FIRST_YEAR)
        return when

    def _read_range(self, text: str) -> EventDate:
        if self.range_mark and self.range_mark in text:
            start, _, end = text.partition(self.range_mark)
            return EventDate(self._read_one(start.strip()), self._read_one(end.strip()))
        return EventDate(self._read_one(text))

    def _read_one(self, text: str) -> PartialDate:
        english = _in_english(text)
        for pattern in (*self.formats, *_ALWAYS):
            try:
                when = datetime.strptime(english, _without_accents(pattern))  # noqa: DTZ007  (a day, not a moment)
            except ValueError:
                continue
            told = set(_DIRECTIVE.findall(pattern))
            has_day = bool(told & {"d", "j"})
            has_month = has_day or bool(told & {"m", "b", "B"})
            return PartialDate(when.year, when.month if has_month else None, when.day if has_day else None)
        raise ValueError("not in any of the formats")


def is_date_format(pattern: str) -> bool:
    """Whether `pattern` is a format that a date can be read by: known directives, a year, no day without its month."""
    told = _DIRECTIVE.findall(pattern)
    has_month = bool(set(told) & {"m", "b", "B"})
    return (
        set(told) <= _KNOWN_DIRECTIVES
        and len([each for each in told if each != "%"]) == len({each for each in told if each != "%"})
        and bool(set(told) & {"Y", "y"})
        and not ("d" in told and not has_month)
    )


def _examples_of(patterns: tuple[str, ...]) -> str:
    """One day written in each of `patterns`, for those who read no directives."""
    return ", ".join(f"{_EXAMPLE.strftime(pattern)} ({pattern})" for pattern in patterns)


def _in_english(text: str) -> str:
    plain = _without_accents(text)
    spellings, months = _months()
    return spellings.sub(lambda found: months[found[1].lower()], _ORDINAL.sub("", plain))


@lru_cache(maxsize=1)
def _months() -> tuple[re.Pattern[str], Mapping[str, str]]:
    english = Locale("en").months["format"]["wide"]
    months = {
        _without_accents(name).lower().rstrip("."): english[month]
        for locale in _LOCALES
        for context in ("format", "stand-alone")
        for width in ("abbreviated", "wide")
        for month, name in Locale.parse(locale).months[context][width].items()
    }
    longest_first = sorted(months, key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})\b\.?", re.IGNORECASE), months


@lru_cache(maxsize=4096)
def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", normalise_arabic(unicodedata.normalize("NFC", text)))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
