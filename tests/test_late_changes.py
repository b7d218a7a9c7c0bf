"""A change in the administration that comes too late: it is refused before anything is done."""

from dataclasses import replace
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse

from accounts.admin.people import UserAdmin
from accounts.models import StaffAction, User
from accounts.services import remove_second_factors
from consultations.models import Specialist
from exchange.models import Contact
from lib.admin import ChangesAdmin
from tests.accounts.factors import add_app
from tests.conftest import AsUser, show_second_factor
from tests.consultations.administration import CHECKED
from tests.consultations.cast import NOW, verified
from tests.exchange.written import written
from tests.outbox import mailed
from tests.staff import carried, press

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]
IN_A_YEAR = {"check_again_on": "2027-11-01"}


@pytest.mark.parametrize(
    ("model", "change", "states", "values"),
    [
        (Specialist, "approve", ("submitted", "hidden"), CHECKED | IN_A_YEAR),
        (Specialist, "suspend", ("submitted", "hidden"), {"reason": "x"}),
        (Contact, "answer", ("new", "open"), {"text": "x"}),
        (Contact, "assign", ("new", "open"), {}),
        (Contact, "close", ("new", "answered"), {}),
    ],
)
def test_what_has_changed_since_is_not_begun_though_it_still_applies(
    as_user: AsUser,
    cole: User,
    dana: User,
    monkeypatch: pytest.MonkeyPatch,
    model: type[Model],
    change: str,
    states: tuple[str, str],
    values: dict[str, Any],
) -> None:
    """What is done may reach further than a transaction can take back."""
    acted: list[Model] = []
    one: Any = admin.site.get_model_admin(model)
    assert isinstance(one, ChangesAdmin)
    counted = replace(one.changes[change], act=lambda row, *_: acted.append(row))
    monkeypatch.setitem(one.changes, change, counted)
    row: Any = verified(cole, status="submitted") if model is Specialist else written(now=NOW)[0]
    state = "status" if model is Specialist else "state"
    model._default_manager.filter(pk=row.pk).update(**{state: states[0]})
    client, path = as_user(dana), reverse(f"admin:{one.confirm_name}", args=[row.pk, change])
    posted = values | ({"assignee": str(dana.pk)} if change == "assign" else {})
    shown = carried(client, path)
    model._default_manager.filter(pk=row.pk).update(**{state: states[1]})
    assert "Nothing was changed" in client.post(path, shown | posted, follow=True).text
    assert acted == []
    assert press(client, path, posted).status_code == 302  # they know now
    assert acted == [row]


def test_what_a_colleague_did_at_the_same_moment_is_not_done_again(
    as_user: AsUser, dana: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_app(ben)
    look = UserAdmin.offered

    def beaten(self: UserAdmin, row: Any) -> Any:
        found = look(self, row)
        remove_second_factors(user=row, now=NOW)
        return found

    client = as_user(dana)
    show_second_factor(client, dana, again=True)
    path = reverse("admin:accounts_user_confirm", args=[ben.pk, "second-step"])
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(UserAdmin, "offered", beaten)
        late = client.post(path)
    assert late.status_code == 302
    assert "This has been done already" in client.get(late["Location"]).text
    assert [mail.to for mail in mailed()] == [[ben.email]]
    assert not StaffAction.objects.filter(kind=StaffAction.Kind.CHANGED).exists()
