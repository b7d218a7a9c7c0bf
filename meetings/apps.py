from importlib import import_module
from typing import override

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("The half hour")

    @override
    def ready(self) -> None:
        import_module("meetings.declarations").declare_meetings()
        signals, sharing = import_module("consultations.signals"), import_module("meetings.services.sharing")
        signals.called_off.connect(sharing.stop_called_off, dispatch_uid="meetings")
        signals.parted.connect(sharing.stop_parted, dispatch_uid="meetings")
        private_notes = import_module("meetings.services.private_notes")
        signals.practice_over.connect(private_notes.delete_all, dispatch_uid="meetings")
