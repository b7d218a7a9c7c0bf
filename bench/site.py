"""The product under measurement: an empty database, members with answers, and the server as the demo runs it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from assessments.models import Response, Result
from bench.http import Connection, Visitor
from bench.models import Row
from bench.views import ROWS
from reflect.management.commands import demo, seed_demo
from reflect.supervisor import Supervisor

HOST, PORT = demo.HOST, 8477


@dataclass(frozen=True)
class Answered:
    """A member with two results and an unfinished response to the short form."""

    user: User
    visitor: Visitor
    response: Response
    result: Result


def empty_database() -> None:
    """Recreate this run's database with the anchor's rows. Refuses while another run uses the port."""
    demo.refuse_taken_port(PORT)
    name = connection.ops.quote_name(settings.DATABASES["default"]["NAME"])
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name}")
    call_command("migrate", run_syncdb=True, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("load_prompts", verbosity=0)
    for questionnaire in demo.QUESTIONNAIRES:
        file = settings.BASE_DIR / "assessments/instruments" / questionnaire
        call_command("load_instrument", file, stdout=StringIO())
    text = "A line of ordinary length, as one finds it in a list of entries or of messages on any site. " * 2
    Row.objects.bulk_create(Row(title=f"Row {number} with a title", text=text[:170]) for number in range(ROWS))


@transaction.atomic
def somebody(name: str) -> User:
    """A member who has given the consents that the questionnaire asks for."""
    return seed_demo.create_person(seed_demo.Person(name, ""), now=timezone.now())


def somebody_who_answered(name: str) -> Answered:
    user = somebody(name)
    seed_demo.answer_questionnaires(user, now=timezone.now())
    response = Response.objects.visible_to(user).unfinished().get()
    result = Result.objects.visible_to(user).latest("created_at")
    return Answered(user, Visitor.signed_in(user), response, result)


@contextmanager
def served() -> Iterator[None]:
    """Run the web server on this run's database until the end of the block."""
    with Supervisor() as supervisor:
        environment = {"WEB_THREADS": str(demo.THREADS), "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE}
        supervisor.start(demo.web(PORT), environment)
        demo.wait_for_web(supervisor, PORT)
        yield


def connect() -> Connection:
    return Connection(HOST, PORT)


def seconds(http: Connection, request: bytes, status: int) -> float:
    """The seconds that one answer takes. Raises AssertionError if its status is not the one expected."""
    start = time.perf_counter()
    answer = http.send(request)
    taken = time.perf_counter() - start
    assert answer.status == status, f"{request[:80]!r} was answered with {answer.status} {answer.location}"
    return taken
