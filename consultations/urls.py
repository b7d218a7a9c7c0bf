"""Addresses of the consultations: to find one, one's own, and a specialist's practice."""

from django.urls import path

from consultations.views import booking, mine, specialists

urlpatterns = [
    path("specialists/", specialists.specialists, name="specialists"),
    path("specialists/<slug:slug>/", specialists.specialist, name="specialist"),
    path("specialists/<slug:slug>/book/", booking.book, name="book"),
    path("consultations/", mine.consultations, name="consultations"),
    path("consultations/<uuid:pk>/", mine.booking, name="booking"),
    path("consultations/waiting/", mine.waits, name="waits"),
    path("consultations/waiting/new/", mine.wait_new, name="wait_new"),
    path("consultations/waiting/<uuid:pk>/stop/", mine.wait_stop, name="wait_stop"),
]
