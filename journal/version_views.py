"""The bin, earlier versions of an entry, and settling a conflict between two."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from accounts.quota import Full
from accounts.rates import within_limit
from accounts.sealing import CannotOpen
from journal import services
from journal.declarations import BIN, REVISIONS
from journal.models import Entry, Revision
from journal.reading import list_bin
from journal.words import around
from lib.comparing import compare, sides
from lib.figures import lasting
from lib.methods import require_safe_or_post


@require_safe
def journal_bin(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The entries in the bin, with their first lines; `after` is the last one seen."""
    try:
        behind = uuid.UUID(request.GET["after"]) if "after" in request.GET else None
    except ValueError:
        raise Http404 from None
    binned = list_bin(request.user, behind=behind)
    if behind and not binned.entries:  # put back or deleted since
        return redirect("journal_bin")
    return render(request, "journal/bin.html", {"binned": binned, "days": BIN.days})


@require_POST
def empty_bin(request: AuthenticatedHttpRequest) -> HttpResponse:
    services.empty_bin(owner=request.user)
    messages.success(request, _("The bin is empty."))
    return redirect("journal_bin")


@require_safe_or_post
def entry_delete(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put an entry into the bin, or take it out again.

    Deleting it for good has an address of its own: this one never offers it, not even after Back.
    """
    found = get_object_or_404(Entry.objects.of(request.user), pk=pk)
    match request.POST.get("go"):  # the button's own action, even if the entry's state has changed since
        case "bin":
            services.bin_entry(owner=request.user, entry_id=pk, now=timezone.now())
            messages.success(request, render_to_string("journal/partials/binned.html", {"pk": pk}, request))
            return redirect("journal")
        case "restore":
            services.restore_entry(owner=request.user, entry_id=pk)
            messages.success(request, _("The entry is back."))
            return redirect("entry", pk=pk)
    if found.binned_at:
        return redirect("entry", pk=pk)
    return render(request, "journal/delete.html", {"entry": found, "days": BIN.days})


@require_safe_or_post
def entry_delete_now(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Delete for good an entry that is in the bin."""
    found = get_object_or_404(Entry.objects.of(request.user), pk=pk)
    if not found.binned_at:
        return redirect("entry", pk=pk)
    if request.method != "POST":
        return render(request, "journal/delete_now.html", {"entry": found})
    services.delete_entry(owner=request.user, entry_id=pk)
    messages.success(request, _("Deleted."))
    return redirect("journal_bin")


@require_safe
def revisions(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Earlier versions of an entry; with `?first=` and `?second=`, the changes between those two."""
    found = get_object_or_404(Entry.objects.of(request.user), pk=pk)
    kept = list(Revision.objects.visible_to(request.user).kept().filter(entry=found))
    chosen = [version for name in ("first", "second") for version in kept if str(version.pk) == request.GET.get(name)]
    context = {
        "entry": found,
        "revisions": kept,
        "chosen": chosen,
        "incomplete": bool(request.GET) and len(chosen) < 2,
        "every": lasting(services.KEEP_EVERY, "minutes", spell=True),
        "most": services.MOST_REVISIONS,
        "days": REVISIONS.days,
    }
    try:
        if len(chosen) == 2:
            before, after = sorted(chosen, key=lambda version: version.made_at)
            context |= {"before": before, "after": after}
            context["changes"] = compare(*(_all_of(version, request.user) for version in (before, after)))
    except CannotOpen:
        return render(request, "journal/closed.html", {"entry": found})
    return render(request, "journal/revisions.html", context)


@require_safe_or_post
def revision(request: AuthenticatedHttpRequest, pk: uuid.UUID, version: uuid.UUID) -> HttpResponse:
    """One earlier version, to read and to restore."""
    found = get_object_or_404(Entry.objects.of(request.user), pk=pk)
    row = get_object_or_404(Revision.objects.visible_to(request.user).kept(), entry=found, pk=version)
    try:
        if request.method == "POST":
            if not within_limit(request.user, "writing", now=timezone.now(), size=len(row.sealed)):
                return _too_often(request, pk)
            services.restore_revision(owner=request.user, entry_id=pk, revision_id=version, now=timezone.now())
            messages.success(request, _("This version has been restored. The one it replaced is kept too."))
            return redirect("entry", pk=pk)
        content = row.content(request.user)
        context = {
            "entry": found,
            "revision": row,
            "content": content,
            "around": around(content, local=row.local, pinned=row.pinned),
        }
    except CannotOpen:
        return render(request, "journal/closed.html", {"entry": found})
    except Full:
        return _no_room(request, pk)
    except (Entry.DoesNotExist, Revision.DoesNotExist):  # deleted in another tab a moment ago
        raise Http404 from None
    return render(request, "journal/revision.html", context)


@require_safe_or_post
def versions(request: AuthenticatedHttpRequest, pk: uuid.UUID, version: uuid.UUID) -> HttpResponse:
    """An entry and the conflicting text beside it: keep both, or go on with one of them."""
    found = get_object_or_404(Entry.objects.of(request.user), pk=pk)
    row = Revision.objects.visible_to(request.user).beside().filter(entry=found, pk=version).first()
    if row is None:  # chosen already, as after Back
        return redirect("entry", pk=pk)
    try:
        if request.method == "POST" and request.POST.get("keep") in {"both", "this", "other"}:
            if not within_limit(request.user, "writing", now=timezone.now(), size=len(row.sealed)):
                return _too_often(request, pk)
            return _settle(request, pk, version, request.POST["keep"])
        mine, other = (_all_of(one, request.user) for one in (row, found))
        context = {"entry": found, "made_at": row.made_at, "parts": sides(mine, other)}
    except CannotOpen:
        return render(request, "journal/closed.html", {"entry": found})
    except Full:
        return _no_room(request, pk)
    except (Entry.DoesNotExist, Revision.DoesNotExist):
        raise Http404 from None
    return render(request, "journal/versions.html", context)


def _too_often(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    messages.info(request, _("There were many changes in a short time. Every version is still here. Choose once more."))
    return redirect("entry", pk=pk)


def _no_room(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Nothing has changed: every version is where it was."""
    words = _(
        "Your account is full, so every version stays as it is. “Your data” in the settings says how to make room."
    )
    messages.info(request, words)
    return redirect("entry", pk=pk)


def _all_of(version: Entry | Revision, owner: User) -> list[str]:
    """Every text of a version under its step, then its date, feelings, tags and pin as one."""
    content = version.content(owner)
    texts = ("\n".join(filter(None, part)) if part[1] else "" for part in content.parts)
    return [*texts, content.closing, "\n".join(around(content, local=version.local, pinned=version.pinned))]


def _settle(request: AuthenticatedHttpRequest, pk: uuid.UUID, version: uuid.UUID, keep: str) -> HttpResponse:
    if keep == "both":
        new = services.keep_both(owner=request.user, entry_id=pk, revision_id=version, now=timezone.now())
        words = _(
            "Both versions are now separate entries. "
            '<a href="{address}">Open the other one</a>, marked “second version”.'
        )
        messages.success(request, format_html(words, address=reverse("entry", kwargs={"pk": new.pk})))
    elif keep == "this":
        services.restore_revision(owner=request.user, entry_id=pk, revision_id=version, now=timezone.now())
        messages.success(
            request, _("The entry continues with this version. The other one is among the earlier versions.")
        )
    else:
        services.put_aside(owner=request.user, entry_id=pk, revision_id=version, now=timezone.now())
        messages.success(request, _("The entry stays as it is. The other version is among the earlier versions."))
    return redirect("entry", pk=pk)
