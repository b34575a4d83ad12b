"""The coded plane with when each incident was recorded, ready to be watched."""

from collections.abc import Iterable

import pyarrow as pa

from amparo.cases.coded_plane import read_coded_plane
from amparo.cases.models import Incident
from amparo.warning.months import Month
from amparo.warning.watching.counting import prepare


def read_watched_plane(datasets: Iterable[str] | None = None, *, as_happened: bool = False) -> pa.Table:
    """What `findings.find_unusual` takes, of `datasets` or of all.

    An incident counted with another one was recorded when the one that is kept was: a second source is no new attack.
    With `as_happened` each counts as recorded in its own month: for looking back at lists that were brought in later.
    """
    plane = read_coded_plane(datasets)
    if as_happened:
        months = zip(plane["year"].to_pylist(), plane["month"].to_pylist(), strict=True)
        return prepare(plane, [Month(year, month).number if year and month else None for year, month in months])
    recorded = {
        pk: Month(at.year, at.month).number for pk, at in Incident.objects.values_list("pk", "created_at").iterator()
    }
    return prepare(plane, [recorded.get(pk) for pk in plane["incident_id"].to_pylist()])
