"""A feed is asked for within bounds, only for what is new, and without telling who asks."""

import gzip
import socket
import threading
from dataclasses import replace

import pytest

from amparo.evidence.fetching import Rules
from amparo.warning.media.asking import Answer, Before, NotRead, ask_for_feed, feed_rules
from amparo.warning.media.items import MOST_BYTES
from tests.evidence import site as sites
from tests.warning.media.newspaper import ETAG, LAST_MODIFIED, Newspaper, make_feed

BOMB = b'<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + make_feed("&b;")


def rules(newspaper: Newspaper, **changed: object) -> Rules:
    allowed = feed_rules(Rules(loopback_ports=frozenset({newspaper.site.port})))
    return replace(allowed, **changed)  # type: ignore[arg-type]


def ask(newspaper: Newspaper, before: Before | None = None, path: str = "/feed", **changed: object) -> Answer:
    return ask_for_feed(newspaper.site.at(path), before or Before(), rules(newspaper, **changed))


def refusal(newspaper: Newspaper, path: str = "/feed", **changed: object) -> str:
    with pytest.raises(NotRead) as refused:
        ask(newspaper, path=path, **changed)
    assert "127.0.0.1" not in str(refused.value)
    return refused.value.code


def test_it_works(newspaper: Newspaper) -> None:
    answer = ask(newspaper)
    assert (answer.outcome, answer.before) == ("read", Before(newspaper.address, ETAG, LAST_MODIFIED))
    assert answer.feed is not None
    assert [each.title for each in answer.feed.items] == ["one", "two"]
    assert (answer.feed.title, answer.feed.language) == ("Invented Gazette", "es")


def test_what_has_not_changed_is_not_sent_again(newspaper: Newspaper) -> None:
    first = ask(newspaper)
    again = ask(newspaper, first.before)
    assert (again.outcome, again.feed, again.before) == ("unchanged", None, first.before)
    assert newspaper.asked()[1]["If-None-Match"] == ETAG
    assert newspaper.asked()[1]["If-Modified-Since"] == LAST_MODIFIED
    newspaper.prints("three")
    assert ask(newspaper, first.before).outcome == "read"


def test_the_newspaper_does_not_learn_who_asks(newspaper: Newspaper) -> None:
    before = ask(newspaper).before
    ask(newspaper, before)
    for headers in newspaper.asked():
        assert "amparo" not in str(headers).lower()
        assert not {"Cookie", "Referer", "Accept-Language", "From"} & set(headers)


def test_what_one_address_said_is_told_to_no_other(newspaper: Newspaper) -> None:
    newspaper.site.sends_on("/moved", "/feed")
    before = ask(newspaper, path="/moved").before
    assert before.address == newspaper.address
    assert ask(newspaper, before, path="/moved").outcome == "unchanged"
    asked = [headers for path, headers in newspaper.site.asked if path == "/moved"]
    assert all("If-None-Match" not in each for each in asked)
    assert ask(newspaper, replace(before, address=newspaper.site.at("/other"))).outcome == "read"


@pytest.mark.parametrize("etag", ["no quotes", '"a"\t"b"', '"' + "x" * 500 + '"', ""])
def test_an_etag_that_is_none_is_not_sent_back(newspaper: Newspaper, etag: str) -> None:
    newspaper.headers = {"ETag": etag, "Last-Modified": "<now>"}
    before = ask(newspaper).before
    assert (before.etag, before.last_modified) == ("", "")
    ask(newspaper, before)
    assert "If-None-Match" not in newspaper.asked()[1]


def test_that_nothing_changed_is_not_believed_of_whom_nobody_asked_so(newspaper: Newspaper) -> None:
    newspaper.says(304)
    assert refusal(newspaper) == "server-error"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "not-allowed"),
        (403, "not-allowed"),
        (404, "not-found"),
        (410, "gone"),
        (429, "too-often"),
        (500, "server-error"),
        (204, "server-error"),
        (301, "server-error"),
    ],
)
def test_a_newspaper_that_does_not_give_it_is_understood(newspaper: Newspaper, status: int, code: str) -> None:
    newspaper.says(status)
    assert refusal(newspaper) == code


@pytest.mark.parametrize(
    "within", ["http://10.0.0.1/", "http://169.254.169.254/latest/", "http://[::1]/", "http://localhost/", "//127.1/"]
)
def test_no_way_leads_into_our_own_network(newspaper: Newspaper, within: str) -> None:
    newspaper.site.sends_on("/feed", within)
    assert refusal(newspaper) == "not-public"
    with pytest.raises(NotRead, match="not-public"):
        ask_for_feed(newspaper.site.at("/").replace(f":{newspaper.site.port}", ""), Before(), feed_rules(Rules()))


