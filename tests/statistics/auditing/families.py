"""Small families of tables for attacks."""

from collections.abc import Iterable, Mapping

import numpy as np
import pyarrow as pa

from amparo.statistics.auditing.mending import mend
from amparo.statistics.family import Family, Protected, count_family
from amparo.statistics.published import TableSet
from tests.statistics.planes import make_plane

THRESHOLD = 3


def count_records(records: Iterable[tuple[int, Mapping[str, object]]], sets: list[TableSet]) -> Family:
    """The tables `sets` of so many records of each kind: what is not said is the same of all."""
    template = make_plane(1, 0).to_pylist()[0] | {"status": "verified", "sex": "male", "year": 2019, "country": "COL"}
    template |= {"regional_group": "latin-america-caribbean", "network": "rindhca", "area": "COL-A", "act": "killing"}
    rows = [template | said for number, said in records for _ in range(number)]
    for place, row in enumerate(rows):
        row |= {"incident_id": place, "victim_id": place, "act_id": place, "person": place}
    return count_family(pa.Table.from_pylist(rows, schema=make_plane(1, 0).schema), sets)


def only_primary(family: Family) -> Protected:
    """Protection switched off: small counts are hidden, and nothing else."""
    return Protected(family.find_small(THRESHOLD), tuple(family.tables))


def protect(family: Family) -> Protected:
    """As a release is protected."""
    return mend(family, family.hide(THRESHOLD), THRESHOLD)[0]


def count_of(family: Family, **said: str) -> int:
    """The true count of acts of the cell with these codes."""
    dimensions = next(each for each in family.tables if set(each) == set(said))
    table = family.tables[dimensions]
    wanted = [family.codes[each].index(said[each]) for each in dimensions]
    return int(table.counts["acts"][np.flatnonzero((table.codes == wanted).all(axis=1))[0]])
