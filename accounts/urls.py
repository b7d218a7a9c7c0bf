"""URLs of a person's account, next to allauth's."""

from django.urls import path

from accounts import data_views, views

urlpatterns = [
    path("settings/", views.settings_page, name="settings"),
    path("consents/", views.consents_page, name="consents"),
    path("data/", data_views.data, name="data"),
    path("data/download/", data_views.download, name="data_download"),
    path("data/add/", data_views.add, name="data_add"),
    path("data/delete/", data_views.delete, name="data_delete"),
    path("closing/", data_views.closing, name="closing"),
]
