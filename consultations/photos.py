"""Photos of specialists: every upload is decoded and re-encoded, small and without metadata."""

import io
import struct
from typing import IO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image

from consultations.models.profiles import MOST_BYTES
from lib.figures import MEGABYTE, with_figures

MOST_SENT = 5 * MEGABYTE
MOST_PIXELS = 40_000_000  # a small file can decode to a huge image
SIDE = 512  # pixels
LEAST_SIDE = 128
AIM = 30_000  # bytes
QUALITIES = (82, 70, 60, 50, 40, 30, 20)

# What the decoders raise for damaged or malicious files.
UNREADABLE = (
    *(OSError, SyntaxError, ValueError, TypeError, AttributeError, struct.error),
    *(Image.DecompressionBombError, Image.DecompressionBombWarning),
)
TURNS = {  # by EXIF orientation
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class NoPhoto(Exception):
    """The upload cannot be used. `words` is the reason, for the person."""

    def __init__(self, words: str | Promise) -> None:
        super().__init__()
        self.words = words


NOT_A_PICTURE = _("This file is not a photo that can be read. Choose a JPEG, PNG or WebP file.")
TOO_SMALL = with_figures(
    _("This photo is too small to be seen. Choose one of at least %(side)d by %(side)d pixels."),
    lambda: {"side": LEAST_SIDE},
)
TOO_LARGE = with_figures(
    _("This photo is too large. Choose one of at most %(size)d MB and %(pixels)d megapixels."),
    lambda: {"size": MOST_SENT // MEGABYTE, "pixels": MOST_PIXELS // 1_000_000},
)


def to_webp(file: IO[bytes]) -> bytes:
    """Re-encode as WebP: upright, at most SIDE pixels wide and high, without metadata. Raises NoPhoto."""
    sent = file.read(MOST_SENT + 1)
    if len(sent) > MOST_SENT:
        raise NoPhoto(TOO_LARGE)
    try:
        with Image.open(io.BytesIO(sent), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise NoPhoto(TOO_LARGE)
            if min(picture.size) < LEAST_SIDE:
                raise NoPhoto(TOO_SMALL)
            small = upright(picture)
    except UNREADABLE:
        raise NoPhoto(NOT_A_PICTURE) from None
    return smallest(small)


def upright(picture: Image.Image) -> Image.Image:
    """Scale down, rotate as the metadata say, and flatten transparency onto white.

    Scaled first (a JPEG while it is decoded), so that a large image never fills the memory.
    """
    turn = TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    picture.draft("RGB", (2 * SIDE, 2 * SIDE))
    if picture.mode in ("P", "PA"):
        picture = picture.convert("RGBA")
    picture.thumbnail((SIDE, SIDE))
    small = picture.convert("RGBA")
    if turn is not None:
        small = small.transpose(turn)
    flat = Image.new("RGB", small.size, "white")
    flat.paste(small, mask=small.getchannel("A"))
    return flat


def smallest(picture: Image.Image) -> bytes:
    """Encode at the best quality within AIM; failing that, at the lowest acceptable one within MOST_BYTES."""
    webp = b""
    for quality in QUALITIES:
        webp = encoded(picture, quality)
        if len(webp) <= AIM:
            break
    return webp if len(webp) <= MOST_BYTES else encoded(picture, 0)  # pure noise comes to 62 kB


def encoded(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=quality, method=6)
    return out.getvalue()
