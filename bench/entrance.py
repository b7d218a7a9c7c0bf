"""Whether the time of an answer tells who has an account. No page waits for the mail server, so there is none here."""

from collections.abc import Callable, Iterator
from statistics import median, quantiles
from typing import NamedTuple

from django.test import Client
from django.urls import reverse

from bench.goals import Line
from bench.http import Visitor
from bench.site import Answered, connect, seconds, somebody

TIMES = 40
PASSWORD = "four quiet ordinary words"  # noqa: S105  # of accounts that live as long as the benchmark


class Asked(NamedTuple):
    """A request of one visitor, and the status expected."""

    request: bytes
    status: int


type Ask = Callable[[str, int], Asked]  # of an address, for the nth time


def entrance(_ana: Answered) -> Iterator[Line]:
    """For each form: the difference of the medians for a known and for an unknown address, asked in turn."""
    known = somebody("known").email
    asks: dict[str, Ask] = {"sign-up": sign_up, "reset": reset, "log-in": log_in, "resend": resend}
    for name, ask in asks.items():
        every = [(ask(known, number), ask(f"{name}-{number}@example.org", number)) for number in range(TIMES)]
        with connect() as http:
            taken = [[seconds(http, *asked) for asked in pair] for pair in every]
        times = [[*column] for column in zip(*taken, strict=True)]
        difference = abs(median(times[0]) - median(times[1])) * 1000
        spread = min(third - first for first, _, third in (quantiles(column, n=4) for column in times)) * 1000
        figure = f"{difference:.1f} ms between the medians, of {median(times[0]) * 1000:.0f} ms"
        yield Line(f"known or not: {name}", figure, f"≤ {spread:.1f} ms (quartiles)", "", difference <= spread)


def sign_up(address: str, _number: int) -> Asked:
    return Asked(stranger().post(reverse("account_signup"), email=address, password1=PASSWORD, adult="on"), 302)


def reset(address: str, _number: int) -> Asked:
    return Asked(stranger().post(reverse("account_reset_password"), email=address), 302)


def log_in(address: str, _number: int) -> Asked:
    return Asked(stranger().post(reverse("account_login"), login=address, password=PASSWORD), 200)


def resend(address: str, _number: int) -> Asked:
    client = Client(headers={"Host": "127.0.0.1"})
    client.post(reverse("account_signup"), {"email": address, "password1": PASSWORD, "adult": "on"})
    page = reverse("account_email_verification_sent")
    return Asked(Visitor(client.cookies["sessionid"].value).post(page, action="resend"), 302)


def stranger() -> Visitor:
    """A visitor without a session."""
    return Visitor("")
