"""Bodies of forms with files, and uploads as views get them."""

from collections.abc import Sequence

from amparo.files.receiving import SealedUpload
from amparo.files.uploads import SealingUploadHandler, UploadLimits

BOUNDARY = "invented-boundary"


def make_upload(
    content: bytes, name: str = "invented.txt", field: str = "files", sealed_fields: Sequence[str] = ()
) -> SealedUpload:
    """An upload as it comes out of the handler, in pieces as Django gives them."""
    handler = SealingUploadHandler(
        limits=UploadLimits(most_bytes=2**40, most_together=2**41), sealed_fields=sealed_fields
    )
    handler.new_file(field, name, "", len(content))
    for start in range(0, len(content), 65536):
        handler.receive_data_chunk(content[start : start + 65536], start)
    return handler.file_complete(len(content))


def form_body(
    fields: dict[str, str], files: Sequence[tuple[str, str, bytes]], after: dict[str, str] | None = None
) -> bytes:
    """A multipart body: fields, files (field, name, content), and fields that come after them."""
    lines = []
    for name, text in fields.items():
        lines.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode())
    for field, name, content in files:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        lines.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n")
    for name, text in (after or {}).items():
        lines.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode())
    return b"".join(lines) + f"--{BOUNDARY}--\r\n".encode()
