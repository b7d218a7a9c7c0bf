"""Re-encoding of uploaded photos: upright, small, without metadata; and the refusals."""

import io
import os
import random
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from django.conf import settings
from PIL import ExifTags, Image

from consultations.models.profiles import MOST_BYTES
from consultations.photos import (
    LEAST_SIDE,
    MOST_SENT,
    NOT_A_PICTURE,
    SIDE,
    TOO_LARGE,
    TOO_LONG,
    TOO_SMALL,
    NoPhoto,
    has_one_scan,
    to_webp,
)
from tests.reflect.production import ENVIRONMENT

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
    kept(encoded(Image.new(mode, (150, 600)), "PNG"))


@pytest.mark.parametrize("mode", ["L", "CMYK", "YCbCr"])
def test_every_kind_of_jpeg_is_read(mode: str) -> None:
    kept(encoded(Image.new(mode, (1600, 400)), "JPEG"))


@pytest.mark.parametrize("size", [(128, 128), (512, 128), (128, 512), (8000, 2000), (1023, 256), (1025, 257)])
def test_no_side_gets_too_small_to_be_seen(size: tuple[int, int]) -> None:
    assert min(kept(encoded(Image.new("RGB", size), "PNG")).size) >= LEAST_SIDE


@pytest.mark.parametrize("size", [(513, 128), (128, 513), (30_000, 128), (128, 30_000)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_an_extreme_shape_is_refused(kind: str, size: tuple[int, int]) -> None:
    with pytest.raises(NoPhoto) as refused:
        to_webp(io.BytesIO(encoded(Image.new("RGB", size), kind)))
    assert refused.value.words == TOO_LONG


def grey_of(picture: Image.Image, y: float) -> int:
    """How light it is in the middle of a row, from 0 to 255."""
    width, height = picture.size
    grey = picture.convert("L").getpixel((width // 2, int(y * (height - 1))))
    assert isinstance(grey, (int, float))
    return int(grey)


@pytest.mark.parametrize("size", [(200, 256), (1400, 2100)])
def test_sixteen_bits_of_grey_are_as_light_as_eight(size: tuple[int, int]) -> None:
    """Dark above, light below."""
    rows = [struct.pack("<H", 65535 * row // (size[1] - 1)) * size[0] for row in range(size[1])]
    shown = kept(encoded(Image.frombytes("I;16", size, b"".join(rows)), "PNG"))
    assert [abs(grey_of(shown, y) - 255 * y) < 6 for y in (0, 0.25, 0.5, 0.75, 1)] == [True] * 5


@pytest.mark.parametrize("size", [(300, 200), (3000, 2000)])
@pytest.mark.parametrize("colours", [2, 4, 16, 256])
def test_a_palette_keeps_its_colours(size: tuple[int, int], colours: int) -> None:
    shown = kept(encoded(half_red(size).quantize(colours), "PNG"))
    assert is_red(shown, 0.2, 0.5)
    assert not is_red(shown, 0.8, 0.5)


@pytest.mark.parametrize("mode", ["P", "RGB", "L"])
def test_a_single_transparent_colour_becomes_white(mode: str) -> None:
    """As a file names it: an entry of the palette, or a colour, which is mixed with nothing beside it."""
    picture = Image.new("L", (1600, 1200), 0)
    picture.paste(90, (0, 0, 800, 1200))
    clear = {"P": 0, "RGB": (0, 0, 0), "L": 0}[mode]
    shown = kept(encoded(picture.convert(mode), "PNG", transparency=clear))
    assert abs(grey_of(shown.crop((0, 0, 200, 300)), 0.5) - 90) < 6
    assert grey_of(shown.crop((300, 0, 500, 300)), 0.5) > 250


@pytest.mark.parametrize("size", [(1, 1), (127, 300), (300, 127)])
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
    shown = kept(encoded(half_red((9000, 6600)), "JPEG", quality=50))
    assert shown.size == (512, 375)
    assert is_red(shown, 0.4, 0.9)
    assert not is_red(shown, 0.6, 0.1)


# Decodes a photo; how much more memory than before it took at most, in MB.
PEAK = """
import sys, django
django.setup()
from io import BytesIO
from pathlib import Path
from PIL import Image
from consultations.photos import to_webp
def most():
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
to_webp(BytesIO(Path(sys.argv[1]).read_bytes()))  # a small one: what stays in memory
rest = most()
to_webp(BytesIO(Path(sys.argv[2]).read_bytes()))
print((most() - rest) // 1024)
"""
LARGE = [
    ("JPEG", "RGB", (9000, 6600), {"subsampling": 0}, 30),
    ("JPEG", "CMYK", (15_400, 3850), {}, 30),
    ("JPEG", "RGB", (5000, 5000), {"subsampling": 0, "progressive": True}, 200),
    ("PNG", "RGBA", (5000, 5000), {}, 150),
    ("PNG", "P", (10_000, 2500), {}, 150),
    ("PNG", "I;16", (5000, 5000), {}, 150),
    ("WEBP", "RGBA", (5000, 5000), {}, 450),  # its decoder holds four of them
]


@pytest.mark.parametrize(("kind", "mode", "size", "options", "most"), LARGE)
def test_a_photo_takes_no_more_memory_than_its_decoder_needs(
    tmp_path: Path, kind: str, mode: str, size: tuple[int, int], options: dict[str, object], most: int
) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_bytes(encoded(half_red((400, 300)), kind))
    large.write_bytes(encoded(Image.new(mode, size), kind, **options))
    environment = ENVIRONMENT | {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "reflect.settings"}
    command = [sys.executable, "-c", PEAK, str(small), str(large)]
    done = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) <= most


def one_colour_at_a_time(jpeg: bytes) -> bytes:
    """As if its first scan had the first colour alone."""
    return jpeg.replace(b"\xff\xda\x00\x0c\x03\x01\x00\x02\x11\x03\x11", b"\xff\xda\x00\x08\x01\x01\x00")


def test_what_a_decoder_has_to_hold_is_no_camera_s_jpeg() -> None:
    plain = encoded(half_red(), "JPEG", exif=b"Exif\0\0" + bytes(500))
    assert has_one_scan(plain)
    assert has_one_scan(encoded(half_red().convert("L"), "JPEG"))
    assert not has_one_scan(encoded(half_red(), "JPEG", progressive=True))
    assert one_colour_at_a_time(plain) != plain
    assert not has_one_scan(one_colour_at_a_time(plain))
    for hidden in (b"\xff\xd0", b"\xff\xff", b"words"):  # what decoders skip
        assert not has_one_scan(plain[:2] + hidden + plain[2:])
    assert not has_one_scan(plain[:300])


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
    [
        huge_png(5001, 5000),
        encoded(Image.new("L", (9000, 6700)), "JPEG"),
        encoded(Image.new("L", (5001, 5000)), "JPEG", progressive=True),
        bytes(MOST_SENT + 1),
        encoded(half_red(), "JPEG") + bytes(6 * 2**20),
    ],
    ids=["25-megapixels", "60-megapixel-jpeg", "25-megapixel-progressive", "5-MB-and-1", "6-MB-jpeg"],
)
def test_what_is_too_large_is_refused_before_it_is_decoded(sent: bytes) -> None:
    with pytest.raises(NoPhoto) as refused:
        to_webp(io.BytesIO(sent))
    assert refused.value.words == TOO_LARGE


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(NoPhoto):
        to_webp(io.BytesIO(huge_png(60_000, 60_000)))
