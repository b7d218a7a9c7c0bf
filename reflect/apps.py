from importlib import import_module
from typing import override

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReflectConfig(AppConfig):
    name = "reflect"
    verbose_name = _("Site")

    @override
    def ready(self) -> None:
        import_module("reflect.checks")
        import_module("reflect.declarations").declare_site()
