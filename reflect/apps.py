from importlib import import_module
from typing import override

from django.apps import AppConfig


class ReflectConfig(AppConfig):
    name = "reflect"

    @override
    def ready(self) -> None:
        import_module("reflect.checks")
