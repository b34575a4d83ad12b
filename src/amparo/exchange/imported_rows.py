"""The rows of a file on their way into the store: what is wrong with them, which are new, and what they add up to."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from amparo.cases.drafts import IncidentDraft
from amparo.exchange.problems import FileRefused, Problem
from amparo.exchange.reading import Row, Table
from amparo.exchange.rejected import RejectedRows
from amparo.exchange.rules import Mapping
from amparo.vault.blind_index import fingerprint
from amparo.vocabularies.catalogue import UNKNOWN

MOST_PROBLEMS_KEPT = 1000
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
        self._fingerprint_key = fingerprint_key

    def check(self, table: Table) -> None:
        """Find everything that is wrong with the rows."""
        for row in table.rows:
            self.summary.rows += 1
            if self.summary.rows % _ROWS_BETWEEN_TELLING == 0:
                self.progress("checking", self.summary.rows, None)
            problems = self.mapping.draft(row)
            if isinstance(problems, list):
                self.summary.rejected += 1
                self.problem_count += len(problems)
                self.problems += problems[: MOST_PROBLEMS_KEPT - len(self.problems)]
                self._bad_keys.add(self._key_of(row))

    def drafts(self, table: Table, bad: RejectedRows | None) -> Iterator[IncidentDraft]:
        """The incidents that are new. Bad rows go to `bad`, with the good rows that share their key.

        Rows that share their key are told apart by their order only: a mended one alone would be taken for another.
        """
        times: Counter[bytes] = Counter()
        self.summary.rejected = 0
        for done, row in enumerate(table.rows, start=1):
            if done % _ROWS_BETWEEN_TELLING == 0:
                self.progress("recording", done, self.summary.rows)
            key = self._key_of(row)
            if key in self._bad_keys:
                self.summary.rejected += 1
                if bad:
                    bad.write(row)
                continue
            times[key] += 1
            identity, content = self._fingerprints(row, times[key])
            if identity in self.known:
                self.summary.already_there += 1
                if self.known[identity] != content:
                    self.summary.changed.append(row.number)
                continue
            draft = self.mapping.draft(row)
            if isinstance(draft, list):
                raise FileRefused("file-changed")
            self.summary.add(draft)
            yield _with_fingerprints(draft, identity, content)
        self.progress("recording", self.summary.rows, self.summary.rows)

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
