"""What search engines and the cards of shared links are told, and that they are told of nothing private."""

import re
import struct
from io import BytesIO

import pytest
from django.test import Client
from django.urls import resolve
from PIL import Image, ImageColor
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from reflect.card import GIVE, INK, PAPER, RECEIVE, card
from tests.addresses import addresses
from tests.conftest import AsUser
from tests.html import assert_valid_html
from tests.test_promises import ACCESS, Access

PUBLIC = [
    "/",
    "/guide/",
    "/guide/balance/",
    "/consultations/about/",
    "/help-now/",
    "/leave-explained/",
    "/privacy/",
    "/about/",
    "/balance/how-sure/",
    "/accessibility/",
]


def in_the_sitemap(client: Client) -> list[str]:
    response = client.get("/sitemap.xml")
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    return re.findall(r"<loc>http://testserver(.*?)</loc>", response.content.decode())


@pytest.mark.django_db
def test_sitemap_names_public_pages_alone(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(0):
        paths = in_the_sitemap(client)
    assert set(PUBLIC) < set(paths)
    assert len(paths) == len(set(paths)) == 20
    for path in paths:
        name = resolve(path).url_name
        assert name
        assert ACCESS[name] is Access.PUBLIC
        response = client.get(path)
        assert response.status_code == 200
        assert b"noindex" not in response.content
        assert "X-Robots-Tag" not in response


def test_robots_are_led_to_the_sitemap(client: Client) -> None:
    assert client.get("/robots.txt").content.decode().splitlines()[-1] == "Sitemap: http://testserver/sitemap.xml"


def test_robots_are_kept_from_every_private_address(client: Client) -> None:
    """An area that is new has to be named in `reflect.discovery.PRIVATE`."""
    lines = client.get("/robots.txt").content.decode().splitlines()
    closed = tuple(line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow: "))
    opened = tuple(line.removeprefix("Allow: ") for line in lines if line.startswith("Allow: "))
    private = {address.name for address in addresses() if ACCESS.get(address.name, Access.PUBLIC) is not Access.PUBLIC}
    routes = [f"/{address.route}" for address in addresses() if address.name in private]
    assert [route for route in routes if not route.startswith(closed)] == []
    assert not any(path.startswith(closed) and not path.startswith(opened) for path in in_the_sitemap(client))
    assert not any(route.startswith(opened) for route in routes)


@pytest.mark.parametrize("path", PUBLIC)
def test_public_page_has_one_address_and_a_card(client: Client, db: None, path: str) -> None:
    root = assert_valid_html(client.get(f"{path}?from=somewhere").content)
    [canonical] = [link.get("href") for link in root.iter("link") if link.get("rel") == "canonical"]
    assert canonical == f"http://testserver{path}"
    metas = {meta.get("property") or meta.get("name"): meta.get("content") for meta in root.iter("meta")}
    assert metas["og:url"] == canonical
    assert metas["og:image"] == "http://testserver/card.png"
    assert metas["og:title"]
    assert metas["description"] == metas["og:description"] != ""


@pytest.mark.parametrize("path", ["/today/", "/balance/", "/account/settings/"])
def test_private_page_has_no_card(ana: User, as_user: AsUser, path: str) -> None:
    content = as_user(ana).get(path).content
    assert b"og:" not in content
    assert b"canonical" not in content


def test_icon_is_where_browsers_look_for_it(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert response.status_code == 302
    assert response["Location"] == "/static/img/icon.svg"
    assert not response.cookies


def test_card_is_a_picture_that_may_be_kept(client: Client) -> None:
    response = client.get("/card.png")
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "public, max-age=604800"
    assert struct.unpack(">II", response.content[16:24]) == (1200, 630)
    assert len(response.content) < 20_000


def test_card_shows_what_is_given_and_what_is_received() -> None:
    image = Image.open(BytesIO(card()))
    points = {(157, 356): GIVE, (1023, 298): RECEIVE, (600, 450): INK, (600, 100): PAPER}
    assert {point: image.getpixel(point) for point in points} == {
        point: ImageColor.getrgb(colour) for point, colour in points.items()
    }
