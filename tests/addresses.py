"""Every URL pattern of the site, read from the URL configuration."""

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver


class Address(NamedTuple):
    """One pattern: its full route, its name (with namespaces) and the names of its parameters."""

    route: str
    name: str
    parameters: tuple[str, ...]


ROOT = Address("", "", ())


def addresses(patterns: list[URLPattern | URLResolver] | None = None, above: Address = ROOT) -> Iterator[Address]:
    """All patterns of the site, in the order in which they are tried."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = above.route + str(pattern.pattern)
        parameters = above.parameters + tuple(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            namespace = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from addresses(pattern.url_patterns, Address(route, above.name + namespace, parameters))
        else:
            yield Address(route, f"{above.name}{pattern.name}", parameters)
