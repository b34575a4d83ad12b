"""What the pages of feeds need to say how a feed fares."""

from urllib.parse import urlsplit

from django import template

from amparo.warning.media.outcomes import describe_look, describe_state, is_failure
from amparo.warning.models import Feed

register = template.Library()


@register.filter
def name_of_feed(feed: Feed) -> str:
    """What a feed is called: its publisher, else the site that it comes from."""
    return feed.publisher or urlsplit(feed.address).hostname or feed.address


@register.filter
def state_of_feed(feed: Feed) -> str:
    """Whether a feed is asked for; where not, why."""
    return describe_state(feed)


@register.filter
def last_look(feed: Feed) -> str:
    """What the last look at a feed gave; "" where there was none yet."""
    return describe_look(feed.outcome, feed.new_items)


@register.filter
def has_failed(feed: Feed) -> bool:
    """Whether the last look at a feed gave none."""
    return is_failure(feed.outcome)


@register.filter
def is_open_line(feed: Feed) -> bool:
    """Whether everybody on the line reads what is asked for: an onion service encrypts by itself."""
    parts = urlsplit(feed.address)
    return parts.scheme == "http" and not (parts.hostname or "").endswith(".onion")
