"""How long it takes until an attack is recorded, and how many are still to come. Pure.

Reports of last month's attacks are not all in. Whoever compares what is in with full months of the past misses what
happens; whoever counts by the day of recording takes a backlog that was entered at once for a wave of attacks. So
attacks are counted by the month in which they happened, and the delays of the past tell how much of each is in.

Of attacks that are in after d months, g(d) came in exactly then: these "reverse-time hazards" are told without bias by
months that are not complete. What is in after d months is the product of 1 − g(j) over all j > d.

Sources: Lawless, "Adjustments for reporting delays and the prediction of occurred but not reported events", Canadian
Journal of Statistics 22 (1994) 15–31; Kalbfleisch & Lawless, "Regression models for right truncated data", Statistica
Sinica 1 (1991) 19–32; Höhle & an der Heiden, "Bayesian nowcasting during the STEC O104:H4 outbreak in Germany, 2011",
Biometrics 70 (2014) 993–1002 (generalised Dirichlet prior of the delays, which are Beta distributions of the g).
"""

from dataclasses import dataclass

import numpy as np

from amparo.warning.detection import Floats, Integers

# Jeffreys' prior of a proportion.
_PRIOR = 0.5


def count_by_delay(happened: Integers, recorded: Integers, months: int, longest: int) -> Floats:
    """Counts (months, longest + 1) by the month in which something happened (0 … months − 1, the last being now) and
    the months until it was recorded.

    What was recorded later than `longest` months after stands with those of `longest`; what was recorded after now, or
    happened in none of the months, is left out. A day of recording before that of the attack is an error of entry, and
    counts as no delay.
    """
    counts = np.zeros((months, longest + 1))
    kept = (happened >= 0) & (happened < months) & (recorded < months)
    delay = np.clip(recorded[kept] - happened[kept], 0, longest)
    np.add.at(counts, (happened[kept], delay), 1)
    return counts


@dataclass(frozen=True, slots=True)
class Delays:
    """`hazards` is (draws, longest + 1): draws of the reverse-time hazards g from what is known of them."""

    hazards: Floats

    @property
    def longest(self) -> int:
        return int(self.hazards.shape[1]) - 1

    @property
    def share_in(self) -> Floats:
        """What part of a month's attacks is in after 0, 1, … months: draws (draws, longest + 1)."""
        later = np.cumprod((1 - self.hazards)[:, ::-1], axis=1)[:, ::-1]
        return np.hstack((later[:, 1:], np.ones((len(later), 1))))


def estimate_delays(by_delay: Floats, window: int, draws: int, random: np.random.Generator) -> Delays:
    """The delays of what was recorded in the last `window` months, from counts (months, delays) as of the last month.

    Of months recorded earlier nothing is used: habits of reporting change.
    """
    months, delays = by_delay.shape
    recorded = np.arange(months)[:, None] + np.arange(delays)
    used = (recorded < months) & (recorded >= months - window)
    then = np.where(used, by_delay, 0).sum(axis=0)
    until = np.where(used, by_delay.cumsum(axis=1), 0).sum(axis=0)
    hazards = random.beta(then + _PRIOR, until - then + _PRIOR, (draws, delays))
    # All that is in after no delay came with no delay.
    hazards[:, 0] = 1
    return Delays(hazards)


def take_faster(some: Delays, others: Delays) -> Floats:
    """`share_in` of whichever says that more is in: so that a change for the faster is not taken for attacks."""
    return np.maximum(some.share_in, others.share_in)
