"""Rows whose words staff read: each opening is a line in the log of staff."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, override

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import staff_log
from accounts.models import User
from accounts.sealing import CannotOpen
from exchange.forms.contact import Words
from exchange.models.contact import Said
from lib.admin import Change, ChangesAdmin, LongTableAdmin
from lib.forms import Form

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class WatchedAdmin(ChangesAdmin, LongTableAdmin):
    """The row's page and the pages of its changes show its words. They are sealed, so there is no search."""

    confirm_template = "admin/exchange/confirm.html"

    def words(self, row: Any) -> SafeString:
        raise NotImplementedError

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """In lists, without the words."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.defer("sealed")

    @override
    def beside(self, change: Change, row: Any, request: HttpRequest) -> dict[str, Any]:
        return {"words": self.words(row)}

    @override
    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.read(request, object_id, super().change_view(request, object_id, *args, **kwargs))

    @override
    def confirm(self, request: HttpRequest, pk: str, change: str) -> HttpResponse:
        return self.read(request, pk, super().confirm(request, pk, change))

    def read(self, request: HttpRequest, pk: str, page: HttpResponse) -> HttpResponse:
        """Write down that somebody opens a row, if the page shows it."""
        if page.status_code == 200:
            staff_log.opened(request, self.model, pk)
        return page


def with_names(*texts: Sequence[Said]) -> list[list[tuple[Said, str]]]:
    """Each text with the address of the member of staff who wrote it, "" where that is not known. One query."""
    ids = {said.by for some in texts for said in some if said.by}
    names = {str(user.pk): user.address for user in User.objects.filter(pk__in=ids)} if ids else {}
    gone = gettext("an account that has been deleted")
    return [[(said, names.get(said.by, gone) if said.by else "") for said in some] for some in texts]


def noting(
    act: Callable[[Any, Any, Mapping[str, Any]], object],
    explanation: "_StrPromise",
    help_text: "_StrPromise",
    most: int,
) -> Change:
    """Adding a note, of at most so many characters, to what is sealed in a row."""

    class NoteForm(Form):
        text = Words(
            label=_("Note"),
            max_length=most,
            widget=forms.Textarea(attrs={"rows": 5, "cols": 80}),
            help_text=help_text,
        )

    return Change(
        label=_("Add a note"),
        explanation=explanation,
        said=_("Note added."),
        to=Q(),
        act=act,
        form=NoteForm,
        refusals=(CannotOpen,),
        keeps_words=True,
    )
