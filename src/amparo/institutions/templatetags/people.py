"""What pages of the desk ask about the person who reads them."""

from django import template

from amparo.institutions import access
from amparo.institutions.desk_links import DeskLink, desk_links
from amparo.institutions.models import User

register = template.Library()


@register.filter
def may(user: object, permission: str) -> bool:
    """Whether the person who reads the page may do `permission`."""
    return isinstance(user, User) and access.may(user, permission)


@register.filter
def desk_links_for(user: object) -> list[DeskLink]:
    """The links of other packages at the head of the desk, for the person who reads the page."""
    return [link for link in desk_links() if may(user, link.permission)]
