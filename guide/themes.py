"""The ten themes: the vocabulary that the questionnaire, the guide and the journal have in common."""

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


def title(key: str) -> str:
    """The theme's name, which is its chapter's title. Raises KeyError for a key that is none of the ten."""
    return chapters()[key].title
