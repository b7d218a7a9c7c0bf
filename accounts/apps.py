from importlib import import_module
from typing import override

from allauth.usersessions import apps as usersessions
from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate, post_save, pre_save
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    default = True
    name = "accounts"
    verbose_name = _("Accounts")

    @override
    def ready(self) -> None:
        import_module("accounts.checks")
        import_module("accounts.mails").register_mails()
        import_module("accounts.notices").register_mails()
        privacy = import_module("accounts.privacy")
        privacy.declare_accounts()
        privacy.declare_libraries()
        import_module("accounts.logins").follow()
        import_module("accounts.second_factor").follow_changes()
        import_module("accounts.security_log").follow_events()
        import_module("accounts.staff_log").follow()
        self_document = import_module("accounts.self_document")
        pre_save.connect(self_document.begin_with_account, sender="accounts.User")
        post_save.connect(self_document.store_key_of_account, sender="accounts.User")
        user_logged_in.connect(import_module("accounts.erasure").used_again)
        post_migrate.connect(import_module("accounts.roles").make_groups, sender=self)


class LoginRecordsConfig(usersessions.UserSessionsConfig):
    """allauth's records of log-ins without its receivers, which store the session's key; see `logins.py`."""

    @override
    def ready(self) -> None:
        pass
