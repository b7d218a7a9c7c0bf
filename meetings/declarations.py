"""Entries of this app's models in the privacy registry (`accounts/privacy.py`)."""


def declare_meetings() -> None:
    pass