def test_redirects_without_end_are_left(newspaper: Newspaper) -> None:
    newspaper.site.sends_on("/feed", "/feed")
    assert refusal(newspaper) == "redirects"
    assert len(newspaper.asked()) == 5


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (sites.endless_body, "too-large"),
        (sites.endless_chunks, "too-large"),
        (sites.huge_headers, "too-large"),
        (sites.trickle, "too-slow"),
        (sites.trickle_of_headers, "too-slow"),
        (sites.not_http, "bad-answer"),
        (sites.cut_off, "not-reached"),
    ],
)
def test_an_answer_that_means_harm_ends_soon(newspaper: Newspaper, harm: object, code: str) -> None:
    newspaper.answers(harm)  # type: ignore[arg-type]
    assert refusal(newspaper, seconds=0.7) == code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html><title>Invented Gazette</title></html>", "no-feed"),
        (b"", "no-feed"),
        (b"\x00\xff" * 50, "no-feed"),
        (BOMB, "declares-entities"),
        (make_feed(*map(str, range(1001))), "too-many-items"),
        (make_feed("one").replace(b"https://a.example/", b"javascript:"), "no-links"),
        (make_feed("one") + b" " * MOST_BYTES, "too-large"),
    ],
)
def test_what_is_no_feed_is_said_to_be_none(newspaper: Newspaper, content: bytes, code: str) -> None:
    newspaper.content = content
    assert refusal(newspaper) == code


def test_a_feed_without_reports_is_no_failure(newspaper: Newspaper) -> None:
    newspaper.content = make_feed()
    assert ask(newspaper).outcome == "empty"


def test_a_feed_whose_end_did_not_arrive_is_not_taken(newspaper: Newspaper) -> None:
    newspaper.content = make_feed("one", "two")[:-30]
    newspaper.headers = {"Content-Length": "", "Connection": "close"}
    newspaper.answers(lambda handler: (newspaper._give(handler), setattr(handler, "close_connection", True))[0])
    assert refusal(newspaper) == "cut-off"


def test_the_encoding_of_the_answer_is_followed(newspaper: Newspaper) -> None:
    newspaper.content = make_feed("قضية").decode().encode("windows-1256")
    newspaper.media_type = "text/xml; charset=windows-1256"
    answer = ask(newspaper)
    assert answer.feed is not None
    assert answer.feed.items[0].title == "قضية"


@pytest.mark.parametrize("media_type", ["text/xml; charset=utf-7", "application/xml; charset=no-such", "", "x;;="])
def test_a_wrong_encoding_breaks_nothing(newspaper: Newspaper, media_type: str) -> None:
    newspaper.media_type = media_type
    assert ask(newspaper).outcome == "read"


def test_a_packed_feed_is_unpacked_and_a_packed_bomb_is_not(newspaper: Newspaper) -> None:
    newspaper.headers = {"Content-Encoding": "gzip"}
    newspaper.content = gzip.compress(make_feed("one"))
    assert ask(newspaper).outcome == "read"
    newspaper.content = sites.bomb()
    assert refusal(newspaper) == "bad-answer"
    newspaper.content = gzip.compress(b" " * 3 * 1024**2)
    assert refusal(newspaper) == "too-large"


def test_a_server_that_is_dead_is_said_to_be(newspaper: Newspaper) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(NotRead, match="not-reached"):
        ask_for_feed(f"http://127.0.0.1:{port}/", Before(), feed_rules(Rules(loopback_ports=frozenset({port}))))


def test_through_a_proxy_nothing_is_told_that_would_know_us_again() -> None:
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        threading.Thread(target=_be_a_proxy, args=(proxy, asked), daemon=True).start()
        through = feed_rules(Rules(proxy=("127.0.0.1", proxy.getsockname()[1])))
        address = "http://some-invented-name.onion/feed"
        first = ask_for_feed(address, Before(), through)
        again = ask_for_feed(address, first.before, through)
    assert (first.outcome, first.before.etag, again.outcome) == ("read", ETAG, "read")
    assert asked[0] == asked[2] == b"\x05\x01\x00\x03" + bytes([24]) + b"some-invented-name.onion" + b"\x00\x50"
    assert b"If-None-Match" not in asked[3]
    assert b"If-Modified-Since" not in asked[3]


def _be_a_proxy(proxy: socket.socket, asked: list[bytes]) -> None:
    content = make_feed("one")
    head = f"HTTP/1.1 200 OK\r\nETag: {ETAG}\r\nContent-Length: {len(content)}\r\n\r\n"
    for _ in range(2):
        line, _where = proxy.accept()
        with line:
            line.recv(3)
            line.sendall(b"\x05\x00")
            asked.append(line.recv(300))
            line.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
            asked.append(line.recv(4096))
            line.sendall(head.encode() + content)
