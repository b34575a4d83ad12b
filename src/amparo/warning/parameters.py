"""A detector's settings from TOML, with the parameter names that its literature and the reference results use. Pure."""

import math
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz import process

from amparo.warning.problems import WarningRefused

_LARGEST_FILE = 100_000


@dataclass(frozen=True, slots=True)
class Parameter:
    """One name of a parameter file: its default, and what its value must be.

    `read` gives the value or raises ValueError; `expected` is the code of the sentence that says what is expected.
    """

    default: Any
    read: Callable[[Any], Any]
    expected: str
    detail: str = ""


def whole_number(default: int | None, smallest: int = 0, largest: int = 100_000) -> Parameter:
    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not smallest <= value <= largest:
            raise ValueError
        return value

    return Parameter(default, read, "whole-number", f"{smallest} … {largest}")


def number(default: float, above: float = 0.0, below: float = math.inf, *, or_equal: bool = False) -> Parameter:
    def read(value: Any) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            raise ValueError
        if not (above <= value <= below if or_equal else above < value < below):
            raise ValueError
        return float(value)

    bounds = f"{above:g} … {below:g}" if math.isfinite(below) else f"> {above:g}"
    return Parameter(default, read, "number", bounds)


def yes_or_no(default: bool) -> Parameter:
    def read(value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError
        return value

    return Parameter(default, read, "yes-or-no")


def choice(default: str, *others: str) -> Parameter:
    known = (default, *others)

    def read(value: Any) -> str:
        if value not in known:
            raise ValueError
        return str(value)

    return Parameter(default, read, "choice", ", ".join(known))


def two_whole_numbers(first: int, second: int) -> Parameter:
    def read(value: Any) -> tuple[int, int]:
        if not isinstance(value, list) or len(value) != 2:
            raise ValueError
        cases, periods = (each if isinstance(each, int) and not isinstance(each, bool) else -1 for each in value)
        if cases < 0 or periods < 1:
            raise ValueError
        return cases, periods

    return Parameter((first, second), read, "two-whole-numbers")


def mean_source() -> Parameter:
    def read(value: Any) -> str | float:
        if value in ("past", "glm"):
            return str(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf:
            return float(value)
        raise ValueError

    return Parameter("past", read, "mean", "past, glm")


def read_parameters(content: bytes, known: Mapping[str, Parameter]) -> dict[str, Any]:
    """Every parameter of `known` with its value: that of the file, else the default. Raises WarningRefused."""
    if len(content) > _LARGEST_FILE:
        raise WarningRefused("parameters-too-long", limit=_LARGEST_FILE)
    try:
        given = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        # Not only TOMLDecodeError: numbers of thousands of digits, and lists in lists without end.
        raise WarningRefused("parameters-not-toml", reason=str(error)) from None
    values = {name: parameter.default for name, parameter in known.items()}
    for name, value in given.items():
        if name not in known:
            nearest = process.extractOne(name, list(known), score_cutoff=50, processor=str.casefold)
            code = "unknown-parameter-nearest" if nearest else "unknown-parameter"
            raise WarningRefused(code, name=name, nearest=nearest[0] if nearest else "", known=", ".join(known))
        try:
            values[name] = known[name].read(value)
        except ValueError:
            parameter = known[name]
            raise WarningRefused(
                f"wrong-{parameter.expected}", name=name, value=str(value), detail=parameter.detail
            ) from None
    return values
