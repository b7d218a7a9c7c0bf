"""Addresses of the questionnaire, under `/balance/`."""

from django.urls import path

from assessments import views

urlpatterns = [
    path("", views.balance, name="balance"),
    path("start/", views.start, name="balance_start"),
    path("<uuid:pk>/<int:number>/", views.part, name="balance_part"),
    path("<uuid:pk>/agree/", views.agree, name="balance_agree"),
    path("<uuid:pk>/check/", views.check, name="balance_check"),
    path("<uuid:pk>/restart/", views.restart, name="balance_restart"),
]
