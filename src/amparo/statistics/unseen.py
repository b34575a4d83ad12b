"""The sources of a dataset as lists of the same victims: read from the coded plane, one victim a record."""

from collections import Counter
from collections.abc import Mapping, Sequence

import ibis

from amparo.cases.coded_plane import read_coded_plane
from amparo.statistics.cube import restrict
from amparo.statistics.multiple_systems.histories import Histories, count_histories
from amparo.statistics.multiple_systems.refusals import EstimateRefused
from amparo.vocabularies.catalogue import UNKNOWN

# So many of the longest lists are taken where none are chosen: every model of their dependence can then be compared.
CHOSEN_LISTS = 4


def read_source_lists(where: Mapping[str, Sequence[str]], lists: Sequence[str] = ()) -> Histories:
    """Who of the victims that `where` leaves is on which of the sources `lists`, or of the `CHOSEN_LISTS` longest.

    Raises EstimateRefused: victims of several datasets are not linked to each other, so they cannot be compared.
    """
    backend = ibis.duckdb.connect()
    backend.con.register("plane", read_coded_plane())
    chosen = restrict(backend.table("plane"), where).filter(lambda plane: plane.victim_id.notnull())
    rows = chosen.select("victim_id", "dataset", "source").distinct().to_pyarrow().to_pydict()
    datasets = sorted(set(rows["dataset"]))
    if not datasets:
        raise EstimateRefused("nobody-fits")
    if len(datasets) > 1:
        raise EstimateRefused("several-datasets", first=datasets[0])
    on = [set(sources) - {UNKNOWN} for sources in rows["source"]]
    lengths = Counter(source for sources in on for source in sources)
    for name in lists:
        if name not in lengths:
            raise EstimateRefused("no-such-list", name=name)
    names = list(lists) or [name for name, _ in lengths.most_common(CHOSEN_LISTS)]
    return count_histories(({name: name in sources for name in names} for sources in on), names)
