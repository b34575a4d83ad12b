"""The process beside the server in which a file is cleaned: bytes in by one pipe, out by another, and nothing else.

`python -m amparo.files.cleaning_process KIND` reads a file from standard input and writes it without metadata to
standard output; of videos and HEIC it writes what is to be blanked, as JSON. Exit status 3: it cannot be cleaned, the
code is on standard error. Whatever a hostile file makes of a library happens with little memory, for a minute at most,
and with no descriptor left to open: neither a file nor a line to anywhere.
"""

import codecs
import json
import os
import resource
import sys

MEMORY_BYTES = 1536 * 1024**2
CPU_SECONDS = 60
MOST_IN_MEMORY = 150 * 1024**2
NOT_CLEANED = 3

# Before anything is imported that reads foreign bytes.
resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

from PIL import Image  # noqa: E402

from amparo.files.clean_heic import plan_heic  # noqa: E402
from amparo.files.clean_images import clean_image  # noqa: E402
from amparo.files.clean_office import clean_office  # noqa: E402
from amparo.files.clean_pdf import clean_pdf  # noqa: E402
from amparo.files.clean_sound import clean_sound  # noqa: E402
from amparo.files.clean_video import plan_blanking  # noqa: E402
from amparo.files.errors import NotCleaned  # noqa: E402
from amparo.files.previews import make_small  # noqa: E402

IMAGES = ("jpeg", "png", "webp", "gif", "tiff", "avif")
OFFICE = ("docx", "xlsx", "pptx", "odt", "ods", "odp")
SOUND = ("mp3", "flac", "ogg", "wav")
VIDEO = ("m4a", "mp4", "mov", "3gp")


def main(kind: str) -> int:
    """Clean standard input. The exit status."""
    _close_doors()
    try:
        if kind in VIDEO or kind == "heic":
            plan = plan_heic(_read_all()) if kind == "heic" else plan_blanking(sys.stdin.buffer)
            written = json.dumps({"zeros": plan.zeros, "free": plan.free}).encode()
        else:
            written = _clean(_read_all(), kind)
    except NotCleaned as not_cleaned:
        os.write(2, not_cleaned.code.encode())
        return NOT_CLEANED
    except MemoryError:
        os.write(2, b"too-much")
        return NOT_CLEANED
    sys.stdout.buffer.write(written)
    sys.stdout.buffer.flush()
    return 0


def _clean(content: bytes, kind: str) -> bytes:
    if kind.startswith("small-"):
        return make_small(content, kind.removeprefix("small-"))
    if kind in IMAGES:
        return clean_image(content, kind)
    if kind in OFFICE:
        return clean_office(content, kind)
    if kind in SOUND:
        return clean_sound(content, kind)
    if kind == "pdf":
        return clean_pdf(content)
    raise NotCleaned("kind-not-cleaned")


def _read_all() -> bytes:
    content = sys.stdin.buffer.read(MOST_IN_MEMORY + 1)
    if len(content) > MOST_IN_MEMORY:
        raise NotCleaned("too-large")
    return content


def _close_doors() -> None:
    """No further descriptor can be opened from here on: no file, no socket."""
    # Else each format, and the letters of names in archives, would be read from the disk when they are first met.
    Image.init()
    codecs.lookup("cp437")
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
