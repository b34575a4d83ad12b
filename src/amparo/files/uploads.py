"""Receiving files: each is sealed while its bytes arrive, so that nothing of it is ever in clear on a disk.

`takes_files` goes on every view that takes files; Django's own handlers, which write temporary files in clear, are not
used there. Memory stays at some pieces of 65,536 bytes whatever the size.

**What a browser sealed.** A part whose field is named in `sealed_fields` is stored as it is, and refused unless it has
the form of `vault/files.py`: `AF` 01, 16 bytes of salt, then chunks of 65,536 bytes and a tag of 16, where the
plaintext has a length of Padmé. The browser draws one random UUID for a file: it is the file's, which goes into its
key, and the section's (kind "file"; fields `name`, `kind`, `length` in bytes, `sha256` of the plaintext in
hexadecimal) that the same data key closes. The name of such a part tells nothing: `sealed` will do.
`services.keep_file_sealed_by_browser` keeps it. Put files last in a form: what follows one that is far too large is
not read.
"""

import time
from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, ParamSpec, overload

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from amparo.files.receiving import (
    MOST_BYTES,
    MOST_FILES,
    NO_ROOM,
    TOO_LARGE,
    TOO_LARGE_TOGETHER,
    TOO_MANY,
    Receiving,
    SealedUpload,
    UploadLimits,
    has_room_for,
)

# Bytes of a file that is too large that are read and thrown away, so that the fields after it are not lost.
_READ_ON_BYTES = 32 * 1024**2
# Fields of text, and the lines around each part.
_OTHER_BYTES = 4 * 1024**2
_TOUCH_SECONDS = 300.0

_Args = ParamSpec("_Args")
View = Callable[..., HttpResponseBase]
Limit = int | Callable[[HttpRequest], int]
Kinds = Collection[str] | Callable[[HttpRequest], Collection[str]]


class SealingUploadHandler(FileUploadHandler):
    """Seals each file into `DATA_DIR/files/incoming` while it arrives; `request.FILES` then has `SealedUpload`s.

    What is over a limit is there too, with a code in `refused` and no bytes. `stopped` is the file at which reading
    ended before the end of the body.
    """

    chunk_size = 65536

    def __init__(
        self,
        request: HttpRequest | None = None,
        limits: UploadLimits | None = None,
        sealed_fields: Collection[str] = (),
    ) -> None:
        super().__init__(request)
        self.limits = limits or UploadLimits()
        self.stopped: SealedUpload | None = None
        self._sealed_fields = frozenset(sealed_fields)
        self._body_bytes: int | None = None
        self._seen_bytes = 0
        self._together = 0
        self._receiving: Receiving | None = None
        self._done: list[SealedUpload] = []
        self._touched = time.monotonic()

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        self._body_bytes = content_length

    def new_file(self, field_name: str, file_name: str, *args: Any, **options: Any) -> None:
        super().new_file(field_name, file_name, *args, **options)
        upload = SealedUpload(file_name, field_name, self.limits, is_sealed=field_name in self._sealed_fields)
        self._receiving = Receiving(upload)
        if len(self._done) >= self.limits.most_files:
            self._refuse(TOO_MANY)
        elif not has_room_for(self._unread()):
            self._refuse(NO_ROOM)
        elif self._unread() > self.limits.most_together - self._together + _OTHER_BYTES:
            # Told by the header of the request: nothing of it need be read.
            self._refuse(TOO_LARGE if len(self._done) == 0 else TOO_LARGE_TOGETHER)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self._receiving is not None  # noqa: S101  (new_file came before)
        self._seen_bytes += len(raw_data)
        self._together += len(raw_data)
        self._show_life()
        upload = self._receiving.upload
        if upload.refused:
            upload.length += len(raw_data)
            return
        most = self.limits.most_bytes + (_sealing_bytes(self.limits) if upload.is_sealed else 0)
        if upload.length + len(raw_data) > most:
            upload.length += len(raw_data)
            self._refuse(TOO_LARGE)
        elif self._together > self.limits.most_together + _OTHER_BYTES:
            self._refuse(TOO_LARGE_TOGETHER)
        else:
            self._receiving.take(raw_data)

    def file_complete(self, file_size: int) -> SealedUpload:
        assert self._receiving is not None  # noqa: S101  (new_file came before)
        receiving, self._receiving = self._receiving, None
        receiving.finish()
        self._done.append(receiving.upload)
        return receiving.upload

    def upload_interrupted(self) -> None:
        self.discard()

    def discard(self) -> None:
        """Remove what arrived and was not kept, also the file that was just arriving."""
        if self._receiving is not None:
            self._receiving.give_up()
        for upload in self._done:
            upload.discard()

    def _refuse(self, code: str) -> None:
        """Keep nothing more of the file, and stop reading where the rest of the body is not worth it."""
        assert self._receiving is not None  # noqa: S101  (called for the file that arrives)
        self._receiving.refuse(code)
        if self._unread() > _READ_ON_BYTES:
            self.stopped, self._receiving = self._receiving.upload, None
            raise StopUpload(connection_reset=True)

    def _show_life(self) -> None:
        """Touch what arrived before: on a slow line it may be hours old, and is not abandoned."""
        if time.monotonic() - self._touched > _TOUCH_SECONDS:
            self._touched = time.monotonic()
            for upload in self._done:
                if not upload.refused:
                    upload.path.touch(mode=0o600)

    def _unread(self) -> int:
        return max((self._body_bytes or 0) - self._seen_bytes, 0)


