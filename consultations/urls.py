"""Addresses of the consultations: finding one, and one's own."""

from django.urls import path

from consultations.views import booking, meeting, mine, specialists

urlpatterns = [
    path("specialists/", specialists.specialists, name="specialists"),
    path("specialists/<slug:slug>/", specialists.specialist, name="specialist"),
    path("specialists/<slug:slug>/book/", booking.book, name="book"),
    path("specialists/photos/<str:sha256>.webp", specialists.photo, name="photo"),
    path("consultations/", mine.consultations, name="consultations"),
    path("consultations/<uuid:pk>/", meeting.booking, name="booking"),
    path("consultations/<uuid:pk>/appointment.ics", meeting.booking_file, name="booking_file"),
    path("consultations/<uuid:pk>/move/", meeting.booking_move, name="booking_move"),
    path("consultations/<uuid:pk>/cancel/", meeting.booking_cancel, name="booking_cancel"),
    path("consultations/<uuid:pk>/no-show/", meeting.booking_no_show, name="booking_no_show"),
    path("consultations/<uuid:pk>/object/", meeting.booking_object, name="booking_object"),
    path("consultations/<uuid:pk>/fit/", meeting.booking_fit, name="booking_fit"),
    path("consultations/waiting/", mine.waits, name="waits"),
    path("consultations/waiting/new/", mine.wait_new, name="wait_new"),
    path("consultations/waiting/<uuid:pk>/stop/", mine.wait_stop, name="wait_stop"),
    path("feeds/<str:secret>.ics", specialists.feed, name="feed"),
]
