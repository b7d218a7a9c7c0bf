"""allauth's backend, fetching the wrapped data key with the account."""

from typing import override
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class Backend(AuthenticationBackend):
    @override
    def get_user(self, user_id: UUID) -> User | None:
        """Fetch the account and its data key in one query, as nearly every private page unseals something."""
        user = User.objects.select_related("data_key").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    @override
    def _mitigate_timing_attack(self, password: str) -> None:
        """Compute as many hashes for an unknown address as `User.check_password` does for a known one."""
        nobody = User()
        nobody.set_unusable_password()
        nobody.check_password(password)
