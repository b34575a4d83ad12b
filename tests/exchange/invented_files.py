"""Files and a mapping for the tests of importing. Every name in them is plainly invented."""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from openpyxl import Workbook

from amparo.exchange.mapping import Mapping as CheckedMapping
from amparo.exchange.mapping import parse_mapping

MAPPING = """
[dataset]
code = "invented-list"
publisher = "Invented publisher"
invented = true
titles = { en = "Invented list", fr = "Liste inventée", es = "Lista inventada", ar = "قائمة مخترعة" }
coverage = { en = "Nothing.", fr = "Rien.", es = "Nada.", ar = "لا شيء." }

[rows]
key = ["number"]

[fixed]
"act.kind" = ["killing"]

[defaults]
"victim.profile" = ["land"]

[sources]
listener = { kind = "ngo", name = "Invented Listener" }
herald = { kind = "press", name = "Invented Herald" }

[columns.number]
ignore = "the list's own number; used as the key only"

[columns.date]
field = "incident.date"
formats = ["%Y-%m-%d", "%d/%m/%Y", "%B %Y", "%Y"]
range = " to "
values = { "Unknown" = "" }

[columns.country]
field = "incident.country"

[columns.province]
field = "incident.area"
otherwise = "unknown"
seal = "narrative.place"

[columns.name]
seal = "identity.name"

[columns.sex]
field = "victim.sex"
values = { "F" = "female", "M" = "male" }

[columns.age]
field = "victim.age_band"
seal = "identity.age"

[columns.profile]
field = "victim.profile"
separator = ";"

[columns.threatened]
field = "act.kind"
values = { "Yes" = "threat", "No" = "" }

[columns.perpetrators]
field = "perpetrator.kind"
separator = ";"

[columns.sources]
field = "source.code"
separator = ";"
values = { "Listener" = "listener", "Herald" = "herald" }

[columns.story]
seal = "narrative.text"
"""
ROW = {
    "number": "1",
    "date": "2020-05-17",
    "country": "Colombia",
    "province": "Cauca",
    "name": "Inventada Primera",
    "sex": "F",
    "age": "41",
    "profile": "",
    "threatened": "Yes",
    "perpetrators": "police; paramilitary",
    "sources": "Listener;Herald",
    "story": "An invented story.",
}
COLUMNS = tuple(ROW)


def make_mapping(text: str = MAPPING) -> CheckedMapping:
    """The mapping that fits `make_rows`."""
    return parse_mapping(text.encode())


def make_row(number: int = 1, **cells: str) -> dict[str, str]:
    """A good row, with `cells` in place of its own."""
    return ROW | {"number": str(number), "name": f"Inventada {number:03}"} | cells


def make_rows(many: int) -> list[dict[str, str]]:
    """`many` good rows."""
    return [make_row(number) for number in range(1, many + 1)]


def write_csv(
    path: Path,
    rows: Iterable[Mapping[str, str]],
    *,
    encoding: str = "utf-8",
    delimiter: str = ",",
    columns: tuple[str, ...] = COLUMNS,
    line_end: str = "\r\n",
) -> Path:
    """`rows` as CSV in `path`, which is given back."""
    path.write_bytes(as_csv(rows, delimiter=delimiter, columns=columns, line_end=line_end).encode(encoding))
    return path


def as_csv(
    rows: Iterable[Mapping[str, str]],
    *,
    delimiter: str = ",",
    columns: tuple[str, ...] = COLUMNS,
    line_end: str = "\r\n",
) -> str:
    """`rows` as the text of a CSV file."""
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, columns, delimiter=delimiter, lineterminator=line_end)
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


def write_xlsx(path: Path, rows: Iterable[Mapping[str, object]], *, columns: tuple[str, ...] = COLUMNS) -> Path:
    """`rows` as a workbook with one sheet in `path`, which is given back."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Invented sheet")
    sheet.append(list(columns))
    for row in rows:
        sheet.append([row[column] for column in columns])
    workbook.save(path)
    return path
