"""The rows of a file on their way into the store: what is wrong with them, which are new, and what they add up to."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from amparo.cases.drafts import IncidentDraft
from amparo.exchange.checked_mapping import Mapping
from amparo.exchange.problems import FileRefused, Problem
from amparo.exchange.reading import Row, Table
from amparo.exchange.rejected import NewFileOfRows
from amparo.exchange.row_facts import RowFacts
from amparo.vault.blind_index import fingerprint
from amparo.vocabularies.catalogue import UNKNOWN

MOST_PROBLEMS_KEPT = 1000
# Rows of groups whose other rows stand further down are held in memory.
MOST_ROWS_WAITING = 20_000
_ROWS_BETWEEN_TELLING = 200

# Called with "checking" or "recording", the rows that are done, and how many there are where that is known.
Progress = Callable[[str, int, int | None], None]


@dataclass
class Summary:
    """What an import did, or would do: counts of what is new, and its span."""

    rows: int = 0
    incidents: int = 0
    victims: int = 0
    acts: int = 0
    already_there: int = 0
    changed: list[int] = field(default_factory=list)
    rejected: int = 0
    # Of the rejected rows, those that are good themselves.
    taken_along: int = 0
    first_date: date | None = None
    last_date: date | None = None
    countries: set[str] = field(default_factory=set)
    by_sex: Counter[str] = field(default_factory=Counter)
    by_profile: Counter[str] = field(default_factory=Counter)
    by_status: Counter[str] = field(default_factory=Counter)
    by_date_precision: Counter[str] = field(default_factory=Counter)

    def add(self, draft: IncidentDraft) -> None:
        """Count `draft` in."""
        self.incidents += 1
        self.by_status[draft.status] += 1
        self.by_date_precision[draft.date.precision if draft.date else UNKNOWN] += 1
        if draft.country != UNKNOWN:
            self.countries.add(draft.country)
        if draft.date:
            self.first_date = min(self.first_date or draft.date.earliest, draft.date.earliest)
            self.last_date = max(self.last_date or draft.date.latest, draft.date.latest)
        for victim in draft.victims:
            self.victims += 1
            self.acts += len(victim.acts)
            self.by_sex[victim.sex] += 1
            self.by_profile.update(victim.profiles or (UNKNOWN,))


class ImportedRows:
    """Checks rows, then turns them into drafts, telling again those that are in the store, and counting."""

    def __init__(self, mapping: Mapping, fingerprint_key: bytes, progress: Progress) -> None:
        self.mapping = mapping
        self.progress = progress
        self.summary = Summary()
        self.problems: list[Problem] = []
        self.problem_count = 0
        # Fingerprints of the rows in the store, each with that of its content.
        self.known: dict[bytes, bytes] = {}
        self._bad_keys: set[bytes] = set()
        # How many rows each group has, and what of the incident they agree in so far.
        self._sizes: Counter[bytes] = Counter()
        self._agreed: dict[bytes, dict[str, int]] = {}
        self._fingerprint_key = fingerprint_key

    def check(self, table: Table) -> None:
        """Find everything that is wrong with the rows."""
        for row in table.rows:
            self.summary.rows += 1
            if self.summary.rows % _ROWS_BETWEEN_TELLING == 0:
                self.progress("checking", self.summary.rows, None)
            read = self.mapping.read(row)
            group = self._group_of(row)
            if group is not None:
                self._sizes[group] += 1
                if not isinstance(read, list):
                    read = self._disagreements(group, row, read) or read
            if isinstance(read, list):
                self.summary.rejected += 1
                self.problem_count += len(read)
                self.problems += read[: MOST_PROBLEMS_KEPT - len(self.problems)]
                self._bad_keys.add(group or self._key_of(row))

    def drafts(self, table: Table, bad: NewFileOfRows | None) -> Iterator[IncidentDraft]:
        """The incidents that are new. Bad rows go to `bad`, with the good rows that share their key or their group.

        Rows that share their key are told apart by their order only: a mended one alone would be taken for another. An
        incident without one of its victims would be taken for changed when she is there.
        """
        times: Counter[bytes] = Counter()
        waiting: dict[bytes, list[Row]] = {}
        held = 0
        really_bad, self.summary.rejected = self.summary.rejected, 0
        for done, row in enumerate(table.rows, start=1):
            if done % _ROWS_BETWEEN_TELLING == 0:
                self.progress("recording", done, self.summary.rows)
            group = self._group_of(row)
            key = group or self._key_of(row)
            if key in self._bad_keys:
                self.summary.rejected += 1
                if bad:
                    bad.write(row)
                continue
            if group is None:
                times[key] += 1
                yield from self._new([row], *self._fingerprints(row, times[key]))
                continue
            rows = waiting.setdefault(group, [])
            rows.append(row)
            held += 1
            if len(rows) == self._sizes[group]:
                del waiting[group]
                held -= len(rows)
                yield from self._new(rows, group, self._content_of(rows))
            elif held > MOST_ROWS_WAITING:
                raise FileRefused("groups-scattered", limit=MOST_ROWS_WAITING, column=self.mapping.group)
        if waiting:
            raise FileRefused("file-changed")
        self.summary.taken_along = self.summary.rejected - really_bad
        self.progress("recording", self.summary.rows, self.summary.rows)

    def _new(self, rows: list[Row], identity: bytes, content: bytes) -> Iterator[IncidentDraft]:
        """The incident in `rows`, unless it is in the store."""
        if identity in self.known:
            self.summary.already_there += len(rows)
            if self.known[identity] != content:
                self.summary.changed += [row.number for row in rows]
            return
        draft = self.mapping.draft_of(rows)
        if isinstance(draft, list):
            raise FileRefused("file-changed")
        self.summary.add(draft)
        yield _with_fingerprints(draft, identity, content)

    def _disagreements(self, group: bytes, row: Row, facts: RowFacts) -> list[Problem]:
        """Where `row` says something else of the incident than the rows of its group before it."""
        agreed = self._agreed.setdefault(group, {})
        return [
            Problem("group-disagrees", row.number, column, None)
            for column, value in self.mapping.facts_of_the_incident(facts).items()
            if agreed.setdefault(column, hash(value)) != hash(value)
        ]

    def _group_of(self, row: Row) -> bytes | None:
        """What tells the row's group again; None for a row that is an incident by itself."""
        if not self.mapping.group or not (cell := _plain(row.cells[self.mapping.group])):
            return None
        return fingerprint([cell], self._fingerprint_key, "import-group")

    def _content_of(self, rows: list[Row]) -> bytes:
        # In whatever order the rows stand.
        contents = sorted(self._fingerprints(row, 1)[1].hex() for row in rows)
        return fingerprint(contents, self._fingerprint_key, "import-content")

    def _key_of(self, row: Row) -> bytes:
        return fingerprint(
            [_plain(row.cells[column]) for column in self.mapping.key], self._fingerprint_key, "import-key"
        )

    def _fingerprints(self, row: Row, times: int) -> tuple[bytes, bytes]:
        parts = [_plain(row.cells[column]) for column in self.mapping.key]
        if times > 1:
            parts.append(str(times))
        content = [part for column in sorted(row.cells) for part in (column, _plain(row.cells[column]))]
        key = self._fingerprint_key
        return fingerprint(parts, key, "import-row"), fingerprint(content, key, "import-content")


def _plain(cell: str) -> str:
    # The same table comes with other ends of lines and blanks from CSV and from XLSX.
    return " ".join(cell.split())


def _with_fingerprints(draft: IncidentDraft, identity: bytes, content: bytes) -> IncidentDraft:
    # As dataclasses.replace, but several times quicker, which a hundred thousand rows notice.
    object.__setattr__(draft, "fingerprint", identity)
    object.__setattr__(draft, "content_fingerprint", content)
    return draft
