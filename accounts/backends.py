"""allauth's backend, fetching the wrapped data key with the account."""

from typing import Any, override
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from accounts.models import User
from accounts.second_factor import with_second_factor


class Backend(AuthenticationBackend):
    @override
    def get_user(self, user_id: UUID) -> User | None:
        """Fetch the account in one query with what nearly every private page needs.

        That is its data key, how much it stores, how much is new for it, and whether it has a second factor, which the
        session may have to show first.
        """
        user = with_second_factor(User.objects.select_related("data_key", "usage", "unread")).filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    @override
    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """Renew an old hash at log-in, but not for somebody who is logged in: it would end the very session."""
        user: User | None = super().authenticate(request, **credentials)
        if user and not isinstance(getattr(request, "user", None), User):
            user.renew_hash(credentials["password"])
        return user

    @override
    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        """Look the address up in one query, whether it has an account or not; allauth needs two if it has none.

        An account that was never confirmed does not count: whoever has just signed up could tell by the password
        whether the address had an account before, and a password that a stranger chose would open it later.
        """
        people = User.objects.confirmed_at(email)
        return next((user for user in people if self._check_password(user, password)), None)

    @override
    def _mitigate_timing_attack(self, password: str) -> None:
        """Compute as many hashes for an unknown address as `User.check_password` does for a known one."""
        nobody = User()
        nobody.set_unusable_password()
        nobody.check_password(password)
