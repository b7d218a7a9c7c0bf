"""What happens around the half hour and in it."""

from meetings.models.next_steps import NextStep
from meetings.models.preparation import Preparation
from meetings.models.private_notes import PrivateNote
from meetings.models.sharing import Opening, Share

__all__ = ["NextStep", "Opening", "Preparation", "PrivateNote", "Share"]
