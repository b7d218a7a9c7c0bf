"""What staff see of the site itself: helplines and failed jobs."""

from reflect.admin import helplines, jobs

__all__ = ["helplines", "jobs"]
