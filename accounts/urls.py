"""Addresses of a person's account, beside allauth's."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("settings/", views.settings_page, name="settings"),
    path("consents/", views.consents_page, name="consents"),
]
