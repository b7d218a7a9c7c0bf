"""The inbox: what people wrote to those who run the site, for the staff who answer it."""

from collections.abc import Mapping, Sequence
from typing import Any, override
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.http import AuthenticatedHttpRequest
from accounts.roles import Role, holders
from accounts.sealing import CannotOpen
from exchange.admin.answer_templates import begun_with
from exchange.admin.watched import WatchedAdmin, noting, with_names
from exchange.declarations import CONTACTS
from exchange.forms.contact import Words
from exchange.models import AnswerTemplate, Contact
from exchange.services import contact as services
from lib.admin import Change
from lib.figures import with_figures
from lib.forms import Form

State = Contact.State
NOBODY, MINE = "nobody", "me"

# What has to be answered stands above what was, and that above what is closed; in each, what has waited longest.
RANK = Case(When(state=State.CLOSED, then=Value(2)), When(state=State.ANSWERED, then=Value(1)), default=Value(0))


class AssignForm(Form):
    """`was`: who was to answer when the page was made."""

    was = forms.UUIDField(widget=forms.HiddenInput, required=False)
    assignee = forms.ModelChoiceField(
        holders(Role.SUPPORT),
        label=gettext_lazy("Who answers"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Choose who answers.")),
    )


class AnswerForm(Form):
    """`after`: how many answers there were when the page was made."""

    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000)
    text = Words(
        label=gettext_lazy("Answer"),
        max_length=services.LONGEST,
        widget=forms.Textarea(attrs={"rows": 12, "cols": 80}),
        help_text=gettext_lazy(
            "It may go out as an e-mail that somebody else sees. Repeat nothing of the question, and say nothing of "
            "what this site is about."
        ),
    )


def assign(contact: Contact, request: AuthenticatedHttpRequest, values: Mapping[str, Any]) -> bool:
    return services.assign(contact_id=contact.pk, now=timezone.now(), **values)


def note(contact: Contact, request: AuthenticatedHttpRequest, values: Mapping[str, Any]) -> bool:
    return services.note(contact_id=contact.pk, staff=request.user, now=timezone.now(), **values)


def answer(contact: Contact, request: AuthenticatedHttpRequest, values: Mapping[str, Any]) -> bool:
    return services.answer(contact_id=contact.pk, staff=request.user, now=timezone.now(), **values)


def close(contact: Contact, request: AuthenticatedHttpRequest, values: Mapping[str, Any]) -> None:
    services.close(contact_id=contact.pk, now=timezone.now())


def reopen(contact: Contact, request: AuthenticatedHttpRequest, values: Mapping[str, Any]) -> None:
    services.reopen(contact_id=contact.pk, now=timezone.now())


def with_whom(contact: Contact) -> str:
    if contact.assignee is None:
        return _("Nobody answers this yet.")
    return _("This is with %(name)s now.") % {"name": contact.assignee.address}


class Assigned(admin.SimpleListFilter):
    """By who answers. Lists the team alone, where Django would list every account."""

    title = gettext_lazy("assigned to")
    parameter_name = "assigned"

    @override
    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return [(MINE, _("Me")), (NOBODY, _("Nobody")), *((str(one.pk), one.address) for one in holders(Role.SUPPORT))]

    @override
    def queryset(self, request: HttpRequest, queryset: QuerySet[Contact]) -> QuerySet[Contact]:
        if self.value() not in dict(self.lookup_choices):
            return queryset
        who = {NOBODY: None, MINE: str(request.user.pk)}.get(str(self.value()), self.value())
        return queryset.filter(assignee=UUID(who) if who else None)


