"""What was tried against the channel, and refused."""

import statistics
import time
from pathlib import Path

import pytest
from django.conf import settings as amparo_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from amparo.channel.browser_key import COOKIE
from amparo.channel.models import Draft, Mailbox, OpenMailbox, Report
from amparo.portal.page_cache import PageCache
from amparo.vault.models import LogEntry
from tests.channel.reporting import (
    LEAVE,
    MAILBOX,
    START,
    STORY,
    WRITE,
    begin,
    hidden_fields,
    open_mailbox,
    read_receipt,
    send,
    send_and_copy,
    text_of,
)
from tests.factories import make_channel, make_institution
from tests.leaks import find_leaks, find_leaks_in_database

pytestmark = pytest.mark.django_db


def test_a_replayed_report_from_elsewhere_is_refused_and_shows_no_receipt(client: Client) -> None:
    sent = {**begin(client, make_channel()), "action": "send", "what": STORY}
    receipt = read_receipt(client.post(WRITE, sent))

    replayed = Client().post(WRITE, sent)

    assert replayed.status_code == 409
    assert "was received already" in text_of(replayed)
    assert receipt not in text_of(replayed).replace(" ", "")
    assert Report.objects.count() == 1


def test_a_replay_after_everything_was_deleted_makes_no_new_report_a_day_later(client: Client) -> None:
    sent = {**begin(client, make_channel()), "action": "send", "what": STORY, "submission": "invented:1:x"}

    page = client.post(WRITE, sent)

    assert page.status_code == 422
    assert not Report.objects.exists()


def test_wrong_receipts_take_as_long_whether_they_are_receipts_or_not(client: Client) -> None:
    receipt = send_and_copy(client, make_channel())
    wrong = receipt[:-1] + str((int(receipt[-1]) + 1) % 10)

    def seconds(typed: str) -> float:
        taken = []
        for _ in range(5):
            started = time.process_time()
            assert client.post(MAILBOX, {"action": "open", "receipt": typed}).status_code == 422
            taken.append(time.process_time() - started)
        return statistics.median(taken)

    a_receipt, none = seconds(wrong), seconds("no receipt")

    assert 0.6 < a_receipt / none < 1.6


def test_guessing_receipts_ends_soon_and_for_everybody_without_a_proof(client: Client, settings: Settings) -> None:
    settings.CHANNEL_RATE = 0.5
    make_channel()

    tried = [open_mailbox(client, f"{n:016}").status_code for n in range(4)]

    assert tried == [422, 422, 429, 429]
    assert open_mailbox(Client(), "7" * 16)["Content-Type"].startswith("text/html")


def test_a_receipt_opens_its_own_mailbox_only(client: Client) -> None:
    channel = make_channel()
    first, second = send_and_copy(Client(), channel), send_and_copy(Client(), channel)

    open_mailbox(client, first)
    opened_first = OpenMailbox.objects.get().mailbox_id
    open_mailbox(client, second)

    assert OpenMailbox.objects.get().mailbox_id != opened_first


@pytest.mark.parametrize("key", ["", "00" * 32, "x" * 64, "00" * 31, "../../etc", "\x00"])
def test_a_mailbox_is_closed_to_a_browser_without_its_key(client: Client, key: str) -> None:
    open_mailbox(client, send_and_copy(client, make_channel()))

    thief = Client()
    thief.cookies[COOKIE] = key

    assert "Your receipt" in text_of(thief.get(MAILBOX))
    for action in ("send", "agree", "delete"):
        refused = thief.post(MAILBOX, {"action": action, "text": "x", "confirmation": "delete"})
        assert refused.status_code == 403
    assert Report.objects.count() == 1


def test_after_leaving_a_stolen_cookie_opens_nothing(client: Client) -> None:
    sent = {**begin(client, make_channel()), "action": "keep", "what": STORY}
    client.post(WRITE, sent)
    open_mailbox(client, send_and_copy(Client(), make_channel()))
    thief = Client()
    thief.cookies[COOKIE] = client.cookies[COOKIE].value

    client.get(LEAVE)

    assert "Your receipt" in text_of(thief.get(MAILBOX))
    assert thief.get(WRITE).status_code == 302


