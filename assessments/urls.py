"""Addresses of the questionnaire, under `/balance/`."""

from django.urls import path

from assessments import how_sure_views, result_views, views

urlpatterns = [
    path("", views.balance, name="balance"),
    path("start/", views.start, name="balance_start"),
    path("<uuid:pk>/<int:number>/", views.part, name="balance_part"),
    path("<uuid:pk>/agree/", views.agree, name="balance_agree"),
    path("<uuid:pk>/check/", views.check, name="balance_check"),
    path("again/<uuid:pk>/", views.again, name="balance_again"),
    path("<uuid:pk>/restart/", views.restart, name="balance_restart"),
    path("results/<uuid:pk>/", result_views.result, name="result"),
    path("results/<uuid:pk>/delete/", result_views.result_delete, name="result_delete"),
    path("how-sure/", how_sure_views.how_sure_page, name="how_sure"),
    path("compare/", result_views.compare, name="compare"),
    path("prompts/", result_views.gentle_prompts, name="gentle_prompts"),
]