@admin.register(Contact)
class ContactAdmin(WatchedAdmin):
    """Messages to the site."""

    list_display = ("topic", "state", "day", "assigned")
    list_filter = ("state", "topic", Assigned)
    list_select_related = ("assignee",)
    ordering = (RANK, "day", "id")
    fields = ("topic", "state", "day", "assigned", "from_whom", "account", "words")
    readonly_fields = ("assigned", "from_whom", "account", "words")
    changes = {
        "answer": Change(
            label=gettext_lazy("Answer"),
            explanation=gettext_lazy(
                "A member gets a notice, and reads the answer on the contact page. Others get it by e-mail, if they "
                "said that this is safe, or read it here with their code."
            ),
            said=gettext_lazy("Answered."),
            to=Q(),
            act=answer,
            form=AnswerForm,
            refusals=(services.AnsweredMeanwhile, CannotOpen),
            stands=("state",),
            is_repeated=lambda contact, values: services.is_answered(contact, values["text"], timezone.now()),
            keeps_words=True,
        ),
        "note": noting(
            note,
            gettext_lazy("Whoever wrote the message does not see it."),
            gettext_lazy("Only the people who answer messages read this."),
            services.LONGEST,
        ),
        "assign": Change(
            label=gettext_lazy("Assign"),
            explanation=gettext_lazy("Say who answers this message."),
            said=gettext_lazy("Assigned."),
            to=~Q(state=State.CLOSED),
            act=assign,
            form=AssignForm,
            refusals=(services.AssignedMeanwhile,),
            stands=("state",),
            is_repeated=lambda contact, values: contact.assignee == values["assignee"],
            keeps_words=True,
        ),
        "close": Change(
            label=gettext_lazy("Mark as closed"),
            explanation=with_figures(
                gettext_lazy("Nothing more is to be done. The message is deleted %(time)s later."),
                lambda: {"time": CONTACTS.words},
            ),
            said=gettext_lazy("Closed."),
            to=~Q(state=State.CLOSED),
            act=close,
            stands=("state",),
        ),
        "reopen": Change(
            label=gettext_lazy("Reopen"),
            explanation=gettext_lazy("There is more to be done."),
            said=gettext_lazy("Reopened."),
            to=Q(state=State.CLOSED),
            act=reopen,
        ),
    }

    @override
    def initial_of(self, change: Change, row: Contact, request: HttpRequest) -> dict[str, Any]:
        if change is self.changes["assign"]:
            return {"assignee": request.user.pk, "was": row.assignee_id}
        if change is not self.changes["answer"]:
            return {}
        try:
            return {"after": len(row.words().answers), **begun_with(request)}
        except CannotOpen:
            return {}

    @override
    def beside(self, change: Change, row: Contact, request: HttpRequest) -> dict[str, Any]:
        shown = super().beside(change, row, request)
        if change is self.changes["answer"]:
            return shown | {"about": with_whom(row), "templates": AnswerTemplate.objects.order_by("title")}
        return shown | ({"about": with_whom(row)} if change is self.changes["assign"] else {})

    @admin.display(description=gettext_lazy("assigned to"))
    def assigned(self, contact: Contact) -> str:
        return contact.assignee.address if contact.assignee else "–"

    @override
    def get_fields(self, request: HttpRequest, obj: Contact | None = None) -> list[Any]:
        """The way from words to an address is for those who may shut an account out."""
        user: Any = request.user
        return [one for one in self.fields if one != "account" or user.has_perm("accounts.change_user")]

    @admin.display(description=gettext_lazy("from"))
    def from_whom(self, contact: Contact) -> str:
        return _("A member") if contact.owner_id else _("Somebody without an account")

    @admin.display(description=gettext_lazy("account"))
    def account(self, contact: Contact) -> SafeString | str:
        if contact.owner_id is None:
            return "–"
        page = reverse("admin:accounts_user_change", args=[contact.owner_id])
        return format_html('<a href="{}">{}</a>', page, _("See the account"))

    @override
    @admin.display(description=gettext_lazy("what was written"))
    def words(self, contact: Contact) -> SafeString:
        try:
            words = contact.words()
        except CannotOpen:
            words = None
        answers, notes = with_names(words.answers, words.notes) if words else ([], [])
        context = {"contact": contact, "words": words, "answers": answers, "notes": notes}
        return SafeString(render_to_string("admin/exchange/words.html", context))
