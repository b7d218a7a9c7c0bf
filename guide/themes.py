"""The ten themes, a vocabulary shared by the questionnaire, the guide and the journal."""

from guide.chapters import chapters

KEYS = (
    "balance",
    "illusions",
    "self-worth",
    "pressure",
    "refusals",
    "inner-resources",
    "self-reflection",
    "reciprocity",
    "healthier-model",
    "real-connection",
)

# Not offered to somebody who may not be safe: the theme asks what one tells oneself.
NOT_GENTLE = frozenset({"illusions"})


def title(key: str) -> str:
    """The theme's name, which is its chapter's title. Raises KeyError for an unknown key."""
    return chapters()[key].title


def topic(key: str) -> str:
    """The theme in a word or two, as specialists show it. Raises KeyError for an unknown key."""
    return chapters()[key].topic


def topic_choices() -> list[tuple[str, str]]:
    return [(key, topic(key)) for key in KEYS]
