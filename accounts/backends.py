"""Who is logged in: allauth's backend, which reads the wrapped data key along with the account."""

from typing import override
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class Backend(AuthenticationBackend):
    @override
    def get_user(self, user_id: UUID) -> User | None:
        """The account of a session, if it may log in. Nearly every private page opens something: one query for both."""
        user = User.objects.select_related("data_key").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
