"""Keeping a page of the web: what is kept, what is refused, and that no address within leads anywhere."""

import socket
import threading
import time
from collections.abc import Iterator
from io import BytesIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from pytest_django.fixtures import Settings
from warcio.archiveiterator import ArchiveIterator

from amparo.evidence import capturing, fetching
from amparo.evidence.capturing import capture_rules, fetch_page
from amparo.evidence.fetching import Budget, NotFetched, Rules, fetch_following, is_public, read_address
from amparo.evidence.models import Exhibit
from amparo.files.services import open_file, read_facts
from amparo.vault.models import LogEntry
from tests.channel.triage.conftest import Desk, close_keys
from tests.evidence import site as sites
from tests.evidence.making import address, place
from tests.evidence.site import Site, serving_site
from tests.factories import make_incident

WORDS = "An invented office was searched in the invented town."


@pytest.fixture
def site() -> Iterator[Site]:
    with serving_site() as found:
        yield found


@pytest.fixture
def _on(settings: Settings, site: Site) -> None:
    settings.CAPTURE, settings.CAPTURE_PROXY = True, None
    settings.CAPTURE_LOOPBACK_PORTS = frozenset({site.port})


def rules(site: Site, **changed: object) -> Rules:
    return Rules(loopback_ports=frozenset({site.port}), **changed)


def refusal(said: str, allowed: Rules) -> str:
    with pytest.raises(NotFetched) as refused:
        fetch_following(said, allowed, Budget(allowed))
    return refused.value.code


def ask_for(desk: Desk, incident: object, said: str, **more: str) -> object:
    where = reverse("case-evidence-capture", args=[incident.pk])
    token = desk.client.get(where).context["form"]["token"].value()
    return desk.client.post(where, {"address": said, "understood": "on", "token": token} | more)


@pytest.mark.django_db
@pytest.mark.usefixtures("_on")
def test_it_works(desk: Desk, site: Site) -> None:
    incident = make_incident(desk.founded)

    answer = ask_for(desk, incident, site.at("/"))

    evidence = incident.evidence.get()
    assert answer["Location"] == address("case-evidence-piece", evidence)
    page = desk.client.get(answer["Location"]).content.decode()
    assert WORDS in page
    assert site.at("/") in page
    assert "not run" not in page
    assert evidence.exhibit.kind == "web-page"
    facts = read_facts(evidence.file, desk.founded.unlocked)
    assert facts.kind == "warc"
    warc = b"".join(open_file(evidence.file, desk.founded.unlocked))
    records = {
        (each.rec_type, each.rec_headers.get_header("WARC-Target-URI")): each.content_stream().read()
        for each in ArchiveIterator(BytesIO(warc))
    }
    assert records["response", site.at("/")] == sites.PAGE.encode()
    for path in ("/style.css", "/photo.jpg", "/back.png", "/in-style.png"):
        assert ("response", site.at(path)) in records
        assert ("request", site.at(path)) in records
    assert LogEntry.objects.get(action="page-captured").facts == {"evidence": evidence.pk, "parts": 4, "missing": 1}


@pytest.mark.django_db
@pytest.mark.usefixtures("_on")
def test_neither_address_nor_words_lie_in_clear(desk: Desk, site: Site) -> None:
    ask_for(desk, make_incident(desk.founded), site.at("/"))

    exhibit = Exhibit.objects.get()
    stored = str([*Exhibit.objects.values(), *LogEntry.objects.values()]) + str(bytes(exhibit.section.ciphertext))
    for each in ("127.0.0.1", "invented town", "Invented news"):
        assert each not in stored
        assert each.encode() not in place(exhibit.evidence).read_bytes()


@pytest.mark.django_db
@pytest.mark.usefixtures("_on")
def test_the_site_does_not_learn_who_asks(desk: Desk, site: Site) -> None:
    ask_for(desk, make_incident(desk.founded), site.at("/"))

    for _, headers in site.asked:
        assert "amparo" not in str(headers).lower()
        assert not {"Cookie", "Referer", "Accept-Language"} & set(headers)


@pytest.mark.django_db
def test_it_is_off_unless_it_is_switched_on(desk: Desk) -> None:
    incident = make_incident(desk.founded)

    assert desk.client.get(reverse("case-evidence-capture", args=[incident.pk])).status_code == 404
    assert "web page…" not in desk.client.get(reverse("case-evidence", args=[incident.pk])).content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("_on")
