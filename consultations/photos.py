"""Photos of specialists: every upload is decoded and re-encoded, small and without metadata."""

import io
import struct
from threading import Lock
from typing import IO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image
from PIL.JpegImagePlugin import JpegImageFile

from consultations.models.profiles import MOST_BYTES
from lib.figures import MEGABYTE, with_figures

MOST_SENT = 5 * MEGABYTE
MOST_PIXELS = 25_000_000  # a small file can decode to a huge image
MOST_PIXELS_REDUCED = 60_000_000  # if it is made smaller while it is decoded
SIDE = 512  # pixels
LEAST_SIDE = 128
LONGEST_SHAPE = SIDE // LEAST_SIDE  # beyond it, what is kept would be smaller than what is taken
STRIP = 64  # rows of the reduced picture
GREY_16 = 1 / 256  # what makes 16 bits of grey 8

DECODING = Lock()  # one at a time in a process: a WebP of 25 megapixels takes 400 MB
SOS = 0xFFDA  # markers of JPEG: the start of a scan,
WHOLE_FRAMES = {0xFFC0, 0xFFC1}  # of a frame that is no progressive one,
WITHOUT_LENGTH = range(0xFFD0, 0xFFDA)  # and those that stand alone
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


NOT_A_PICTURE = _("We can’t read this file as a photo. Choose a JPEG, PNG or WebP file.")
TOO_SMALL = with_figures(
    _("This photo is too small. Choose one of at least %(side)d by %(side)d pixels."),
    lambda: {"side": LEAST_SIDE},
)
TOO_LARGE = with_figures(
    _(
        "This photo is too large. Choose one of at most %(size)d MB and %(pixels)d megapixels; a JPEG from a camera "
        "may have %(reduced)d."
    ),
    lambda: {
        "size": MOST_SENT // MEGABYTE,
        "pixels": MOST_PIXELS // 1_000_000,
        "reduced": MOST_PIXELS_REDUCED // 1_000_000,
    },
)
TOO_LONG = with_figures(
    _("This photo is too long and narrow. Choose one whose long side is at most %(times)d times the short one."),
    lambda: {"times": LONGEST_SHAPE},
)


def to_webp(file: IO[bytes]) -> bytes:
    """Re-encode as WebP: upright, at most SIDE pixels wide and high, without metadata. Raises NoPhoto."""
    sent = file.read(MOST_SENT + 1)
    if len(sent) > MOST_SENT:
        raise NoPhoto(TOO_LARGE)
    try:
        with DECODING, Image.open(io.BytesIO(sent), formats=("JPEG", "PNG", "WEBP")) as picture:
            is_reduced = isinstance(picture, JpegImageFile) and has_one_scan(sent)
            if picture.width * picture.height > (MOST_PIXELS_REDUCED if is_reduced else MOST_PIXELS):
                raise NoPhoto(TOO_LARGE)
            if min(picture.size) < LEAST_SIDE:
                raise NoPhoto(TOO_SMALL)
            if max(picture.size) > LONGEST_SHAPE * min(picture.size):
                raise NoPhoto(TOO_LONG)
            small = upright(picture)
    except UNREADABLE:
        raise NoPhoto(NOT_A_PICTURE) from None
    return smallest(small)


def has_one_scan(jpeg: bytes) -> bool:
    """Whether the first scan has all colours of a JPEG. If not (progressive, mostly), decoding holds all of it."""
    colours, at = 0, 2
    while at + 10 <= len(jpeg):
        marker, length = struct.unpack_from(">HH", jpeg, at)
        if not 0xFFC0 <= marker < 0xFFFF or marker in WITHOUT_LENGTH:
            return False
        if marker == SOS:
            return jpeg[at + 4] == colours
        if marker in WHOLE_FRAMES:
            colours = jpeg[at + 9]
        at += 2 + length
    return False


def upright(picture: Image.Image) -> Image.Image:
    """Scale down, rotate as the metadata say, and flatten transparency onto white."""
    turn = TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    small = reduced(picture)
    small.thumbnail((SIDE, SIDE))
    if turn is not None:
        small = small.transpose(turn)
    flat = Image.new("RGB", small.size, "white")
    flat.paste(small, mask=small.getchannel("A"))
    return flat


def reduced(picture: Image.Image) -> Image.Image:
    """A whole fraction of the picture, at least twice as long as SIDE if it was, in RGBA.

    A JPEG is reduced while it is decoded, and the rest strip by strip: only what a decoder makes is ever held whole.
    """
    longest = max(picture.size)
    picture.draft("RGB", (picture.width * 2 * SIDE // longest, picture.height * 2 * SIDE // longest))
    factor = max(picture.size) // (2 * SIDE) or 1
    width, height = picture.size
    small = Image.new("RGBA", (-(-width // factor), -(-height // factor)))
    for top in range(0, small.height, STRIP):
        strip = picture.crop((0, top * factor, width, min((top + STRIP) * factor, height)))
        small.paste(in_colour(strip).reduce(factor), (0, top))
    return small


def in_colour(picture: Image.Image) -> Image.Image:
    """RGBA, whatever it was; before it is scaled, as colours of a palette and a transparent colour cannot be mixed."""
    if picture.mode.startswith("I"):
        picture = picture.point(lambda grey: grey * GREY_16).convert("L")
    return picture.convert("RGBA")


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
