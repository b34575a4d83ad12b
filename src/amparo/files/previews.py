"""Small pictures and first lines, made in memory inside a session: they are stored nowhere. Pure."""

import io

from PIL import Image, ImageOps

from amparo.files.clean_images import FORMATS, MOST_PIXELS
from amparo.files.errors import NotCleaned

LONGEST_SIDE = 1200
TEXT_BYTES = 10_000
_QUALITY = 80


def make_small(content: bytes, kind: str) -> bytes:
    """A JPEG of at most 1,200 × 1,200 pixels; of an animation, its first frame. Raises `NotCleaned`."""
    try:
        with Image.open(io.BytesIO(content), formats=[FORMATS[kind]]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise NotCleaned("bomb")
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            small = _on_white(upright)
            written = io.BytesIO()
            small.save(written, "JPEG", quality=_QUALITY)
            return written.getvalue()
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, Image.DecompressionBombError):
        raise NotCleaned("damaged") from None


def first_lines(content: bytes) -> str:
    """The first 10 kB of a text, in whatever encoding: UTF-8, UTF-16 by its mark, else Windows-1252."""
    some = content[:TEXT_BYTES]
    if some.startswith((b"\xff\xfe", b"\xfe\xff")):
        return some[: len(some) // 2 * 2].decode("utf-16", "replace")
    try:
        # A letter may be cut in two at the end.
        return some.decode("utf-8-sig", "strict" if len(content) <= TEXT_BYTES else "ignore")
    except UnicodeDecodeError:
        return some.decode("cp1252", "replace")


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        drawn = image.convert("RGBA")
        white = Image.new("RGBA", drawn.size, "white")
        white.alpha_composite(drawn)
        return white.convert("RGB")
    plain = image.convert("RGB")
    plain.info = {}
    return plain
