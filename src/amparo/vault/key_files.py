"""Keys that lie in files of their own, outside the database and its dumps. Pure."""

import os
import secrets
from pathlib import Path


def load_or_make_key(folder: Path, name: str) -> bytes:
    """The 32 bytes in `folder/name`, made on first use, readable by the owner only.

    Two processes that start together end with the same key: the file appears whole or not at all, and the first wins.
    """
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` at `path` whole or not at all, readable by the owner only, and there to stay when power fails."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
