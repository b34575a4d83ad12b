"""New bytes for a file whose section got a new data key: what was withdrawn stays closed to who had the old one."""

import os
from collections.abc import Iterator
from contextlib import suppress

from amparo.files.models import SealedFile
from amparo.files.places import new_incoming, open_new, place_of, put_in_place, remove_after_commit
from amparo.vault.files import open_stream, seal_stream
from amparo.vault.keys import VaultError
from amparo.vault.models import Section


def reseal(section: Section, old: bytes, new: bytes) -> None:
    """Seal the bytes of the file of `section` anew, in the transaction in which it got its `new` data key.

    The new bytes lie beside the old until the commit decides which count. Memory stays bounded. What does not open with
    `old` opens for nobody, and is left out from there on: a file that was damaged stays damaged, and holds up nothing.
    """
    file = SealedFile.objects.select_for_update().get(section=section)
    before = place_of(file)
    if not before.exists():
        # Lost already. Opening it says so.
        return
    draft = new_incoming()
    try:
        descriptor = open_new(draft)
        with before.open("rb") as source, os.fdopen(descriptor, "wb") as written:
            pieces = _as_far_as_it_opens(open_stream(source, old, file.pk))
            for sealed in seal_stream(pieces, new, file.pk):
                written.write(sealed)
            file.sealed_length = written.tell()
        file.generation += 1
        file.save(update_fields=["generation", "sealed_length"])
        put_in_place(draft, file)
    finally:
        draft.unlink(missing_ok=True)
    remove_after_commit(before)


def _as_far_as_it_opens(pieces: Iterator[bytes]) -> Iterator[bytes]:
    # With its padding, which is then the padding of what is sealed anew: a length of Padmé pads to itself.
    with suppress(VaultError):
        yield from pieces
