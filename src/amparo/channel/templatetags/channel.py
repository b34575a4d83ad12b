"""What the channel's templates need: bytes as text, and what a code means."""

from base64 import b64encode

from django import template
from django.utils.translation import get_language

from amparo.vocabularies.catalogue import get_vocabulary

register = template.Library()


@register.filter
def base64(value: bytes) -> str:
    """Bytes as a script reads them."""
    return b64encode(value).decode()


@register.filter
def definition(code: str, vocabulary: str) -> str:
    """What `code` means, in the active language; "" where the vocabulary does not say."""
    term = get_vocabulary(vocabulary).terms.get(code)
    return term.definition(get_language() or "en") if term else ""
