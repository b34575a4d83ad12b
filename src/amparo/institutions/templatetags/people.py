"""What pages of the desk ask about the person who reads them."""

from django import template

from amparo.institutions import access
from amparo.institutions.models import User

register = template.Library()


@register.filter
def may(user: object, permission: str) -> bool:
    """Whether the person who reads the page may do `permission`."""
    return isinstance(user, User) and access.may(user, permission)
