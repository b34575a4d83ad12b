"""How well a detector does where it is known what happened: how often it cries for nothing, how often it finds. Pure.

Source: Noufaily et al., Statistics in Medicine 32 (2013) 1206–1222, section 4.
"""

from dataclasses import dataclass

import numpy as np

from amparo.warning.detection import Floats, Truths


@dataclass(frozen=True, slots=True)
class Record:
    """`false_positive_rate`: alarms a judged count where nothing happened. `detected`: outbreaks with an alarm while
    they last, of all. Each is an average of groups (scenarios), so that each weighs the same.
    """

    false_positive_rate: float
    detected: float


def measure_record(without: Truths, with_outbreak: Truths, outbreak: Truths, group: Floats) -> Record:
    """The record of one detector, from its alarms on the same series without and with an outbreak.

    Arrays are (series, times); `outbreak` is true where counts of the outbreak fell, `group` (series,) says to which
    scenario a series belongs. Series in whose judged times no outbreak falls count for the false positives alone.
    """
    false: Floats = without.mean(axis=1)
    hit: Truths = np.asarray(outbreak.any(axis=1))
    found: Floats = np.asarray((with_outbreak & outbreak).any(axis=1), dtype=np.float64)
    return Record(_mean_of_groups(false, group), _mean_of_groups(found[hit], group[hit]))


def _mean_of_groups(values: Floats, group: Floats) -> float:
    return float(np.mean([values[group == each].mean() for each in np.unique(group)]))
