"""What a specialist has at hand for messages: saved texts, cards of colleagues, and when they are away."""

from dataclasses import replace
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import require_safe

from accounts.drafts import Write
from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from accounts.quota import NO_ROOM, Full
from accounts.sealing import CannotOpen
from consultations.models import Specialist
from consultations.views.steps import pressed
from exchange.models import Draft, SavedText
from exchange.models.desk import Words
from exchange.services import desk
from exchange.services.drafts import save_draft
from exchange.services.messages import SentAlready
from lib.figures import spelled, with_figures
from lib.methods import HttpResponseSeeOther, require_safe_or_post
from practice.access import for_specialists, keeps_words, leads_back
from practice.forms.desk import AwayForm, ReferForm, TextForm

FULL = with_figures(
    ngettext_lazy(
        "You have %(texts)s saved text already. Delete one to make room for this one.",
        "You have %(texts)s saved texts already. Delete one to make room for this one.",
        "count",
    ),
    lambda: {"count": desk.MOST_TEXTS, "texts": spelled(desk.MOST_TEXTS)},
)
lead_back = leads_back("practice:texts")


@require_safe
@for_specialists
def saved_texts(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    texts = desk.texts_of(request.user)
    context = {"texts": texts, "most": spelled(desk.MOST_TEXTS), "is_full": len(texts) >= desk.MOST_TEXTS}
    return render(request, "practice/saved_texts.html", context)


@require_safe
@for_specialists
def new_text(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """An empty form, which is sent to the address that the text is going to have."""
    return render(request, "practice/saved_text.html", {"form": TextForm(None), "pk": uuid4(), "is_new": True})


@lead_back
@keeps_words(lambda: TextForm(None), gettext_lazy("Your saved text"))
@require_safe_or_post
@for_specialists
def saved_text(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """Change a saved text, or make the one that has this address."""
    if request.method != "POST":
        _row, words = own_text(request, pk)
        form = TextForm(None, words=words)
        return render(request, "practice/saved_text.html", {"form": form, "pk": pk, "cannot_open": words is None})
    row = SavedText.objects.visible_to(request.user).filter(pk=pk).first()
    form = TextForm(request.POST, words=words_in(row, request.user) if row else None)
    if form.is_valid():
        try:
            desk.save_text(owner=request.user, text_id=pk, words=form.words)
        except desk.SomebodyElses:
            raise Http404 from None
        except desk.TooManyTexts:
            form.add_error(None, str(FULL))
        else:
            messages.success(request, _("Saved."))
            return redirect("practice:texts")
    return render(request, "practice/saved_text.html", {"form": form, "pk": pk}, status=400)


@lead_back
@require_safe_or_post
@for_specialists
def delete_text(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """Ask first; a POST deletes the text."""
    if request.method == "POST":
        desk.delete_text(owner=request.user, text_id=pk)
        messages.success(request, _("The text is deleted."))
        return redirect("practice:texts")
    row, words = own_text(request, pk)
    return render(request, "practice/saved_text_delete.html", {"text": row, "words": words})


def own_text(request: AuthenticatedHttpRequest, pk: UUID) -> tuple[SavedText, Words | None]:
    """The text with its words; None if they cannot be opened."""
    row = get_object_or_404(SavedText.objects.visible_to(request.user), pk=pk)
    return row, words_in(row, request.user)


def words_in(row: SavedText, owner: User) -> Words | None:
    try:
        return row.words(owner)
    except CannotOpen:
        return None


@leads_back("messages")
@require_safe_or_post
@for_specialists
def refer(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """Choose the colleague whose card goes with the draft of a message."""
    drafted = Draft.objects.visible_to(request.user).select_related("side__thread")
    draft = get_object_or_404(drafted, pk=pk)
    if draft.side.is_members:
        raise Http404
    back = f"{reverse('message_thread', args=[draft.side_id])}?draft={{}}#id_text"
    try:
        words = draft.words(request.user)
    except CannotOpen:
        messages.error(request, _("This draft can’t be opened. It has not been changed."))
        return redirect("message_thread", draft.side_id)
    form = ReferForm(request.POST or None, colleagues=desk.colleagues_of(draft.side), chosen=words.refers_to)
    if form.is_valid():
        words = replace(words, refers_to=form.cleaned_data["colleague"])
        write = Write(draft.pk, words, base_revision=draft.revision, client=uuid4(), sequence=1)
        try:
            kept = save_draft(owner=request.user, side=draft.side, write=write, now=timezone.now())
        except Full:
            form.add_error(None, str(NO_ROOM))
        except (SentAlready, Draft.DoesNotExist):
            raise Http404 from None
        else:
            return HttpResponseSeeOther(back.format(kept.pk))
    context = {"form": form, "back": back.format(draft.pk)}
    return render(request, "practice/refer.html", context, status=400 if form.errors else 200)


@keeps_words(lambda: AwayForm(None, today=timezone.localdate()), gettext_lazy("Away from messages"))
@require_safe_or_post
@for_specialists
def away(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """From when until when no answer comes, and what people read meanwhile."""
    now, today = timezone.now(), timezone.localdate()
    if pressed(request) == "end":
        desk.end_away(specialist_id=specialist.pk, now=now)
        messages.success(request, _("People no longer read that you are away."))
        return redirect("practice:away")
    kept = desk.away_of(specialist, now)
    form = AwayForm(request.POST if request.method == "POST" else None, today=today, kept=kept)
    if form.is_valid():
        days = {"first": form.cleaned_data.get("first"), "last": form.cleaned_data["last"]}
        desk.set_away(specialist_id=specialist.pk, **days, note=form.cleaned_data["note"], now=now)
        messages.success(request, _("Saved."))
        return redirect("practice:away")
    context = {"form": form, "kept": kept, "holds": kept is not None and kept.starts_at <= now}
    return render(request, "practice/away.html", context, status=400 if form.errors else 200)
