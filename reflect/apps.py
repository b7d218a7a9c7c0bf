from importlib import import_module
from typing import override

from django.apps import AppConfig
from django.contrib.admin import apps as django_admin
from django.utils.translation import gettext_lazy as _


class ReflectConfig(AppConfig):
    default = True
    name = "reflect"
    verbose_name = _("Site")

    @override
    def ready(self) -> None:
        import_module("reflect.checks")
        import_module("reflect.declarations").declare_site()
        import_module("reflect.waiting_for_staff").register_waiting()


class AdministrationConfig(django_admin.AdminConfig):
    """Django's administration, with our first page and the way around it."""

    default = False
    default_site = "reflect.administration.Administration"
