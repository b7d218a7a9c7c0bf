from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PracticeConfig(AppConfig):
    """A front end over consultations, without models of its own."""

    name = "practice"
    verbose_name = _("Practice")
