from importlib import import_module
from typing import override

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationsConfig(AppConfig):
    name = "consultations"
    verbose_name = _("Specialists and meetings")

    @override
    def ready(self) -> None:
        import_module("consultations.declarations").declare_consultations()
        import_module("consultations.mails").register_mails()
        import_module("consultations.notices").register_notices()
        import_module("consultations.waiting_for_staff").register_waiting()
        privacy, leaving = import_module("accounts.privacy"), import_module("consultations.services.leaving")
        privacy.before_erasure.append(leaving.leave)
        privacy.after_deactivation.append(import_module("consultations.services.verification").shut_out)
