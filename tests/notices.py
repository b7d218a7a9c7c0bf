"""What is new for somebody, as a test reads it."""

from uuid import UUID

from accounts.models import Notice, User
from accounts.notices import contents


def new_about(user: User) -> list[tuple[str, UUID]]:
    """Kind and target of each new notice, the latest first."""
    owner = User.objects.get(pk=user.pk)
    found = contents(owner, Notice.objects.visible_to(owner).new().latest_first())
    return [(about.kind, about.target) for _notice, about in found if about]
