from importlib import import_module
from typing import override

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "exchange"
    verbose_name = _("Contact and questions")

    @override
    def ready(self) -> None:
        import_module("exchange.declarations").declare_exchange()
        import_module("exchange.mails").register_mails()
        import_module("exchange.notices").register_notices()
        import_module("exchange.waiting_for_staff").register_waiting()
        import_module("consultations.listing").profile_columns.extend(import_module("exchange.models.desk").HINTS)
        over = import_module("consultations.signals").practice_over
        over.connect(import_module("exchange.services.leaving").leave_practice, dispatch_uid="exchange")
