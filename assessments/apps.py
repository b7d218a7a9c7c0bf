from importlib import import_module
from typing import override

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = _("Questionnaire")

    @override
    def ready(self) -> None:
        import_module("assessments.declarations").declare_assessments()
        retests = import_module("assessments.retests")
        retests.register_notices()
        import_module("accounts.consents").after_withdrawal.append(retests.forget_with_consent)
