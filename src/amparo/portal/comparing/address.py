"""Which countries are compared, as it stands in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from amparo.portal.choices import LONGEST_CODE, default_dataset
from amparo.statistics.releases import OpenRelease

# What may stand in the address.
PARAMETERS = ("dataset", "measure", "countries")


@dataclass(frozen=True, slots=True)
class Asked:
    """A comparison as it was asked for; it may name what there is not."""

    dataset: str
    measure: str
    countries: tuple[str, ...]

    @classmethod
    def read(cls, said: Mapping[str, str], chosen: Sequence[str], opened: OpenRelease) -> "Asked":
        """What stands in the address: `countries` as COL,BRA; `chosen` as a form sends them, one by one."""
        codes = [*said.get("countries", "").split(","), *chosen]
        known = dict.fromkeys(code.strip().upper()[:LONGEST_CODE] for code in codes if code.strip())
        dataset, measure = said.get("dataset", "")[:LONGEST_CODE], said.get("measure", "")[:LONGEST_CODE]
        return cls(dataset or default_dataset(opened), measure or "victims", tuple(known))

    def address(self) -> str:
        """The one query string of this comparison."""
        said = {"dataset": self.dataset, "measure": self.measure, "countries": ",".join(self.countries)}
        return urlencode(said, safe=",")
