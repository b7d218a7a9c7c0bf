"""Re-encoding of uploaded photos: upright, small, without metadata; and the refusals."""

import io
import random
import struct
import zlib

import pytest
from PIL import ExifTags, Image

from consultations.models.profiles import MOST_BYTES
from consultations.photos import MOST_SENT, NOT_A_PICTURE, SIDE, TOO_LARGE, TOO_SMALL, NoPhoto, to_webp

MARK = b"Lisbon, at home"


def kept(sent: bytes) -> Image.Image:
    """The stored image of an upload, decoded."""
    webp = to_webp(io.BytesIO(sent))
    assert len(webp) <= MOST_BYTES
    assert MARK not in webp
    shown = Image.open(io.BytesIO(webp))
    assert shown.format == "WEBP"
    assert max(shown.size) <= SIDE
    assert not shown.getexif()
    assert not {"exif", "xmp", "icc_profile", "comment"} & shown.info.keys()
    return shown


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def half_red(size: tuple[int, int] = (1200, 800)) -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    return picture


def noise(mode: str) -> Image.Image:
    """Noise: random black and white, or random colours, pixel by pixel."""
    if mode == "L":
        return Image.frombytes(mode, (SIDE, SIDE), bytes(random.Random(7).choices([0, 255], k=SIDE * SIDE)))
    return Image.frombytes(mode, (SIDE, SIDE), random.Random(7).randbytes(SIDE * SIDE * 3))


def is_red(picture: Image.Image, x: float, y: float) -> bool:
    """Whether it is red there; x and y go from 0 to 1."""
    width, height = picture.size
    colours = picture.convert("RGB").getpixel((int(x * (width - 1)), int(y * (height - 1))))
    assert isinstance(colours, tuple)
    return colours[0] > 150 and colours[2] < 100


@pytest.mark.parametrize(
    ("orientation", "size", "red"),
    [
        (1, (512, 341), (0, 0.5)),
        (2, (512, 341), (1, 0.5)),
        (3, (512, 341), (1, 0.5)),
        (6, (341, 512), (0.5, 0)),  # a quarter to the right: left comes up
        (8, (341, 512), (0.5, 1)),
    ],
)
def test_a_camera_s_picture_is_upright_and_tells_nothing(
    orientation: int, size: tuple[int, int], red: tuple[float, float]
) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.ImageDescription] = MARK.decode()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (38.0, 43.0, 0.0)
    sent = encoded(half_red(), "JPEG", exif=exif, comment=MARK)
    assert MARK in sent
    shown = kept(sent)
    assert shown.size == size
    assert is_red(shown, *red)
    assert not is_red(shown, 1 - red[0], 1 - red[1])


def test_what_is_transparent_becomes_white() -> None:
    shown = kept(encoded(Image.new("RGBA", (300, 300), (255, 0, 0, 0)), "PNG")).convert("RGB")
    assert shown.size == (300, 300)
    pixel = shown.getpixel((150, 150))
    assert isinstance(pixel, tuple)
    assert min(pixel) > 250


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_read(mode: str) -> None:
    kept(encoded(Image.new(mode, (140, 600)), "PNG"))


@pytest.mark.parametrize("mode", ["L", "CMYK", "YCbCr"])
def test_every_kind_of_jpeg_is_read(mode: str) -> None:
    kept(encoded(Image.new(mode, (1600, 140)), "JPEG"))


@pytest.mark.parametrize("size", [(128, 128), (30_000, 128), (128, 30_000)])
def test_a_sliver_stays_a_picture(size: tuple[int, int]) -> None:
    assert min(kept(encoded(Image.new("RGB", size), "PNG")).size) >= 1


@pytest.mark.parametrize("size", [(1, 1), (127, 3000), (3000, 127)])
def test_what_is_too_small_to_be_seen_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(NoPhoto) as refused:
        to_webp(io.BytesIO(encoded(Image.new("RGB", size), "PNG")))
    assert refused.value.words == TOO_SMALL


def test_of_what_moves_the_first_picture_is_kept() -> None:
    frames = [Image.new("RGB", (130, 130), colour) for colour in ("red", "blue")]
    shown = kept(encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:]))
    assert is_red(shown, 0.5, 0.5)
    assert not getattr(shown, "is_animated", False)


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_noise_which_hardly_gets_smaller_fits(mode: str) -> None:
    assert kept(encoded(noise(mode), "PNG")).size == (SIDE, SIDE)


def test_a_large_photo_is_taken() -> None:
    assert kept(encoded(half_red((7000, 5000)), "JPEG", quality=50)).size == (512, 366)


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def huge_png(width: int, height: int) -> bytes:
    """A small file that claims huge dimensions."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"only words",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        encoded(half_red(), "JPEG")[:2000],
        encoded(half_red(), "PNG")[:200],
        encoded(half_red(), "WEBP")[:60],
        encoded(half_red(), "GIF"),
        encoded(half_red(), "BMP"),
        b"\xff\xd8\xff" + bytes(100),
        b"%PDF-1.7 " + bytes(100),
    ],
    ids=["empty", "text", "svg", "half-jpeg", "half-png", "half-webp", "gif", "bmp", "no-jpeg", "pdf"],
)
def test_what_cannot_be_read_is_refused(sent: bytes) -> None:
    with pytest.raises(NoPhoto) as refused:
        to_webp(io.BytesIO(sent))
    assert refused.value.words == NOT_A_PICTURE


@pytest.mark.parametrize(
    "sent",
    [huge_png(7000, 7000), bytes(MOST_SENT + 1), encoded(half_red(), "JPEG") + bytes(6 * 2**20)],
    ids=["49-megapixels", "5-MB-and-1", "6-MB-jpeg"],
)
def test_what_is_too_large_is_refused_before_it_is_decoded(sent: bytes) -> None:
    with pytest.raises(NoPhoto) as refused:
        to_webp(io.BytesIO(sent))
    assert refused.value.words == TOO_LARGE


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(NoPhoto):
        to_webp(io.BytesIO(huge_png(60_000, 60_000)))
