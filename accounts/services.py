"""What changes an account as a whole."""

from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from accounts.models import User


@transaction.atomic
def erase_account(*, owner: User) -> None:
    """Sign the owner out everywhere, then remove every row of theirs: the consents and, last of all, the data key.

    Every model with an owner goes by its CASCADE (`accounts/privacy.py` holds the list, its test holds the CASCADE).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('reflect.erasing', %s, true)", [str(owner.pk)])
    Session.objects.filter(session_key__in=UserSession.objects.filter(user=owner).values("session_key")).delete()
    seen_by_staff = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User), object_id=owner.pk)
    seen_by_staff.update(object_repr="")  # the name of an account is its address
    User.objects.filter(pk=owner.pk).delete()
