"""Files that arrive: sealed while they do, within limits, and with nothing in clear on the disk."""

import hashlib
import io
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory

from amparo.files import services
from amparo.files.places import files_folder
from amparo.files.receiving import NO_ROOM, NOT_SEALED, TOO_LARGE, TOO_LARGE_TOGETHER, TOO_MANY, SealedUpload
from amparo.files.uploads import SealingUploadHandler, UploadLimits, takes_files, was_stopped
from amparo.vault.files import open_stream, seal_stream
from tests.files.uploading import BOUNDARY, form_body, make_upload

SECRET = b"An invented story that must lie nowhere in clear. "
Seen = dict[str, object]


def ask(
    view: Callable[..., HttpResponse], body: bytes, *, token: bool = True, length: int | None = None
) -> HttpResponse:
    """Post `body` as a browser does that has the page's token."""
    request = RequestFactory(enforce_csrf_checks=True).post(
        "/", body, content_type=f"multipart/form-data; boundary={BOUNDARY}"
    )
    if length is not None:
        request.META["CONTENT_LENGTH"] = str(length)
    request._dont_enforce_csrf_checks = False
    if token:
        value = get_token(request)
        request.COOKIES["csrftoken"] = request.META["CSRF_COOKIE"]
        request.META["HTTP_X_CSRFTOKEN"] = value
    return view(request)


@pytest.fixture(autouse=True)
def _nothing_waits() -> Iterator[None]:
    yield
    for path in incoming():
        path.unlink()


def looking_view(seen: Seen, **limits: object) -> Callable[..., HttpResponse]:
    @takes_files(**limits)
    def look(request: HttpRequest) -> HttpResponse:
        seen["files"] = request.FILES.getlist("files")
        seen["fields"] = dict(request.POST.items())
        seen["stopped"] = was_stopped(request)
        seen["on disk"] = {
            each.path: each.path.read_bytes() for each in request.FILES.getlist("files") if each.path.exists()
        }
        return HttpResponse("seen")

    return look


def refusals(seen: Seen) -> list[str]:
    return [each.refused for each in seen["files"]]


def incoming() -> list[Path]:
    return list((files_folder() / "incoming").glob("*"))


def test_it_works() -> None:
    seen: Seen = {}
    content = SECRET * 5000

    response = ask(looking_view(seen), form_body({"what": "words"}, [("files", "invented.txt", content)]))

    assert response.content == b"seen"
    [upload] = seen["files"]
    sealed = seen["on disk"][upload.path]
    assert (upload.name, upload.length, upload.refused) == ("invented.txt", len(content), "")
    assert upload.sha256 == hashlib.sha256(content).hexdigest()
    assert (upload.sealed_length, upload.sealed_sha256) == (len(sealed), hashlib.sha256(sealed).digest())
    assert b"".join(open_stream(io.BytesIO(sealed), upload.data_key, upload.identifier, upload.length)) == content
    assert SECRET not in sealed
    assert seen["fields"]["what"] == "words"


def test_what_the_view_does_not_keep_is_removed_when_it_returns() -> None:
    seen: Seen = {}

    ask(looking_view(seen), form_body({}, [("files", "a.txt", SECRET), ("files", "b.txt", SECRET)]))

    assert len(seen["on disk"]) == 2
    assert incoming() == []


