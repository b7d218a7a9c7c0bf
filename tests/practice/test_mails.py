"""The page on which a specialist chooses further mails."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from consultations.models import Specialist
from tests.conftest import AsUser
from tests.consultations.cast import page, verified

pytestmark = pytest.mark.django_db


def test_the_agenda_and_the_reminder_are_off_until_they_are_chosen(cole: User, as_user: AsUser) -> None:
    verified(cole)
    desk, here = as_user(cole), reverse("practice:mails")
    words = page(desk.get(here))
    assert "Send me the times of my meetings at 07:00 on days when I have any" in words
    assert Specialist.objects.values_list("agenda_mailed", "reminder").get() == (False, "")
    for sent, kept in (
        ({"agenda_mailed": "on", "reminder": "remind_hour"}, (True, "remind_hour")),
        ({"reminder": ""}, (False, "")),
    ):
        assert "Saved." in page(desk.post(here, sent, follow=True))
        assert Specialist.objects.values_list("agenda_mailed", "reminder").get() == kept
    assert page(desk.post(here, {"reminder": "week"}), 400)
    assert Specialist.objects.values_list("reminder", flat=True).get() == ""


def test_a_link_in_a_mail_leads_through_the_log_in(cole: User, client: Client) -> None:
    verified(cole)
    answer = client.get(reverse("practice:mails"))
    assert answer.headers["Location"] == "/accounts/login/?next=/practice/e-mails/"
