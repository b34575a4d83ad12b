"""What every detector gives, and what every detector asks of its input. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Detection:
    """Bounds and alarms for the times first … (1-based). Arrays are (series, times).

    A bound or a mean that the method does not give is not a number. Where a method has bounds, a count without one
    raises no alarm.
    """

    first: int
    upperbound: Floats
    alarm: Truths
    expected: Floats

    @property
    def times(self) -> Integers:
        return np.arange(self.first, self.first + self.upperbound.shape[1])


def require_history(first: int, needed: int, length: int) -> None:
    """Raises ValueError where fewer than `needed` counts come before time `first`, or `first` is after the end.

    Who reads files checks this before, and says it to a person.
    """
    if not needed < first <= length:
        raise ValueError(f"{needed} counts are needed before time {first}, and {length} are there")
