"""A capture written as WARC (ISO 28500), in memory alone: nothing of it is ever in clear on a disk. Pure.

Each request and answer stands in it byte for byte as it went over the line, with the SHA-256 of its block.
"""

from base64 import b32encode
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from amparo.evidence.fetching import Exchange

_PROTOCOL = "WARC/1.1"


def write_warc(exchanges: Sequence[Exchange]) -> bytes:
    """The exchanges as a gzipped WARC 1.1: for each its answer, then its request."""
    written = BytesIO()
    writer = WARCWriter(written, gzip=True, warc_version=_PROTOCOL)
    _write(writer, "warcinfo", b"software: Amparo\r\nformat: WARC File Format 1.1\r\n", {}, "application/warc-fields")
    for each in exchanges:
        about = {"WARC-Target-URI": each.target.address, "WARC-Date": _date(each.at)}
        if each.ip:
            about["WARC-IP-Address"] = each.ip
        response = _write(writer, "response", each.response, about, "application/http; msgtype=response")
        with_it = about | {"WARC-Concurrent-To": response}
        _write(writer, "request", each.request, with_it, "application/http; msgtype=request")
    return written.getvalue()


def _write(writer: WARCWriter, kind: str, block: bytes, about: dict[str, str], media_type: str) -> str:
    identifier: str = writer._make_warc_id()
    headers = {
        "WARC-Type": kind,
        "WARC-Record-ID": identifier,
        "WARC-Date": _date(),
        "WARC-Block-Digest": "sha256:" + b32encode(sha256(block).digest()).decode("ascii"),
    } | about
    record: Any = ArcWarcRecord(
        "warc",
        kind,
        StatusAndHeaders("", list(headers.items()), protocol=_PROTOCOL),
        BytesIO(block),
        None,
        media_type,
        len(block),
    )
    record.payload_length = len(block)
    # Its own way would copy large blocks into a temporary file; what it would compute stands in the headers above.
    writer.ensure_digest = _computed_already
    writer.write_record(record)
    return identifier


def _computed_already(*_: object, **__: object) -> None:
    """The digests are in the headers."""


def _date(at: float | None = None) -> str:
    when = datetime.now(UTC) if at is None else datetime.fromtimestamp(at, UTC)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")
