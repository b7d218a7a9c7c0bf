"""The log of what staff do in the administration, for the site's owners (`StaffAction`).

The security log, a file of the operator's, has a line for each of these as well: whoever could reach one does not reach
the other.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.admin.models import ADDITION, DELETION, LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.auth.signals import user_logged_in
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, OuterRef, Subquery
from django.db.models.signals import post_save
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.addresses import shown
from accounts.models import Staff, StaffAction, User
from accounts.privacy import STAFF_ACTIONS
from accounts.security_log import Event, log
from lib import last_action
from lib.last_action import LastAction

Kind = StaffAction.Kind
KINDS = {ADDITION: Kind.ADDED, DELETION: Kind.DELETED}
LONGEST = StaffAction._meta.get_field("said").max_length or 0


def record(staff: UUID, kind: Kind, *, model: str = "", row: str = "", said: str = "") -> None:
    StaffAction.objects.create(at=timezone.now(), staff=staff, kind=kind, model=model, row=row, said=said)


def opened(request: HttpRequest, model: type[Model], pk: str) -> None:
    """Somebody opens what only few may read. An address may write an id in several ways; the log has one of them."""
    staff, label, key = request.user, model._meta.label_lower, model._meta.pk
    assert isinstance(staff, User)
    assert key is not None
    row = str(key.to_python(unquote(pk)))
    record(staff.pk, Kind.READ, model=label, row=row)
    log(Event.ADMIN_READING, account=staff.pk, request=request, model=label, row=row)


def acted(*, instance: LogEntry, created: bool, **__: Any) -> None:
    """Receiver for the admin's own log, which can be edited, and goes with the account."""
    if not created:
        return
    kind = instance.content_type_id and ContentType.objects.get_for_id(instance.content_type_id)
    model = f"{kind.app_label}.{kind.model}" if kind else ""
    what = Kind.ROLE if model == Staff._meta.label_lower else KINDS.get(instance.action_flag, Kind.CHANGED)
    said = Truncator(instance.get_change_message()).chars(LONGEST)
    record(instance.user_id, what, model=model, row=str(instance.object_id), said=said)
    log(Event.ADMIN_ACTION, account=instance.user_id, model=model, row=str(instance.object_id))


def logged_in(*, user: User, **__: Any) -> None:
    """Receiver of `user_logged_in`."""
    if user.is_staff:
        record(user.pk, Kind.LOG_IN)


def last_about(row: Model, reader: Any) -> LastAction | None:
    """What staff did last to a row, under each name that it has for `reader`; to have read it is nothing done to it.

    One query. The log outlives the accounts of staff, where Django's own goes with them.
    """
    same = [model._meta for model in apps.get_models() if subject(model) is subject(type(row))]
    names = [one.label_lower for one in same if reader.has_perm(f"{one.app_label}.view_{one.model_name}")]
    actions = StaffAction.objects.filter(row=str(row.pk), model__in=names).exclude(kind__in=[Kind.READ, Kind.LOG_IN])
    address = Subquery(User.objects.filter(pk=OuterRef("staff")).values("email"))
    last = actions.order_by("-at", "-id").values_list("said", "kind", "at", address).first()
    if last is None:
        return None
    said, kind, at, by = last
    return LastAction(said or str(Kind(kind).label), shown(by) if by else _("an account that has been deleted"), at)


def subject(model: type[Model]) -> type[Model]:
    """Whose ids the rows of a model have: those of a profile are the ids of accounts."""
    key = model._meta.pk
    other = key.related_model if key and key.is_relation else None
    return subject(other) if isinstance(other, type) else model._meta.concrete_model or model


def forget_old_actions(*, now: datetime) -> None:
    StaffAction.objects.filter(at__lt=STAFF_ACTIONS.cutoff(now)).delete()


def follow() -> None:
    """Connect the receivers; called once, from `AppConfig.ready`."""
    post_save.connect(acted, sender=LogEntry)
    user_logged_in.connect(logged_in)
    last_action.logs.append(last_about)