def test_it_is_fetched_only_after_the_warning_was_read(desk: Desk, site: Site) -> None:
    incident = make_incident(desk.founded)

    page = desk.client.get(reverse("case-evidence-capture", args=[incident.pk])).content.decode()
    answer = ask_for(desk, incident, site.at("/"), understood="")

    assert "sees the address of this server" in page
    assert answer.status_code == 422
    assert site.asked == []


@pytest.mark.django_db
@pytest.mark.usefixtures("_on")
def test_a_refused_address_is_said_at_its_field_and_stays(desk: Desk) -> None:
    incident = make_incident(desk.founded)

    answer = ask_for(desk, incident, "http://169.254.169.254/latest/", shows="Invented words that stay.")

    assert answer.status_code == 422
    told = answer.content.decode()
    assert "a network that is not public" in told
    assert "Invented words that stay." in told
    assert not incident.evidence.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("_on")
def test_one_form_sent_twice_asks_the_site_once(desk: Desk, site: Site) -> None:
    incident = make_incident(desk.founded)
    token = "ab" * 32

    ask_for(desk, incident, site.at("/"), token=token)
    asked = len(site.asked)
    ask_for(desk, incident, site.at("/"), token=token)

    assert len(site.asked) == asked
    assert incident.evidence.count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("_on")
def test_with_closed_keys_nobody_is_asked(desk: Desk, site: Site) -> None:
    incident = make_incident(desk.founded)
    where = reverse("case-evidence-capture", args=[incident.pk])
    close_keys(desk)

    answer = desk.client.post(where, {"address": site.at("/"), "understood": "on", "token": "ab" * 32})

    assert answer.status_code == 422
    assert site.asked == []


@pytest.mark.parametrize(
    "said",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://017700000001/",
        "http://0/",
        "http://localhost/",
        "http://10.0.0.1/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://100.64.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "https://127.0.0.1/",
    ],
)
def test_an_address_that_is_not_public_is_refused(said: str, site: Site) -> None:
    assert refusal(said, Rules()) == "not-public"
    site.sends_on("/on", said)
    # From a page that may be asked for, too; the test's own port is not the way out.
    assert refusal(site.at("/on"), rules(site)) == "not-public"
    # Beyond a proxy nobody here looks at the answer: what the address itself says is refused before.
    assert refusal(said, Rules(proxy=("127.0.0.1", 9))) == "not-public"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("ftp://example.org/", "bad-address"),
        ("file:///etc/passwd", "bad-address"),
        ("gopher://127.0.0.1/", "bad-address"),
        ("javascript:alert(1)", "bad-address"),
        ("example.org", "bad-address"),
        ("http://", "bad-address"),
        ("http://user:secret@example.org/", "bad-address"),
        ("http://example.org/\r\nHost: other", "bad-address"),
        ("http://example.org:99999/", "bad-address"),
        ("http://[::1", "bad-address"),
        ("http://" + "a" * 3000 + ".org/", "bad-address"),
        ("http://example.org:22/", "port"),
        ("http://example.org:25/", "port"),
        ("http://inventedinventedinventedinventedinventedinventedinvented.onion/", "onion"),
        ("http://no-such-host.invalid/", "no-such-host"),
    ],
)
def test_an_address_that_is_none_is_refused(said: str, code: str) -> None:
    assert refusal(said, Rules()) == code


def test_public_addresses_are_public() -> None:
    assert all(is_public(each) for each in ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"))


def test_a_name_that_leads_within_and_without_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 80)) for each in ("93.184.215.14", "127.0.0.1")]
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *_, **__: answers)

    assert refusal("http://rebinding.example/", Rules()) == "not-public"


