"""Run a detector over the series of a file. Pure."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from amparo.warning.detection import Detection
from amparo.warning.detectors import DETECTORS
from amparo.warning.parameters import read_parameters
from amparo.warning.problems import WarningRefused
from amparo.warning.series_files import SeriesBlock

Judged = tuple[SeriesBlock, Detection]


def judge_series(blocks: tuple[SeriesBlock, ...], method: str, parameters: bytes) -> list[Judged]:
    """Every block with what the detector found in it, from the parameter `first` on, or else as early as it can.

    Raises WarningRefused.
    """
    detector = DETECTORS[method]
    values = read_parameters(parameters, detector.parameters)
    detect, needed = detector.prepare(values)
    found = []
    for block in blocks:
        first = values["first"] or block.begin + needed
        _check_span(block, first, needed)
        found.append((block, detect(block.counts, first - block.begin + 1, block.dates)))
    return found


def _check_span(block: SeriesBlock, first: int, needed: int) -> None:
    last, earliest = block.begin + block.counts.shape[1] - 1, block.begin + needed
    if first < earliest or earliest > last:
        raise WarningRefused("history-too-short", series=block.names[0], first=first, needed=needed, earliest=earliest)
    if first > last:
        raise WarningRefused("first-after-end", series=block.names[0], first=first, last=last)


def list_alarms(judged: list[Judged]) -> Iterator[dict[str, Any]]:
    """The alarms, with what came, what was expected and the bound that was passed."""
    for block, detection in judged:
        for row, column in np.argwhere(detection.alarm):
            expected, bound = (float(each[row, column]) for each in (detection.expected, detection.upperbound))
            yield {
                "series": block.names[row],
                "t": int(block.begin + detection.first - 1 + column),
                "observed": int(block.counts[row, detection.first - 1 + column]),
                "expected": None if np.isnan(expected) else expected,
                "upperbound": None if np.isnan(bound) else bound,
            }
