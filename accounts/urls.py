"""URLs of a person's account, next to allauth's."""

from django.urls import path
from django.views.generic import RedirectView

from accounts import data_views, factor_views, views

to_overview = RedirectView.as_view(pattern_name="mfa_index")

# Instead of allauth's pages of the same names.
factor_pages = [
    path("", factor_views.Overview.as_view(), name="mfa_index"),
    path("totp/activate/", factor_views.ActivateApp.as_view(), name="mfa_activate_totp"),
    path("totp/deactivate/", factor_views.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("webauthn/add/", factor_views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("recovery-codes/", factor_views.codes_shown_once, name="mfa_view_recovery_codes"),
    path("recovery-codes/generate/", factor_views.make_codes, name="mfa_generate_recovery_codes"),
    path("recovery-codes/download/", to_overview, name="mfa_download_recovery_codes"),
]

urlpatterns = [
    path("settings/", views.settings_page, name="settings"),
    path("consents/", views.consents_page, name="consents"),
    path("data/", data_views.data, name="data"),
    path("data/download/", data_views.download, name="data_download"),
    path("data/add/", data_views.add, name="data_add"),
    path("data/delete/", data_views.delete, name="data_delete"),
    path("data/delete/now/", data_views.delete_now, name="data_delete_now"),
    path("closing/", data_views.closing, name="closing"),
]
