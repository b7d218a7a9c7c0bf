"""Ids that came in as text, as the query or a form has them."""

from uuid import UUID

from django.http import Http404


def uuid_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def uuid_or_404(text: str) -> UUID:
    found = uuid_of(text)
    if found is None:
        raise Http404
    return found
