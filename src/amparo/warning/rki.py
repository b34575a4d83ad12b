"""The limit that Germany's Robert Koch Institute put to weekly reports: simple, without a level, kept for comparison.

The mean of the same season's counts, rounded down, has a 95 % interval as a Poisson count; its upper end is the bound.
Above 20 the bound is two standard deviations above the mean.

Sources: Höhle, Computational Statistics 22 (2007) 571–582, section 2; Crow & Gardner, "Confidence intervals for the
expectation of a Poisson variable", Biometrika 46 (1959) 441–453, table 1 (95 %).
"""

from dataclasses import dataclass

import numpy as np

from amparo.warning.detection import Detection, Floats, require_history
from amparo.warning.reference_times import SameSeason

# Of the means 0 to 20.
_UPPER_ENDS = np.array(
    (3.285, 5.323, 6.686, 8.102, 9.598, 11.177, 12.817, 13.765, 14.921, 16.768, 17.633)
    + (19.050, 20.335, 21.364, 22.945, 23.762, 25.400, 26.306, 27.735, 28.966, 30.017)
)
_LARGEST_MEAN = 20


@dataclass(frozen=True, slots=True)
class RkiSettings(SameSeason):
    """Which counts are compared with."""

    years: int = 2
    half_width: int = 4
    this_year: bool = False


def detect_rki(counts: Floats, first: int, settings: RkiSettings) -> Detection:
    """Judge `counts` (series, times) from the 1-based time `first` on. Raises ValueError for too short a history."""
    offsets = settings.offsets
    require_history(first, settings.needed, counts.shape[1])
    positions = np.arange(first - 1, counts.shape[1])
    compared = counts[:, positions[:, None] + offsets]
    mean = compared.mean(axis=2)
    whole = np.minimum(np.floor(mean), _LARGEST_MEAN).astype(np.int64)
    bound = np.where(mean > _LARGEST_MEAN, mean + 2 * compared.std(axis=2, ddof=1), _UPPER_ENDS[whole])
    return Detection(first=first, upperbound=bound, alarm=counts[:, first - 1 :] > bound, expected=mean)
