from typing import ClassVar, override

from django.db import models


class Row(models.Model):
    """What the anchor reads and writes."""

    title = models.CharField(max_length=80)
    text = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["Row"]] = models.Manager()

    @override
    def __str__(self) -> str:
        return self.title
