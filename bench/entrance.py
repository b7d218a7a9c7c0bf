"""Whether the time of an answer tells who has an account: while no mail is sent, and while a slow server takes them."""

import asyncio
import logging
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from statistics import median, quantiles
from typing import NamedTuple
from uuid import uuid4

from aiosmtpd.controller import Controller
from django.conf import settings
from django.test import Client
from django.urls import reverse

from bench.goals import Line
from bench.http import Visitor
from bench.site import Answered, connect, seconds, somebody
from reflect.management.commands import demo

TIMES = 40
SLOW = 0.15  # seconds in which the mail server takes a mail
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
    mail_servers: dict[str, AbstractContextManager[None]] = {"": nullcontext(), " (slow)": mails_sent_slowly()}
    for server, running in mail_servers.items():
        with running:
            for name, ask in asks.items():
                yield compared(f"{name}{server}", ask, known)


def compared(name: str, ask: Ask, known: str) -> Line:
    every = [(ask(known, number), ask(f"{uuid4()}@example.org", number)) for number in range(TIMES)]
    with connect() as http:
        taken = [[seconds(http, *asked) for asked in pair] for pair in every]
    times = [[*column] for column in zip(*taken, strict=True)]
    difference = abs(median(times[0]) - median(times[1])) * 1000
    spread = min(third - first for first, _, third in (quantiles(column, n=4) for column in times)) * 1000
    figure = f"{difference:.1f} ms between the medians, of {median(times[0]) * 1000:.0f} ms"
    return Line(f"known or not: {name}", figure, f"≤ {spread:.1f} ms (quartiles)", "", difference <= spread)


class SlowServer:
    """Takes every mail, each after SLOW seconds."""

    async def handle_DATA(self, *_: object) -> str:  # noqa: N802  # aiosmtpd's name
        await asyncio.sleep(SLOW)
        return "250 Taken"


@contextmanager
def mails_sent_slowly() -> Iterator[None]:
    """Run the mail server, and the worker that sends what the forms write."""
    options = settings.MAILERS["default"]["OPTIONS"]
    server = Controller(SlowServer(), hostname=options["host"], port=options["port"])
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    server.start()
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE}
    with subprocess.Popen(demo.worker("mail"), env=environment) as worker:  # noqa: S603  # our own command
        try:
            yield
        finally:
            worker.terminate()
            worker.wait()
            server.stop()


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
