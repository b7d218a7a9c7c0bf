from importlib import import_module
from typing import override

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationsConfig(AppConfig):
    name = "consultations"
    verbose_name = _("Consultations")

    @override
    def ready(self) -> None:
        import_module("consultations.declarations").declare_consultations()
        import_module("consultations.mails").register_mails()
        before_erasure = import_module("accounts.privacy").before_erasure
        before_erasure.append(import_module("consultations.services.leaving").leave)
