"""The coded facts of the published lists that the demo shows: one line for each incident, no name, no text. Pure.

Written from the lists themselves by `make_coded_facts.py`; what they are and who published them: `data/README.md`.
"""

import csv
import gzip
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from amparo.cases.dates import EventDate
from amparo.cases.drafts import IncidentDraft, VictimDraft

FILE = Path(__file__).parent / "data" / "real-coded-facts.csv.gz"
COLUMNS = (
    "dataset",
    "date",
    "country",
    "area",
    "setting",
    "status",
    "sector",
    "kind",
    "target",
    "sex",
    "gender",
    "age_band",
    "profiles",
    "acts",
    "perpetrators",
    "sources",
)
_SEVERAL = " "


def write_coded_facts(path: Path, facts: Iterable[tuple[str, IncidentDraft]]) -> int:
    """Write the coded part of `facts` (code of the dataset, incident with one victim). How many lines.

    Lines are sorted, so that neither their order nor the file's bytes tell anything but the facts.
    """
    lines = sorted(_line(dataset, draft) for dataset, draft in facts)
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(lines)
    path.write_bytes(gzip.compress(written.getvalue().encode(), compresslevel=9, mtime=0))
    return len(lines)


def read_coded_facts(path: Path = FILE) -> Iterator[tuple[str, IncidentDraft]]:
    """Each line as the code of its dataset and an incident without anything to seal."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            victim = VictimDraft(
                kind=row["kind"],
                target=row["target"],
                sex=row["sex"],
                gender=row["gender"],
                age_band=row["age_band"],
                profiles=tuple(row["profiles"].split()),
                acts=tuple(row["acts"].split()),
            )
            yield (
                row["dataset"],
                IncidentDraft(
                    date=EventDate.read(row["date"]) if row["date"] else None,
                    country=row["country"],
                    area=row["area"],
                    setting=row["setting"],
                    status=row["status"],
                    sector=row["sector"],
                    victims=(victim,),
                    perpetrators=tuple(row["perpetrators"].split()),
                    sources=tuple(row["sources"].split()),
                ),
            )


def _line(dataset: str, draft: IncidentDraft) -> tuple[str, ...]:
    (victim,) = draft.victims
    return (
        dataset,
        str(draft.date) if draft.date else "",
        draft.country,
        draft.area,
        draft.setting,
        draft.status,
        draft.sector,
        victim.kind,
        victim.target,
        victim.sex,
        victim.gender,
        victim.age_band,
        _SEVERAL.join(victim.profiles),
        _SEVERAL.join(victim.acts),
        _SEVERAL.join(draft.perpetrators),
        _SEVERAL.join(draft.sources),
    )
