from importlib import import_module
from typing import override

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    name = "journal"
    verbose_name = _("Journal")

    @override
    def ready(self) -> None:
        import_module("journal.declarations").declare_journal()
        reminders = import_module("journal.reminders")
        import_module("accounts.outbox").register(reminders.REMINDER, reminders.compose)
        import_module("guide.hidden").hide(import_module("journal.prompts").hidden_by)
        import_module("accounts.quota").makes_room.append(import_module("journal.services").drop_oldest_versions)
        after_settings = import_module("accounts.preferences").after_settings
        after_settings.append(reminders.move_reminder)
