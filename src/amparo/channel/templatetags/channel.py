"""What the channel's templates need: bytes and sizes in words."""

from base64 import b64encode

from babel.numbers import format_decimal
from django import template
from django.utils.translation import get_language, gettext

from amparo.vocabularies.catalogue import get_vocabulary

register = template.Library()


@register.filter
def base64(value: bytes) -> str:
    """Bytes as a script reads them."""
    return b64encode(value).decode()


@register.filter
def file_size(length: int) -> str:
    """The size of a file in MB, or in kB where it is small."""
    unit, of_unit = (gettext("%(size)s MB"), 1024**2) if length >= 1024**2 else (gettext("%(size)s kB"), 1024)
    size = format_decimal(round(max(length / of_unit, 0.1), 1), locale=get_language() or "en", numbering_system="latn")
    return unit % {"size": size}


@register.filter
def definition(code: str, vocabulary: str) -> str:
    """What `code` means, in the active language; "" where the vocabulary does not say."""
    term = get_vocabulary(vocabulary).terms.get(code)
    return term.definition(get_language() or "en") if term else ""
