"""A specialist's private notes on a meeting. Neither the client nor staff ever sees them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts import draft_answers
from accounts.access import gives_back
from accounts.draft_answers import for_script
from accounts.http import AuthenticatedHttpRequest
from accounts.quota import NO_ROOM, Full
from accounts.rates import TOO_OFTEN, within_limit
from consultations.models import Booking, Specialist
from consultations.views.steps import pressed
from lib.methods import require_safe_or_post, sent
from lib.waits import BUSY
from meetings import reading
from meetings.declarations import PRIVATE_NOTES
from meetings.models import PrivateNote
from meetings.services import private_notes
from practice.access import for_specialists
from practice.forms.notes import NoteForm
from practice.views.bookings import own, words_of


def words_again(request: HttpRequest, status: int) -> HttpResponse:
    """The note as it was posted, where nothing can be stored."""
    context = {"form": NoteForm.posted(request.POST), "status": status, "busy": status in BUSY}
    return render(request, "practice/notes_again.html", context, status=status)


@gives_back(words_again)
@require_safe_or_post
@for_specialists
def notes(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """Read, write and change what one notes on a meeting."""
    booking, now = own(request, pk), timezone.now()
    if request.method != "POST":
        return page(request, booking)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return page(request, booking, form, 400)
    if not within_limit(request.user, "writing", now=now, size=sent(request)):
        return refused(request, booking, form, TOO_OFTEN, 429)
    try:
        row = private_notes.save_note(owner=request.user, booking_id=pk, write=form.write, now=now)
    except Full:
        return refused(request, booking, form, NO_ROOM, 400)
    except (PrivateNote.DoesNotExist, Booking.DoesNotExist):
        return words_again(request, 409)
    if row.pk == form.write.id:
        messages.success(request, _("Saved. Only you can read it."))
    else:
        messages.info(request, _("This was also changed somewhere else. Both versions are kept."))
    return redirect("practice:notes", pk)


def refused(
    request: AuthenticatedHttpRequest, booking: Booking, form: NoteForm, words: str | Promise, status: int
) -> HttpResponse:
    form.add_error(None, str(words))
    return page(request, booking, form, status)


def page(
    request: AuthenticatedHttpRequest, booking: Booking, form: NoteForm | None = None, status: int = 200
) -> HttpResponse:
    versions = reading.private_notes(request.user, booking)
    row, text = next(((row, text) for row, text in versions if text is not None), (None, ""))
    context = {
        "booking": booking,
        "words": words_of(booking),
        "form": form or NoteForm.of(request.user, row, text or ""),
        "written": row,
        "months": PRIVATE_NOTES.months,
        "others": [version for version in versions if version[0] is not row],
        "draft_address": reverse("practice:notes_draft", args=[booking.pk]),
    }
    return render(request, "practice/notes.html", context, status=status)


@for_script
@for_specialists
def notes_draft(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> JsonResponse:
    """Save the note for the script of the form."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        return draft_answers.wrong(form)
    now = timezone.now()
    if not within_limit(request.user, "writing", now=now, size=sent(request)):
        return draft_answers.too_often()
    try:
        row = private_notes.save_note(owner=request.user, booking_id=pk, write=form.write, now=now)
    except Full:
        return draft_answers.refused(NO_ROOM)
    except (PrivateNote.DoesNotExist, Booking.DoesNotExist):
        gone = _("These notes can’t be saved here. Copy your words, then open the page again.")
        return draft_answers.refused(gone, 404)
    address = reverse("practice:notes", args=[pk])
    if row.pk != form.write.id:
        return draft_answers.both_kept(address)
    return draft_answers.saved(row.revision, row.changed_at, address)


@require_safe_or_post
@for_specialists
def note(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID, version: UUID) -> HttpResponse:
    """Ask whether to delete a version of the note; a POST deletes it, or goes on with it."""
    booking, rows = own(request, pk), PrivateNote.objects.visible_to(request.user)
    if request.method != "POST":
        found = {row.pk: text for row, text in reading.private_notes(request.user, booking)}
        if version not in found:  # whoever goes back after deleting it comes here
            messages.info(request, _("This note is deleted."))
            return redirect("practice:notes", pk)
        context = {"booking": booking, "text": found.get(version), "version": version}
        return render(request, "practice/note_delete.html", context)
    if rows.filter(booking=booking, pk=version).exists():  # else it was deleted in another window
        if pressed(request) == "prefer":
            private_notes.prefer_note(owner=request.user, note_id=version, now=timezone.now())
        elif pressed(request) == "delete":
            private_notes.delete_note(owner=request.user, note_id=version)
            messages.success(request, _("The note is deleted."))
    return redirect("practice:notes", pk)
