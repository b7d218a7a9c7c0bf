"""What staff see of the site itself: banners, figures, helplines and failed jobs."""

from reflect.admin import banners, figures, helplines, jobs

__all__ = ["banners", "figures", "helplines", "jobs"]
