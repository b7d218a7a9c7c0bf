"""The words of a result of algorithm 2: what each figure may say, case by case."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from assessments import reading_2
from assessments.algorithm_2 import texts
from assessments.algorithm_2.statements import LINES
from assessments.algorithms import constants, score
from assessments.beam import Span
from assessments.instrument import Instrument
from assessments.reading_2 import Reading
from assessments.reading_2.lines import Line
from assessments.reading_2.words import difference_words, felt_words, line_alternative, sure_words, tenths
from assessments.scoring import Answer, Answers
from assessments.words import position_words
from tests.assessments.vectors import ANSWERS, INSTRUMENT, INSTRUMENT_2, SOURCE

REFERENCE = {
    "attention": (3, 1), "decisions": (4, 2), "practical": (3, 2), "affection": (2, 3), "social": (2, 3),
    "repair": (3, 2), "emotional": (3, 3), "time": (3, 3), "money": (2, 2),
}  # fmt: skip
UNEVEN = {area.key: ((4, 0) if place % 2 else (0, 4)) for place, area in enumerate(INSTRUMENT.areas)}
BANDS = ("lower", "middle", "higher")
TOO_CLOSE = "Giving and receiving may be about level, or you may "


def areas(pairs: dict[str, tuple[int, int]]) -> dict[str, int]:
    return {
        f"{key}_{side}": value
        for key, both in pairs.items()
        for side, value in zip(("give", "receive"), both, strict=True)
    }


def turned(pairs: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """Each side in the place of the other."""
    return {key: (receive, give) for key, (give, receive) in pairs.items()}


def everywhere(give: int, receive: int) -> dict[str, tuple[int, int]]:
    return {area.key: (give, receive) for area in INSTRUMENT.areas}


def answers(
    pairs: dict[str, tuple[int, int]],
    others: Mapping[str, Answer] | None = None,
    *,
    form: str = "full",
    partnered: bool = True,
) -> Answers:
    return Answers(form, partnered, {**areas(pairs), **(others or {})}, {})


def statements(value: int, *, form: str = "full", keyed: bool = True) -> dict[str, Answer]:
    """Every statement answered so that each counts for `value`; or, not `keyed`, with that very answer."""
    return {
        item.key: 4 - value if keyed and item.reverse else value
        for item in INSTRUMENT.items_of(form)
        if item.subscale != "felt"
    }


def reading(of: Answers, instrument: Instrument = INSTRUMENT) -> Reading:
    return reading_2.read(instrument, score(instrument, of), of)


def line(of: Reading, key: str) -> Line:
    return next(line for line in of.lines if line.key == key)


# --- How sure -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pairs", "heading", "begins"),
    [
        (everywhere(4, 1), "In your answers, you give more than you receive.", "Quite sure: if you answered again"),
        (everywhere(1, 3), "In your answers, you receive more than you give.", "Quite sure: "),
        (everywhere(3, 2), "In your answers, you give more than you receive.", "Fairly sure, but no more than that: "),
        (everywhere(3, 3), "Giving and receiving are about level, as far as this can tell.", "If you answered again"),
        (everywhere(1, 1), "Giving and receiving are about level, as far as this can tell.", "If you answered again"),
        (UNEVEN, "About level overall, uneven by area: look at the list.", "As far as this can tell"),
        (REFERENCE, f"{TOO_CLOSE}give a little more.", "Too close to tell: "),
        (turned(REFERENCE), f"{TOO_CLOSE}receive a little more.", "Too close to tell: "),
    ],
)
def test_how_sure_goes_no_further_than_a_second_answering(
    pairs: dict[str, tuple[int, int]], heading: str, begins: str
) -> None:
    found = reading(answers(pairs))
    assert found.heading == heading
    assert found.sure.startswith(begins)


@pytest.mark.parametrize("least", [0, 2])
def test_level_overall_though_no_area_is_level_is_not_praised(least: int) -> None:
    lean = {key: (least + 1, least) if n % 2 else (least, least + 1) for n, key in enumerate(everywhere(0, 0))}
    found = reading(answers(lean))
    assert found.heading == "Giving and receiving are about level, as far as this can tell."
    assert (
        "No area is exactly level: the single areas lean both ways. You give more in 5 of 10 areas, and receive"
        in found.text
    )
    assert "Exactly level" not in found.text
    assert "what keeps it so" not in found.text
    one_level = reading(answers(lean | {next(iter(lean)): (2, 2)}))
    assert "Exactly level: 1 of 10 areas." in one_level.text


def test_no_sentence_on_how_sure_says_again_what_the_heading_says() -> None:
    for pairs in (everywhere(3, 3), everywhere(1, 1), UNEVEN, REFERENCE, everywhere(4, 1), everywhere(3, 2)):
        found = reading(answers(pairs))
        words = re.findall("as far as this can tell", f"{found.heading} {found.sure}".lower())
        assert len(words) <= 1


def test_no_side_is_said_in_none() -> None:
    one_side = dict.fromkeys(everywhere(0, 0), (2, 2)) | dict.fromkeys(list(everywhere(0, 0))[:5], (3, 2))
    for pairs, words in (
        (one_side, "You give more in 5 of 10 areas, and receive more in none."),
        (turned(one_side), "You receive more in 5 of 10 areas, and give more in none."),
    ):
        found = reading(answers(pairs))
        assert found.heading.startswith(TOO_CLOSE)
        assert found.text.startswith(f"{words} This is how")


@pytest.mark.parametrize("instrument", [INSTRUMENT, INSTRUMENT_2], ids=["1", "2"])
@pytest.mark.parametrize("counts", [(0, 5, 2), (5, 0, 2), (7, 0, 0), (0, 7, 0), (3, 4, 0), (0, 0, 7)])
def test_no_count_of_areas_comes_before_its_verb(instrument: Instrument, counts: tuple[int, int, int]) -> None:
    """ "In none of 7 areas you give more" is no English."""
    found = dict(zip(("give", "receive", "even"), counts, strict=True)) | {"areas": sum(counts)}
    for shown in instrument.positions:
        assert not re.search(r"\bin (none|all|\d+)( of \d+)?( areas)? you\b", said(instrument, shown, found), re.I)
    begins = {"give": "You give more", "receive": "You receive more"}
    larger = max(("give", "receive"), key=lambda side: found[side])
    assert said(instrument, "too_close", found).startswith(begins[larger])


def said(instrument: Instrument, shown: str, counts: dict[str, int]) -> str:
    return position_words(texts.reading(instrument, shown, counts), counts)


def test_about_level_is_never_quite_sure() -> None:
    for shown in ("balanced_full", "balanced_thin", "uneven_by_area"):
        assert "uite sure" not in sure_words(shown, "leaning", to_one_side=False)


def test_quite_sure_says_how_often_it_holds() -> None:
    assert sure_words("gives_more", "clear", to_one_side=True).endswith("between about two in three and nine in ten.")


def test_quite_sure_by_a_measured_error_says_that_the_simulation_was_before() -> None:
    found = score(INSTRUMENT, ANSWERS["worked-2"], 2) | {"confidence": "clear", "shown": "gives_more"}
    of = {"value": 9.4, "n": 120, "interval": [8.4, 10.6]}
    words = reading_2.read(INSTRUMENT, found | {"position": "gives_more", "error": of}, ANSWERS["worked-2"]).sure
    assert "A simulation with the error that we assumed at first found" in words


def test_unevenness_has_no_word_for_how_sure() -> None:
    assert "How sure the differences between the areas are is not known." in reading(answers(UNEVEN)).sure


def test_too_few_areas_have_no_balance_and_no_word() -> None:
    found = reading(ANSWERS["six-pairs"])
    assert found.heading == "There are not enough answers for the balance."
    assert (found.balance, found.sure, found.figures, found.felt) == (None, "", (), "")
    assert len(found.areas) == 6
    assert found.plain.not_counted.count(",") == 3


# --- The balance ----------------------------------------------------------------------------------------------------


def test_the_balance_is_on_the_scale_of_the_answers() -> None:
    balance = reading(answers(REFERENCE)).balance
    assert balance
    assert (balance.given, balance.received, balance.top) == ("2.8", "2.3", 4)
    assert balance.title == (
        "Balance beam. You give 2.8 of 4 and receive 2.3, so the beam tips a little to the left, towards giving. "
        "In about 16 of 20 cases your usual balance lies between −4 and 26."
    )
    assert balance.title.endswith(balance.range)
    assert (balance.dots, balance.inside, balance.middle) == (20, 16, "11")
    assert sum(dot.inside for dot in balance.arc.dots) == sum(dot.inside for dot in balance.line.dots) == 16
    assert balance.basis == (
        "How much answers differ from day to day had not been measured yet when this was worked out, so it was assumed."
    )


@pytest.mark.parametrize(("complete", "range_"), [(7, "−16 and 16"), (8, "−15 and 15"), (10, "−15 and 15")])
def test_the_range_goes_by_the_number_of_areas(complete: int, range_: str) -> None:
    pairs = dict(list(everywhere(2, 2).items())[:complete])
    balance = reading(answers(pairs)).balance
    assert balance
    assert balance.range.endswith(f"between {range_}.")


@pytest.mark.parametrize(("balance", "is_said"), [((3, 1), True), ((1, 3), True), ((3, 2), False)])
def test_far_from_level_a_second_answering_is_usually_closer(balance: tuple[int, int], is_said: bool) -> None:
    found = reading(answers(everywhere(*balance))).balance
    assert found
    assert bool(found.far_out) is is_said
    assert found.far_out in ("", "This is far from level, and a second answering is usually closer to level.")


@pytest.mark.parametrize(
    ("pair", "says"),
    [
        ((2, 2), "so the beam is level."),
        ((3, 1), "so the beam tips to the left, towards giving."),
        ((1, 3), "so the beam tips to the right, towards receiving."),
    ],
)
def test_the_beam_says_which_way(pair: tuple[int, int], says: str) -> None:
    found = reading(answers(everywhere(*pair))).balance
    assert found
    assert says in found.title


def test_levels_have_one_decimal() -> None:
    assert [tenths(value, 4) for value in (0, 56.25, 69.4, 100)] == ["0.0", "2.3", "2.8", "4.0"]
    assert tenths(100, 5) == "5.0"


# --- In plain words, and area by area -------------------------------------------------------------------------------


def test_plain_words_name_every_area() -> None:
    assert reading(answers(REFERENCE)).plain == (
        "attention and listening, planning and remembering",
        "everyday help, after a disagreement",
        "",
        "warmth and affection, family and friends",
        "comfort and support, time for each other, money and things",
        "physical intimacy",
    )


def test_areas_are_on_the_scale_of_the_answers() -> None:
    found = reading(answers(REFERENCE))
    assert [(area.label, area.give, area.receive, area.difference) for area in found.areas[:5]] == [
        ("Attention and listening", "3", "1", "gives more, by 2"),
        ("Planning and remembering", "4", "2", "gives more, by 2"),
        ("Everyday help", "3", "2", "gives more, by 1"),
        ("Warmth and affection", "2", "3", "receives more, by 1"),
        ("Family and friends", "2", "3", "receives more, by 1"),
    ]
    assert difference_words(2, 2) == "level"
    assert [point for _x, point in found.axis] == [4, 3, 2, 1, 0, 1, 2, 3, 4]
    assert [x for x, _point in found.axis][::4] == ["4%", "50%", "96%"]


def test_nothing_is_answered() -> None:
    ways: tuple[Answer, ...] = (None, "na", "skip", "no_occasion")
    for way in ways:
        found = reading(Answers("full", True, dict.fromkeys(INSTRUMENT.scale_of, way), {}))
        assert found.heading == "There are not enough answers for the balance."
        assert (found.balance, found.areas, found.shown_lines, found.roles, found.style) == (None, (), (), (), "")
        assert found.empty_titles.startswith("My overall feeling, How heavy it feels, ")
        assert sum(len(part.rows) for part in found.answered) == 81 + 10


# --- Felt and counted -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("felt", "pair", "says"),
    [
        (2, (4, 1), "Your overall feeling and the sum of the areas point the same way."),
        (0, (2, 2), "Your overall feeling and the sum of the areas point the same way."),
        (0, (4, 1), "Your overall feeling says: about level. The areas added up say: you give more."),
        (-1, (4, 1), "Your overall feeling says: you receive more. The areas added up say: you give more."),
        (3, (2, 2), "Your overall feeling says: you give more. The areas added up say: about level."),
    ],
)
def test_only_directions_are_compared(felt: int, pair: tuple[int, int], says: str) -> None:
    found = reading(answers(everywhere(*pair), {"felt1": felt})).felt
    assert found.startswith(says)
    assert not re.search(r"\d", found)


def test_what_is_too_close_to_call_has_no_direction() -> None:
    assert reading(answers(REFERENCE, {"felt1": 2})).felt == ""
    assert felt_words(None, told=True) == ""


# --- Statements -----------------------------------------------------------------------------------------------------


def test_words_come_first_and_the_figure_is_a_band_on_the_line() -> None:
    found = line(reading(answers(REFERENCE, statements(1))), "slf")
    (said,) = found.said
    assert said.text == INSTRUMENT.subscales["slf"].lower
    assert found.drawn
    assert (found.drawn.dot, found.drawn.band) == ("26%", Span("16.98%", "18.05%"))
    assert found.drawn.alternative == "25, between 16 and 34. 0 is “seldom”, 100 is “often”."


def test_a_band_stays_on_its_line() -> None:
    assert line_alternative(100, 9, "a", "b").startswith("100, between 91 and 100.")
    assert line_alternative(3, 9, "a", "b").startswith("3, between 0 and 12.")


def test_single_items_have_words_and_no_figure() -> None:
    found = reading(answers(REFERENCE, {"felt1": 1, "rdy1": 4}))
    for key, text in (("felt", INSTRUMENT.subscales["felt"].higher), ("rdy", INSTRUMENT.subscales["rdy"].higher)):
        assert [said.text for said in line(found, key).said] == [text]
        assert line(found, key).drawn is None
    assert not {"My overall feeling", "Ready for a small change"} & {part.title for part in found.parts}


def test_giving_and_receiving_can_be_heavy_each_by_itself() -> None:
    found = line(reading(answers(REFERENCE, {"str1": 4, "str2": 4, "str3": 0, "str4": 0})), "str")
    assert [said.title for said in found.said] == ["When I give", "When I receive"]
    assert "heavy more often" in found.said[0].text
    assert "heavy less often" in found.said[1].text
    assert found.drawn is None


def test_the_cycle_is_two_lines() -> None:
    found = reading(answers(REFERENCE, statements(2) | {"cyc1": 4, "cyc4": 4, "cyc2": 0, "cyc3": 0}))
    pressing = line(found, "cyc")
    assert [said.title for said in pressing.said] == [
        "I press, my partner pulls back",
        "My partner presses, I pull back",
    ]
    assert "more often" in pressing.said[0].text
    assert "less often" in pressing.said[1].text
    assert pressing.drawn is None
    assert [role for role, _word in found.roles] == ["Sudden closeness after distance", "The same distance coming back"]


def test_a_line_with_one_answer_says_on_how_many_it_rests() -> None:
    found = line(reading(answers(REFERENCE, {"str1": 4, "str3": 0, "str4": 0})), "str")
    assert [(said.answered, said.asked, said.is_incomplete) for said in found.said] == [(1, 2, True), (2, 2, False)]


def test_half_of_a_part_is_enough() -> None:
    half = {"slf1": 4, "slf2": 4, "slf5": 4}
    (said,) = line(reading(answers(REFERENCE, half)), "slf").said
    assert (said.answered, said.asked, said.is_incomplete) == (3, 6, True)
    assert line(reading(answers(REFERENCE, {"slf1": 4, "slf2": 4})), "slf").is_empty


def test_what_was_never_asked_is_not_counted() -> None:
    """Without a partner now, three statements are not asked: the cycle is one mean of the other six."""
    found = reading(answers(REFERENCE, statements(3), partnered=False))
    assert "rdy" not in {line.key for line in found.lines}
    (said,) = line(found, "cyc").said
    assert (said.answered, said.asked) == (6, 6)
    assert line(found, "cyc").drawn
    assert [role for role, _word in found.roles][:2] == ["Me, pressing for an answer", "Me, stepping back"]
    assert not any("My partner became distant" in row.question for part in found.answered for row in part.rows)


@pytest.mark.parametrize(("value", "band"), [(0, "lower"), (2, "middle"), (4, "higher")])
def test_the_short_form_names_only_what_it_asks(value: int, band: str) -> None:
    found = reading(answers(everywhere(4, 1), statements(value, form="short"), form="short"))
    written = texts._written()["short"]
    assert set(written) == {line.key for line in found.lines} - {"felt"}
    for key in written:
        (said,) = line(found, key).said
        assert said.text == written[key][band]
        assert said.text != INSTRUMENT.subscales[key].band_text(band)
        assert (said.answered, said.asked) == (3, 3)


def test_illusions_are_read_only_with_an_imbalance() -> None:
    (unread,) = line(reading(answers(everywhere(2, 2), statements(3))), "ill").said
    assert unread.text == "Your answers show no clear imbalance, so we read nothing into this part."
    assert line(reading(answers(everywhere(2, 2), statements(3))), "ill").drawn is None
    assert line(reading(answers(everywhere(4, 1), statements(3))), "ill").drawn


def test_texts_that_speak_of_statements_lead_to_them() -> None:
    found = reading(answers(everywhere(4, 1), statements(2)))
    linked = {line.key for line in found.lines for said in line.said if said.links}
    assert linked == {"ill", "prj", "aut", "rec"}
    assert linked <= {part.key for part in found.answered}
    assert all("statements you" in said.text for line in found.lines for said in line.said if said.links)
    assert texts.speaks_of_statements("It helps. The statements you rated lowest show it.")
    assert not texts.speaks_of_statements("It helps to look.")


def test_every_text_of_version_1_that_speaks_of_statements_is_found() -> None:
    rows = INSTRUMENT.subscales.values()
    named = {(row.key, band) for row in rows for band in BANDS if "statements" in row.band_text(band)}
    found = {(row.key, band) for row in rows for band in BANDS if texts.speaks_of_statements(row.band_text(band))}
    assert found == named - {("str", "middle")}  # "the four statements you rated": read as two lines
    assert len(found) == 6


# --- What was answered, and how -------------------------------------------------------------------------------------


def test_every_item_stands_with_its_answer() -> None:
    given = replace(
        answers(REFERENCE, statements(3, keyed=False) | {"felt1": 1, "str2": "na", "str3": "skip", "slf1": None}),
        importance={"attention": 3},
    )
    parts = {part.key: part for part in reading(given).answered}
    assert [*parts][:3] == ["felt", "attention", "practical"]
    assert parts["felt"].rows == ((INSTRUMENT.item["felt1"].text, "I gave a little more"),)
    assert [row.answer for row in parts["attention"].rows] == ["A lot", "A little", "Very important"]
    assert [row.answer for row in parts["practical"].rows][2] == "Not answered"
    assert [row.answer for row in parts["str"].rows] == [
        "Often",
        "I prefer not to say",
        "Does not apply to me",
        "Often",
    ]
    assert parts["slf"].rows[0].answer == "Not answered"
    assert len(parts["rec"].rows) == 6
    assert sum(len(part.rows) for part in parts.values()) == 81 + 10


def test_what_did_not_come_up_is_said_so() -> None:
    found = reading(answers(REFERENCE, {"str1": "no_occasion"}), INSTRUMENT_2)
    assert next(part for part in found.answered if part.key == "str").rows[0].answer == "It did not come up"


def test_a_short_form_of_version_2_has_its_own_texts_of_its_bands() -> None:
    given = dict.fromkeys((key for key in INSTRUMENT_2.scale_of if key.startswith("slf")), 3)
    found = {
        form: line(reading(answers(REFERENCE, given, form=form), INSTRUMENT_2), "slf").said[0].text
        for form in ("short", "full")
    }
    assert found["short"] in INSTRUMENT_2.text["short"]["slf"].values()
    assert found["full"] not in INSTRUMENT_2.text["short"]["slf"].values()


def test_many_equal_answers_are_softly_noted() -> None:
    same = reading(Answers("full", True, dict.fromkeys(INSTRUMENT.scale_of, 2), {}))
    assert same.style == "You gave the same answer 80 times in a row. That can be true; it can also be haste."
    assert reading(answers(REFERENCE)).style == ""


# --- The figures ----------------------------------------------------------------------------------------------------


def test_the_figures_name_their_errors() -> None:
    found = reading(ANSWERS["worked-1"])
    assert found.weighted
    assert [(figure.name, figure.value, figure.weighted) for figure in found.figures] == [
        ("Given", "81", "87"),
        ("Received", "50", "46"),
        ("Balance", "+31", "+41"),
        ("Unevenness", "47", "49"),
        ("Unevenness beyond chance", "43", ""),
        ("Level", "65", "66"),
        ("One direction", "65 %", "84 %"),
        ("Spread", "43", ""),
        ("Error of the balance", "11.6", "11.9"),
        ("80 % range", "+16 to +45", "+26 to +56"),
        ("95 % range", "+8 to +53", ""),
        ("Chance of giving more", "83 %", ""),
        ("Chance of about level", "17 %", ""),
        ("Chance of receiving more", "less than 1 %", ""),
    ]
    assert ("Being myself", "33", "24–43", 6, 6) in found.parts
    assert not {"How heavy it feels", "Pressing and pulling back"} & {part.title for part in found.parts}
    assert found.figures[8].meaning


def test_error_of_the_balance_is_told_about_the_usual_one_and_not_about_a_second_answering() -> None:
    row = next(row for row in reading(ANSWERS["worked-1"]).figures if row.name == "Error of the balance")
    assert row.value == "11.6"  # two answerings differ by √2 times as much
    near = "On about two of three days, a balance over as many areas is closer than this to the usual one."
    assert row.meaning == near


def test_the_short_form_has_no_figures_by_importance() -> None:
    found = reading(ANSWERS["leaning-20"])
    assert not found.weighted
    assert {figure.weighted for figure in found.figures} == {""}


def test_no_basis_is_claimed_for_constants_that_are_not_in_use() -> None:
    figures = score(INSTRUMENT, ANSWERS["worked-1"])
    figures["versions"]["constants"] = constants().version + 1
    balance = reading_2.draw(INSTRUMENT, figures)
    assert balance
    assert balance.basis == ""


@pytest.mark.parametrize("name", ANSWERS)
def test_every_sheet_can_be_read_and_leaves_no_blank(name: str) -> None:
    found = reading(ANSWERS[name])
    assert not re.search(r"[{}]|None|%\(", found.heading + found.text + found.sure)
    assert all(said.text for line in found.lines for said in line.said)


# --- The file of words ----------------------------------------------------------------------------------------------


def test_every_word_of_algorithm_2_is_there_and_used() -> None:
    written = texts._written()
    assert set(written) == {"headings", "readings", "lines", "short"}
    sides = {"too_close_give", "too_close_receive"}
    assert sides < set(written["headings"]) < set(INSTRUMENT.positions) | sides
    both_ways = {"balanced_full_both_ways", "balanced_thin_both_ways"}
    assert set(written["readings"]) == both_ways | sides
    assert {key: set(lines) for key, lines in written["lines"].items()} == {key: set(v) for key, v in LINES.items()}
    for lines in written["lines"].values():
        assert all(set(line) == {"title", *BANDS} for line in lines.values())
    asked = {item.subscale for item in INSTRUMENT.items_of("short")} - {"felt"}
    assert set(written["short"]) == asked
    assert all(set(bands) == set(BANDS) for bands in written["short"].values())


def test_the_file_of_version_1_is_as_it_was() -> None:
    assert "About level overall" not in SOURCE
