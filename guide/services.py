"""Changes of the guide's table."""

import tomllib

from django.db import transaction

from guide.models import Prompt


@transaction.atomic
def add_missing_prompts(*, source: str) -> int:
    """Add the prompts of a TOML file that are not there yet, and say how many; what an admin has edited stays as it is.

    Raises TOMLDecodeError for a broken file and ValidationError for a prompt that breaks a rule; then nothing is added.
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
