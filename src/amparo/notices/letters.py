"""What a notice says: that there is something new, in the reader's language, and never what. No Django models here."""

from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr

import pyrage
from django.utils import translation
from django.utils.translation import gettext as _


class BadAgeKey(ValueError):
    """This is not the public key of an age identity. The text does not repeat it."""


def write_notice(address: str, language: str, sender: str, age_key: str = "") -> EmailMessage:
    """A notice to `address`; with `age_key` even its words are closed to all but the holder. Raises `BadAgeKey`."""
    with translation.override(language):
        subject = _("Something new at Amparo")
        text = _(
            "There is something new for you at Amparo. Sign in the way you always do to read it.\n\n"
            "These messages never say more than this, and never have a link or a file in them. "
            "If one does, it is not from Amparo: don't open it."
        )
    message = EmailMessage()
    message["From"] = sender
    message["To"] = address
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    if age_key:
        # Not even where it comes from shall be read on the way, beyond the sender's address.
        message["Subject"] = "…"
        message.set_content(_closed(text, age_key))
    else:
        message["Subject"] = subject
        message.set_content(text)
        message["Content-Language"] = language
    return message


def check_age_key(age_key: str) -> None:
    """Raises `BadAgeKey` for what is not the public key of an age identity (age1…)."""
    _recipient(age_key)


def _recipient(age_key: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(age_key.strip())
    except pyrage.RecipientError:
        raise BadAgeKey("This is not the public key of an age identity.") from None


def _closed(text: str, age_key: str) -> str:
    closed: bytes = pyrage.encrypt(text.encode(), [_recipient(age_key)], armored=True)
    return closed.decode()
