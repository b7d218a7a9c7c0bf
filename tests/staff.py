"""Staff, as tests need them."""

from accounts import roles
from accounts.models import User
from accounts.roles import Role
from tests.conftest import with_confirmed_address


def staff(address: str, *held: Role) -> User:
    """Somebody with these roles; with none, they get into the administration and find nothing there."""
    user = with_confirmed_address(User.objects.create_user(address, is_staff=True))
    for role in held:
        roles.give(user, role)
    return user
