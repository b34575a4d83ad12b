"""What pages need for the script that seals in the browser: its element with its fingerprint, and the way out."""

from functools import lru_cache
from pathlib import Path

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

BUNDLE = Path(__file__).resolve().parents[1] / "static" / "channel" / "seal.js"
RECORDED = BUNDLE.with_name("seal.js.sha384")


@register.simple_tag
@lru_cache(maxsize=1)
def seal_fingerprint() -> str:
    """`sha384-…` of the script, as recorded when it was built: what a browser checks before it runs a byte of it."""
    return RECORDED.read_text(encoding="ascii").strip()


@register.simple_tag
def seal_script() -> SafeString:
    """The element that loads the script, and that no browser runs where its bytes are other ones."""
    return format_html('<script src="{}" integrity="{}" defer></script>', static("channel/seal.js"), seal_fingerprint())


@register.simple_tag
def quick_exit_address() -> str:
    """Where who leaves at once is led to."""
    return settings.QUICK_EXIT
