"""Whether bytes have the form of a sealed file, told without its key while they arrive. Pure."""

from amparo.files.errors import NotSealed
from amparo.vault.files import CHUNK_BYTES, SEALED_FILE_V1, TAG_BYTES
from amparo.vault.padding import padded_length

HEAD_BYTES = len(SEALED_FILE_V1) + 16


def plain_length(sealed_length: int) -> int | None:
    """How many bytes, padding included, are in a sealed file of `sealed_length`; None where none has that length."""
    body = sealed_length - HEAD_BYTES
    chunks = -(-body // (CHUNK_BYTES + TAG_BYTES))
    plain = body - chunks * TAG_BYTES
    return plain if body > 0 and plain > 0 and padded_length(plain) == plain else None


class SealedForm:
    """Checks the beginning and, at the end, the length. That it opens is known only to who holds the key."""

    def __init__(self) -> None:
        self._head = b""
        self._length = 0

    def update(self, some: bytes) -> None:
        """Raises `NotSealed` once the beginning is wrong."""
        self._length += len(some)
        if len(self._head) < len(SEALED_FILE_V1):
            self._head += some[: len(SEALED_FILE_V1) - len(self._head)]
            if not SEALED_FILE_V1.startswith(self._head):
                raise NotSealed("This does not begin as a sealed file does.")

    def finish(self) -> None:
        """Raises `NotSealed` where no sealed file has that length."""
        if self._head != SEALED_FILE_V1 or plain_length(self._length) is None:
            raise NotSealed("No sealed file has this length.")
