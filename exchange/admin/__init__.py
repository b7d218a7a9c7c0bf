"""The staff's inbox, what is reported to them, and the moderation of questions."""

from exchange.admin import answer_templates, contact, objections, profile_reports, questions, reports

__all__ = ["answer_templates", "contact", "objections", "profile_reports", "questions", "reports"]
