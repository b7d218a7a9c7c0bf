from importlib import import_module
from typing import override

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    @override
    def ready(self) -> None:
        import_module("accounts.checks")
        privacy = import_module("accounts.privacy")
        privacy.declare_accounts()
        privacy.declare_libraries()
        import_module("accounts.second_factor").follow_changes()
        import_module("accounts.security_log").follow_events()
        user_logged_in.connect(import_module("accounts.erasure").used_again)
