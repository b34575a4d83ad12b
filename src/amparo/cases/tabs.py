"""The pages of a case: each package that has one puts it here, so that no package has to know those above it. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_TABS: dict[str, "Tab"] = {}


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of a case: `url_name` takes the incident's number. Lower `order` stands first.

    `label` is marked by `gettext_noop`, and translated where it is shown. `shows` takes the incident, and says whether
    the page has anything to do with it; without it the page is every case's.
    """

    url_name: str
    label: str
    permission: str
    order: int
    shows: Callable[[Any], bool] | None = None


def add_tab(tab: Tab) -> None:
    """Show `tab` on every case; called once, when its package is ready."""
    _TABS[tab.url_name] = tab


def case_tabs() -> list[Tab]:
    """All pages of a case, in order."""
    return sorted(_TABS.values(), key=lambda tab: tab.order)
