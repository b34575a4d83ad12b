"""Which change of many cases a person may still take back. Its minutes lie in her session only: records keep hours."""

from django.http import HttpRequest
from django.utils import timezone

UNDO_SECONDS = 600
_UNDO = "finding-undo"


def remember_change(request: HttpRequest, change: int, cases: int) -> None:
    """Offer to undo `change`, of so many cases, for ten minutes."""
    request.session[_UNDO] = {"change": change, "cases": cases, "until": timezone.now().timestamp() + UNDO_SECONDS}


def undoable(request: HttpRequest) -> dict[str, int] | None:
    """The change that may be undone, and how many cases it changed; None where there is none, or no longer."""
    kept = request.session.get(_UNDO)
    if not kept or kept["until"] < timezone.now().timestamp():
        return None
    return {"change": int(kept["change"]), "cases": int(kept["cases"])}


def forget_change(request: HttpRequest) -> None:
    """Offer nothing more to undo."""
    request.session.pop(_UNDO, None)