@overload
def takes_files(view: View, /) -> View: ...
@overload
def takes_files(
    *,
    most_bytes: Limit = ...,
    most_files: Limit = ...,
    most_together: Limit | None = ...,
    kinds: Kinds = ...,
    sealed_fields: Collection[str] = ...,
) -> Callable[[View], View]: ...
def takes_files(
    view: View | None = None,
    /,
    *,
    most_bytes: Limit = MOST_BYTES,
    most_files: Limit = MOST_FILES,
    most_together: Limit | None = None,
    kinds: Kinds = (),
    sealed_fields: Collection[str] = (),
) -> View | Callable[[View], View]:
    """Let a view take files, sealed. The outermost decorator: nothing may read the form before it.

    Limits are numbers, or functions of the request that must not read the form; `most_together` is the product of the
    others where it is not given, and `kinds` (codes of `kinds.py`) all that are known. Cross-site requests are refused
    as elsewhere: Django would read the form for that before the view can set its handlers, so that the check is made
    here, after they are set ("Modifying upload handlers on the fly" in Django's documentation). What the view does not
    keep is removed when it returns.
    """

    def decorate(taking: View) -> View:
        protected = csrf_protect(_with_stopped_file(taking))

        @csrf_exempt
        @wraps(taking)
        def wrapped(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
            each, number = _read(most_bytes, request), _read(most_files, request)
            together = each * number if most_together is None else _read(most_together, request)
            wanted = frozenset(kinds(request) if callable(kinds) else kinds)
            handler = SealingUploadHandler(request, UploadLimits(each, number, together, wanted), sealed_fields)
            request.upload_handlers = [handler]
            try:
                return protected(request, *args, **options)
            finally:
                handler.discard()

        return wrapped

    return decorate if view is None else decorate(view)


def was_stopped(request: HttpRequest) -> bool:
    """Whether reading ended at a file that is far too large: fields that came after it are missing."""
    return any(isinstance(each, SealingUploadHandler) and each.stopped for each in request.upload_handlers)


def _with_stopped_file(view: View) -> View:
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        if request.method == "POST":
            files = request.FILES
            for handler in request.upload_handlers:
                if isinstance(handler, SealingUploadHandler) and handler.stopped is not None:
                    # Django leaves the file out at which reading ended: the form could not say what was wrong.
                    files.appendlist(handler.stopped.field_name, handler.stopped)
        return view(request, *args, **options)

    return wrapped


def _read(limit: Limit, request: HttpRequest) -> int:
    return limit(request) if callable(limit) else limit


def _sealing_bytes(limits: UploadLimits) -> int:
    """What padding and tags add at most to the largest file, where a browser has sealed it."""
    return limits.most_bytes // 8 + 1024
