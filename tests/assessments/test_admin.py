"""The administration: versions and counts, group figures, and never an answer."""

import pytest
from django.contrib import admin
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from assessments import services
from assessments.instrument import Instrument
from assessments.models import Form, GroupFigures, InstrumentVersion, Response, Result
from assessments.statistics import Tally
from tests.assessments.conftest import EVEN, FILE, NOW
from tests.conftest import AsUser

CHANGE = "admin:assessments_instrumentversion_change"
CONFIRM = "admin:assessments_version_confirm"


@pytest.fixture
def danas(dana: User, as_user: AsUser) -> Client:
    return as_user(dana)


@pytest.fixture
def draft(db: None) -> InstrumentVersion:
    source = FILE.read_text().replace("instrument.version = 1", "instrument.version = 2")
    version, _changed = services.load_version(source=source, publish=False, now=NOW)
    return version


def html(answer: object) -> str:
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == 200
    return answer.content.decode()


def test_answers_and_results_have_no_page() -> None:
    assert not {Response, Result} & set(admin.site._registry)


def test_a_version_is_read_with_its_counts(danas: Client, ana: User, ben: User, balance_1: InstrumentVersion) -> None:
    for owner, form in ((ana, Form.SHORT), (ben, Form.FULL)):
        services.start_response(owner=owner, version=balance_1, form=form, partnered=True, now=NOW)
    services.submit_response(owner=ana, response_id=Response.objects.visible_to(ana).get().pk, now=NOW)
    page = html(danas.get(reverse(CHANGE, args=[balance_1.pk])))
    assert "<td>1</td><td>1</td>" in page
    assert "<td>1</td><td>0</td>" in page
    assert "Everyday help" in page
    assert 'name="_save"' not in page


def test_a_stored_version_is_published_after_a_question(danas: Client, draft: InstrumentVersion) -> None:
    confirm = reverse(CONFIRM, args=[draft.pk, "publish"])
    assert confirm in html(danas.get(reverse(CHANGE, args=[draft.pk])))
    assert "can never be changed" in html(danas.get(confirm))
    assert InstrumentVersion.objects.current() is None
    assert "is published." in html(danas.post(confirm, follow=True))
    assert InstrumentVersion.objects.current() == draft
    assert danas.post(confirm).status_code == 404


def test_a_published_version_is_retired_after_a_question_and_published_again(
    danas: Client, balance_1: InstrumentVersion, draft: InstrumentVersion
) -> None:
    services.publish_version(version=draft, now=NOW)
    confirm = reverse(CONFIRM, args=[draft.pk, "retire"])
    assert "You can publish it again" in html(danas.get(confirm))
    assert InstrumentVersion.objects.current() == draft
    assert "is retired." in html(danas.post(confirm, follow=True))
    assert InstrumentVersion.objects.current() == balance_1
    assert danas.post(confirm).status_code == 404
    again = reverse(CONFIRM, args=[draft.pk, "publish"])
    assert again in html(danas.get(reverse(CHANGE, args=[draft.pk])))
    assert "is published." in html(danas.post(again, follow=True))
    assert InstrumentVersion.objects.current() == draft


def test_the_only_questionnaire_on_offer_is_not_retired(
    danas: Client, balance_1: InstrumentVersion, draft: InstrumentVersion
) -> None:
    answer = danas.post(reverse(CONFIRM, args=[balance_1.pk, "retire"]), follow=True)
    assert "the only questionnaire on offer" in html(answer)
    assert InstrumentVersion.objects.current() == balance_1


@pytest.mark.parametrize("change", ["retire", "delete-all"])
def test_what_does_not_apply_is_not_there(danas: Client, draft: InstrumentVersion, change: str) -> None:
    assert danas.post(reverse(CONFIRM, args=[draft.pk, change])).status_code == 404


def test_staff_without_the_right_change_nothing(as_user: AsUser, ben: User, balance_1: InstrumentVersion) -> None:
    ben.is_staff = True
    ben.save()
    client = as_user(ben)
    assert client.get(reverse("admin:index")).status_code == 200
    assert client.post(reverse(CONFIRM, args=[balance_1.pk, "retire"])).status_code == 403
    assert InstrumentVersion.objects.current() == balance_1


def test_group_figures_say_what_is_not_shown(
    danas: Client, balance_1: InstrumentVersion, instrument: Instrument
) -> None:
    row = GroupFigures.objects.create(
        version=balance_1, form=Form.FULL, figures=Tally(instrument, "full").figures(EVEN), published_at=NOW
    )
    page = html(danas.get(reverse("admin:assessments_groupfigures_change", args=[row.pk])))
    assert page.count("Not shown") > 20
    assert "In your answers, you give more than you receive." in page
    assert page.index("How heavy it feels") < page.index("What goes both ways")
    assert "rounded down to a multiple of 5" in page
    assert "Not shown" in html(danas.get(reverse("admin:assessments_groupfigures_changelist")))


def test_the_list_says_when_group_figures_appear(danas: Client) -> None:
    page = html(danas.get(reverse("admin:assessments_groupfigures_changelist")))
    assert "when 10 people have agreed and answered" in page
    assert "at least 10 people have joined or left, and 7 days after the last ones" in page
