"""EARS C1, C2 and C3: is this count more than the last few explain? For series without years of history.

Sources: Hutwagner, Thompson, Seeman & Treadwell, "The bioterrorism preparedness and response Early Aberration
Reporting System", Journal of Urban Health 80 (2003) i89–i96; Fricker, Hegler & Dunfee, "Comparing syndromic
surveillance detection methods", Statistics in Medicine 27 (2008) 3407–3429; Salmon, Schumacher & Höhle, Journal of
Statistical Software 70 (2016) 10.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from amparo.warning.detection import Detection, Floats, require_history

EarsMethod = Literal["C1", "C2", "C3"]
# C2 and C3 leave the last two counts out, so that a slow rise does not hide itself.
_LAG = 2
# C3 adds what the last two counts exceeded to that of the judged one.
_SUMMED = 2


@dataclass(frozen=True, slots=True)
class EarsSettings:
    method: EarsMethod
    baseline: int = 7
    smallest_deviation: float = 0.0
    alpha: float = 0.001
    # C3's bound lies around the mean of the baseline, as published; the reference implementation lays it around the
    # judged count itself, so that C3 tells what the two counts before exceeded.
    published_bound: bool = False

    @property
    def lag(self) -> int:
        return 0 if self.method == "C1" else _LAG

    @property
    def summed(self) -> int:
        return _SUMMED if self.method == "C3" else 0

    @property
    def needed(self) -> int:
        """Counts needed before the first judged one."""
        return self.baseline + self.lag + self.summed


def detect_ears(counts: Floats, first: int, settings: EarsSettings) -> Detection:
    """Judge `counts` (series, times) from the 1-based time `first` on. Raises ValueError for too short a history."""
    lag, before, length = settings.lag, settings.summed, counts.shape[1]
    require_history(first, settings.needed, length)
    # The baseline of each judged time, and of those before whose excess is added.
    begin = first - 1 - before
    windows = np.lib.stride_tricks.sliding_window_view(counts, settings.baseline, axis=1)
    windows = windows[:, begin - lag - settings.baseline : length - lag - settings.baseline]
    mean = windows.mean(axis=2)
    deviation = np.maximum(windows.std(axis=2, ddof=1), settings.smallest_deviation)
    above = float(special.ndtri(1 - settings.alpha))
    judged = counts[:, first - 1 :]
    if settings.method != "C3":
        bound = mean + above * deviation
    else:
        with np.errstate(all="ignore"):
            excess = np.maximum((counts[:, begin:] - mean) / deviation - 1, 0)
            past = excess[:, 1:-1] + excess[:, :-2]
            mean, deviation = mean[:, before:], deviation[:, before:]
            centre = mean if settings.published_bound else judged
            bound = np.maximum(centre + deviation * (above - past), 0)
    return Detection(first=first, upperbound=bound, alarm=judged > bound, expected=mean)
