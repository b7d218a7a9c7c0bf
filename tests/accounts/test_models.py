import pytest
from django.db import IntegrityError

from accounts.models import User


@pytest.mark.django_db
def test_email_is_kept_in_lower_case() -> None:
    user = User.objects.create_user("Ana@Example.org", "look-at-the-balance")
    assert user.email == "ana@example.org"
    assert User.objects.get_by_natural_key("ANA@example.org") == user


@pytest.mark.django_db
def test_database_refuses_an_upper_case_email(ana: User) -> None:
    with pytest.raises(IntegrityError):
        User.objects.filter(pk=ana.pk).update(email="ANA@example.org")
