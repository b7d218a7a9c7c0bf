"""The staff's inbox, and what is reported to them."""

from exchange.admin import contact, reports

__all__ = ["contact", "reports"]
