"""An SMS gateway over HTTP, in the form that it takes: JSON or fields of a form, with its way of signing in. No Django.

There is no common form: gateways name the fields and the sign-in each in their own way, and some answer 200 to what
they refuse. So all of it can be set; docs/operating.md shows it for some.
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from amparo.warning.duty.gateways import FORM, JSON, Address, BadGateway, NotTaken, post, read_address

_SECONDS = 20
_BODY = '{"to": "{number}", "text": "{text}"}'
# What a body says in their place: the number, the number without its plus, the sentence.
_NUMBERS, _TEXT = ("{number}", "{digits}"), "{text}"
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_SPACES = re.compile(r"\s")
Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """A gateway that takes a POST of `body`, JSON or fields of a form, and answers 2xx where it took the message.

    `headers` sign in. `taken` is what its answer holds besides, spaces left out, where 2xx alone says nothing.
    """

    address: Address
    body: Any = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    taken: str = ""

    def hand_over(self, number: str, text: str) -> None:
        """Give `text` for `number` to the gateway. Raises `NotTaken`."""
        said = {"{number}": number, "{digits}": number.removeprefix("+"), _TEXT: text}
        if isinstance(self.body, tuple):
            body, kind = urlencode([(name, _fill(value, said)) for name, value in self.body]).encode(), FORM
        else:
            body, kind = json.dumps(_fill(self.body, said)).encode(), JSON
        answer = post(self.address, body, kind, self.headers, _SECONDS)
        if self.taken and self.taken not in _SPACES.sub("", answer.decode("utf-8", "replace")):
            raise NotTaken("message-refused")


def read_sms_gateway(
    url: str | None, token: str | None, body: str | None = None, sign_in: str | None = None, taken: str | None = None
) -> SmsGateway | None:
    """The gateway in AMPARO_SMS_URL and the variables beside it; None where it is not set. Raises `BadGateway`."""
    if not url:
        for name, value in (("TOKEN", token), ("BODY", body), ("SIGN_IN", sign_in), ("TAKEN", taken)):
            if value:
                raise BadGateway(f"AMPARO_SMS_{name} needs AMPARO_SMS_URL beside it.")
        return None
    if token and not (token.isascii() and token.isprintable() and " " not in token):
        raise BadGateway("AMPARO_SMS_TOKEN is one word of letters, digits and signs.")
    return SmsGateway(
        read_address("AMPARO_SMS_URL", url, "/"),
        _read_body(body or _BODY),
        _read_sign_in(sign_in or "bearer", token or ""),
        _SPACES.sub("", taken or ""),
    )


def _read_body(body: str) -> Any:
    try:
        read: Any = json.loads(body) if body.lstrip().startswith("{") else tuple(parse_qsl(body, strict_parsing=True))
    except ValueError:
        raise BadGateway("AMPARO_SMS_BODY is JSON, or fields of a form: To={number}&Body={text}") from None
    words = list(_words(read))
    if not any(_TEXT in each for each in words) or not any(name in each for each in words for name in _NUMBERS):
        raise BadGateway("AMPARO_SMS_BODY says where {text} goes, and {number} or {digits}.")
    return read


def _read_sign_in(sign_in: str, token: str) -> dict[str, str]:
    if sign_in == "basic" and (not token or ":" not in token):
        raise BadGateway("AMPARO_SMS_SIGN_IN basic needs AMPARO_SMS_TOKEN as name:password.")
    if not _HEADER.fullmatch(sign_in):
        raise BadGateway("AMPARO_SMS_SIGN_IN is bearer, basic or the name of a header, such as X-API-Key.")
    if not token:
        return {}
    if sign_in == "basic":
        return {"Authorization": f"Basic {base64.b64encode(token.encode()).decode()}"}
    return {"Authorization": f"Bearer {token}"} if sign_in == "bearer" else {sign_in: token}


def _words(body: Any) -> list[str]:
    """Every text that a body holds as a value."""
    if isinstance(body, str):
        return [body]
    if isinstance(body, tuple):
        return [value for _name, value in body]
    parts = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    return [word for part in parts for word in _words(part)]


def _fill(body: Any, said: Mapping[str, str]) -> Any:
    if isinstance(body, str):
        # All at once: what is put in is not looked at again.
        return re.sub("|".join(map(re.escape, said)), lambda each: said[each.group()], body)
    if isinstance(body, dict):
        return {name: _fill(value, said) for name, value in body.items()}
    return [_fill(each, said) for each in body] if isinstance(body, list) else body
