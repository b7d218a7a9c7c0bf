"""Writing and reading an entry, and the prompts to write on. Every form works without scripts."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.quota import NO_ROOM, Full
from accounts.rates import TOO_OFTEN, within_limit
from accounts.sealing import CannotOpen
from journal import services
from journal.access import keeps_words
from journal.content import FREE, Content
from journal.forms import ANOTHER, WriteForm, entry_form, frame_of, new_entry_form, posted_frame
from journal.models import Entry, Revision
from journal.prompts import asked, find, offered_to, shelf
from journal.services import Conflict
from journal.words import about
from lib.ids import uuid_of
from lib.methods import require_safe_or_post, sent

CHOICES = {"keep": services.keep_prompt, "hide": services.hide_prompt, "forget": services.forget_prompt_choice}
CHOSEN = {
    "keep": gettext_lazy("Kept for later, at the top of this page."),
    "hide": gettext_lazy("Hidden. You can show it again at the end of this page."),
    "forget": gettext_lazy("The question is back under its topic."),
}


@require_safe
def prompts(request: AuthenticatedHttpRequest) -> HttpResponse:
    """All prompts by theme, with those kept for later or hidden."""
    return render(request, "journal/prompts.html", {"shelf": shelf(request.user)})


@require_POST
def choose_prompt(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Keep a prompt for later, hide it, or undo either: the button's name is the choice, its value the prompt's key."""
    choice = next((name for name in CHOICES if name in request.POST), None)
    prompt = find(offered_to(request.user), request.POST[choice]) if choice else None
    if prompt is None or choice is None:
        raise Http404
    CHOICES[choice](owner=request.user, prompt=prompt.key)
    messages.success(request, str(CHOSEN[choice]))
    return redirect("prompts")


@keeps_words
@require_safe_or_post
def entry_new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Begin an entry, on a prompt or free. A GET stores nothing."""
    if request.method == "POST":
        frame = posted_frame(request.POST, asked(request.POST.get("prompt", "")))
        return _save(request, WriteForm(frame, request.POST))
    prompt = find(offered_to(request.user), request.GET.get("prompt", FREE))
    if prompt is None and request.GET.get("prompt", FREE) != FREE:
        return render(request, "journal/no_prompt.html", status=404)
    result = uuid_of(request.GET.get("result", ""))
    frame = frame_of(prompt, result) if prompt else Content(result=str(result) if result else None)
    context = {"form": new_entry_form(request.user, frame, timezone.now()), "prompt": prompt}
    return render(request, "journal/write.html", context)


@keeps_words
@require_safe_or_post
def entry_edit(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Go on with an entry. If it was deleted while it was open, saving creates it again."""
    entry = Entry.objects.of(request.user).find(pk)
    if entry is None and request.method != "POST":
        raise Http404
    try:
        content = entry.content(request.user) if entry else None
    except CannotOpen:
        return render(request, "journal/closed.html", {"entry": entry, "sent": _sent(request)})
    if request.method == "POST":
        frame = content or posted_frame(request.POST, asked(request.POST.get("prompt", "")))
        return _save(request, WriteForm(frame, request.POST), entry, pk)
    assert entry
    assert content
    context = {"form": entry_form(request.user, entry, content), "prompt": asked(content.prompt), "entry": entry}
    return render(request, "journal/write.html", context)


@require_safe
def entry(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One entry, to read."""
    found = get_object_or_404(Entry.objects.of(request.user), pk=pk)
    try:
        content = found.content(request.user)
    except CannotOpen:
        return render(request, "journal/closed.html", {"entry": found})
    beside = Revision.objects.visible_to(request.user).beside().filter(entry=found).first()
    context = {
        "entry": found,
        "content": content,
        "about": about(content),
        "beside": beside,
    }
    return render(request, "journal/entry.html", context)


def _save(
    request: AuthenticatedHttpRequest,
    form: WriteForm,
    entry: Entry | None = None,
    pk: uuid.UUID | None = None,
) -> HttpResponse:
    """Save the form; if it cannot be saved, show it again with its words."""
    if not form.is_valid():
        if pk and entry is None and services.belongs_to_another(owner=request.user, entry_id=pk):
            raise Http404
        return _once_more(request, form, entry, status=400)
    now, entry_id = timezone.now(), pk or form.cleaned_data["entry"]
    if not within_limit(request.user, "writing", now=now, size=sent(request)):
        form.add_error(None, str(TOO_OFTEN))
        return _once_more(request, form, entry, status=429)
    try:
        done = services.save_entry(
            owner=request.user, entry_id=entry_id, write=form.write(entry, now), now=now, found=entry
        )
    except Entry.DoesNotExist:
        if pk:
            raise Http404 from None
        form.save_as_new()
        form.add_error(None, str(ANOTHER))
        return _once_more(request, form, entry, status=409)
    except Full:
        form.add_error(None, str(NO_ROOM))
        return _once_more(request, form, entry, status=400)
    if isinstance(done, Conflict):
        return redirect("versions", pk=done.entry.pk, version=done.other.pk)
    messages.success(request, _("Saved."))
    return redirect("entry", pk=done.entry.pk)


def _once_more(request: AuthenticatedHttpRequest, form: WriteForm, entry: Entry | None, *, status: int) -> HttpResponse:
    """The form with its words, and why it is not saved."""
    context = {"form": form, "prompt": asked(form.frame.prompt), "entry": entry}
    return render(request, "journal/write.html", context, status=status)


def _sent(request: AuthenticatedHttpRequest) -> list[str]:
    """The words posted to an entry that cannot be opened, shown so that they can be copied."""
    return [str(text) for name, text in request.POST.items() if name.startswith("text_") or name == "closing"]
