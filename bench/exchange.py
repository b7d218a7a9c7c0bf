"""Messages and questions among very many: pages against the anchor, sending, and the search."""

import random
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import cycle
from statistics import median, quantiles
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from bench.goals import Kind, Line, count_queries, in_turns
from bench.http import Visitor
from bench.site import Answered, somebody
from consultations.management.commands.seed_scale import make_people
from consultations.models import Specialist
from exchange.models import Question, Side
from exchange.models.messages import Words
from exchange.models.questions import LONGEST_TITLE
from exchange.published import Wanted, find_questions
from exchange.services import messages
from exchange.services.messages import Letter
from guide import themes
from guide.chapters import chapters

PEOPLE = 1_000  # members, and as many specialists, who write to each other
THREADS, EACH_THREAD = 100_000, 5  # messages, each stored twice: a million copies
QUESTIONS, ANSWERS_IN_TEN = 200_000, (0, 2, 2, 3, 2, 2, 3, 2, 2, 2)  # 400,000 answers
BATCH = 5_000
FEW = 100  # threads in the small data set
FEW_QUESTIONS = 2_000  # as many as fill the first page of every list
OWN, LONG = 60, 400  # threads of the person who is measured, and messages of the one they open
SEARCHES = 60

# Filler is not sealed: nobody opens it. It has the size of a message of 300 characters.
THREADS_OF_OTHERS = """
INSERT INTO exchange_thread (id, member_id, specialist_id, last_number, last_at)
SELECT gen_random_uuid(), member.id, specialist.id, %(each)s, %(now)s - number * interval '1 minute'
FROM generate_series(%(first)s, %(last)s) AS number
JOIN accounts_user AS member ON member.email = 'client-' || (number %% %(people)s) || '@scale.invalid'
JOIN accounts_user AS specialist
  ON specialist.email = 'specialist-' || ((number / %(people)s + number) %% %(people)s) || '@scale.invalid'
"""
SIDES_OF_OTHERS = """
INSERT INTO exchange_side (id, owner_id, thread_id, last_at, opened_to, fresh, sealed)
SELECT gen_random_uuid(), owner, thread.id, last_at, last_number, 0, decode(repeat('00', 288), 'hex')
FROM exchange_thread AS thread, LATERAL (VALUES (member_id), (specialist_id)) AS two (owner)
WHERE NOT EXISTS (SELECT FROM exchange_side WHERE thread_id = thread.id)
"""
MESSAGES_OF_OTHERS = """
INSERT INTO exchange_message (id, owner_id, side_id, number, at, is_own, opened_on, sealed)
SELECT gen_random_uuid(), owner_id, side.id, number, side.last_at - (%(each)s - number) * interval '1 hour',
       (number %% 2 = 0) = (owner_id = thread.member_id), NULL, decode(repeat('00', 544), 'hex')
FROM exchange_side AS side JOIN exchange_thread AS thread ON thread.id = thread_id,
     generate_series(1, %(each)s) AS number
WHERE NOT EXISTS (SELECT FROM exchange_message WHERE side_id = side.id)
"""
SUBMISSIONS_OF_OTHERS = """
INSERT INTO exchange_submission (id, tag, author, state, asks_more, due, news, sealed)
SELECT id, sha256(uuid_send(id)), repeat('x', 400), 'published', false, false, 'told', repeat('x', 700)
FROM exchange_question
ON CONFLICT DO NOTHING
"""
ANSWERS_OF_OTHERS = """
INSERT INTO exchange_answer (id, question_id, specialist_id, text, reply, "on", thanked, helped)
SELECT gen_random_uuid(), question.id, specialist.id, repeat('I would begin with something small. ', 8), '',
       question.published_on + 1, false, 0
FROM (
    SELECT id, published_on, answers, row_number() OVER (ORDER BY id) AS number FROM exchange_question
    WHERE NOT EXISTS (SELECT FROM exchange_answer WHERE question_id = exchange_question.id)
) AS question
JOIN LATERAL generate_series(1, question.answers) AS turn ON true
JOIN accounts_user AS specialist
  ON specialist.email = 'specialist-' || ((question.number + 7 * turn) %% %(people)s) || '@scale.invalid'
"""


def exchange(_ana: Answered) -> Iterator[Line]:
    """The goals of messages and questions."""
    make_people(range(PEOPLE), timezone.now())
    cara = correspondent()
    seed_threads(FEW, first=0)
    seed_questions(FEW_QUESTIONS)
    few, asked_few = page_times(cara), queries(cara)
    start = time.perf_counter()
    seed_threads(THREADS, first=FEW)
    seed_questions(QUESTIONS)
    yield Line("seeded", f"{time.perf_counter() - start:.0f} s", "", "", None)
    many, asked_many = page_times(cara), queries(cara)
    yield from against_the_anchor(few, many)
    for name in asked_few:
        figure = f"{asked_few[name]} and {asked_many[name]} queries"
        yield Line(f"2 {name}", figure, "the same", "", asked_few[name] == asked_many[name])
    yield search()


def correspondent() -> User:
    """A member with OWN threads, and LONG messages in one of them."""
    cara, now = somebody("cara"), timezone.now()
    for number, specialist in enumerate(Specialist.objects.order_by("slug")[:OWN]):
        side = messages.begin(owner=cara, specialist=specialist, name="Cara", now=now)
        for turn in range(LONG if number == 0 else 1):
            written = Letter(uuid.uuid4(), Words("A line of ordinary length, as people write it. " * 6))
            messages.send(owner=cara, side=side, letter=written, now=now - timedelta(hours=LONG - turn))
    return cara


