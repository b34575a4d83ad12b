"""Drafts of reports: kept for a day under the browser's key, so that a broken line loses nothing."""

from dataclasses import asdict, dataclass, field
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from amparo.channel.browser_key import derive
from amparo.channel.models import Draft
from amparo.vault import seal
from amparo.vault.keys import VaultError

KEPT = timedelta(hours=24)
_KIND = "draft"
# Every draft has a key of its own, so that its name need not go into the seal.
_PLACE = UUID(int=0)


@dataclass(slots=True)
class DraftReport:
    """A report being written. `said` is what the form had, by its names; `receipt` is there once it was sent."""

    submission: str
    about: str
    institution: str
    said: dict[str, list[str]] = field(default_factory=dict, repr=False)
    files: list[str] = field(default_factory=list)
    receipt: str = field(default="", repr=False)


def keep_draft(draft: DraftReport, browser_key: bytes) -> None:
    """Keep `draft` for a day from now, in the place of what this browser had before."""
    sealed = seal.encrypt_fields(asdict(draft), derive(browser_key, "draft"), _PLACE, _KIND)
    Draft.objects.update_or_create(
        id=derive(browser_key, "draft-name"), defaults={"sealed": sealed, "expires_at": timezone.now() + KEPT}
    )


def read_draft(browser_key: bytes | None) -> DraftReport | None:
    """What this browser is writing; None where there is nothing, or its day is over."""
    if browser_key is None:
        return None
    kept = Draft.objects.filter(id=derive(browser_key, "draft-name"), expires_at__gt=timezone.now()).first()
    if kept is None:
        return None
    try:
        said = seal.decrypt_fields(bytes(kept.sealed), derive(browser_key, "draft"), _PLACE, _KIND)
    except VaultError:
        return None
    return DraftReport(**said)  # type: ignore[arg-type]


def drop_draft(browser_key: bytes | None) -> None:
    """Forget what this browser was writing."""
    if browser_key is not None:
        Draft.objects.filter(id=derive(browser_key, "draft-name")).delete()


def drop_old_drafts() -> int:
    """Destroy the drafts whose day is over. How many."""
    return Draft.objects.filter(expires_at__lte=timezone.now()).delete()[0]
