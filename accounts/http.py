"""What a view is given when somebody is signed in."""

from django.http import HttpRequest

from accounts.models import User


class AuthenticatedHttpRequest(HttpRequest):
    """A request behind the login wall (`LoginRequiredMiddleware`): its user is a person."""

    user: User
