"""Invented coded planes by month, with attacks planted where a test wants them."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from amparo.vocabularies.catalogue import get_vocabulary
from amparo.warning.months import Month
from amparo.warning.watching.counting import prepare

NOW = Month(2020, 6)
MONTHS = 60


@dataclass
class Plane:
    """Incidents with a victim and an act each, unless said otherwise; `recorded` is months after."""

    rows: list[dict[str, object]] = field(default_factory=list)
    recorded: list[int] = field(default_factory=list)
    incidents: int = 0

    def add(
        self,
        month: Month,
        *,
        country: str = "COL",
        act: str = "threat",
        area: str = "unknown",
        profile: tuple[str, ...] = ("unknown",),
        person: int | None = None,
        after: int = 0,
        number: int = 1,
    ) -> None:
        """`number` incidents of one kind in `month`, recorded `after` so many months."""
        for _ in range(number):
            self.incidents += 1
            self.rows.append(
                {
                    "incident_id": self.incidents,
                    "victim_id": self.incidents,
                    "person": self.incidents if person is None else person,
                    "act": act,
                    "act_group": get_vocabulary("acts").top(act),
                    "year": month.year,
                    "month": month.month,
                    "country": country,
                    "area": area,
                    "target": "human-rights-defender",
                    "profile": list(profile),
                    "perpetrator": ["unknown"],
                }
            )
            self.recorded.append(month.number + after)

    def table(self) -> pa.Table:
        return prepare(pa.Table.from_pylist(self.rows), self.recorded)


ACTS = ("threat", "killing", "smear-campaign", "hacking")
COUNTRIES = ("COL", "BRA", "MEX", "KEN", "PHL", "NPL", "TUN", "FRA", "GTM", "HND")


def make_plane(seed: int, *, delays: tuple[float, ...] = (1.0,)) -> Plane:
    """Ten countries, each with its own rate of each of four kinds of act in each of four areas, for five years."""
    random, plane = np.random.default_rng(seed), Plane()
    rates = random.gamma(0.5, 0.25, (len(COUNTRIES), len(ACTS), 4))
    for age in range(MONTHS):
        month = NOW.later(-age)
        for country, act, area in np.argwhere((counts := random.poisson(rates)) > 0):
            for _ in range(counts[country, act, area]):
                plane.add(
                    month,
                    country=COUNTRIES[country],
                    act=ACTS[act],
                    area=f"{COUNTRIES[country]}-{area}",
                    profile=(("land",), ("journalist", "land"), ("unknown",))[random.integers(3)],
                    after=int(random.choice(len(delays), p=delays)),
                )
    return plane
