"""Addresses of what a member does around a meeting; the specialist's are in practice."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