def test_forms_from_another_site_are_refused(client: Client) -> None:
    channel = make_channel()
    careful = Client(enforce_csrf_checks=True)
    receipt = send_and_copy(client, channel)
    careful.cookies[COOKIE] = client.cookies[COOKIE].value
    open_mailbox(client, receipt)

    for address, form in (
        (WRITE, {"action": "begin", "about": "defender", "institution": channel.institution.code}),
        (WRITE, {"action": "forget"}),
        (MAILBOX, {"action": "open", "receipt": receipt}),
        (MAILBOX, {"action": "delete", "confirmation": "delete"}),
    ):
        assert careful.post(address, form).status_code == 403
        assert careful.post(address, form, headers={"origin": "https://invented.example"}).status_code == 403
    assert Report.objects.count() == 1


def test_a_form_of_ten_thousand_fields_is_refused(client: Client) -> None:
    form = begin(client, make_channel())

    page = client.post(WRITE, {**form, "action": "send", "what": STORY, **{f"acts-{n}": "x" for n in range(10_000)}})

    assert page.status_code == 400
    assert "did not understand" in text_of(page)
    assert not Report.objects.exists()


def test_a_list_of_a_thousand_codes_is_refused_by_name(client: Client) -> None:
    page = send(client, make_channel(), acts=[f"invented-{n}" for n in range(900)])

    assert page.status_code == 422
    assert not Report.objects.exists()


@pytest.mark.parametrize("length", [str(5 * 1024**3), "9" * 30, "-1", "1e9"])
def test_a_body_of_five_gigabytes_is_refused_before_it_is_read(client: Client, length: str) -> None:
    page = client.post(WRITE, CONTENT_LENGTH=length)

    assert page.status_code == 413
    assert "more than can be taken in at once" in text_of(page)


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "..\\..\\invented.exe", "/etc/invented", "a\r\nX: 1.jpg", "\u202egpj.exe"]
)
def test_the_name_of_a_file_leads_nowhere(client: Client, name: str) -> None:
    page = send(client, make_channel(), what="", files=SimpleUploadedFile(name, b"\xff\xd8\xff\xe0 invented"))

    assert page.status_code == 422
    assert not Path("/etc/invented").exists()
    stray = [path for path in amparo_settings.DATA_DIR.rglob("*") if "passwd" in path.name or "invented" in path.name]
    assert stray == []


@pytest.mark.parametrize("value", ["x\r\nSet-Cookie: stolen=1", "x\nLocation: //invented.example", "\x00", "\u2028"])
def test_no_header_can_be_injected(client: Client, value: str) -> None:
    channel = make_channel()
    pages = [
        client.post(
            WRITE, {"action": f"language:{value}", "about": "defender", "institution": channel.institution.code}
        ),
        client.post(WRITE, {"action": "begin", "about": value, "institution": value}),
        client.post(MAILBOX, {"action": value, "receipt": value}),
        client.get(START, {"next": value}),
        client.get(START, headers={"accept-language": value.replace("\r", "").replace("\n", "")}),
    ]

    for page in pages:
        assert "stolen" not in str(page.headers)
        assert "invented.example" not in str(page.headers)
        assert "stolen" not in page.cookies


def test_another_host_is_refused(client: Client) -> None:
    for host in ("invented.example", "testserver.invented.example", "testserver:80@invented.example"):
        page = client.get(START, headers={"host": host})
        assert page.status_code == 400
        assert b"invented.example" not in page.content
    forwarded = client.get(START, headers={"x-forwarded-host": "invented.example"})
    assert b"invented.example" not in forwarded.content


@pytest.mark.parametrize(
    "path",
    ["/en/report/", "/en/report/write/", "/en/report/mailbox/", "/en/report/leave/", "/report/", "/en/report/x.css"],
)
def test_no_page_of_the_channel_is_ever_in_the_page_cache(tmp_path: Path, path: str) -> None:
    asked = []

    def application(environ: dict[str, object], start_response: object) -> list[bytes]:
        asked.append(environ["PATH_INFO"])
        start_response("200 OK", [("Content-Length", "2"), ("Content-Type", "text/html")])  # type: ignore[operator]
        return [b"ok"]

    cache = PageCache(application, releases=tmp_path, allowed_hosts=["testserver"])
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "HTTP_HOST": "testserver",
        "wsgi.url_scheme": "http",
    }
    for _ in range(3):
        cache(dict(environ), lambda *_: None)

    assert asked == [path] * 3


