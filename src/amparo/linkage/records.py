"""Victims as linkage compares them: opened values in, rows for the engine out. Pure, and kept in memory only."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from amparo.cases.dates import EventDate, Precision
from amparo.linkage.names import ReadName, is_arabic, read_name
from amparo.vault.blind_index import name_tokens

UNKNOWN = "unknown"
_COMPARED_SEXES = frozenset({"female", "male"})
# Words of a role that more records than this share tell nothing: "leader", "member".
_COMMON_SHARE, _COMMON_FROM = 0.05, 5
_SHORTEST_ROLE_WORD = 4
_OLDEST = 120


@dataclass(frozen=True, slots=True)
class Record:
    """A victim with her incident, opened. `identifier` is the victim's; codes are those of the vocabularies.

    Victims of one `incident` (0: not known) are never one person; `listed_in` is the code of its dataset.
    """

    identifier: int
    name: str = field(repr=False)
    sex: str = UNKNOWN
    age: int | None = field(default=None, repr=False)
    date: EventDate | None = None
    country: str = UNKNOWN
    area: str = UNKNOWN
    place: str = field(default="", repr=False)
    role: str = field(default="", repr=False)
    incident: int = 0
    listed_in: str = ""


def make_rows(records: Sequence[Record]) -> list[dict[str, Any]]:
    """A row for each record that names a person; the others can link with nothing."""
    read = [(record, name) for record in records if (name := read_name(record.name, record.country))]
    any_arabic = any(is_arabic(part.word) or part.is_loose for _, name in read for part in name.parts)
    roles = [{word for word in name_tokens(record.role) if len(word) >= _SHORTEST_ROLE_WORD} for record, _ in read]
    counts = Counter(word for words in roles for word in words)
    most = max(_COMMON_FROM, _COMMON_SHARE * len(read))
    return [
        _row(record, name, sorted(word for word in words if counts[word] <= most), any_arabic)
        for (record, name), words in zip(read, roles, strict=True)
    ]


def _row(record: Record, name: ReadName, role: Collection[str], any_arabic: bool) -> dict[str, Any]:
    when = record.date
    return {
        "id": record.identifier,
        "parts": [
            {
                "word": part.word,
                "numbered": any(letter.isdigit() for letter in part.word),
                "kept": sorted(part.kept),
                "sought": sorted(part.sought),
            }
            for part in name.parts
        ],
        "hints": sorted(name.hints),
        "name_key": name.key if len(name.parts) > 1 else None,
        "sex": record.sex if record.sex in _COMPARED_SEXES else None,
        "birth_year": _birth_year(record),
        "earliest": when.earliest if when else None,
        "latest": when.latest if when else None,
        "country": _known(record.country),
        "area": _known(record.area),
        "place": " ".join(sorted(name_tokens(record.place))) or None,
        "role": list(role) or None,
        "keys": sorted(set(_keys(record, name, any_arabic))),
    }


def _keys(record: Record, name: ReadName, any_arabic: bool) -> Iterator[str]:
    """What two records must share to be compared; the engine leaves out what is common."""
    words = [part.word for part in name.parts]
    # The first letter says which comparison a skeleton is for: "l" in one script, "a" between two.
    marks = "la" if any_arabic else "l"
    sounds = sorted({each for part in name.parts for each in part.kept | part.sought if each[0] in marks})
    year = str(record.date.year) if record.date and record.date.year else ""
    yield from (f"w:{word}" for word in words)
    yield from (f"s:{sound}" for sound in sounds)
    yield from (f"w:{one}+{other}" for one, other in combinations(words, 2))
    yield from (f"s:{one}+{other}" for one, other in combinations(sounds, 2))
    if year:
        yield from (f"w:{word}|{year}" for word in words)
        yield from (f"s:{sound}|{year}" for sound in sounds)
    if record.date and record.date.precision == Precision.DAY:
        yield f"d:{record.date}|{record.country}"
        yield f"d:{record.date}|{record.area}"


def _birth_year(record: Record) -> int | None:
    if record.age is None or not 0 <= record.age <= _OLDEST or record.date is None or record.date.year is None:
        return None
    return record.date.year - record.age


def _known(code: str) -> str | None:
    return None if code in ("", UNKNOWN) else code