def seed_threads(upto: int, *, first: int) -> None:
    """Threads between other people, with as many messages each."""
    about: dict[str, Any] = {
        "now": timezone.now(),
        "first": first,
        "last": upto - 1,
        "people": PEOPLE,
        "each": EACH_THREAD,
    }
    with connection.cursor() as cursor:
        for statement in (THREADS_OF_OTHERS, SIDES_OF_OTHERS, MESSAGES_OF_OTHERS):
            cursor.execute(statement, about)
        cursor.execute("VACUUM ANALYZE exchange_thread, exchange_side, exchange_message")


def seed_questions(upto: int) -> None:
    """Published questions in words of the guide, as often as they stand there: one in ten has no answer yet."""
    chance = random.Random(upto)
    words = " ".join(chapter.text for chapter in chapters().values()).split()
    today = timezone.now().date()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no triggers: each looks for the other row
        for begin in range(Question.objects.count(), upto, BATCH):
            Question.objects.bulk_create(
                Question(
                    id=uuid.uuid4(),
                    title=" ".join(chance.choices(words, k=8))[:LONGEST_TITLE],
                    text=" ".join(chance.choices(words, k=80)),
                    theme=chance.choice(themes.KEYS),
                    pen_name="Quiet Heron",
                    published_on=today - timedelta(days=chance.randrange(1_500)),
                    answers=ANSWERS_IN_TEN[number % 10],
                    helped=chance.randrange(40),
                )
                for number in range(begin, min(begin + BATCH, upto))
            )
        cursor.execute(SUBMISSIONS_OF_OTHERS)
        cursor.execute(ANSWERS_OF_OTHERS, {"people": PEOPLE})
        cursor.execute("RESET session_replication_role")
        cursor.execute("VACUUM ANALYZE exchange_question, exchange_submission, exchange_answer")


def page_times(cara: User) -> list[dict[str, float]]:
    """Seconds per round of each page, and of sending, in turns with both anchors."""
    by = Visitor.signed_in(cara)
    kinds = {"anchor page": Kind(cycle([by.get("/anchor/page/")]), 200)}
    kinds |= {name: Kind(cycle([by.get(path)]), 200) for name, path in pages(cara).items()}
    kinds["anchor post"] = Kind(cycle([by.post("/anchor/post/", text="x")]), 302)
    kinds["sending"] = Kind(letters(by, cara), 302)
    return in_turns(kinds)


def pages(cara: User) -> dict[str, str]:
    thread = Side.objects.visible_to(cara).order_by("-thread__last_number")[0]
    return {
        "thread": f"/messages/{thread.pk}/",
        "threads": "/messages/",
        "questions": "/questions/",
        "questions, helpful": "/questions/?order=helpful",
        "questions, unanswered": f"/questions/?order=unanswered&theme={themes.KEYS[0]}",
        "question": f"/questions/{Question.objects.filter(answers=2).order_by('id')[0].pk}/",
    }


def letters(by: Visitor, cara: User) -> Iterator[bytes]:
    """Messages into each of the threads in turn, for ever."""
    sides = [*Side.objects.visible_to(cara).values_list("pk", flat=True)]
    text = "A line of ordinary length, as people write it. " * 6
    for side in cycle(sides):
        about = {"message": uuid.uuid4(), "writer": cara.pk, "client": uuid.uuid4(), "sequence": 1, "base_revision": 0}
        yield by.post(f"/messages/{side}/", **about, text=text)


def against_the_anchor(few: list[dict[str, float]], many: list[dict[str, float]]) -> Iterator[Line]:
    for name in many[0]:
        if name.startswith("anchor"):
            continue
        anchor, wanted = ("anchor post", 0.4) if name == "sending" else ("anchor page", 0.5)
        ratio = median(found[anchor] / found[name] for found in many)
        yield Line(f"1 {name}", f"{ratio:.2f} ×", f"≥ {wanted} × {anchor}", "", ratio >= wanted)
        grown, small = (median(found[name] / found[anchor] for found in rounds) for rounds in (many, few))
        yield Line(f"6 {name}", f"{grown / small:.2f} × from few to many", "≤ 1.3 ×", "", grown / small <= 1.3)


def queries(cara: User) -> dict[str, int]:
    client = Client(headers={"Host": "127.0.0.1"})
    client.cookies.load(Visitor.signed_in(cara).cookies)
    return {name: count_queries(partial(client.get, path)) for name, path in pages(cara).items()}


def search() -> Line:
    """What PostgreSQL takes to find words of any frequency, words with a slip in them, and words that are nowhere."""
    chance = random.Random(7)
    words = [word.strip(".,:;?").lower() for chapter in chapters().values() for word in chapter.text.split()]
    asked = [" ".join(chance.choices(words, k=1 + number % 3)) for number in range(SEARCHES)]
    asked += [word[:2] + word[3:] for word in asked[::6]]
    taken = []
    for text in asked:
        with CaptureQueriesContext(connection) as captured:
            find_questions(Wanted(words=text))
        taken.append(sum(float(query["time"]) for query in captured.captured_queries))
    p95 = quantiles(taken, n=20)[18]
    figure = f"p50 {median(taken) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, {QUESTIONS:,} questions"
    return Line("search", figure, "p95 ≤ 100 ms", "", p95 <= 0.1)
