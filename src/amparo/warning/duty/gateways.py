"""Handing a pointer to a telephone: the line to a gateway, and what its refusals mean. No Django here.

A gateway is sent a number and one fixed sentence. It is reached over TLS, or on this machine; a redirect is a refusal:
it could lead the number elsewhere. What it answers is read only as far as it tells whether it took the message.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Protocol
from urllib.parse import urlsplit

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
_MOST_BYTES = 65_536
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
# These say that this message to this number will never be taken. All others speak of the gateway, its account, or now.
_FOR_GOOD = {400, 410, 422}


class BadGateway(ValueError):
    """The environment names no gateway that could be used. The text names the variable, and never a token."""


class NotTaken(Exception):
    """A gateway did not take a message. `code` says why; `for_good` that it never will.

    Carries neither the number nor what the gateway said: both may name the person.
    """

    def __init__(self, code: str, *, for_good: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.for_good = for_good


class Gateway(Protocol):
    """What takes a sentence to a number."""

    def hand_over(self, number: str, text: str) -> None:
        """Give `text` for `number` to the gateway. Raises `NotTaken`."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a gateway listens."""

    host: str
    port: int
    is_safe: bool
    path: str


def read_address(name: str, url: str, path: str) -> Address:
    """Where `url`, of the variable `name`, leads; to `path` where it has none. Raises `BadGateway`."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise BadGateway(f"{name} is an address, such as https://gateway.example.org/send") from None
    if parts.scheme not in {"https", "http"} or not host or not url.isascii() or not url.isprintable() or " " in url:
        raise BadGateway(f"{name} is an address, such as https://gateway.example.org/send")
    if parts.username or parts.password or parts.fragment:
        raise BadGateway(f"{name} carries no name and no password.")
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise BadGateway(
            f"{name}: http:// is for a gateway on this machine only, for it is not encrypted. Use https://"
        )
    is_safe = parts.scheme == "https"
    asked = parts.path if parts.path not in {"", "/"} else path
    return Address(host, port or (443 if is_safe else 80), is_safe, asked + (f"?{parts.query}" if parts.query else ""))


def post(address: Address, body: bytes, content_type: str, headers: Mapping[str, str], seconds: int) -> bytes:
    """What a gateway answers to `body`, where it says 2xx within so many `seconds`. Raises `NotTaken`.

    Of a gateway that falls silent nobody knows whether it sent: it is asked again. Told twice is better than not told.
    """
    connection: HTTPConnection
    if address.is_safe:
        connection = HTTPSConnection(address.host, address.port, timeout=seconds, context=ssl.create_default_context())
    else:
        connection = HTTPConnection(address.host, address.port, timeout=seconds)
    try:
        connection.request("POST", address.path, body, {"Content-Type": content_type, **headers})
        answer = connection.getresponse()
        status, said = answer.status, answer.read(_MOST_BYTES)
    except ssl.SSLError:
        raise NotTaken("line-not-safe") from None
    except TimeoutError:
        raise NotTaken("gateway-silent") from None
    except (OSError, HTTPException):
        raise NotTaken("gateway-not-reached") from None
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise _refusal(status)
    return said


def _refusal(status: int) -> NotTaken:
    if 300 <= status < 400:
        return NotTaken("gateway-redirects")
    if status in {401, 403}:
        return NotTaken("sign-in-refused")
    if status == 402:
        return NotTaken("no-credit")
    if status == 429:
        return NotTaken("too-many-messages")
    return NotTaken("message-refused", for_good=status in _FOR_GOOD)
