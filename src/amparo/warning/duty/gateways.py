"""Handing a pointer to a telephone: an SMS gateway over HTTP, and Signal through signal-cli's daemon. No Django here.

A gateway is sent a number and one fixed sentence. It is reached over TLS, or on this machine; a redirect is a refusal:
it could lead the number elsewhere. What it answers is read only as far as it tells whether it took the message.
"""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Protocol
from urllib.parse import urlsplit

_SECONDS = 15
_MOST_BYTES = 65_536
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
# Answers after which another try is worth it, among those from 400 to 499.
_WORTH_ANOTHER_TRY = {401, 403, 404, 408, 425, 429}
_RPC = "/api/v1/rpc"


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


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """A gateway that takes {"to": number, "text": sentence} as JSON, and answers 2xx where it took it."""

    address: Address
    token: str = field(default="", repr=False)

    def hand_over(self, number: str, text: str) -> None:
        """Give `text` for `number` to the gateway. Raises `NotTaken`."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        _post(self.address, {"to": number, "text": text}, headers)


@dataclass(frozen=True, slots=True)
class SignalDaemon:
    """signal-cli as a daemon (`signal-cli daemon --http`), which speaks JSON-RPC 2.0.

    `account` is the number that sends, where the daemon serves several.
    Source: signal-cli-jsonrpc(5), https://github.com/AsamK/signal-cli/blob/master/man/signal-cli-jsonrpc.5.adoc
    """

    address: Address
    account: str = field(default="", repr=False)

    def hand_over(self, number: str, text: str) -> None:
        """Give `text` for `number` to the daemon. Raises `NotTaken`."""
        params: dict[str, object] = {"recipient": [number], "message": text}
        if self.account:
            params["account"] = self.account
        answer = _post(self.address, {"jsonrpc": "2.0", "id": "1", "method": "send", "params": params}, {})
        _check_answer(answer)


def read_sms_gateway(url: str | None, token: str | None) -> SmsGateway | None:
    """The gateway in AMPARO_SMS_URL; None where it is not set. Raises `BadGateway`."""
    if not url:
        if token:
            raise BadGateway("AMPARO_SMS_TOKEN needs AMPARO_SMS_URL beside it.")
        return None
    if token and not (token.isascii() and token.isprintable() and " " not in token):
        raise BadGateway("AMPARO_SMS_TOKEN is one word of letters, digits and signs.")
    return SmsGateway(_read_address("AMPARO_SMS_URL", url, "/"), token or "")


def read_signal_daemon(url: str | None, account: str | None) -> SignalDaemon | None:
    """The daemon in AMPARO_SIGNAL_URL; None where it is not set. Raises `BadGateway`."""
    if not url:
        if account:
            raise BadGateway("AMPARO_SIGNAL_NUMBER needs AMPARO_SIGNAL_URL beside it.")
        return None
    if account and not (account.startswith("+") and account[1:].isascii() and account[1:].isdecimal()):
        raise BadGateway("AMPARO_SIGNAL_NUMBER is a number with its country: + and digits.")
    return SignalDaemon(_read_address("AMPARO_SIGNAL_URL", url, _RPC), account or "")


def _read_address(name: str, url: str, path: str) -> Address:
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


def _post(address: Address, body: Mapping[str, object], headers: Mapping[str, str]) -> bytes:
    connection: HTTPConnection
    if address.is_safe:
        connection = HTTPSConnection(address.host, address.port, timeout=_SECONDS, context=ssl.create_default_context())
    else:
        connection = HTTPConnection(address.host, address.port, timeout=_SECONDS)
    sent = json.dumps(body).encode()
    try:
        connection.request("POST", address.path, sent, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        status, said = answer.status, answer.read(_MOST_BYTES)
    except ssl.SSLError:
        raise NotTaken("line-not-safe") from None
    except (OSError, HTTPException):
        raise NotTaken("gateway-not-reached") from None
    finally:
        connection.close()
    if 300 <= status < 400:
        raise NotTaken("gateway-redirects")
    if status in {401, 403}:
        raise NotTaken("sign-in-refused")
    if not 200 <= status < 300:
        raise NotTaken("message-refused", for_good=400 <= status < 500 and status not in _WORTH_ANOTHER_TRY)
    return said


def _check_answer(said: bytes) -> None:
    """Raises `NotTaken` where the daemon says that it sent nothing."""
    try:
        answer = json.loads(said)
    except ValueError:
        raise NotTaken("answer-not-understood") from None
    result = answer.get("result") if isinstance(answer, dict) else None
    if not isinstance(result, dict):
        raise NotTaken("message-refused" if isinstance(answer, dict) and "error" in answer else "answer-not-understood")
    each = result.get("results", [])
    kinds = {str(one.get("type")) for one in each if isinstance(one, dict)} if isinstance(each, list) else set()
    if kinds - {"SUCCESS"}:
        raise NotTaken("address-refused", for_good="UNREGISTERED_FAILURE" in kinds)