def test_nothing_is_in_clear_on_the_disk_while_a_file_arrives(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    handler = SealingUploadHandler()
    handler.new_file("files", "invented.txt", "", None)

    for _ in range(100):
        handler.receive_data_chunk(SECRET * 1300, 0)
        on_disk = b"".join(path.read_bytes() for path in [*tmp_path.rglob("*"), *incoming()])
        assert SECRET[:20] not in on_disk
    modes = {stat.S_IMODE(path.stat().st_mode) for path in incoming()}
    upload = handler.file_complete(0)

    assert modes == {0o600}
    assert upload.sealed_length > 100 * 1300 * len(SECRET)
    assert list(tmp_path.iterdir()) == []
    upload.discard()


def test_a_request_from_another_site_is_refused_and_leaves_nothing() -> None:
    seen: Seen = {}

    response = ask(looking_view(seen), form_body({}, [("files", "invented.txt", SECRET)]), token=False)

    assert response.status_code == 403
    assert seen == {}
    assert incoming() == []


def test_the_token_may_come_in_the_form_itself() -> None:
    seen: Seen = {}
    request = RequestFactory(enforce_csrf_checks=True).get("/")
    value = get_token(request)
    body = form_body({"csrfmiddlewaretoken": value}, [("files", "invented.txt", SECRET)])
    request = RequestFactory(enforce_csrf_checks=True).post(
        "/", body, content_type=f"multipart/form-data; boundary={BOUNDARY}"
    )
    request.COOKIES["csrftoken"] = value

    response = looking_view(seen)(request)

    assert response.status_code == 200
    assert refusals(seen) == [""]


def test_a_file_over_the_limit_is_named_and_the_fields_after_it_are_read() -> None:
    seen: Seen = {}
    body = form_body(
        {}, [("files", "large.txt", b"x" * 2000), ("files", "small.txt", b"x" * 10)], after={"what": "words"}
    )

    ask(looking_view(seen, most_bytes=1000), body)

    assert [(each.name, each.refused) for each in seen["files"]] == [("large.txt", TOO_LARGE), ("small.txt", "")]
    assert seen["files"][0].length == 2000
    assert seen["fields"]["what"] == "words"
    assert len(seen["on disk"]) == 1
    assert not seen["stopped"]


def test_a_file_of_exactly_the_limit_is_taken() -> None:
    seen: Seen = {}

    ask(looking_view(seen, most_bytes=1000), form_body({}, [("files", "just.txt", b"x" * 1000)]))

    assert refusals(seen) == [""]


def test_more_files_than_allowed_are_named() -> None:
    seen: Seen = {}

    ask(
        looking_view(seen, most_files=lambda request: 2), form_body({}, [("files", f"{n}.txt", b"x") for n in range(3)])
    )

    assert refusals(seen) == ["", "", TOO_MANY]


def test_five_gigabytes_are_not_read() -> None:
    seen: Seen = {}
    body = form_body({"what": "words"}, [("files", "huge.txt", b"x" * 1_000_000)])
    read = []

    class Line(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            some = super().read(size)
            read.append(len(some))
            return some

    request = RequestFactory().post("/", b"-", content_type=f"multipart/form-data; boundary={BOUNDARY}")
    request._stream = Line(body)
    request.META["CONTENT_LENGTH"] = str(5 * 1024**3)
    request._dont_enforce_csrf_checks = True
    looking_view(seen)(request)

    [upload] = seen["files"]
    assert (upload.name, upload.refused, seen["stopped"]) == ("huge.txt", TOO_LARGE, True)
    assert sum(read) < 300_000
    assert seen["fields"]["what"] == "words"
    assert incoming() == []


def test_files_are_limited_together() -> None:
    seen: Seen = {}
    view = looking_view(seen, most_bytes=60 * 1024**2, most_together=20 * 1024**2)

    ask(view, form_body({}, [("files", "a.txt", b"x" * 15 * 1024**2), ("files", "b.txt", b"x" * 15 * 1024**2)]))

    assert TOO_LARGE_TOGETHER in refusals(seen) or TOO_LARGE in refusals(seen)
    assert incoming() == []


def test_a_full_disk_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: Seen = {}
    monkeypatch.setattr("amparo.files.receiving.LEAST_FREE_BYTES", 2**60)

    ask(looking_view(seen), form_body({}, [("files", "a.txt", SECRET)], after={"what": "words"}))

    assert refusals(seen) == [NO_ROOM]
    assert seen["fields"]["what"] == "words"


def test_a_line_that_breaks_leaves_nothing() -> None:
    seen: Seen = {}
    body = form_body({}, [("files", "a.txt", SECRET), ("files", "b.txt", SECRET * 10000)])[:-300_000]

    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            some = super().read(size)
            if not some:
                raise ConnectionResetError
            return some

    request = RequestFactory().post("/", b"-", content_type=f"multipart/form-data; boundary={BOUNDARY}")
    request._stream = Broken(body)
    request.META["CONTENT_LENGTH"] = str(len(body) + 300_000)
    request._dont_enforce_csrf_checks = True
    with pytest.raises(OSError):  # noqa: PT011  (whatever Django makes of it)
        looking_view(seen)(request)

    assert incoming() == []


def test_what_has_just_arrived_is_not_taken_for_abandoned(db: None) -> None:
    upload = make_upload(SECRET)
    hour_ago = time.time() - 3700
    # It was written long ago on a slow line, and put here just now.
    os.utime(upload.path, (hour_ago, hour_ago))

    assert services.remove_abandoned() == 0
    assert upload.path.exists()


def test_files_are_never_given_to_handlers_that_write_in_clear() -> None:
    seen: Seen = {}

    @takes_files
    def view(request: HttpRequest) -> HttpResponse:
        seen["handlers"] = [type(each) for each in request.upload_handlers]
        seen["types"] = {type(each) for each in request.FILES.values()}
        return HttpResponse()

    ask(view, form_body({}, [("files", "large.txt", b"x" * 5_000_000)]))

    assert seen == {"handlers": [SealingUploadHandler], "types": {SealedUpload}}
    assert settings.FILE_UPLOAD_MAX_MEMORY_SIZE < 5_000_000


@pytest.mark.parametrize("length", [0, 1, 300, 65535, 65536, 65537, 1_000_000])
def test_what_a_browser_sealed_is_stored_as_it_is(length: int) -> None:
    sealed = b"".join(seal_stream([b"x" * length], bytes(32), make_upload(b"").identifier))

    upload = make_upload(sealed, "sealed", "sealed-files", ["sealed-files"])

    assert (upload.refused, upload.is_sealed, upload.data_key) == ("", True, b"")
    assert upload.path.read_bytes() == sealed
    assert upload.sealed_sha256 == hashlib.sha256(sealed).digest()


@pytest.mark.parametrize(
    "content",
    [b"", b"AF", b"AF\x02" + bytes(400), SECRET * 10, b"AF\x01" + bytes(16), b"AF\x01" + bytes(16 + 256 + 16 + 1)],
)
def test_what_has_not_the_form_of_a_sealed_file_is_refused(content: bytes) -> None:
    upload = make_upload(content, "sealed", "sealed-files", ["sealed-files"])

    assert upload.refused == NOT_SEALED
    assert not upload.path.exists()


def test_one_flipped_format_byte_is_refused_at_once_and_not_at_the_end() -> None:
    handler = SealingUploadHandler(limits=UploadLimits(), sealed_fields=["sealed-files"])
    handler.new_file("sealed-files", "sealed", "", None)

    handler.receive_data_chunk(b"AF\x03" + bytes(1000), 0)

    assert incoming() == []
    assert handler.file_complete(1003).refused == NOT_SEALED
