"""The links of the desk: each package that has a page there puts it here, and knows none above it. Pure."""

from dataclasses import dataclass

_LINKS: dict[str, "DeskLink"] = {}


@dataclass(frozen=True, slots=True)
class DeskLink:
    """A page of the desk, for who may do `permission`. Lower `order` stands first.

    `label` is marked by `gettext_noop`, and translated where it is shown.
    """

    url_name: str
    label: str
    permission: str
    order: int


def add_desk_link(link: DeskLink) -> None:
    """Show `link` at the head of the desk; called once, when its package is ready."""
    _LINKS[link.url_name] = link


def desk_links() -> list[DeskLink]:
    """All links, in order."""
    return sorted(_LINKS.values(), key=lambda link: link.order)
