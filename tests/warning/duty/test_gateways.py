"""What goes to a gateway, byte for byte; and what its answers mean."""

import json
import socket

import pytest

from amparo.warning.duty import sms_gateway
from amparo.warning.duty.gateways import BadGateway, NotTaken, _refusal
from amparo.warning.duty.signal_daemon import _OF_ERROR, _OF_TYPE, read_signal_daemon
from amparo.warning.duty.sms_gateway import read_sms_gateway
from amparo.warning.templatetags.duty import problem
from tests.warning.duty.conftest import SENT
from tests.warning.duty.desks import Gateway, answer_with

NUMBER = "+10000000002"
TEXT = "There is something new in Amparo. Sign in to read it."


def send(gateway: Gateway, answer: bytes | None = None) -> None:
    gateway.answer = answer or gateway.answer
    there = read_sms_gateway(f"{gateway.url}/send", "invented-token")
    assert there is not None
    there.hand_over(NUMBER, TEXT)


def error_of(code: int, kind: str | None = None, *, message: str = "Failed to send message", **more: object) -> str:
    """How signal-cli says that it sent nothing: each recipient's reason stands in the data of the error."""
    results = [{"recipientAddress": {"number": NUMBER}, "type": kind, **more}]
    data = {"response": {"timestamp": 1, "results": results}} if kind else None
    return json.dumps({"jsonrpc": "2.0", "id": "1", "error": {"code": code, "message": message, "data": data}})


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
        ("402 Payment Required", "no-credit", False),
        ("404 Not Found", "message-refused", False),
        ("421 Misdirected Request", "message-refused", False),
        ("429 Too Many Requests", "too-many-messages", False),
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
        ('{"jsonrpc":"2.0","id":"1","result":{}}', "answer-not-understood", False),
        (SENT.replace("SUCCESS", "UNREGISTERED_FAILURE"), "address-refused", True),
        (SENT.replace("SUCCESS", "NETWORK_FAILURE"), "signal-not-reached", False),
        (error_of(-1), "message-refused", False),
        (error_of(-1, "UNREGISTERED_FAILURE"), "address-refused", True),
        (error_of(-1, "INVALID_PRE_KEY_FAILURE"), "message-refused", False),
        (error_of(-3), "signal-not-reached", False),
        (error_of(-4, "IDENTITY_FAILURE"), "identity-changed", False),
        (error_of(-5, "RATE_LIMIT_FAILURE", retryAfterSeconds=86400), "too-many-messages", False),
        (error_of(-5, "RATE_LIMIT_FAILURE", token="invented", retryAfterSeconds=86400), "captcha-wanted", False),
        (error_of(-1, "NETWORK_FAILURE", token="invented"), "captcha-wanted", False),
        (error_of(-32602), "account-not-there", False),
        (
            error_of(-32603, message="Failed: [429] Rate limit exceeded (RateLimitException)"),
            "too-many-messages",
            False,
        ),
        (error_of(-32603), "message-refused", False),
    ],
)
def test_signal_may_say_that_it_sent_nothing(signal: Gateway, answer: str, code: str, *, for_good: bool) -> None:
    signal.answer = answer_with("200 OK", answer)
    daemon = read_signal_daemon(signal.url, None)
    assert daemon is not None
    with pytest.raises(NotTaken) as refused:
        daemon.hand_over(NUMBER, TEXT)
    assert (refused.value.code, refused.value.for_good) == (code, for_good)
    assert NUMBER not in repr(refused.value)


