"""The picture for shared links: the beam of the front page, without any words. Pure: no Django.

Link previews do not take SVG, so it is a PNG. Its figures are those of the drawing in `templates/pages/landing.html`.
"""

from collections.abc import Iterable
from functools import cache
from io import BytesIO
from math import cos, radians, sin

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1200, 630
FINE = 2  # supersampling factor, for smooth edges
PIVOT = (WIDTH / 2, 380)
TILT = -4.5  # degrees clockwise
PAPER, INK, LINE, GIVE, RECEIVE = "#f5f4ef", "#1b2225", "#d6d3c9", "#b4541c", "#0f5063"

ARM = [(-520, -2), (520, -2), (520, 2), (-520, 2)]
STAND = [(0, 2), (30, 134), (-30, 134)]
GROUND = [(-PIVOT[0], 134), (PIVOT[0], 134), (PIVOT[0], 136), (-PIVOT[0], 136)]
DISCS = [(-440, -59, 56), (-347, -37, 34), (-291, -23, 20)]  # centre and radius
SQUARES = [(318, -56, 53), (383, -93, 90)]  # upper left corner and side

type Point = tuple[float, float]


@cache
def card() -> bytes:
    """The picture as a PNG of 1200 × 630 pixels."""
    image = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE), PAPER)
    draw = ImageDraw.Draw(image)
    draw.polygon(placed(GROUND), LINE)
    draw.polygon(placed(STAND), INK)
    draw.polygon(placed(ARM, TILT), INK)
    for x, y, radius in DISCS:
        [middle] = placed([(x, y)], TILT)
        draw.circle(middle, radius * FINE, GIVE)
    for x, y, side in SQUARES:
        corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
        draw.polygon(placed(corners, TILT), RECEIVE)
    png = BytesIO()
    image.reduce(FINE).save(png, "PNG", optimize=True)
    return png.getvalue()


def placed(points: Iterable[Point], tilt: float = 0) -> list[Point]:
    """Points relative to the pivot as pixels of the supersampled picture, rotated by `tilt` degrees clockwise."""
    turn = radians(tilt)
    return [
        (
            (PIVOT[0] + x * cos(turn) - y * sin(turn)) * FINE,
            (PIVOT[1] + x * sin(turn) + y * cos(turn)) * FINE,
        )
        for x, y in points
    ]
