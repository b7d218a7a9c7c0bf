"""Addresses of the consultations: to find one, one's own, and a specialist's practice."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
