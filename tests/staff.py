"""Staff, as tests need them, and the pages on which they are asked before something is changed."""

from typing import Any

from django.test import Client

from accounts import roles
from accounts.models import User
from accounts.roles import Role
from tests.conftest import show_second_factor, with_confirmed_address
from tests.html import parse


def staff(address: str, *held: Role) -> User:
    """Somebody with these roles; with none, they get into the administration and find nothing there."""
    user = with_confirmed_address(User.objects.create_user(address, is_staff=True))
    for role in held:
        roles.give(user, role)
    return user


def at_work(user: User) -> Client:
    """A second browser, in which a colleague works meanwhile."""
    client = Client()
    client.force_login(user)
    show_second_factor(client, user)
    return client


def carried(client: Client, path: str) -> dict[str, str]:
    """The hidden fields of the page that asks, as it is now: what an answer to it carries."""
    return hidden(client.get(path).text)


def hidden(page: str) -> dict[str, str]:
    inputs = parse(page).iter("input")
    return {one.get("name", ""): one.get("value", "") for one in inputs if one.get("type") == "hidden"}


def press(client: Client, path: str, values: dict[str, Any] | None = None, **kwargs: Any) -> Any:
    """Open the page that asks, fill it in, and press its button."""
    return client.post(path, carried(client, path) | (values or {}), **kwargs)
