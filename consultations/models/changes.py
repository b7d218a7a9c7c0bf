"""What a profile said and showed when staff last looked at it, kept until they have seen what changed since."""

from typing import override

from django.db import models
from django.utils.translation import gettext_lazy as _

from consultations.models.profiles import Specialist

# What a specialist writes freely, or claims. Choices from our own lists are not looked at.
TEXTS = (
    *("name", "profession", "years", "register_name", "register_number", "register_url", "about", "approach"),
    *("training", "practises_in", "access_needs", "fee_words", "how_to_book", "practice_contact"),
)


class ProfileChange(models.Model):
    """The `texts` by field, and the photo (WebP), as they were before the changes that staff have not seen.

    For an approved profile these are live at once, and it waits in a list of staff. There is no row while everything is
    as staff saw it.
    """

    specialist = models.OneToOneField(Specialist, on_delete=models.CASCADE, primary_key=True, related_name="change")
    since = models.DateTimeField(_("changed since"), db_index=True)
    changed_at = models.DateTimeField(_("last changed"))
    texts = models.JSONField(_("texts"))
    photo = models.BinaryField(_("photo"), null=True)

    class Meta:
        verbose_name = _("changed text or photo")
        verbose_name_plural = _("changed texts and photos")

    @override
    def __str__(self) -> str:
        return str(self.pk)

    @property
    def mark(self) -> str:
        """Which change is the latest, for a form: nothing newer is taken as seen."""
        return self.changed_at.isoformat()
