"""Why a file or its settings cannot be judged, as a value; `messages.py` says it to a person. Pure."""

from typing import Any


class WarningRefused(Exception):
    """`code` says what is wrong, `details` fill the message."""

    def __init__(self, code: str, /, **details: Any) -> None:
        self.code = code
        self.details = details
        super().__init__(code)
