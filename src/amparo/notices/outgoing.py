"""Handing a message to a mail server: which one, how the line is protected, and what its refusal means. Pure."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import parseaddr
from enum import StrEnum
from urllib.parse import unquote, urlsplit

_SECONDS = 15
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class Line(StrEnum):
    """How the line to the mail server is protected."""

    TLS = "smtps"
    STARTTLS = "smtp+starttls"
    PLAIN = "smtp"


_PORTS = {Line.TLS: 465, Line.STARTTLS: 587, Line.PLAIN: 25}


class BadMailServer(ValueError):
    """The environment names no mail server that could be used. The text names the variable, and never a password."""


class NotSent(Exception):
    """The mail server did not take a message. `code` says why; `for_good` that it never will.

    Carries neither the address nor what the server said: both may name the person.
    """

    def __init__(self, code: str, *, for_good: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.for_good = for_good


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where messages are handed to, and from which address."""

    host: str
    port: int
    line: Line
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)


def read_mail_server(url: str | None, sender: str | None) -> MailServer | None:
    """The server in AMPARO_SMTP_URL, which sends from AMPARO_MAIL_FROM; None where neither is set.

    smtps://user:password@host, smtp+starttls://user:password@host, or smtp://localhost for a server on this machine:
    who gets mail from here is told to no line that others can read. Raises `BadMailServer`.
    """
    if not url and not sender:
        return None
    if not url or not sender:
        raise BadMailServer("AMPARO_SMTP_URL and AMPARO_MAIL_FROM need each other: set both, or none.")
    try:
        parts = urlsplit(url)
        line, port = Line(parts.scheme), parts.port
    except ValueError:
        raise BadMailServer(
            "AMPARO_SMTP_URL begins with smtps://, smtp+starttls:// or smtp://, then host and port."
        ) from None
    if not parts.hostname:
        raise BadMailServer("AMPARO_SMTP_URL names no host.")
    if line is Line.PLAIN and parts.hostname not in _LOOPBACK:
        raise BadMailServer(
            "AMPARO_SMTP_URL: smtp:// is for a mail server on this machine only, for it is not encrypted. "
            "Use smtps:// or smtp+starttls://"
        )
    name, address = parseaddr(sender)
    if "@" not in address or not sender.isprintable():
        raise BadMailServer("AMPARO_MAIL_FROM is an address, such as amparo@example.org")
    return MailServer(
        host=parts.hostname,
        port=port or _PORTS[line],
        line=line,
        sender=sender,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def hand_over(message: EmailMessage, server: MailServer) -> None:
    """Give `message` to `server`. Raises `NotSent`."""
    try:
        with _connect(server) as connection:
            if server.user:
                connection.login(server.user, server.password)
            connection.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _ in refused.recipients.values()]
        raise NotSent("address-refused", for_good=all(500 <= code < 600 for code in codes)) from None
    except smtplib.SMTPAuthenticationError:
        raise NotSent("sign-in-refused") from None
    except (smtplib.SMTPNotSupportedError, ssl.SSLError):
        raise NotSent("line-not-safe") from None
    except smtplib.SMTPResponseException as refused:
        raise NotSent("message-refused", for_good=500 <= refused.smtp_code < 600) from None
    except (OSError, smtplib.SMTPException):
        raise NotSent("server-not-reached") from None


def _connect(server: MailServer) -> smtplib.SMTP:
    # The own machine's name is nobody's business.
    own_name = parseaddr(server.sender)[1].rpartition("@")[2]
    tls = ssl.create_default_context()
    if server.line is Line.TLS:
        return smtplib.SMTP_SSL(server.host, server.port, own_name, timeout=_SECONDS, context=tls)
    connection = smtplib.SMTP(server.host, server.port, own_name, timeout=_SECONDS)
    if server.line is Line.STARTTLS:
        try:
            connection.starttls(context=tls)
        except BaseException:
            connection.close()
            raise
    return connection
