"""The numbers and addresses of focal points: closed under the key file of notices, outside the database."""

import re
import unicodedata

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from amparo.vault import seal
from amparo.vault.key_files import load_or_make_key
from amparo.warning.models import Contact

EMAIL, SMS, SIGNAL = "email", "sms", "signal"
_KIND = "duty-contact"
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


class NoAddress(ValueError):
    """This is no number or address of the channel. The text does not repeat it."""


def read_typed(channel: str, typed: str) -> str:
    """The number or address that somebody typed, as it is kept. Raises `NoAddress`.

    A number stands with its country (E.164): + and 7 to 15 digits; spaces, dots, dashes and brackets are left out.
    """
    if channel == EMAIL:
        try:
            validate_email(typed.strip())
        except ValidationError:
            raise NoAddress from None
        return typed.strip()
    digits = unicodedata.normalize("NFKC", re.sub(r"[\s().\u2010-\u2015-]", "", typed))
    digits = "".join(str(unicodedata.decimal(each, each)) for each in digits)
    number = f"+{digits[2:]}" if digits.startswith("00") else digits
    if not _NUMBER.fullmatch(number):
        raise NoAddress
    return number


def seal_contact(contact: Contact, address: str) -> None:
    """Set the sealed address of `contact`, which the caller saves."""
    contact.sealed = seal.encrypt_fields({"address": address}, _key(), contact.place, _KIND)


def read_contact(contact: Contact) -> str:
    """Where `contact` leads. Raises `keys.VaultError` where the key file is another."""
    return str(seal.decrypt_fields(bytes(contact.sealed), _key(), contact.place, _KIND)["address"])


def _key() -> bytes:
    return load_or_make_key(settings.KEY_DIR, "notices.key")
