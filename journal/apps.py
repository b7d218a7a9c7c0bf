from importlib import import_module
from typing import override

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    name = "journal"
    verbose_name = _("Journal")

    @override
    def ready(self) -> None:
        import_module("journal.declarations").declare_journal()
        import_module("guide.hidden").hide(import_module("journal.prompts").hidden_by)
        post_save.connect(import_module("journal.reminders").account_saved, sender=settings.AUTH_USER_MODEL)
