"""Why a number of unseen victims cannot be told, as a value; `statistics.unseen_words` says it to a person. Pure."""

from typing import Any


class EstimateRefused(Exception):
    """`code` says what is missing, `details` fill the message."""

    def __init__(self, code: str, /, **details: Any) -> None:
        self.code = code
        self.details = details
        super().__init__(code)
