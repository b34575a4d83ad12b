"""What may be wrong with a file, a mapping or a row, as values; `messages.py` says it to a person. Pure."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong. `code` says what, `details` fill the message. `value` is None where it may not be shown."""

    code: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    nearest: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)


class FileRefused(Exception):
    """A file that cannot be read, or a mapping that does not fit it."""

    def __init__(self, what: str, /, **details: Any) -> None:
        self.problem = Problem(what, details=details)
        super().__init__(what)


class CellRefused(Exception):
    """A cell that does not hold what its column should."""

    def __init__(self, code: str, nearest: tuple[str, ...] = (), **details: Any) -> None:
        self.code = code
        self.nearest = nearest
        self.details = details
        super().__init__(code)
