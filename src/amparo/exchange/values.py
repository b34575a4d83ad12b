"""Cells into codes, dates and bands. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache

from babel import Locale

from amparo.cases.dates import EventDate, PartialDate
from amparo.exchange.problems import CellRefused
from amparo.vocabularies import places
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary
from amparo.vocabularies.folding import fold

_BANDS = ((17, "0-17"), (24, "18-24"), (34, "25-34"), (49, "35-49"), (64, "50-64"), (130, "65-plus"))
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class CodeReader:
    """Reads the codes of one vocabulary from a cell: what the mapping lists first, then codes and labels.

    `otherwise` is the code for what is not found; without it such a cell is refused with the nearest codes.
    """

    vocabulary: str
    values: Mapping[str, str] = field(default_factory=dict)
    separator: str | None = None
    otherwise: str | None = None

    def read(self, cell: str, country: str = UNKNOWN) -> tuple[str, ...]:
        """The codes in `cell`, in its order, none where it is blank. `country` is the row's, for an area."""
        # A listed cell is taken whole, even where it contains the separator.
        if (listed := self.values.get(fold(cell))) is not None:
            return (listed,) if listed else ()
        parts = cell.split(self.separator) if self.separator else (cell,)
        return tuple(code for part in parts if part.strip() and (code := self._read_one(part.strip(), country)))

    def _read_one(self, text: str, country: str) -> str | None:
        listed = self.values.get(fold(text))
        if listed is not None:
            return listed or None
        found = self._find(text, country) or self.otherwise
        if found is None:
            raise CellRefused("unknown-code", self._nearest(text, country), vocabulary=self.vocabulary)
        return found

    def _nearest(self, text: str, country: str) -> tuple[str, ...]:
        terms = get_vocabulary(self.vocabulary)
        if self.vocabulary == "areas":
            within = (*terms.narrower(country), UNKNOWN)
            terms = replace(terms, terms={code: terms.terms[code] for code in within})
        return terms.nearest(text)

    def _find(self, text: str, country: str) -> str | None:
        if self.vocabulary == "countries":
            return places.find_country(text)
        if self.vocabulary == "areas":
            return places.find_area(country, text)
        return get_vocabulary(self.vocabulary).find(text)


@dataclass(frozen=True)
class DateReader:
    """Reads dates in the `formats` given (as of strptime, names of months in any of the four languages).

    `range_mark` parts the two ends of a range. `values` list what no format can say: cell → EDTF, "" for not known.
    """

    formats: tuple[str, ...]
    range_mark: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)

    def read(self, cell: str) -> EventDate | None:
        """The date in `cell`, None where it is blank or listed as not known. Raises `CellRefused`."""
        text = " ".join(cell.split())
        if not text:
            return None
        if (listed := self.values.get(fold(text))) is not None:
            return EventDate.read(listed) if listed else None
        try:
            if self.range_mark and self.range_mark in text:
                start, _, end = text.partition(self.range_mark)
                return EventDate(self._read_one(start.strip()), self._read_one(end.strip()))
            return EventDate(self._read_one(text))
        except ValueError:
            raise CellRefused("no-date", formats=", ".join(self.formats)) from None

    def _read_one(self, text: str) -> PartialDate:
        english = _WORD.sub(lambda word: _english_months().get(fold(word[0]), word[0]), text)
        for pattern in self.formats:
            try:
                when = datetime.strptime(english, pattern)  # noqa: DTZ007  (a day, not a moment)
            except ValueError:
                continue
            has_month = any(mark in pattern for mark in ("%m", "%b", "%B"))
            return PartialDate(when.year, when.month if has_month else None, when.day if "%d" in pattern else None)
        raise ValueError(text)


def read_age_band(cell: str, values: Mapping[str, str] | None = None) -> str:
    """The band of an age in years ("49", "49.0"), the band itself, or what `values` lists. Raises `CellRefused`."""
    text = cell.strip()
    if values and (listed := values.get(fold(text))) is not None:
        return listed or UNKNOWN
    if not text:
        return UNKNOWN
    found = get_vocabulary("age-bands").find(text)
    if found:
        return found
    try:
        years = float(text.replace(",", "."))
    except ValueError:
        raise CellRefused("no-age") from None
    for last, band in _BANDS:
        if 0 <= years < last + 1:
            return band
    raise CellRefused("no-age")


def fold_keys(values: Mapping[str, str]) -> dict[str, str]:
    """`values` with their keys folded, so that case and accents do not matter."""
    return {fold(key): value for key, value in values.items()}


def check_code(vocabulary: str, code: str) -> None:
    """Raises `CellRefused` where `code` is not in `vocabulary`."""
    terms = get_vocabulary(vocabulary)
    if code not in terms.terms:
        raise CellRefused("unknown-code", terms.nearest(code), vocabulary=vocabulary)


@lru_cache(maxsize=1)
def _english_months() -> Mapping[str, str]:
    english = Locale("en").months["format"]["wide"]
    return {
        fold(name): english[month]
        for language in ("fr", "es", "ar", "en")
        for width in ("abbreviated", "wide")
        for month, name in Locale(language).months["format"][width].items()
    }
