"""What people write to those who run the site."""

from exchange.models.contact import AnswerTemplate, Contact

__all__ = ["AnswerTemplate", "Contact"]
