"""Signal, through signal-cli's daemon over HTTP, which speaks JSON-RPC 2.0. No Django here.

What fails for the only recipient comes as an error whose `data.response.results` says why; what fails for some comes as
a result whose `results` does. Both are read the same way, and nothing else of an answer: it holds the number.
Source: signal-cli-jsonrpc(5) and its error codes, https://github.com/AsamK/signal-cli (July 2026).
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from amparo.warning.duty.gateways import JSON, Address, BadGateway, NotTaken, post, read_address

# Sending takes some seconds, and more where the daemon first looks the number up.
_SECONDS = 30
_RPC = "/api/v1/rpc"
_INVALID_PARAMS = -32602
# An account by its number, or by its ACI where it has none.
_ACCOUNT = re.compile(r"\+[0-9]{5,15}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_OF_ERROR = {
    -3: "signal-not-reached",
    -4: "identity-changed",
    -5: "too-many-messages",
    _INVALID_PARAMS: "account-not-there",
}
_OF_TYPE = {
    "UNREGISTERED_FAILURE": "address-refused",
    "IDENTITY_FAILURE": "identity-changed",
    "RATE_LIMIT_FAILURE": "too-many-messages",
    "NETWORK_FAILURE": "signal-not-reached",
}


@dataclass(frozen=True, slots=True)
class SignalDaemon:
    """signal-cli as a daemon (`signal-cli daemon --http`). `account` is the one that sends, where it serves several."""

    address: Address
    account: str = field(default="", repr=False)

    def hand_over(self, number: str, text: str) -> None:
        """Give `text` for `number` to the daemon: to that person, never to a group. Raises `NotTaken`."""
        params: dict[str, object] = {"recipient": [number], "message": text}
        if self.account:
            params["account"] = self.account
        asked = {"jsonrpc": "2.0", "id": "1", "method": "send", "params": params}
        _check_answer(post(self.address, json.dumps(asked).encode(), JSON, {}, _SECONDS))


def read_signal_daemon(url: str | None, account: str | None) -> SignalDaemon | None:
    """The daemon in AMPARO_SIGNAL_URL; None where it is not set. Raises `BadGateway`."""
    if not url:
        if account:
            raise BadGateway("AMPARO_SIGNAL_NUMBER needs AMPARO_SIGNAL_URL beside it.")
        return None
    if account and not _ACCOUNT.fullmatch(account):
        raise BadGateway("AMPARO_SIGNAL_NUMBER is a number with its country, + and digits; or the ACI of an account.")
    return SignalDaemon(read_address("AMPARO_SIGNAL_URL", url, _RPC), account or "")


def _check_answer(said: bytes) -> None:
    """Raises `NotTaken` where the daemon says that it sent nothing."""
    try:
        answer = json.loads(said)
    except ValueError:
        raise NotTaken("answer-not-understood") from None
    if not isinstance(answer, dict):
        raise NotTaken("answer-not-understood")
    error, result = answer.get("error"), answer.get("result")
    if isinstance(error, dict):
        raise _refusal(error)
    if not isinstance(result, dict) or "timestamp" not in result:
        raise NotTaken("answer-not-understood")
    failed = [each for each in _results(result) if each.get("type") != "SUCCESS"]
    if failed:
        raise _of_result(failed[0])


def _refusal(error: dict[str, Any]) -> NotTaken:
    data = error.get("data")
    failed = _results(data.get("response")) if isinstance(data, dict) else []
    if failed:
        return _of_result(failed[0])
    # Some limits come as an internal error that names them.
    if "RateLimit" in str(error.get("message")):
        return NotTaken("too-many-messages")
    return NotTaken(_OF_ERROR.get(error.get("code", 0), "message-refused"))


def _of_result(result: dict[str, Any]) -> NotTaken:
    kind = str(result.get("type"))
    if result.get("token"):
        # Older versions name the type otherwise; with a token there is a captcha to solve.
        return NotTaken("captcha-wanted")
    return NotTaken(_OF_TYPE.get(kind, "message-refused"), for_good=kind == "UNREGISTERED_FAILURE")


def _results(response: object) -> list[dict[str, Any]]:
    found = response.get("results") if isinstance(response, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
