"""The type of a request behind the log-in."""

from django.http import HttpRequest

from accounts.models import User


class AuthenticatedHttpRequest(HttpRequest):
    """A request that `LoginRequiredMiddleware` let through: its user is a `User`, never anonymous."""

    user: User
