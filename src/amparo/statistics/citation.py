"""How to cite a release, or one table of it."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from amparo.statistics.models import Release

# What TeX would read as an order.
_ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in "&%$#_"} | dict.fromkeys("\\{}^~"))


@dataclass(frozen=True, slots=True)
class CitedTable:
    """A table as it is cited: what it is called, whose records it counts, and the address that gives it again."""

    title: str
    publisher: str
    address: str

    @property
    def key(self) -> str:
        """Eight letters that tell it from other tables of its release."""
        return hashlib.sha256(self.address.partition("?")[2].encode()).hexdigest()[:8]


def cite(release: Release) -> str:
    """One line for a footnote."""
    return _("Amparo, %(title)s, release %(id)s, %(day)s, SHA-256 %(hash)s.") % {
        "title": release.title,
        "id": release.identifier,
        "day": release.published_at.date().isoformat(),
        "hash": release.manifest_sha256[:16],
    }


def to_bibtex(release: Release) -> str:
    """A BibTeX entry."""
    return _bibtex(release, f"amparo-{release.identifier}", {"title": release.title})


def table_to_bibtex(release: Release, table: CitedTable) -> str:
    """A BibTeX entry of one table, with the query that gives it."""
    said = {"title": table.title, "howpublished": f"{release.title} ({table.publisher})"}
    return _bibtex(release, f"amparo-{release.identifier}-{table.key}", said, url=table.address)


def _bibtex(release: Release, key: str, said: dict[str, str], url: str = "") -> str:
    lines = [f"  {name} = {{{text.translate(_ESCAPED)}}},\n" for name, text in said.items()]
    if url:
        # An address is no text: nothing in it is escaped, and its own signs are already.
        lines.append(f"  url = {{{url}}},\n")
    return (
        f"@misc{{{key},\n{''.join(lines)}"
        "  author = {{Amparo}},\n"
        f"  year = {{{release.published_at.year}}},\n"
        f"  version = {{{release.identifier}}},\n"
        f"  note = {{SHA-256 of the manifest: {release.manifest_sha256}}},\n"
        "}\n"
    )


def to_csl(release: Release) -> str:
    """CSL-JSON (citationstyles.org), as reference managers read it."""
    return _csl(release, {"id": f"amparo-{release.identifier}", "title": release.title})


def table_to_csl(release: Release, table: CitedTable) -> str:
    """CSL-JSON of one table, with the query that gives it."""
    said = {
        "id": f"amparo-{release.identifier}-{table.key}",
        "title": table.title,
        "container-title": release.title,
        "source": table.publisher,
        "URL": table.address,
    }
    return _csl(release, said)


def _csl(release: Release, said: dict[str, str]) -> str:
    day = release.published_at.date()
    entry: dict[str, Any] = said | {
        "type": "dataset",
        "author": [{"literal": "Amparo"}],
        "version": release.identifier,
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "note": f"SHA-256 of the manifest: {release.manifest_sha256}",
    }
    return json.dumps([entry], ensure_ascii=False, indent=1)
