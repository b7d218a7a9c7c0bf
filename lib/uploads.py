"""Files that people send: only the two forms that have one take it, in memory, and no larger than they say.

Django reads a body no sooner than somebody asks for it, and caps all but files: `DATA_UPLOAD_MAX_MEMORY_SIZE`. Its
upload handlers decide about those.
"""

from collections.abc import Callable
from functools import wraps
from typing import IO, Any, override

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.core.files.uploadhandler import FileUploadHandler, MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from lib.figures import MEGABYTE

BESIDE_A_FILE = MEGABYTE  # the other fields of the form, and what multipart puts around them


class NoFile(FileUploadHandler):
    """The handler of every other address: refuses a file before any of it is read."""

    @override
    def handle_raw_input(self, input_data: IO[bytes], META: dict[str, str], content_length: int, *_: Any) -> None:
        refuse_beyond(settings.DATA_UPLOAD_MAX_MEMORY_SIZE, content_length)

    @override
    def new_file(self, *_: Any, **__: Any) -> None:
        raise TooManyFilesSent("A file was sent to a page that takes none.")


class InMemory(MemoryFileUploadHandler):
    """Keeps a file in memory, whatever its size, if the whole body is within the limit."""

    def __init__(self, request: HttpRequest, most: int) -> None:
        super().__init__(request)
        self.most = most

    @override
    def handle_raw_input(self, input_data: IO[bytes], META: dict[str, str], content_length: int, *_: Any) -> None:
        refuse_beyond(self.most, content_length)
        self.activated = True


def refuse_beyond(most: int, content_length: int) -> None:
    if content_length > most:
        raise RequestDataTooBig("A body was larger than its page takes.")


def takes_a_file[**P](most: int) -> Callable[[Callable[P, HttpResponse]], Callable[P, HttpResponse]]:
    """Decorate the view of a form with a file of at most `most` bytes. `view.largest_body` is what a proxy lets pass.

    Whatever stands outside this decorator, the check for a log-in among it, is asked before the body is read. So the
    CSRF check, which reads it, comes here and not in its middleware.
    """

    def decorate(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
        checked = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def with_a_file(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            request: Any = args[0]
            request.upload_handlers = [InMemory(request, most + BESIDE_A_FILE)]
            return checked(*args, **kwargs)

        with_a_file.largest_body = most + BESIDE_A_FILE  # type: ignore[attr-defined]
        return with_a_file

    return decorate
