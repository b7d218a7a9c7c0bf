"""Which addresses are taken, in which form they are stored and shown, and that either form finds the account."""

from importlib import import_module
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.asserts import assertRedirects

from accounts.addresses import CannotBeMailed, shown, stored, written_forms
from accounts.models import User
from tests.accounts.factors import PASSWORD, code_from_mail, log_in
from tests.accounts.test_signup import FIRST_PAGE, SIGN_UP
from tests.conftest import AsUser, with_confirmed_address
from tests.html import assert_valid_html, followed, parse, text_of
from tests.outbox import mailed

CASES = (Path(__file__).parent / "signup-addresses.txt").read_text().splitlines()
REFUSED = [
    *(line.split()[0] for line in CASES if not line.startswith("#")),
    *("a@[127.0.0.1]", "a@[IPv6:::1]", "a@127.0.0.1", "x@localhost", "x@localhost.", "x@example.org."),
    *("\N{KELVIN SIGN}ate@example.org", '"a b"@example.org', "a..b@example.org", "a@b@example.org", "ä@example.org"),
    *(
        "a@-a.example",
        "a@a_b.example",
        "a@☃.example",
        "a@xn--a.example",
        "@example.org",
        "a@",
        "a",
        f"{'a' * 65}@b.org",
    ),
    *(f"a@{'b' * 64}.org", f"a@{'.'.join(['b' * 60] * 5)}.org"),
]
SHARP, ASCII = "ana@straße.example", "ana@xn--strae-oqa.example"


@pytest.mark.parametrize("address", REFUSED)
def test_what_no_mailer_takes_has_no_stored_form(address: str) -> None:
    with pytest.raises(CannotBeMailed):
        stored(address)


@pytest.mark.parametrize(
    ("written", "kept", "seen"),
    [
        ("Ana@Example.org", "ana@example.org", "ana@example.org"),
        ("ana@STRASSE.example", "ana@strasse.example", "ana@strasse.example"),
        (SHARP, ASCII, SHARP),
        ("ana@Bücher.example", "ana@xn--bcher-kva.example", "ana@bücher.example"),
        ("ana@bu\u0308cher.example", "ana@xn--bcher-kva.example", "ana@bücher.example"),
        ("ana@\uff45xample\u3002org", "ana@example.org", "ana@example.org"),
        ("ana@example.рф", "ana@example.xn--p1ai", "ana@example.рф"),
        ("o'hara+x_y-z@a.example", "o'hara+x_y-z@a.example", "o'hara+x_y-z@a.example"),
    ],
)
def test_a_domain_is_stored_in_ascii_and_shown_in_unicode(written: str, kept: str, seen: str) -> None:
    assert stored(written) == kept
    assert shown(kept) == seen
    assert stored(seen) == kept


@given(st.from_regex(r"[a-zA-Zäöß\u0131\u017f.+]{1,9}@[a-zäßωא-]{1,9}(\.[a-zäß]{1,5}){0,2}", fullmatch=True))
def test_what_is_stored_is_one_form_that_a_mailer_takes(address: str) -> None:
    try:
        kept = stored(address)
    except CannotBeMailed:
        return
    assert stored(kept) == kept == stored(shown(kept))
    sent = EmailMessage("", "", "from@example.org", [kept]).message()
    assert kept in sent.as_bytes().decode("ascii")
    kept.encode("ascii")  # as smtplib does with the envelope


def test_an_account_is_looked_for_in_both_forms() -> None:
    assert written_forms(SHARP) == [SHARP, ASCII]
    assert written_forms(ASCII) == [ASCII]
    assert written_forms("ä@example.org") == ["ä@example.org"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", [address for address in REFUSED if len(address) < 300])
def test_sign_up_refuses_it_beside_the_field_and_keeps_what_was_typed(client: Client, address: str) -> None:
    answer = client.post(reverse("account_signup"), SIGN_UP | {"email": address})
    assert answer.status_code == 200
    page = assert_valid_html(answer.content)
    [error] = [text_of(one) for one in page.iter() if one.get("id") == "id_email_error"]
    assert error == "Write an e-mail address like name@example.org."
    assert [one.get("value") for one in page.iter("input") if one.get("name") == "email"] == [address]
    assert not User.objects.exists()
    assert not mailed()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["x1\u0131smtp@example.org", "a@[127.0.0.1]", "x@localhost"])
