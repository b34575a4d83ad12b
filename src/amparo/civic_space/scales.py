"""Scales on which others rate countries: who publishes them, their values in order, how their files are read. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from amparo.vocabularies.catalogue import LANGUAGES
from amparo.vocabularies.folding import fold

_SCALES = Path(__file__).parent / "scales"


class ScaleNotFound(KeyError):
    """There is no scale of that code."""


@dataclass(frozen=True, slots=True)
class ScaleValue:
    """A value of a scale; `position` counts from the worst, 1, upwards."""

    code: str
    position: int
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Scale:
    """Somebody else's scale, with how the files of its publisher are read."""

    code: str
    publisher: str
    address: str
    titles: Mapping[str, str]
    terms: Mapping[str, str]
    values: Mapping[str, ScaleValue]
    spellings: Mapping[str, str]
    columns: Mapping[str, tuple[str, ...]]
    countries: Mapping[str, str]

    def find(self, text: str) -> ScaleValue | None:
        """The value that `text` names by its code, its number, or its label in any language."""
        code = self.spellings.get(fold(text))
        return self.values[code] if code else None


def scale_codes() -> tuple[str, ...]:
    """The codes of all scales that come along."""
    return tuple(sorted(path.stem for path in _SCALES.glob("*.toml")))


@lru_cache(maxsize=16)
def get_scale(code: str) -> Scale:
    """The scale `code`. Raises `ScaleNotFound`."""
    if code not in scale_codes():
        raise ScaleNotFound(code)
    said = tomllib.loads((_SCALES / f"{code}.toml").read_text(encoding="utf-8"))
    values = {
        each["code"]: ScaleValue(each["code"], position, _by_language(each, "label"))
        for position, each in enumerate(said["values"], start=1)
    }
    spellings = {
        fold(spelling): each["code"]
        for each in said["values"]
        for spelling in (each["code"], *each["spellings"], *_by_language(each, "label").values())
    }
    return Scale(
        said["code"],
        said["publisher"],
        said["address"],
        _by_language(said, "title"),
        _by_language(said, "terms"),
        values,
        spellings,
        {what: tuple(names) for what, names in said["columns"].items()},
        {fold(name): country for name, country in said["countries"].items()},
    )


def _by_language(said: Mapping[str, Any], what: str) -> Mapping[str, str]:
    return {language: str(said[f"{what}_{language}"]) for language in LANGUAGES}
