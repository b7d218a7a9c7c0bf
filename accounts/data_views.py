"""Your data: downloading everything, adding an earlier download, and deleting the account."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from math import inf

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import asked_again
from accounts.erasure import TO_UNDO, ask_to_close, close_account, keep_account
from accounts.export import export, file_name, in_turn
from accounts.forms.settings import AddDataForm
from accounts.http import AuthenticatedHttpRequest
from accounts.importing import MOST_UPLOADED, TOO_LARGE, counted, import_file
from accounts.models import User
from accounts.portable import Arrival, FileRefused
from accounts.quota import nearly_full
from accounts.rates import within_limit
from accounts.role_changes import is_last_owner
from accounts.security_log import Event, log
from lib.figures import lasting
from lib.methods import require_safe_or_post, sent
from lib.places import NoPlace, Places, half
from lib.uploads import takes_a_file

adding = Places()  # a quarter of the threads for all files: the largest takes half a minute


@require_safe
def data(request: AuthenticatedHttpRequest) -> HttpResponse:
    """What somebody can do with all of their data."""
    context = {"to_undo": lasting(TO_UNDO, "days"), "fill": nearly_full(request.user)}
    return render(request, "accounts/data.html", context)


@require_safe_or_post
@asked_again
def download(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    """Stream the export while it is being made."""
    if request.method != "POST":
        return render(request, "accounts/data_download.html")
    now = timezone.now()
    try:
        chunks = in_turn(request.user, export(request.user, now))
    except NoPlace:
        messages.info(request, _("Another download is being made at the moment. Try again when that is done."))
        return redirect("data_download")
    with ExitStack() as unless_sent:
        unless_sent.callback(chunks.close)  # its place is free at once, also after an error
        if not within_limit(request.user, "download", now=now):
            messages.info(request, _("There were many tries in a short time. Try again in a little while."))
            return redirect("data_download")
        log(Event.EXPORTED, account=request.user.pk)
        unless_sent.pop_all()
    response = StreamingHttpResponse(chunks, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{file_name(now)}"'
    response["Content-Encoding"] = "identity"  # already compressed: GZipMiddleware leaves it alone
    return response


@require_safe_or_post
@takes_a_file(MOST_UPLOADED)
def add(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Add an earlier download to this account."""
    if request.method != "POST":
        form = AddDataForm(owner=request.user)
    else:
        form = AddDataForm(request.POST, request.FILES, owner=request.user)
        if sent(request) > MOST_UPLOADED:
            form.errors["file"] = form.error_class([str(TOO_LARGE)], renderer=form.renderer)
        elif form.is_valid() and not within_limit(request.user, "import", now=timezone.now()):
            form.add_error("file", _("There were many tries in a short time. Choose the file again in a little while."))
            return render(request, "accounts/data_add.html", {"form": form}, status=429)
        elif form.is_valid() and added(request, form):
            return redirect("data")
    return render(request, "accounts/data_add.html", {"form": form})


def added(request: AuthenticatedHttpRequest, form: AddDataForm) -> bool:
    """Import the file, and tell the person what was added or why nothing was."""
    now, file = timezone.now(), form.cleaned_data["file"]
    try:
        with adding.one(request.user.pk, each=inf, total=max(1, half() / 2)):
            arrival = import_file(
                owner=request.user,
                file=file,
                now=now,
                agrees=form.agrees(),
                takes_settings=form.cleaned_data["takes_settings"],
            )
    except NoPlace:
        form.add_error("file", _("Other files are being added at the moment. Choose yours again in a little while."))
        return False
    except FileRefused as refused:
        form.add_error("file", str(refused.words))
        return False
    log(Event.IMPORTED, account=request.user.pk)
    for said in account_of(arrival):
        messages.success(request, said)
    return True


def account_of(arrival: Arrival) -> Iterator[str]:
    """What an import did, in sentences."""
    if arrival.added:
        yield _("Added from the file: %(what)s.") % {"what": counted(arrival.came)}
    elif not arrival.has_settings:
        yield _("Nothing was added.")
    if arrival.has_settings:
        yield _("The settings in the file are now those of this account.")
    if arrival.not_agreed:
        yield _(
            "Left out, as you have not agreed that your answers are stored: %(what)s. "
            "To add them, import the file again and agree."
        ) % {"what": counted(arrival.not_agreed)}
    if arrival.left:
        yield _("Already here, or cannot be opened: %(count)d.") % {"count": arrival.left}


@require_safe_or_post
@asked_again
def delete(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Delete the account in seven days."""
    to_undo = lasting(TO_UNDO, "days")
    if request.method != "POST":
        return render(request, "accounts/data_delete.html", {"to_undo": to_undo})
    said = _("You are signed out everywhere. Your account will be deleted in %(time)s. To keep it, log in before then.")
    return ended(request, ask_to_close, said % {"time": to_undo})


@require_safe_or_post
@asked_again
def delete_now(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Delete the account at once. One step further than `delete`, as nothing brings it back."""
    if request.method != "POST":
        return render(request, "accounts/data_delete_now.html")
    return ended(request, close_account, _("Your account is deleted. Locked copies in backups will disappear too."))


def ended(request: AuthenticatedHttpRequest, close: Callable[..., None], said: str) -> HttpResponse:
    owner = User.objects.filter(pk=request.user.pk).first()  # apart from the one that `logout` looks at
    if owner and is_last_owner(owner):
        messages.info(request, _("You are the only owner of this site. Give somebody else that role first."))
        return redirect("data")
    if owner:
        close(owner=owner, now=timezone.now())
    logout(request)
    messages.success(request, said)
    return redirect("landing")


@require_safe_or_post
def closing(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The only page of an account that is closing: keep it, download everything, or delete it at once."""
    if not request.user.asked_to_close:
        return redirect("today")
    if request.method != "POST":
        return render(request, "accounts/closing.html")
    keep_account(owner=request.user)
    messages.success(request, _("Your account will not be deleted. Everything is as it was."))
    return redirect("today")