@pytest.mark.parametrize("page", ["account_email", "account_reset_password"])
def test_other_forms_refuse_it_too(client: Client, ana: User, page: str, address: str) -> None:
    if page == "account_email":
        log_in(client, ana)
    answer = followed(client.post(reverse(page), {"email": address, "action_add": ""}))
    assert answer.text.count("Write an e-mail address like name@example.org.") == 2  # the summary, and beside the field
    assert not mailed()


@pytest.mark.django_db
def test_commands_refuse_it_too() -> None:
    with pytest.raises(CommandError, match="Write an e-mail address"):
        call_command("createsuperuser", email="x@localhost", interactive=False)
    with pytest.raises(CannotBeMailed):
        User.objects.create_user("x@localhost")
    with pytest.raises(ValidationError):
        User(email="x@localhost").clean_fields(exclude=["password"])


@pytest.fixture
def sharp(db: None) -> User:
    return with_confirmed_address(User.objects.create_user(SHARP, PASSWORD))


def test_sign_up_with_a_unicode_domain(client: Client, db: None) -> None:
    client.post(reverse("account_signup"), SIGN_UP | {"email": SHARP})
    assert User.objects.get().email == EmailAddress.objects.get().email == ASCII
    assert mailed()[0].to == [ASCII]
    page = client.get(reverse("account_email_verification_sent"))
    assert SHARP in page.text
    client.post(reverse("account_email_verification_sent"), {"code": code_from_mail()})
    assert SHARP in client.get(reverse("settings")).text


def test_another_spelling_is_not_another_account(client: Client, sharp: User) -> None:
    for address in (SHARP, ASCII):
        Client().post(reverse("account_signup"), SIGN_UP | {"email": address})
        assert User.objects.count() == 1
    Client().post(reverse("account_signup"), SIGN_UP | {"email": "ana@strasse.example"})
    assert User.objects.count() == 2


@pytest.mark.parametrize("address", [SHARP, ASCII, "ANA@STRAßE.example"])
def test_either_form_logs_in_and_resets(client: Client, sharp: User, address: str) -> None:
    client.post(reverse("account_reset_password"), {"email": address})
    assert mailed()[0].to == [ASCII]
    assert SHARP in client.get(reverse("account_confirm_password_reset_code")).text
    answer = client.post(reverse("account_login"), {"login": address, "password": PASSWORD})
    assertRedirects(answer, reverse("today"))


@pytest.mark.parametrize("address", [SHARP, ASCII, "ana@"])
def test_staff_find_the_account_by_either_form(as_user: AsUser, sharp: User, dana: User, address: str) -> None:
    page = as_user(dana).get(reverse("admin:accounts_user_changelist"), {"q": address})
    results = text_of(next(one for one in parse(page.content).iter("table") if one.get("id") == "result_list"))
    assert SHARP in results
    assert dana.email not in results


def test_a_new_address_is_stored_in_ascii(client: Client, ana: User) -> None:
    log_in(client, ana)
    client.post(reverse("account_email"), {"action_add": "", "email": SHARP})
    client.post(reverse("account_email_verification_sent"), {"code": code_from_mail()})
    ana.refresh_from_db()
    assert ana.email == EmailAddress.objects.get().email == ASCII


def older(email: str, *, verified: bool = True) -> User:
    """An account as an earlier release stored it."""
    user = User(email=email)
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
    return user


def migrate() -> None:
    import_module("accounts.migrations.0009_addresses_in_ascii").normalise(apps, None)


@pytest.mark.django_db
def test_migration_stores_older_addresses_in_ascii(ana: User, capsys: pytest.CaptureFixture[str]) -> None:
    sharp, kept = older(SHARP), older("x1\u0131smtp@example.org")
    migrate()
    assert User.objects.get(pk=sharp.pk).email == EmailAddress.objects.get(user=sharp).email == ASCII
    assert User.objects.get(pk=kept.pk).email == "x1\u0131smtp@example.org"
    assert User.objects.get(pk=ana.pk).email == ana.email
    assert not capsys.readouterr().out


@pytest.mark.django_db
def test_migration_lists_collisions_and_changes_none(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = older(SHARP), older(ASCII)
    migrate()
    assert [User.objects.get(pk=user.pk).email for user in (one, other)] == [SHARP, ASCII]
    said = capsys.readouterr().out
    assert str(one.pk) in said
    assert str(other.pk) in said
    assert "@" not in said
    for user in (one, other):  # and both of them still get in
        fields = {"login": user.email, "password": PASSWORD}
        assertRedirects(Client().post(reverse("account_login"), fields), FIRST_PAGE)
        browser = Client()
        browser.force_login(user)
        assert browser.get(reverse("today")).status_code == 200
