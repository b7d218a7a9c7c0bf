"""What staff see of the site itself: figures, helplines and failed jobs."""

from reflect.admin import figures, helplines, jobs

__all__ = ["figures", "helplines", "jobs"]
