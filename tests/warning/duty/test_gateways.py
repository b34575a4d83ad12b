"""What goes to a gateway, byte for byte; and what its answers mean."""

import json
import socket

import pytest

from amparo.warning.duty.gateways import BadGateway, NotTaken, read_signal_daemon, read_sms_gateway
from tests.warning.duty.conftest import SENT
from tests.warning.duty.desks import Gateway, answer_with

NUMBER = "+10000000002"
TEXT = "There is something new in Amparo. Sign in to read it."


def send(gateway: Gateway, answer: bytes | None = None) -> None:
    gateway.answer = answer or gateway.answer
    there = read_sms_gateway(f"{gateway.url}/send", "invented-token")
    assert there is not None
    there.hand_over(NUMBER, TEXT)


def test_it_works(gateway: Gateway) -> None:
    send(gateway)
    body = json.dumps({"to": NUMBER, "text": TEXT}).encode()
    assert gateway.requests == [
        b"POST /send HTTP/1.1\r\n"
        b"Host: 127.0.0.1:" + str(gateway.port).encode() + b"\r\n"
        b"Accept-Encoding: identity\r\n"
        b"Content-Length: " + str(len(body)).encode() + b"\r\n"
        b"Content-Type: application/json\r\n"
        b"Authorization: Bearer invented-token\r\n\r\n" + body
    ]


def test_signal_is_asked_by_json_rpc(signal: Gateway) -> None:
    daemon = read_signal_daemon(signal.url, "+10000000001")
    assert daemon is not None
    daemon.hand_over(NUMBER, TEXT)
    head, _, body = signal.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /api/v1/rpc HTTP/1.1\r\n")
    assert json.loads(body) == {
        "jsonrpc": "2.0",
        "id": "1",
        "method": "send",
        "params": {"recipient": [NUMBER], "message": TEXT, "account": "+10000000001"},
    }


@pytest.mark.parametrize(
    ("status", "code", "for_good"),
    [
        ("302 Found", "gateway-redirects", False),
        ("400 Bad Request", "message-refused", True),
        ("401 Unauthorized", "sign-in-refused", False),
        ("429 Too Many Requests", "message-refused", False),
        ("500 Internal Server Error", "message-refused", False),
    ],
)
def test_a_refusal_is_a_code(gateway: Gateway, status: str, code: str, *, for_good: bool) -> None:
    with pytest.raises(NotTaken) as refused:
        send(gateway, answer_with(status, f"no such number {NUMBER}", "Location: http://127.0.0.1:1/elsewhere"))
    assert (refused.value.code, refused.value.for_good) == (code, for_good)
    assert NUMBER not in repr(refused.value)
    assert len(gateway.requests) == 1


@pytest.mark.parametrize(
    ("answer", "code", "for_good"),
    [
        ("", "answer-not-understood", False),
        ("[]", "answer-not-understood", False),
        ('{"error":{"code":-1,"message":"no"}}', "message-refused", False),
        (SENT.replace("SUCCESS", "UNREGISTERED_FAILURE"), "address-refused", True),
        (SENT.replace("SUCCESS", "NETWORK_FAILURE"), "address-refused", False),
    ],
)
def test_signal_may_say_that_it_sent_nothing(signal: Gateway, answer: str, code: str, *, for_good: bool) -> None:
    signal.answer = answer_with("200 OK", answer)
    daemon = read_signal_daemon(signal.url, None)
    assert daemon is not None
    with pytest.raises(NotTaken) as refused:
        daemon.hand_over(NUMBER, TEXT)
    assert (refused.value.code, refused.value.for_good) == (code, for_good)


def test_nobody_there_is_a_code() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    there = read_sms_gateway(f"http://127.0.0.1:{port}/", None)
    assert there is not None
    with pytest.raises(NotTaken, match="gateway-not-reached"):
        there.hand_over(NUMBER, TEXT)


def test_where_the_line_is_not_encrypted_nothing_is_said(gateway: Gateway) -> None:
    gateway.reads_nothing = True
    there = read_sms_gateway(gateway.url.replace("http://", "https://"), "invented-token")
    assert there is not None
    with pytest.raises(NotTaken, match="line-not-safe"):
        there.hand_over(NUMBER, TEXT)
    assert NUMBER.encode() not in b"".join(gateway.requests)


@pytest.mark.parametrize(
    "url",
    [
        "http://gateway.example.org/",
        "ftp://127.0.0.1/",
        "https://",
        "https://user:secret@gateway.example.org/",
        "https://gateway.example.org/a b",
        "https://gateway.example.org:port/",
        "http://127.0.0.1.example.org/",
    ],
)
def test_an_address_that_is_not_safe_is_refused(url: str) -> None:
    for read, name in ((read_sms_gateway, "AMPARO_SMS_URL"), (read_signal_daemon, "AMPARO_SIGNAL_URL")):
        with pytest.raises(BadGateway, match=name) as refused:
            read(url, None)
        assert "secret" not in str(refused.value)


def test_a_token_or_number_alone_is_told() -> None:
    assert read_sms_gateway(None, None) is read_signal_daemon("", "") is None
    with pytest.raises(BadGateway, match="AMPARO_SMS_URL"):
        read_sms_gateway("", "invented-token")
    with pytest.raises(BadGateway, match="AMPARO_SIGNAL_URL"):
        read_signal_daemon(None, NUMBER)
    with pytest.raises(BadGateway, match="AMPARO_SIGNAL_NUMBER"):
        read_signal_daemon("http://localhost:8080", "office")
    with pytest.raises(BadGateway, match="AMPARO_SMS_TOKEN") as refused:
        read_sms_gateway("https://gateway.example.org/", "secret\r\nX: y")
    assert "secret" not in str(refused.value)
    assert "invented-token" not in repr(read_sms_gateway("https://gateway.example.org/", "invented-token"))
