"""Keeping a page of the web as evidence: fetched within bounds, written as WARC, sealed before it touches a disk."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from amparo.cases.models import Evidence, Incident
from amparo.evidence.adding import Description, add_files
from amparo.evidence.fetching import Budget, Exchange, NotFetched, Rules, fetch_following
from amparo.evidence.page_reading import parts_of_style, read_page, unpack
from amparo.evidence.warc import write_warc
from amparo.files.models import SealedFile
from amparo.files.services import seal_made
from amparo.institutions.models import User
from amparo.vault import log
from amparo.vault import services as vault

# Others wait with a word rather than take the server's threads from people.
_GATE = threading.BoundedSemaphore(2)
_PIECE = 65536
# A style sheet may name further ones: what these name is left out.
_DEPTH = 2


@dataclass(frozen=True, slots=True)
class Captured:
    """A page that was fetched: its WARC, its words, and how many of its parts did not come."""

    warc: bytes = field(repr=False)
    address: str = field(repr=False)
    final_address: str = field(repr=False)
    title: str = field(repr=False)
    text: str = field(repr=False)
    status: int
    parts: int
    missing: int


def capture_rules() -> Rules:
    """What this installation fetches. Raises ImproperlyConfigured where tests' own setting is found outside tests."""
    ports = frozenset(getattr(settings, "CAPTURE_LOOPBACK_PORTS", ()))
    if ports and settings.SETTINGS_MODULE == "amparo.config.settings":
        raise ImproperlyConfigured("CAPTURE_LOOPBACK_PORTS is for tests: it lets pages be fetched from this machine.")
    return Rules(proxy=settings.CAPTURE_PROXY, loopback_ports=ports)


def fetch_page(address: str, rules: Rules) -> Captured:
    """The page at `address` with its images and styles, in memory. Raises `NotFetched`; for a part it does not."""
    if not _GATE.acquire(blocking=False):
        raise NotFetched("busy")
    try:
        return _fetch_page(address, rules)
    finally:
        _GATE.release()


def keep_page(
    user: User,
    incident: Incident,
    captured: Captured,
    said: Description,
    submission: bytes,
    unlocked: vault.Unlocked,
) -> Evidence:
    """Make a page that was fetched evidence of `incident`. Raises as `adding.add_files` does."""
    pieces = (captured.warc[start : start + _PIECE] for start in range(0, len(captured.warc), _PIECE))
    upload = seal_made(pieces, "web-page.warc.gz", "warc")
    page: dict[str, object] = {
        "address": captured.address,
        "final_address": captured.final_address,
        "title": captured.title,
        "text": captured.text,
        "status": captured.status,
        "missing": captured.missing,
        "fetched_at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    }
    try:
        with transaction.atomic():
            (evidence,) = add_files(user, incident, [upload], said, submission, unlocked, page)
            # What is in it cannot be cleaned: it is what the site answered.
            SealedFile.objects.filter(pk=evidence.file_id).update(not_cleaned="kind-not-cleaned")
            log.record(
                "page-captured",
                actor=user.pk,
                institution=incident.institution.code,
                record=f"incident:{incident.pk}",
                facts={"evidence": evidence.pk, "parts": captured.parts, "missing": captured.missing},
            )
        return evidence
    finally:
        upload.discard()


def _fetch_page(address: str, rules: Rules) -> Captured:
    budget = Budget(rules)
    exchanges = fetch_following(address, rules, budget)
    page = exchanges[-1]
    read = read_page(unpack(page.body, page.headers), page.headers, page.target.address)
    parts = _fetch_parts(read.parts, exchanges, rules, budget)
    return Captured(
        write_warc(exchanges),
        address.strip(),
        page.target.address,
        read.title,
        read.text,
        page.status,
        parts[0],
        parts[1],
    )


def _fetch_parts(
    named: Sequence[str], exchanges: list[Exchange], rules: Rules, budget: Budget, depth: int = 1
) -> tuple[int, int]:
    """Fetch what a page names into `exchanges`; how many came, and how many did not."""
    came, missing, further = 0, 0, list[str]()
    asked = {each.target.address for each in exchanges}
    for each in named:
        if each in asked:
            continue
        asked.add(each)
        try:
            found = fetch_following(each, rules, budget)
        except NotFetched:
            missing += 1
            continue
        exchanges += found
        came += 1
        last = found[-1]
        further += parts_of_style(unpack(last.body, last.headers), last.headers, last.target.address)
    if further and depth < _DEPTH:
        more = _fetch_parts(further, exchanges, rules, budget, depth + 1)
        came, missing = came + more[0], missing + more[1]
    return came, missing
