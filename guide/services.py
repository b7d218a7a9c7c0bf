"""Services that change the guide's prompts."""

import tomllib
from functools import cache

from django.db import transaction

from guide.chapters import CONTENT
from guide.models import Prompt


@cache
def shipped_prompts() -> frozenset[str]:
    """The keys of the prompts that come with the code."""
    source = (CONTENT / "prompts.toml").read_text(encoding="utf-8")
    return frozenset(prompt["key"] for prompt in tomllib.loads(source)["prompts"])


@transaction.atomic
def add_missing_prompts(*, source: str) -> int:
    """Add the missing prompts of a TOML document, and return their number. Existing ones keep the edits of admins.

    Raises TOMLDecodeError for a broken document and ValidationError for an invalid prompt; then nothing is added.
    """
    present = set(Prompt.objects.values_list("key", flat=True))
    missing = [
        Prompt(order=order, **fields)
        for order, fields in enumerate(tomllib.loads(source)["prompts"])
        if fields["key"] not in present
    ]
    for prompt in missing:
        prompt.full_clean()
    return len(Prompt.objects.bulk_create(missing))
