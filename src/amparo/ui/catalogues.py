"""The message catalogues: compiled from their text where they are older than it, by Babel, without gettext's tools."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parents[1] / "locale"


def compile_catalogues(folder: Path = LOCALE) -> tuple[str, ...]:
    """Compile each `LANGUAGE/LC_MESSAGES/*.po` below `folder` that has changed; the languages that had.

    Raises OSError where `folder` may not be written to, and there is something to write.
    """
    changed = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        language = source.parts[-3]
        # Whole or not at all: a server that starts beside this one must not read half a catalogue.
        draft = compiled.with_name(f".{compiled.name}.{os.getpid()}")
        with source.open("rb") as text, draft.open("wb") as binary:
            write_mo(binary, read_po(text, locale=language))
        draft.rename(compiled)
        changed.append(language)
    return tuple(changed)