@pytest.mark.parametrize(
    ("sign_in", "token", "body", "header", "sent"),
    [
        # The forms of some gateways that are in use.
        (
            "basic",
            "AC1:secret",
            "From=%2B10000000009&To={number}&Body={text}",
            b"Authorization: Basic QUMxOnNlY3JldA==",
            b"From=%2B10000000009&To=%2B10000000002&Body=There+is+something+new+in+Amparo.+Sign+in+to+read+it.",
        ),
        (
            "x-api-key",
            "secret",
            '{"from": "+10000000009", "to": "{number}", "content": "{text}"}',
            b"x-api-key: secret",
            json.dumps({"from": "+10000000009", "to": NUMBER, "content": TEXT}).encode(),
        ),
        (
            None,
            "secret",
            '{"phoneNumbers": ["{number}"], "textMessage": {"text": "{text}"}, "ttl": 3600}',
            b"Authorization: Bearer secret",
            json.dumps({"phoneNumbers": [NUMBER], "textMessage": {"text": TEXT}, "ttl": 3600}).encode(),
        ),
        (
            None,
            None,
            '{"api_key": "invented", "to": "{digits}", "text": "{text}", "type": "unicode"}',
            b"Content-Type: application/json",
            json.dumps({"api_key": "invented", "to": NUMBER[1:], "text": TEXT, "type": "unicode"}).encode(),
        ),
    ],
)
def test_a_gateway_is_asked_in_its_own_form(
    gateway: Gateway, sign_in: str | None, token: str | None, body: str, header: bytes, sent: bytes
) -> None:
    there = read_sms_gateway(gateway.url, token, body, sign_in)
    assert there is not None
    there.hand_over(NUMBER, TEXT)
    head, _, got = gateway.requests[0].partition(b"\r\n\r\n")
    assert header in head.split(b"\r\n")
    assert got == sent
    assert "secret" not in repr(there)
    assert "invented" not in repr(there)


def test_a_sentence_is_put_in_as_it_is(gateway: Gateway) -> None:
    there = read_sms_gateway(gateway.url, None, '{"to": "{number}", "text": "{text}"}')
    assert there is not None
    there.hand_over(NUMBER, 'يوجد "جديد" {number}\n')
    assert json.loads(gateway.requests[0].partition(b"\r\n\r\n")[2])["text"] == 'يوجد "جديد" {number}\n'


def test_where_2xx_says_nothing_the_answer_is_looked_at(gateway: Gateway) -> None:
    there = read_sms_gateway(gateway.url, None, taken='"status": "0"')
    assert there is not None
    gateway.answer = answer_with("200 OK", '{"messages": [{"status":"0"}]}')
    there.hand_over(NUMBER, TEXT)
    gateway.answer = answer_with("200 OK", '{"messages": [{"status": "4", "error-text": "Bad Credentials"}]}')
    with pytest.raises(NotTaken, match="message-refused") as refused:
        there.hand_over(NUMBER, TEXT)
    assert not refused.value.for_good


def test_a_gateway_that_falls_silent_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sms_gateway, "_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        there = read_sms_gateway(f"http://127.0.0.1:{silent.getsockname()[1]}/", None)
        assert there is not None
        with pytest.raises(NotTaken, match="gateway-silent") as refused:
            there.hand_over(NUMBER, TEXT)
    assert not refused.value.for_good


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"body": "to {number}"}, "AMPARO_SMS_BODY"),
        ({"body": '{"to": "{number}"}'}, "AMPARO_SMS_BODY"),
        ({"body": '{"{number}": "{text}"}'}, "AMPARO_SMS_BODY"),
        ({"body": '{"to": "{number}", "text": "{text}"'}, "AMPARO_SMS_BODY"),
        ({"sign_in": "basic"}, "AMPARO_SMS_SIGN_IN"),
        ({"sign_in": "X-Key: secret\r\nY"}, "AMPARO_SMS_SIGN_IN"),
    ],
)
def test_a_form_that_nobody_could_send_is_told_at_the_start(said: dict[str, str], name: str) -> None:
    with pytest.raises(BadGateway, match=name) as refused:
        read_sms_gateway("https://gateway.example.org/", "token", **said)
    assert "secret" not in str(refused.value)
    with pytest.raises(BadGateway, match="AMPARO_SMS_URL"):
        read_sms_gateway(None, None, **said)


def test_every_problem_has_words() -> None:
    codes = {*_OF_TYPE.values(), *_OF_ERROR.values()}
    codes |= {_refusal(status).code for status in (302, 401, 402, 429, 500)}
    codes |= {"gateway-silent", "captcha-wanted", "answer-not-understood", "line-not-safe", "gateway-not-reached"}
    assert all(problem(code) != code for code in codes)


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
    by_aci = read_signal_daemon("http://localhost:8080", "11111111-1111-4111-8111-111111111111")
    assert by_aci is not None
    assert by_aci.address.path == "/api/v1/rpc"
    with pytest.raises(BadGateway, match="AMPARO_SMS_TOKEN") as refused:
        read_sms_gateway("https://gateway.example.org/", "secret\r\nX: y")
    assert "secret" not in str(refused.value)
    assert "invented-token" not in repr(read_sms_gateway("https://gateway.example.org/", "invented-token"))