def test_a_name_is_looked_up_once_and_the_line_goes_to_what_was_checked(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up = []

    def look_up(host: str, port: int, *_: object, **__: object) -> list[object]:
        # Connecting to a number asks as well, for that number.
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(fetching.socket, "getaddrinfo", look_up)
    allowed = rules(site)
    connected = []
    real = socket.create_connection
    monkeypatch.setattr(
        fetching.socket, "create_connection", lambda where, **given: connected.append(where) or real(where, **given)
    )

    fetch_following(f"http://named.example:{site.port}/photo.jpg", allowed, Budget(allowed))

    assert looked_up == ["named.example", "127.0.0.1"]
    assert connected == [("127.0.0.1", site.port)]
    assert site.asked[0][1]["Host"] == f"named.example:{site.port}"


def test_redirects_are_followed_and_each_is_kept(site: Site) -> None:
    site.sends_on("/one", "/two")
    site.sends_on("/two", "/")

    captured = fetch_page(site.at("/one"), rules(site))

    assert captured.final_address == site.at("/")
    kept = [each.rec_headers.get_header("WARC-Target-URI") for each in ArchiveIterator(BytesIO(captured.warc))]
    assert {site.at("/one"), site.at("/two"), site.at("/")} <= set(kept)


def test_redirects_without_end_are_refused(site: Site) -> None:
    site.sends_on("/round", "/round")

    assert refusal(site.at("/round"), rules(site)) == "redirects"


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (sites.endless_body, "too-large"),
        (sites.endless_chunks, "too-large"),
        (sites.trickle, "too-slow"),
        (sites.trickle_of_headers, "too-slow"),
        (sites.huge_headers, "too-large"),
        (sites.many_headers, "bad-answer"),
        (sites.not_http, "bad-answer"),
        (sites.cut_off, "not-reached"),
        (sites.continues_for_ever, "too-large"),
    ],
)
def test_an_answer_that_means_harm_ends_soon(site: Site, harm: object, code: str) -> None:
    site.answers["/harm"] = harm
    began = time.monotonic()

    assert refusal(site.at("/harm"), rules(site, seconds=2.0, most_page_bytes=1_000_000)) == code
    assert time.monotonic() - began < 6


def test_a_gzip_bomb_is_kept_packed_and_never_unpacked(site: Site) -> None:
    site.says("/bomb", sites.bomb(), Content_Encoding="gzip")

    captured = fetch_page(site.at("/bomb"), rules(site))

    assert captured.text == ""
    assert len(captured.warc) < 200_000


def test_a_page_of_very_many_parts_is_bounded(site: Site) -> None:
    site.says("/many", "".join(f'<img src="/photo.jpg?{n}">' for n in range(500)).encode())
    site.answers |= {f"/photo.jpg?{n}": site.answers["/photo.jpg"] for n in range(500)}

    captured = fetch_page(site.at("/many"), rules(site))

    assert captured.parts == 59
    assert captured.missing == 441
    assert len(site.asked) == 60


def test_all_parts_together_are_bounded(site: Site) -> None:
    site.says("/heavy", "".join(f'<img src="/heavy.jpg?{n}">' for n in range(50)).encode())
    for n in range(50):
        site.says(f"/heavy.jpg?{n}", b"x" * 100_000, "image/jpeg")

    captured = fetch_page(site.at("/heavy"), rules(site, most_bytes=1_000_000))

    assert captured.parts < 10
    assert captured.parts + captured.missing == 50


def test_only_two_are_fetched_at_a_time(site: Site) -> None:
    with capturing._GATE, capturing._GATE, pytest.raises(NotFetched, match="busy"):
        fetch_page(site.at("/"), rules(site))
    assert site.asked == []


def test_a_site_without_a_valid_certificate_is_refused(site: Site) -> None:
    secure = site.at("/").replace("http://", "https://")

    assert refusal(secure, rules(site)) in ("certificate", "not-reached")


def test_through_a_proxy_the_name_is_looked_up_beyond_it() -> None:
    seen: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        thread = threading.Thread(target=_be_a_proxy, args=(proxy, seen), daemon=True)
        thread.start()
        allowed = Rules(proxy=("127.0.0.1", proxy.getsockname()[1]))
        (exchange,) = fetch_following("http://some-invented-name.onion/", allowed, Budget(allowed))
        thread.join(5)

    assert exchange.body == b"through the proxy"
    assert seen[0] == b"\x05\x01\x00\x03" + bytes([24]) + b"some-invented-name.onion" + (80).to_bytes(2, "big")


def test_a_proxy_that_does_not_answer_is_said(site: Site) -> None:
    assert refusal("http://example.org/", Rules(proxy=("127.0.0.1", 9))) == "no-proxy"


def test_the_way_to_this_machine_is_for_tests_only(settings: Settings) -> None:
    settings.CAPTURE_LOOPBACK_PORTS = frozenset({80})
    settings.SETTINGS_MODULE = "amparo.config.settings"

    with pytest.raises(ImproperlyConfigured):
        capture_rules()


def test_what_is_typed_never_breaks_out_of_the_request() -> None:
    target = read_address("http://exämple.org/a b".replace(" ", "%20") + "?q=é&x=\u202e")

    assert target.host == "xn--exmple-cua.org"
    assert target.path.isascii()


def _be_a_proxy(proxy: socket.socket, seen: list[bytes]) -> None:
    line, _ = proxy.accept()
    with line:
        line.recv(3)
        line.sendall(b"\x05\x00")
        seen.append(line.recv(300))
        line.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        line.recv(4096)
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\nthrough the proxy")
