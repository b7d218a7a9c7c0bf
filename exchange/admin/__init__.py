"""The staff's inbox."""

from exchange.admin import contact

__all__ = ["contact"]
