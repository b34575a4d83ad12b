"""Images drawn anew from their pixels: whatever else was in the file is not in the copy. Pure."""

import io
from contextlib import suppress
from typing import Any

from PIL import Image, ImageCms, ImageOps, ImageSequence

from amparo.files.errors import NotCleaned

# 100 megapixels take some 400 MB of memory.
MOST_PIXELS = 100_000_000
MOST_FRAMES_PIXELS = 400_000_000
_QUALITY = 92
FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF", "tiff": "TIFF", "avif": "AVIF"}
_OF_FRAMES = ("transparency", "duration", "disposal", "background")
# Segments that a JPEG needs: all but APP0–APP15 and comments. APP14 says how its colours are stored.
_KEPT_APP = 0xEE


def clean_image(content: bytes, kind: str) -> bytes:
    """The same picture, upright, in sRGB, of the same kind and with nothing but its pixels.

    Raises `NotCleaned`: "damaged", or "bomb" for too many pixels, told before they are unpacked.
    """
    try:
        with Image.open(io.BytesIO(content), formats=[FORMATS[kind]]) as image:
            frames = getattr(image, "n_frames", 1)
            pixels = image.width * image.height
            if pixels > MOST_PIXELS or pixels * frames > MOST_FRAMES_PIXELS:
                raise NotCleaned("bomb")
            return _draw_frames(image, kind) if frames > 1 else _draw(image, kind)
    except Image.DecompressionBombError:
        raise NotCleaned("bomb") from None
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError):
        raise NotCleaned("damaged") from None


def strip_jpeg(content: bytes) -> bytes:
    """A JPEG without its segments of metadata, its pixels untouched: for pictures inside documents."""
    if not content.startswith(b"\xff\xd8"):
        return content
    kept, position = bytearray(b"\xff\xd8"), 2
    while position + 4 <= len(content) and content[position] == 0xFF:
        marker = content[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        if marker == 0xDA:
            end = content.rfind(b"\xff\xd9")
            return bytes(kept) + content[position : end + 2 if end > position else len(content)]
        size = int.from_bytes(content[position + 2 : position + 4], "big") + 2
        if not (0xE0 <= marker <= 0xEF or marker == 0xFE) or marker == _KEPT_APP:
            kept += content[position : position + size]
        position += size
    raise NotCleaned("damaged")


def _draw(image: Image.Image, kind: str) -> bytes:
    drawn = _plain(ImageOps.exif_transpose(image), _profile(image))
    written = io.BytesIO()
    options: dict[str, Any] = {}
    if kind == "jpeg":
        drawn = drawn if drawn.mode in ("L", "RGB") else drawn.convert("RGB")
        options = {"quality": _QUALITY, "optimize": True}
    elif kind in ("webp", "avif"):
        options = {"quality": _QUALITY}
    elif kind == "tiff":
        options = {"compression": "tiff_deflate"}
    drawn.save(written, FORMATS[kind], **options)
    return written.getvalue()


def _draw_frames(image: Image.Image, kind: str) -> bytes:
    frames = [_plain(frame, None) for frame in ImageSequence.Iterator(image)]
    durations = [frame.info.get("duration", 100) for frame in frames]
    written = io.BytesIO()
    options: dict[str, Any] = {"save_all": True, "append_images": frames[1:]}
    if kind in ("gif", "webp", "png", "avif"):
        options |= {"duration": durations, "loop": int(image.info.get("loop", 0))}
    if kind == "tiff":
        options["compression"] = "tiff_deflate"
    frames[0].save(written, FORMATS[kind], **options)
    return written.getvalue()


def _plain(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The pixels by themselves. A copy has no tags of the file; what is written comes from `info`."""
    plain = image.copy()
    plain.info = {name: image.info[name] for name in _OF_FRAMES if name in image.info}
    if profile:
        # A profile that cannot be read is left out, and the colours may be a little off.
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            mode = "RGBA" if plain.mode == "RGBA" else "RGB"
            srgb = ImageCms.createProfile("sRGB")
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(plain, source, srgb, outputMode=mode)
            if converted is not None:
                kept = plain.info
                plain = converted
                plain.info = kept
    plain.info.pop("icc_profile", None)
    return plain


def _profile(image: Image.Image) -> bytes | None:
    profile = image.info.get("icc_profile")
    return profile if isinstance(profile, bytes) and image.mode in ("RGB", "RGBA", "CMYK") else None