def test_a_parameter_makes_no_page_that_others_get(client: Client) -> None:
    poisoned = client.get(START, {"institution": "invented-poison", "dataset": "invented-poison"})

    assert "invented-poison" not in text_of(poisoned)
    assert "no-store" in poisoned["Cache-Control"]


def test_markup_in_what_was_said_is_text(client: Client) -> None:
    page = send(client, make_channel(), what="", name="<script>invented()</script>", contact='"><img src=x onerror=x>')

    assert b"<script>invented" not in page.content
    assert b"<img src=x" not in page.content


def test_the_end_of_a_text_area_in_a_text_does_not_end_it(client: Client) -> None:
    page = send(client, make_channel(), what="", by_whom="</textarea><script>invented()</script>")

    assert b"</textarea><script>" not in page.content


def test_ours_and_no_other_key_opens_a_kept_draft(client: Client) -> None:
    client.post(WRITE, {**begin(client, make_channel()), "action": "keep", "what": STORY})
    swapped = Draft.objects.get()
    other = Client()
    other.post(WRITE, {**begin(other, make_channel()), "action": "keep", "what": "Another invented story."})
    Draft.objects.exclude(pk=swapped.pk).update(sealed=bytes(swapped.sealed))

    assert other.get(WRITE).status_code == 302


def test_nothing_that_was_typed_is_in_the_store_in_clear(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    secrets = {
        "what": "Zorblatt invented watched my house",
        "victim_name": "Ysolde Inventada Quexit",
        "victim_contact": "ysolde@quexit.example",
        "by_whom": "Sergeant Vornak Inventado",
        "place": "Calle Zumquist 47, Villa Inventada",
        "name": "Aurelio Inventado Brimstock",
        "contact": "plover station at noon",
        "when": "shortly before the feast of Zmund",
    }
    message, file_name, in_file = (
        "Qualdrix invented message text",
        "brimstock-zmund.jpg",
        b"\xff\xd8\xff wolfram zubrin ",
    )
    channel = make_channel()
    draft = Client()
    draft.post(WRITE, {**begin(draft, channel), "action": "keep", **{k: f"draft {v}" for k, v in secrets.items()}})
    photo = SimpleUploadedFile(file_name, in_file * 50)
    receipt = read_receipt(send(client, channel, files=photo, **secrets))
    open_mailbox(client, receipt)
    client.post(
        MAILBOX,
        {
            **hidden_fields(client.get(MAILBOX)),
            "action": "send",
            "text": message,
            "files": SimpleUploadedFile("second-" + file_name, in_file),
        },
    )
    open_mailbox(Client(), receipt[:-1])

    wanted = [*secrets.values(), message, file_name, "wolfram zubrin", receipt, client.cookies[COOKIE].value]
    assert Report.objects.count() == Mailbox.objects.count() == 1
    assert find_leaks_in_database(wanted) == []
    assert find_leaks(amparo_settings.DATA_DIR, wanted) == []
    assert not [secret for secret in wanted if secret in caplog.text]


def test_a_leak_that_is_planted_is_found(client: Client) -> None:
    receipt = send_and_copy(client, make_channel())
    LogEntry.objects.update(record=receipt)

    assert find_leaks_in_database([receipt])


def test_an_error_inside_tells_nothing(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    channel = make_channel(make_institution())
    form = begin(client, channel)
    # An institution whose key was damaged: sealing to it fails.
    type(channel.institution.key_pair).objects.filter(pk=channel.institution.key_pair_id).update(public_key=b"damaged")
    client.raise_request_exception = False

    page = client.post(WRITE, {**form, "action": "send", "what": "Zorblatt invented watched my house"})

    assert page.status_code == 500
    assert b"Zorblatt" not in page.content
    assert "Zorblatt" not in caplog.text
    assert "no-store" in page["Cache-Control"]
    assert not Report.objects.exists()


def test_the_desk_has_no_page_below_the_channel() -> None:
    assert reverse("report") == START
