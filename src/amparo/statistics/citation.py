"""How to cite a release."""

import json

from django.utils.translation import gettext as _

from amparo.statistics.models import Release


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
    title = release.title.replace("\\", "").replace("{", "").replace("}", "")
    return (
        f"@misc{{amparo-{release.identifier},\n"
        f"  title = {{{title}}},\n"
        "  author = {{Amparo}},\n"
        f"  year = {{{release.published_at.year}}},\n"
        f"  version = {{{release.identifier}}},\n"
        f"  note = {{SHA-256 of the manifest: {release.manifest_sha256}}},\n"
        "}\n"
    )


def to_csl(release: Release) -> str:
    """CSL-JSON (citationstyles.org), as reference managers read it."""
    day = release.published_at.date()
    entry = {
        "id": f"amparo-{release.identifier}",
        "type": "dataset",
        "title": release.title,
        "author": [{"literal": "Amparo"}],
        "version": release.identifier,
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "note": f"SHA-256 of the manifest: {release.manifest_sha256}",
    }
    return json.dumps([entry], ensure_ascii=False, indent=1)
